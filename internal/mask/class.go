package mask

import "unicode"

func isDigit(b byte) bool  { return b-'0' < 10 }
func isLetter(b byte) bool { return b|0x20-'a' < 26 }
func isUpper(b byte) bool  { return b-'A' < 26 }
func isHex(b byte) bool    { return isDigit(b) || b|0x20-'a' < 6 }
func isAlnum(b byte) bool  { return isDigit(b) || isLetter(b) }
func isSpace(b byte) bool  { return b == ' ' || b-'\t' < 5 }

// isWordRune says whether a rune is part of a word: a letter, a digit or a mark on one.
func isWordRune(r rune) bool {
	if r < 0x80 {
		return isAlnum(byte(r))
	}
	return r != unicode.ReplacementChar && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r))
}

// typeWord is a word that names a type in a placeholder, in lower case.
type typeWord struct {
	word    string
	typ     Type
	foreign bool // not ours: a translation or an explanation
}

var (
	typeWords = newTypeWords()
	starters  = newStarters() // typeWords by their first letter
	openers   = newOpeners()  // brackets by their first byte
	// mayStart has a bit for each byte that can start one of our own type words, mayFollow the bits of those that a byte
	// can stand behind then.
	mayStart, mayFollow = newMayStart()
	longestOwn          = newLongestOwn()
)

func newTypeWords() (words []typeWord) {
	for _, k := range kinds {
		own := []byte(k.typ)
		for i := range own {
			own[i] |= 0x20
		}
		words = append(words, typeWord{string(own), k.typ, false})
		for _, w := range k.words {
			words = append(words, typeWord{w, k.typ, true})
		}
	}
	return words
}

func newStarters() (by [256][]*typeWord) {
	for i := range typeWords {
		w := &typeWords[i]
		by[w.word[0]] = append(by[w.word[0]], w)
	}
	return by
}

func newOpeners() (by [256][]*bracket) {
	for i := range brackets {
		b := &brackets[i]
		by[b.open[0]] = append(by[b.open[0]], b)
	}
	return by
}

func newMayStart() (first, second [256]uint32) {
	for _, w := range typeWords {
		if !w.foreign {
			bit := uint32(1) << (w.word[0] - 'a')
			first[w.word[0]] |= bit
			first[w.word[0]&^0x20] |= bit
			second[w.word[1]] |= bit
			second[w.word[1]&^0x20] |= bit
		}
	}
	return first, second
}

func newLongestOwn() (n int) {
	for _, w := range typeWords {
		if !w.foreign {
			n = max(n, len(w.word))
		}
	}
	return n
}

// mayStartWord says whether one of our own type words, or the beginning of one at the end of s, can start at s[i].
func mayStartWord(s string, i int) bool {
	bit := mayStart[s[i]]
	return bit != 0 && (i+1 == len(s) || mayFollow[s[i+1]]&bit != 0)
}
