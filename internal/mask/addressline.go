package mask

import "strings"

// unit is a part of an address line: a word, or a number with what belongs to it: 5 a, 1234 AB, 123 45.
type unit struct {
	start, end int
	hash       uint64
	number     bool
}

const (
	maxUnits = 8 // of one line
	lineBack = 6 // units in front of a number that its line may have
)

// lineUnits reads the words from i up to k as parts of an address line.
func lineUnits(v *view, i, k int, units []unit) []unit {
	for ; i < k; i++ {
		w := v.words[i]
		u := unit{w.start, w.end, w.hash, w.shape&hasDigit != 0}
		joined := false
		for i+1 < k && u.number && v.belongs(u, v.words[i+1]) {
			i++
			u.end, joined = v.words[i].end, true
		}
		switch {
		case joined:
			u.hash = lettersHash(lettersOf(nil, strings.Map(keepAlnum, v.s[u.start:u.end])))
		case !u.number:
			u.hash = streetHash(v.s[u.start:u.end], u.hash)
		}
		units = append(units, u)
	}
	return units
}

// belongs says whether a word goes on with the number before it.
func (v *view) belongs(u unit, w word) bool {
	gap, size := v.s[u.end:w.start], w.end-w.start
	last := u.end - u.start
	switch {
	case w.shape&hasDigit == 0: // 5 a, 1234 AB
		return (gap == " " || gap == "") && (size == 1 || size == 2 && last == 4 && w.shape&(restLower|firstUpper) == firstUpper)
	case gap == "-" || gap == " ": // 00-950, 123 45
		return size == 3 && last == 2 && gap == "-" || size == 2 && last == 3
	}
	return false
}

// streetWords are street words written out, and what the short ones are, all folded.
var streetWords = [][2]string{{"strasse", "str"}, {"strase", "str"}, {"straat", "str"}, {"street", "st"}, {"avenue", "av"},
	{"avenida", "av"}, {"boulevard", "bd"}, {"road", "rd"}, {"ulica", "ul"}, {"platz", "pl"}, {"calle", "c"},
	{"ave", "av"}, {"avda", "av"}, {"blvd", "bd"}}

// streetHash returns the hash of a word with the street word at its end written short.
func streetHash(word string, hash uint64) uint64 {
	if len(word) < 3 {
		return hash
	}
	switch word[len(word)-1] | 0x20 {
	case 'e', 't', 'z', 'd', 'a':
	default:
		return hash
	}
	var buf [32]rune
	letters := lettersOf(buf[:0], word)
	for _, w := range streetWords {
		if rest, ok := cutEnd(letters, w[0]); ok {
			return lettersHash(append(rest, []rune(w[1])...))
		}
	}
	return hash
}

// cutEnd cuts an ending off folded letters.
func cutEnd(letters []rune, end string) ([]rune, bool) {
	n := len(letters) - len(end)
	if n < 0 {
		return letters, false
	}
	for i := range end {
		if letters[n+i] != rune(end[i]) {
			return letters, false
		}
	}
	return letters[:n:n], true
}
