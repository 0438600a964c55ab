package guard

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
)

//go:embed spelling.txt
var spellingText string

// spelling maps the words by which people spell to their letters.
var spelling = sync.OnceValue(func() map[string]byte {
	m := map[string]byte{}
	for line := range strings.Lines(spellingText) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for w := range strings.FieldsSeq(line) {
			w = folded(w)
			m[w] = w[0]
		}
	}
	return m
})

// spellers stand between a letter and its word: "L as in Lima".
var spellers = map[string]bool{"as": true, "in": true, "like": true, "for": true, "wie": true, "comme": true, "als": true, "van": true, "como": true, "come": true, "di": true, "jak": true, "som": true, "de": true, "dla": true}

// radio reads words that spell: "Lima Uniform", "L as in Lima, U as in Uniform".
type radio struct {
	word   []byte
	start  int
	letter byte // told by itself, before its word
	at     int
	buf    []byte
	out    outlet
}

const maxSpeller = 16

func (d *radio) see(r rune, start, end int) {
	if r < 0x80 && letterByte(byte(r)) || r >= 0x80 && unicode.IsLetter(r) || r == '-' && len(d.word) == 1 {
		if len(d.word) == 0 {
			d.start = start
		}
		if r < 0x80 {
			if len(d.word) <= maxSpeller {
				d.word = append(d.word, lower[r])
			}
			return
		}
		if d.buf = fold(d.buf[:0], r); len(d.word) <= maxSpeller {
			d.word = append(d.word, d.buf...)
		}
		return
	}
	if len(d.word) > 0 {
		d.endWord(end)
	}
	switch {
	case d.out.n == 0 && !d.out.passing && d.letter == 0: // nothing was spelled
	case '0' <= r && r <= '9':
		d.tell(r, start, end)
	case r == ' ' || r == ',' || r == '\n' || r == ';' || r == '(' || r == ')' || r == ':' || r == '"' || r == '\'' || r == '=':
	default:
		d.tell(r, start, end)
	}
}

// endWord takes a word for its letter.
func (d *radio) endWord(end int) {
	if len(d.word) == 0 {
		return
	}
	c, ok := spelling()[string(d.word)]
	switch {
	case len(d.word) == 1:
		d.say(end)
		d.letter, d.at = d.word[0], d.start
	case !ok && (d.out.n > 0 || d.letter != 0) && figureWord(string(d.word)) != 0:
		d.say(end)
		d.out.see(rune(saidDigits()[string(d.word)]), d.start, end)
	case ok:
		if d.letter != c {
			d.say(end)
		}
		d.letter = 0
		d.out.see(rune(c), d.start, end)
	case d.letter != 0 && spellers[string(d.word)]:
	default:
		d.letter = 0
		d.out.stop(end)
	}
	d.word = d.word[:0]
}

// figureWord returns the figure a word tells, or 0.
func figureWord(w string) byte {
	if c := saidDigits()[w]; c != '.' {
		return c
	}
	return 0
}

// say tells a letter that had no word.
func (d *radio) say(end int) {
	if d.letter != 0 {
		d.out.see(rune(d.letter), d.at, end)
		d.letter = 0
	}
}

// tell passes on what is no letter.
func (d *radio) tell(r rune, start, end int) {
	d.say(end)
	d.out.see(r, start, end)
}

// end ends the text.
func (d *radio) end(end int) {
	d.endWord(end)
	d.say(end)
	d.out.stop(end)
}
