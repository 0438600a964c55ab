package mask

import "unicode/utf8"

// walker goes through a text that holds placeholders, from left to right, in pieces of any size. What it
// finds depends on the whole text only, never on the pieces: at each place readMark decides, or asks for
// more.
type walker struct {
	url     trail
	word    bool // the text so far ends in a word
	escaped bool // the text so far ends in a backslash that starts an escape
	depth   int  // square brackets open on this line
}

func newWalker(key *[32]byte) walker { return walker{url: newTrail(key)} }

// next returns how many bytes of s[i:] are plain text, then the placeholder behind them and its length.
// With n == 0 nothing more can be said: the rest of s has to wait for more text.
func (w *walker) next(s string, i int, final bool) (plain int, m mark, n int) {
	for j := i; j < len(s); {
		b := s[j]
		if len(openers[b]) > 0 || !w.word && mayStartWord(s, j) {
			m, n, more := readMark(s, j, !w.word, final)
			if more {
				return j - i, m, 0
			}
			if n > 0 {
				if m.bare && w.depth == 0 && j+n < len(s) && s[j+n] == ']' {
					n++ // its opening bracket is lost
				}
				return j - i, m, n
			}
		}
		size := 1
		if b >= utf8.RuneSelf {
			if !final && !utf8.FullRuneInString(s[j:]) {
				return j - i, m, 0
			}
			var r rune
			r, size = utf8.DecodeRuneInString(s[j:])
			w.pass(b, isWordRune(r))
			for k := 0; k < size; k++ {
				w.url.feed(s[j+k])
			}
		} else {
			w.pass(b, isAlnum(b))
			w.url.feed(b)
		}
		j += size
	}
	return len(s) - i, m, 0
}

// pass notes one character of plain text.
func (w *walker) pass(b byte, word bool) {
	switch {
	case w.escaped: // \nPERSON_1 starts a word behind the n
		w.word, w.escaped = false, false
		return
	case b != '_': // an underscore continues a word and opens italics
		w.word = word
	}
	switch b {
	case '\\':
		w.escaped = true
	case '[':
		w.depth++
	case ']':
		w.depth = max(0, w.depth-1)
	case '\n':
		w.depth = 0
	}
}

// over steps over a placeholder.
func (w *walker) over(m mark) {
	w.word, w.escaped = m.bare, false
}
