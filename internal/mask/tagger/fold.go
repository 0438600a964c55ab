package tagger

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const (
	foldStart = 14695981039346656037 // FNV-1a
	foldPrime = 1099511628211
)

// Fold returns the hash under which a name is listed.
func Fold(name string) uint64 {
	var w word
	readWord(name, 0, &w)
	return w.fold
}

// foldRune gives the plain letters of a rune beyond ASCII.
func foldRune(r rune, put func(byte)) {
	if r < 0x250 && r >= 0x80 {
		s := latin[r-0x80]
		for i := range len(s) {
			put(s[i])
		}
		return
	}
	if unicode.IsMark(r) {
		return
	}
	r = unicode.ToLower(r)
	put(byte(r))
	put(byte(r>>8) | 0x80)
}

// latin holds the plain letters for each character from U+0080 to U+024F.
var latin = newLatin()

func newLatin() (table [0x250 - 0x80]string) {
	special := map[rune]string{'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ı': "i"}
	for i := range table {
		r := unicode.ToLower(rune(i + 0x80))
		if s, ok := special[r]; ok {
			table[i] = s
			continue
		}
		for _, d := range norm.NFKD.String(string(r)) {
			if d < utf8.RuneSelf {
				table[i] += string(d)
			}
		}
	}
	return table
}
