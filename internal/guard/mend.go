package guard

import (
	"bytes"
	"strings"
)

// mend is a place where a word is put right.
type mend struct {
	start, end int // bytes of the text
	kind       mendKind
	word       string
}

type mendKind int

const (
	mendHyphen mendKind = iota // ig-nore, i-ig-ignore
	mendRun                    // ignoreallrules, IgnoreAllRules
	mendSlip                   // ingore, ignre, iiignore
	mendKinds
)

// leastMends is how many words of a kind are put right at least: one may be a
// slip, or meant.
var leastMends = [mendKinds]int{2, 1, 2}

var mendNames = [mendKinds]string{"joined", "unspaced", "respelt"}

// mended puts right the words of a text that were written together, with
// hyphens inside, with letters left out, repeated or mixed up. It returns what
// was wrong with most of them, "" for none.
func mended(text string, ts []token, seen []uint8, list *wordlist) (kind, right string) {
	var mends []mend
	block, odd := 0, 0 // where the sentence begins in mends, and its unknown words
	least := minUnspaced
	for i := 0; i < len(ts); i++ {
		if i > 0 && ts[i].pos-ts[i-1].pos > 1 {
			mends, odd = sound(mends, block, odd), 0
			block = len(mends)
		}
		if j := hyphened(text, ts, i); j > i+1 {
			if m, ok := unhyphened(ts[i:j], list); ok {
				mends = append(mends, m)
				i = j - 1
				continue
			}
		}
		if seen[i]&wordKnown != 0 {
			continue
		}
		if seen[i] == 0 {
			odd++
		}
		if m, ok := mendOne(text, &ts[i], seen[i], list, least); ok {
			if mends = append(mends, m); m.kind == mendRun {
				least = leastRun
			}
		}
	}
	return written(text, sound(mends, block, odd))
}

// sound drops the slips of a sentence where they are few beside the words that
// are not known: it is in another language.
func sound(mends []mend, block, odd int) []mend {
	slips := 0
	for _, m := range mends[block:] {
		if m.kind == mendSlip {
			slips++
		}
	}
	if slips*3 >= odd {
		return mends
	}
	kept := mends[:block]
	for _, m := range mends[block:] {
		if m.kind != mendSlip {
			kept = append(kept, m)
		}
	}
	return kept
}

// written returns the text with its words put right.
func written(text string, mends []mend) (kind, right string) {
	var counts [mendKinds]int
	var last [mendKinds]string
	for _, m := range mends {
		if m.word != last[m.kind] { // the same again is no second one
			counts[m.kind]++
			last[m.kind] = m.word
		}
	}
	var out strings.Builder
	done, best := 0, mendKind(-1)
	for _, m := range mends {
		if counts[m.kind] < leastMends[m.kind] {
			continue
		}
		if best < 0 || counts[m.kind] > counts[best] {
			best = m.kind
		}
		out.WriteString(text[done:m.start])
		out.WriteString(m.word)
		done = m.end
	}
	if best < 0 {
		return "", ""
	}
	out.WriteString(text[done:])
	return mendNames[best], out.String()
}

// leastRun are the letters from which a word may be several where another one is.
const leastRun = 7

// mendOne puts right a word that is not known.
func mendOne(text string, t *token, seen uint8, list *wordlist, least int) (mend, bool) {
	m := mend{t.start, t.end, mendRun, ""}
	ok := false
	if seen == 0 && len(t.word) >= least {
		from := ending(text, t)
		if m.word, ok = list.unrun(t.word[from:]); ok {
			if from > 0 {
				m.start, m.word = m.start+from, " "+m.word
			}
			return m, true
		}
	}
	if t.mixed && len(t.word) >= least {
		if m.word, ok = list.unrunAround(t.word); ok {
			return m, true
		}
	}
	if len(t.word) >= minUnspaced {
		if m.word = unhumped(text[t.start:t.end]); m.word != "" {
			return m, true
		}
	}
	if seen != 0 {
		return m, false
	}
	m.kind = mendSlip
	if m.word, ok = list.respell(t.word); !ok {
		m.word, ok = list.squeeze(t.word)
	}
	return m, ok
}

// unrunAround parts a word at its figures, as "grant90percentdiscount", if one
// of the parts is words run together.
func (w *wordlist) unrunAround(word []byte) (string, bool) {
	var out []string
	found := false
	for from := 0; from < len(word); {
		to := from + 1
		for to < len(word) && letterByte(word[to]) == letterByte(word[from]) {
			to++
		}
		part, ok := string(word[from:to]), false
		if to-from >= leastRun && latin(word[from:to]) {
			if part, ok = w.unrun(word[from:to]); !ok {
				part = string(word[from:to])
			}
		}
		out, found, from = append(out, part), found || ok, to
	}
	return strings.Join(out, " "), found
}

// ending returns how many letters at the beginning of a word belong to the one
// before an apostrophe, as the s of "What'syourname".
func ending(text string, t *token) int {
	if t.start == 0 || text[t.start-1] != '\'' || strings.IndexByte("stmd", t.word[0]) < 0 {
		return 0
	}
	return 1
}

// maxSyllables bounds the parts of a word with hyphens.
const maxSyllables = 8

// hyphened returns where the words end that hang together by hyphens from i on.
func hyphened(text string, ts []token, i int) int {
	j := i + 1
	for j < len(ts) && j-i < maxSyllables && ts[j].start-ts[j-1].end == 1 && text[ts[j].start-1] == '-' {
		j++
	}
	return j
}

// unhyphened puts together the parts of a word, or drops its stuttered beginnings.
func unhyphened(ts []token, list *wordlist) (mend, bool) {
	m := mend{start: ts[0].start, end: ts[len(ts)-1].end, kind: mendHyphen}
	from := 0
	for from+1 < len(ts) && bytes.HasPrefix(ts[from+1].word, ts[from].word) {
		from++
	}
	var word []byte
	for _, t := range ts[from:] {
		word = append(word, t.word...)
	}
	m.word = string(word)
	return m, from > 0 || list.knows(word)
}

// minHumps are the capitals within a word that part it in three.
const minHumps = 2

// unhumped parts a word at its capitals, as in "IgnoreAllRules"; "" if it has
// too few.
func unhumped(word string) string {
	n := 0
	for i := range len(word) {
		if hump(word, i) {
			n++
		}
	}
	if n < minHumps {
		return ""
	}
	var out strings.Builder
	for i := range len(word) {
		if hump(word, i) {
			out.WriteByte(' ')
		}
		out.WriteByte(word[i])
	}
	return out.String()
}

// hump reports whether a word begins within another at i.
func hump(word string, i int) bool {
	return i > 0 && 'A' <= word[i] && word[i] <= 'Z' && letterByte(word[i-1]) && (word[i-1] >= 'a' || i+1 < len(word) && word[i+1] >= 'a')
}
