package mask

import (
	_ "embed"
	"strings"
	"unicode/utf8"
)

// The lists of data/labels.txt.
var (
	//go:embed data/labels.txt
	labelFile string

	labelLists   = lists(labelFile)
	phoneLabels  = listOf(labelLists["phone"])
	otherLabels  = listOf(labelLists["other"])
	numberLabels = listOf(labelLists["number"])
	cardLabels   = listOf(labelLists["card"])
	birthWords   = listOf(labelLists["birth"])
	months       = listOf(labelLists["month"])
	secretWords  = listOf(labelLists["secret"])
	isWords      = listOf(labelLists["is"])
)

// calledPhone looks at the five words in front of a number: 1 if the nearest that says anything calls it a
// phone number, -1 if it calls it something else, 0 if none does.
func (sc *scanner) calledPhone(start int) int {
	if strings.HasSuffix(strings.TrimRight(sc.s[max(0, start-3):start], " "), "#") {
		return -1
	}
	call := 0
	sc.wordsBefore(start, func(w word) {
		switch {
		case w.on(phoneLabels):
			call = 1
		case w.on(otherLabels):
			call = -1
		case w.on(numberLabels) && call == 0:
			call = 1
		}
	})
	return call
}

// wordsBefore calls yield with the last five words in front of a number in its sentence, the nearest last.
func (sc *scanner) wordsBefore(start int, yield func(word)) {
	at := max(0, start-labelReach)
	if k := strings.LastIndexByte(sc.s[at:start], '\n'); k >= 0 {
		at += k + 1
	}
	for at > 0 && at < start && (isAlnum(sc.s[at-1]) || !utf8.RuneStart(sc.s[at])) {
		at++ // not into the middle of a word
	}
	var ring [5]word
	n, ended := 0, false
	for at < start {
		w := readWord(sc.s[:start], at)
		if w.end == at {
			r, size := utf8.DecodeRuneInString(sc.s[at:])
			if r == '!' || r == '?' {
				n = 0
			}
			ended = ended && isSpace(sc.s[at]) || r == '.'
			at += size
			continue
		}
		if ended && beginsSentence(sc.s, w) {
			n = 0
		}
		ended = false
		ring[n%5], at = w, w.end
		n++
	}
	for k := max(0, n-5); k < n; k++ {
		yield(ring[k%5])
	}
}

// beginsSentence says whether a word behind a full stop begins another sentence, unlike the Nr. of Best. Nr.
func beginsSentence(s string, w word) bool {
	return w.shape&firstUpper != 0 && isSpace(s[w.start-1]) && !w.on(numberLabels) && !w.on(otherLabels) && !w.on(phoneLabels)
}

// labelReach is how far in front of a number, in bytes, a word may say what it is.
const labelReach = 64
