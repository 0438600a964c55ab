package guard

import (
	"hash/maphash"
	"html"
	"strings"
	"unicode/utf8"
)

// Budgets of decoding, for one piece. A piece that needs more is judged by what
// was read until then.
const (
	maxReadings = 16      // texts read beside the piece itself
	maxDecoded  = 1 << 16 // bytes of them
	maxNesting  = 3       // an encoding within an encoding within an encoding
	minEncoded  = 16      // characters; a shorter run hides no order
)

// reading is one way to read a piece: as it stands, or decoded.
type reading struct {
	text  string
	kind  string // "" as it stands, or how it was encoded
	depth int
}

// covert reports whether the reading was hidden from a human reader: who hides
// an order means it. A word with a digit or an odd space in it may be a part
// number or a slip.
func (r reading) covert() bool {
	switch r.kind {
	case "", "percent", "quoted", "html", "escape", "joined", "markup", "aside", "assembled",
		"leet", "respelt", "unspaced", "spaced", "reversed", "shifted":
		return false
	}
	return true
}

// readings collects what a text says when decoded, within the budgets.
type readings struct {
	list   []reading
	bytes  int
	known  map[uint64]bool // sums of the texts
	sight  sight           // of the text at hand
	firsts [3][]byte       // scratch
	seen   []uint8         // what the words of the text at hand are; scratch
}

func (r *readings) add(from reading, kind, text string) {
	if text == "" || from.depth >= maxNesting || len(r.list) >= maxReadings || r.bytes+len(text) > maxDecoded {
		return
	}
	sum := textSum(text)
	if r.known == nil {
		r.known = map[uint64]bool{textSum(r.list[0].text): true}
	}
	if r.known[sum] {
		return
	}
	r.known[sum] = true
	r.bytes += len(text)
	r.list = append(r.list, reading{text, kind, from.depth + 1})
}

// textSum tells texts apart.
func textSum(s string) uint64 { return maphash.String(textSeed, s) }

var textSeed = maphash.MakeSeed()

// sight counts the bytes of a text: most decoders need some that harmless texts
// do not have.
type sight struct {
	of     [256]int32
	high   int // bytes of other characters than ASCII
	digits int
	signs  int // neither letter, digit nor white space
}

func sightOf(s string) (c sight) {
	for i := range len(s) {
		c.of[s[i]]++
	}
	for b, n := range c.of[:utf8.RuneSelf] {
		switch ascii[b] {
		case letter:
		case digit:
			c.digits += int(n)
		default:
			if b > ' ' {
				c.signs += int(n)
			}
		}
	}
	for _, n := range c.of[utf8.RuneSelf:] {
		c.high += int(n)
	}
	return c
}

// decode adds what is encoded in a reading, word by word and as a whole.
func (r *readings) decode(from reading) {
	t := from.text
	c := sightOf(t)
	r.sight = c
	if c.high > 0 {
		r.add(from, "tags", conceals(t).message)
		r.foreignLetters(from, &c)
		if bare := undecorated(t); bare != t {
			t, c = bare, sightOf(bare)
		}
	}
	r.escaped(from, t, &c)
	r.encoded(from, t, &c)
	if c.digits >= minEncoded/2 {
		if c.of['0']+c.of['1'] >= 7*minEncoded/2 {
			r.addIf(from, "binary", t, binary)
		}
		r.byNumber(from, t)
	}
	if c.of['.']+c.of['-']+c.of['_'] >= minMorse || c.high > 0 {
		r.addIf(from, "morse", t, fromMorse)
	}
	if c.of['"']+c.of['\'']+c.of['`'] >= 4 {
		r.addIf(from, "assembled", t, assembled)
	}
	if c.of['|']+c.of['\\'] >= minBuilt {
		r.addIf(from, "leet", t, rebuilt)
	}
	r.markup(from)
}

// addIf adds what a decoder makes of a text.
func (r *readings) addIf(from reading, kind, text string, decode func(string) (string, bool)) {
	if s, ok := decode(text); ok {
		r.add(from, kind, s)
	}
}

// escaped adds a text whose escapes are undone.
func (r *readings) escaped(from reading, t string, c *sight) {
	if c.of['%'] >= 3 {
		r.add(from, "percent", unpercent(t, '%'))
	}
	if c.of['='] >= 3 {
		r.add(from, "quoted", unpercent(strings.ReplaceAll(strings.ReplaceAll(t, "=\r\n", ""), "=\n", ""), '='))
	}
	if c.of['&'] > 0 && c.of[';'] > 0 {
		r.add(from, "html", html.UnescapeString(t))
	}
	if c.of['\\'] > 0 || c.of['+'] > 0 && c.of['U']+c.of['u'] > 0 {
		r.add(from, "escape", unescape(t))
	}
}

// markup adds a text without its tags, and what these hide.
func (r *readings) markup(from reading) {
	m := marked(from.text)
	r.add(from, "markup", m.plain)
	r.add(from, "aside", m.aside)
	for _, c := range m.concealed {
		r.add(from, "concealed", c)
	}
}
