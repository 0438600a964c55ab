package tagger

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// word is a run of letters, marks and digits, and what the features need to know of it.
type word struct {
	start, end int
	fold       uint64 // hash of its folded letters: lower case, no diacritics
	pre, suf   [4]uint64
	gap        gap // what stands in front of it
	shape      shape
	list       uint8 // the name lists it is on
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

// gap is what stands between two words.
type gap uint8

const (
	atEdge gap = iota
	space
	hyphen
	apostrophe
	fullStop
	comma
	newline
	colon
	at
	quote
	opening
	closing
	path
	dash
	ask
	otherGap
)

// joined says whether a name may go on over the gap in front of the word.
func (w *word) joined() bool {
	return w.gap == space || w.gap == hyphen || w.gap == apostrophe
}

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

const (
	foldStart = 14695981039346656037 // FNV-1a
	foldPrime = 1099511628211
)

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

// gapOf names what stands between two words.
func gapOf(s string) gap {
	switch s {
	case "":
		return atEdge
	case " ":
		return space
	case "-", "\u2011":
		return hyphen
	case "'", "’":
		return apostrophe
	}
	g, rank := space, 0
	for _, r := range s {
		if k := gapRank(r); k.rank > rank {
			g, rank = k.gap, k.rank
		}
	}
	return g
}

type rankedGap struct {
	gap  gap
	rank int
}

// gapRank says what a character makes of a gap; of several the highest rank counts.
func gapRank(r rune) rankedGap {
	switch r {
	case ' ', '\t', '\u00a0':
		return rankedGap{space, 0}
	case '\n', '\r':
		return rankedGap{newline, 9}
	case '@', '#':
		return rankedGap{at, 8}
	case '.':
		return rankedGap{fullStop, 7}
	case '!', '?', '¿', '¡':
		return rankedGap{ask, 6}
	case ':':
		return rankedGap{colon, 6}
	case ',', ';':
		return rankedGap{comma, 5}
	case '(', '[', '{', '<':
		return rankedGap{opening, 4}
	case ')', ']', '}', '>':
		return rankedGap{closing, 3}
	case '"', '„', '“', '”', '«', '»', '\'', '’', '‘':
		return rankedGap{quote, 3}
	case '/', '_', '=', '\\', '|', '&', '+':
		return rankedGap{path, 2}
	case '-', '–', '—', '*', '•':
		return rankedGap{dash, 2}
	}
	return rankedGap{otherGap, 1}
}
