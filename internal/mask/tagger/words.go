package tagger

import (
	"unicode"
	"unicode/utf8"
)

// word is a run of letters, marks and digits, and what the features need to know of it.
type word struct {
	start, end int
	fold       uint64 // hash of its folded letters: lower case, no diacritics
	pre, suf   [4]uint64
	gap        gap // what stands in front of it
	shape      shape
	list       uint8 // the name lists it is on
	voice      voice // of whom it speaks
	long       uint8 // folded bytes, at most maxFold
	letters    [maxFold]byte
	first      bool // of a sentence or a line
}

// maxFold is how many letters of a word are looked at, from its end.
const maxFold = 20

// shape is how a word is written.
type shape uint8

const (
	lower    shape = iota
	capital        // Anna
	initial        // A
	capitals       // ANNA
	mixed          // McAnn
	number         // 12
	code           // A12
	noCase         // a script without case
)

// readWord reads the word at s[i:], which may be empty.
func readWord(s string, i int, w *word) {
	*w = word{start: i}
	upper, low, digit, all := 0, 0, 0, 0
	fold, firstUpper := uint64(foldStart), false
	n := 0
	put := func(b byte) {
		fold = (fold ^ uint64(b)) * foldPrime
		if n < maxFold {
			w.letters[n] = b
		} else {
			copy(w.letters[:], w.letters[1:])
			w.letters[maxFold-1] = b
		}
		n++
	}
	for i < len(s) {
		r, size := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[i:])
		}
		switch {
		case 'a' <= r && r <= 'z':
			low++
			put(byte(r))
		case 'A' <= r && r <= 'Z':
			upper++
			firstUpper = firstUpper || all == 0
			put(byte(r) | 0x20)
		case '0' <= r && r <= '9':
			digit++
			put('0')
		case r < utf8.RuneSelf || r == utf8.RuneError || !unicode.In(r, unicode.L, unicode.Nd, unicode.M):
			w.finish(i, fold, n, shapeOf(upper, low, digit, all, firstUpper))
			return
		default:
			if unicode.IsUpper(r) {
				upper++
				firstUpper = firstUpper || all == 0
			} else if unicode.IsLower(r) {
				low++
			}
			foldRune(r, put)
		}
		all++
		i += size
	}
	w.finish(i, fold, n, shapeOf(upper, low, digit, all, firstUpper))
}

func shapeOf(upper, low, digit, all int, firstUpper bool) shape {
	switch {
	case digit == all:
		return number
	case digit > 0:
		return code
	case upper == 0 && low == 0:
		return noCase
	case upper == 0:
		return lower
	case all == 1:
		return initial
	case low == 0:
		return capitals
	case upper == 1 && firstUpper:
		return capital
	}
	return mixed
}

func (w *word) finish(end int, fold uint64, n int, sh shape) {
	w.end, w.fold, w.shape = end, fold, sh
	w.long = uint8(min(n, maxFold))
	letters := w.letters[:w.long]
	p, q := uint64(foldStart), uint64(foldStart)
	for k := range min(4, len(letters)) {
		p = (p ^ uint64(letters[k])) * foldPrime
		q = (q ^ uint64(letters[len(letters)-1-k])) * foldPrime
		w.pre[k], w.suf[k] = p, q
	}
}
