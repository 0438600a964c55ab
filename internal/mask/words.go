package mask

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// word is a run of letters and digits in a prepared text. Names are compared by the hash of their folded
// letters, in which Müller, Mueller, MULLER and Müller with a Cyrillic letter in it are the same.
type word struct {
	start, end int
	hash       uint64
	stem       uint64 // the hash without a last s, 0 if there is none
	shape      shape
	listed     *entry // what the word lists say of it, nil for nothing
}

// shape is how a word is written.
type shape uint8

const (
	hasDigit shape = 1 << iota
	hasLetter
	firstUpper
	restLower // any letter behind the first is lower case
	restUpper // any is upper case
)

func (s shape) name() bool {
	return s&(hasLetter|firstUpper) == hasLetter|firstUpper && s&hasDigit == 0
}
func (s shape) digits() bool { return s&(hasLetter|hasDigit) == hasDigit }

const (
	hashStart = 14695981039346656037 // FNV-1a
	hashPrime = 1099511628211
)

// folder hashes the folded letters of one word.
type folder struct {
	hash, before uint64 // before: without the last letter
	last         byte
}

func (f *folder) add(c byte) {
	switch {
	case c == 'e' && (f.last == 'a' || f.last == 'o' || f.last == 'u'):
		return // ae, oe, ue are ä, ö, ü where umlauts were not at hand
	case c == 'a' && f.last == 'a':
		return // aa is å
	}
	f.before = f.hash
	f.hash = (f.hash ^ uint64(c)) * hashPrime
	f.last = c
}

// addRune adds a letter without its accents, as one or two plain letters where there are such.
func (f *folder) addRune(r rune) {
	plainLetters(r, func(c rune) { f.add(byte(c)) }, f.addOther)
}

// addOther adds a letter that no plain one stands for.
func (f *folder) addOther(r rune) {
	f.hash = (f.hash ^ uint64(r)) * hashPrime
	f.before, f.last = f.hash, 0
}

// plainLetters calls plain with the letters a to z, or digits, that stand for a character, else other with it.
func plainLetters(r rune, plain, other func(rune)) {
	r = unicode.ToLower(r)
	switch {
	case r < utf8.RuneSelf:
		plain(r)
	case unicode.IsMark(r):
	case r < 0x250:
		for _, c := range []byte(latin[r-0x80]) {
			plain(rune(c))
		}
	default:
		var buf [utf8.UTFMax]byte
		if d := norm.NFD.Properties(utf8.AppendRune(buf[:0], r)).Decomposition(); len(d) > 0 {
			r, _ = utf8.DecodeRune(d) // without its accent
		}
		if as, ok := lookalikes[r]; ok {
			plain(rune(as))
			return
		}
		if r < utf8.RuneSelf {
			plain(r)
			return
		}
		other(r)
	}
}

// latin holds the plain letters for each lower-case letter from U+0080 to U+024F.
var latin = newLatin()

func newLatin() (table [0x250 - 0x80]string) {
	special := map[rune]string{'ß': "ss", 'æ': "a", 'œ': "o", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th",
		'ı': "i", 'ħ': "h", 'ŋ': "n", 'ĸ': "k", 'ŧ': "t"}
	for i := range table {
		r := rune(i + 0x80)
		if s, ok := special[r]; ok {
			table[i] = s
			continue
		}
		s := []byte{}
		for _, d := range norm.NFKD.String(string(r)) {
			if d < utf8.RuneSelf {
				s = append(s, byte(d))
			}
		}
		if len(s) == 0 {
			s = []byte(string(r))
		}
		table[i] = string(s)
	}
	return table
}

// lookalikes are Cyrillic and Greek letters that read as Latin ones. Both sides of every comparison are
// folded, so that names in those scripts still match themselves.
var lookalikes = map[rune]byte{'а': 'a', 'е': 'e', 'о': 'o', 'р': 'p', 'с': 'c', 'у': 'y', 'х': 'x', 'і': 'i',
	'ѕ': 's', 'ј': 'j', 'к': 'k', 'м': 'm', 'т': 't', 'в': 'b', 'н': 'h', 'ԁ': 'd', 'ԛ': 'q', 'ԝ': 'w',
	'ο': 'o', 'α': 'a', 'ν': 'v', 'ρ': 'p', 'κ': 'k', 'ι': 'i', 'τ': 't', 'υ': 'u', 'χ': 'x', 'ε': 'e', 'ς': 's', 'σ': 's'}

// splitWords finds the words of s, reusing the given slice.
func splitWords(s string, words []word) []word {
	if words = words[:0]; cap(words) == 0 {
		words = make([]word, 0, len(s)/5+8) // five letters and a space to a word, about
	}
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf && ascii[c].shape == 0 {
			i++
			continue
		}
		w := readWord(s, i)
		if w.end == i {
			_, size := utf8.DecodeRuneInString(s[i:])
			i += size
			continue
		}
		words = append(words, w)
		i = w.end
	}
	return words
}

// unspaced are scripts written without spaces between words: there each character is a word.
var unspaced = []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer}

// readWord reads the word at s[i:], which may be empty.
func readWord(s string, i int) word {
	w := word{start: i}
	f := folder{hash: hashStart}
	for i < len(s) {
		c := s[i]
		if c < utf8.RuneSelf {
			kind := &ascii[c]
			if kind.shape == 0 {
				break
			}
			if i == w.start {
				w.shape = kind.first
			} else {
				w.shape |= kind.shape
			}
			f.add(kind.small)
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if !isWordRune(r) {
			break
		}
		alone := unicode.In(r, unspaced...)
		if alone && i > w.start {
			break
		}
		w.shape |= shapeOfRune(r, i == w.start)
		f.addRune(r)
		i += size
		if alone {
			break
		}
	}
	w.end, w.hash, w.listed = i, f.hash, cellFor(f.hash).entry
	if f.last == 's' && s[i-1]|0x20 == 's' {
		w.stem = f.before
	}
	return w
}

// ascii says what each character makes of a word, as its first and behind; 0 is no part of one.
var ascii = newASCII()

func newASCII() (table [utf8.RuneSelf]struct {
	first, shape shape
	small        byte
}) {
	for c := range byte(utf8.RuneSelf) {
		if isAlnum(c) {
			table[c].first, table[c].shape, table[c].small = shapeOf(c, true), shapeOf(c, false), lowerASCII(c)
		}
	}
	return table
}

func shapeOf(c byte, first bool) shape {
	switch {
	case isDigit(c):
		return hasDigit
	case isUpper(c) && first:
		return hasLetter | firstUpper
	case isUpper(c):
		return hasLetter | restUpper
	case first:
		return hasLetter
	}
	return hasLetter | restLower
}

func shapeOfRune(r rune, first bool) shape {
	switch upper := unicode.IsUpper(r); {
	case unicode.IsDigit(r):
		return hasDigit
	case upper && first:
		return hasLetter | firstUpper
	case upper:
		return hasLetter | restUpper
	case first:
		return hasLetter
	}
	return hasLetter | restLower
}

// hashWord returns the hash of a word given in the source code or by a caller.
func hashWord(s string) uint64 { return readWord(s, 0).hash }
