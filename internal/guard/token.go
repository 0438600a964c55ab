package guard

import (
	"unicode"
	"unicode/utf8"
)

// token is a word of a text: letters and digits, folded.
type token struct {
	word       []byte
	start, end int // bytes of the text
	// pos counts words, and a little more at the end of a sentence, so that
	// "forget it. Previous instructions ..." is farther apart than it reads.
	pos   int32
	mixed bool // has digits or signs that stand for letters
}

// sentenceGap is the distance a sentence's end adds, in words.
const sentenceGap = 3

// tokens cuts text into words. In scripts without spaces the words of lex are
// words, and what is between them is cut into characters; lex may be nil. buf
// backs the folded words.
func tokens(text string, lex *lexicon) []token {
	out := make([]token, 0, len(text)/5+1)
	buf := make([]byte, 0, len(text)+len(text)/8)
	pos, begin, mark := int32(0), -1, 0
	letters, others := 0, 0
	unspaced := 0 // tokens at the end that are characters of scripts without spaces
	flush := func(end int) {
		if begin >= 0 && len(buf) > mark && letters+others > 0 {
			out = append(out, token{buf[mark:len(buf):len(buf)], begin, end, pos, letters > 0 && others > 0})
			pos++
		}
		begin, letters, others = -1, 0, 0
		mark = len(buf)
	}
	for i := 0; i < len(text); {
		r, n := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(text[i:])
		}
		kind := runeKindOf(r)
		if unspaced > 0 && kind != glyph && kind != unseen {
			out, pos = lex.join(out, unspaced, pos)
			unspaced = 0
		}
		switch {
		case kind == glyph:
			flush(i)
			begin, letters = i, 1
			buf = fold(buf, r)
			flush(i + n)
			unspaced++
		case kind == letter, kind == digit, kind == sign && begin >= 0 && letters > 0 && letterAt(text, i+n):
			if begin < 0 {
				begin = i
			}
			buf = fold(buf, r)
			if kind == letter {
				letters++
			} else {
				others++
			}
		case kind == unseen:
		default:
			flush(i)
			if (kind == stop || r == '!') && (r == '\n' || spaceAt(text, i+n)) {
				pos += sentenceGap
			}
		}
		i += n
	}
	flush(len(text))
	if unspaced > 0 {
		out, _ = lex.join(out, unspaced, pos)
	}
	return out
}

// join puts the last n tokens, which are single characters, together to the
// longest words of the rules, and returns the position after them.
func (l *lexicon) join(ts []token, n int, pos int32) ([]token, int32) {
	if l == nil {
		return ts, pos
	}
	run := ts[len(ts)-n:]
	ts = ts[:len(ts)-n]
	pos -= int32(n)
	for len(run) > 0 {
		t, k := run[0], l.longestOf(run)
		if k > 1 {
			t.word, t.end = nil, run[k-1].end
			for _, c := range run[:k] {
				t.word = append(t.word, c.word...)
			}
		}
		t.pos = pos
		pos++
		ts = append(ts, t)
		run = run[k:]
	}
	return ts, pos
}

// longestOf returns how many of the first tokens make a word of the rules
// together, the longest; at least 1.
func (l *lexicon) longestOf(ts []token) int {
	n, best := 0, 1
	for i, t := range ts {
		for _, c := range t.word {
			n = int(l.next[n*l.width+int(l.class[c])])
			if n == 0 || l.class[c] == 0 {
				return best
			}
		}
		if len(l.words[n])+len(l.stems[n]) > 0 {
			best = i + 1
		}
	}
	return best
}

type runeKind int

const (
	space  runeKind = iota // parts words
	letter                 // belongs to a word
	digit
	sign   // stands for a letter within a word: p@ssword
	stop   // ends a sentence
	unseen // as if it were not there
	glyph  // a character of a script without spaces
)

// ascii classifies ASCII, the bulk of every text.
var ascii = func() (k [utf8.RuneSelf]runeKind) {
	for r := range k {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z':
			k[r] = letter
		case '0' <= r && r <= '9':
			k[r] = digit
		}
	}
	for _, r := range "@$!|" {
		k[r] = sign
	}
	for _, r := range ".?;\n" {
		k[r] = stop
	}
	return k
}()

func runeKindOf(r rune) runeKind {
	switch {
	case r < utf8.RuneSelf:
		return ascii[r]
	case hidden(r), unicode.Is(unicode.M, r):
		return unseen
	case r >= 0x0E00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar):
		return glyph
	case unicode.IsLetter(r), lookalike[r] != "" && r > 0x1F000, 0x1F1E6 <= r && r <= 0x1F1FF, unicode.Is(unicode.So, r) && compatible(r):
		return letter
	case unicode.IsDigit(r):
		return digit
	case r == '。' || r == '！' || r == '？' || r == '…':
		return stop
	}
	return space
}

// compatible reports whether a symbol is a letter in disguise, as ⓐ is.
func compatible(r rune) bool {
	var b [4]byte
	d := fold(b[:0], r)
	return len(d) == 1 && 'a' <= d[0] && d[0] <= 'z'
}

// spaceAt reports whether a sentence can end before i: shop.example is none.
func spaceAt(s string, i int) bool {
	return i >= len(s) || s[i] <= ' ' || s[i] >= utf8.RuneSelf || s[i] == '"' || s[i] == ')'
}

func letterAt(s string, i int) bool {
	r, _ := utf8.DecodeRuneInString(s[i:])
	k := runeKindOf(r)
	return k == letter || k == digit || k == glyph
}

// unleet appends word with digits and signs read as letters; one reads as i or
// as l.
func unleet(dst, word []byte, one byte) []byte {
	for _, c := range word {
		switch c {
		case '0':
			c = 'o'
		case '1', '!', '|':
			c = one
		case '3':
			c = 'e'
		case '4', '@':
			c = 'a'
		case '5', '$':
			c = 's'
		case '7':
			c = 't'
		case '8':
			c = 'b'
		case '9':
			c = 'g'
		}
		dst = append(dst, c)
	}
	return dst
}
