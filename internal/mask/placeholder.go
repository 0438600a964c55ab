package mask

import "unicode/utf8"

// mark is one placeholder as somebody wrote it: tolerant of what models do to it.
type mark struct {
	typ    Type
	digits string // leading zeros dropped; "" where the text ends before them
	n      int    // 0 where no such number can exist
	tail   string // letters behind the digits: a form letter, an inflection or both
	cut    bool   // the text ended inside; with digits: they may be incomplete
	half   bool   // the text ended inside the type word: nothing can be said
	bare   bool   // written without brackets
}

// cursor reads a text that may go on. Whoever looks behind its end learns nothing, but short remembers it.
type cursor struct {
	s     string
	i     int
	final bool // nothing follows s
	short bool // a look went behind the end of a text that may go on
}

// peek returns the byte at the cursor, or 0 at the end.
func (c *cursor) peek() byte {
	if c.i < len(c.s) {
		return c.s[c.i]
	}
	c.short = !c.final
	return 0
}

func (c *cursor) atEnd() bool { return c.peek() == 0 && c.i >= len(c.s) }

// take steps over lit, in any ASCII or Latin-1 case, if it is there.
func (c *cursor) take(lit string) bool {
	i := c.i
	for k := 0; k < len(lit); k++ {
		if i+k >= len(c.s) {
			c.short = c.short || !c.final
			return false
		}
		if lower(c.s, i+k) != lit[k] {
			return false
		}
	}
	c.i += len(lit)
	return true
}

// lower folds ASCII letters, and the second byte of Latin-1 letters in UTF-8.
func lower(s string, i int) byte {
	b := s[i]
	switch {
	case 'A' <= b && b <= 'Z':
		return b | 0x20
	case 0x80 <= b && b <= 0x9e && i > 0 && s[i-1] == 0xc3:
		return b | 0x20
	}
	return b
}

// skip steps over at most max bytes of the given literals.
func (c *cursor) skip(max int, lits []string) {
	for start := c.i; c.i-start < max; {
		if !c.takeAny(lits) {
			return
		}
	}
}

func (c *cursor) takeAny(lits []string) bool {
	for _, lit := range lits {
		if c.take(lit) {
			return true
		}
	}
	return false
}

// bracket is a pair models write around a placeholder. strict ones need their close and an underscore, for
// they are common in other text.
type bracket struct {
	open   string
	close  []string
	strict bool
}

var brackets = []bracket{
	{"[", []string{"]", `\]`, `\\]`, "］", "】", "&#93;"}, false},
	{`\\[`, []string{`\\]`, `\]`, "]"}, false},
	{`\[`, []string{`\]`, "]"}, false},
	{"［", []string{"］", "]", "】"}, false},
	{"【", []string{"】", "]", "］"}, false},
	{"&#91;", []string{"&#93;", "]"}, false},
	{"%5b", []string{"%5d", "]"}, false},
	{`\u005b`, []string{`\u005d`, "]"}, false},
	{"(", []string{")"}, true},
	{"<", []string{">"}, true},
	{"&lt;", []string{"&gt;"}, true},
	{"%3c", []string{"%3e"}, true},
	{`\u003c`, []string{`\u003e`}, true},
}

var (
	padding    = []string{" ", "*", "`", `\`, "_", "~", "\u00a0", "\u200b", "\u202f"}
	separators = []string{"_", "-", " ", `\`, "*", "#", ":", ".", "%5f", "\u00a0", "\u2011", "\u2013", "\u202f"}
)

const (
	maxPadding = 4
	maxDigits  = 10
	maxTail    = 3
	// longestMark bounds what a placeholder may take, and so what a stream may hold back.
	longestMark = 64
)

// readMark reads a placeholder at s[i:]. It returns its length, 0 for none. more says that s ends before
// this can be known. boundary: a word may start at i.
func readMark(s string, i int, boundary, final bool) (m mark, n int, more bool) {
	c := cursor{s: s, i: i, final: final}
	for _, b := range openers[s[i]] {
		m, n, more = readBracketed(c, b, boundary)
		if n > 0 || more {
			return m, n, more
		}
	}
	if boundary && mayStart[s[i]] {
		return readBare(c)
	}
	return mark{}, 0, false
}

// done ends a reading: what was read is only worth something if no look went behind the end.
func (c *cursor) done(m mark, start int) (mark, int, bool) {
	if c.short {
		return mark{}, 0, true
	}
	return m, c.i - start, false
}

func readBracketed(c cursor, b *bracket, boundary bool) (m mark, n int, more bool) {
	start := c.i
	if !c.take(b.open) {
		return m, 0, c.short
	}
	if b.open[0] == '\\' && c.s[c.i-1] == '[' {
		// An escape in front of one of our own placeholders belongs to the text around it.
		own := cursor{s: c.s, i: c.i - 1, final: c.final}
		if canonical(&own) || own.short {
			return m, 0, own.short
		}
	}
	c.skip(maxPadding, padding)
	word := c.i
	w := c.word(!b.strict)
	if w == nil {
		m.half, m.cut = c.halfWord() && !b.strict, true
		if m.half {
			return c.done(m, start)
		}
		return m, 0, c.short
	}
	if c.isField(w, word, b.strict || !boundary) {
		return m, 0, false
	}
	m.typ = w.typ
	return c.number(m, b, w, start)
}

// isField says whether a word is the beginning of address_1, a field of every WooCommerce address.
func (c *cursor) isField(w *typeWord, at int, suspect bool) bool {
	return suspect && w.typ == ADDRESS && c.s[at] >= 'a'
}

// number reads what follows the type word inside brackets.
func (c cursor) number(m mark, b *bracket, w *typeWord, start int) (mark, int, bool) {
	from := c.i
	c.skip(maxPadding, separators)
	sep := c.s[from:c.i]
	underscore := hasUnderscore(sep)
	if b.strict && !underscore {
		return m, 0, c.short
	}
	if c.atEnd() && !c.short {
		m.cut, m.half = true, !underscore
		if b.strict || w.foreign || len(sep) > 1 && !underscore {
			return m, 0, false
		}
		return c.done(m, start)
	}
	if !c.digits(&m) {
		return m, 0, c.short
	}
	if c.atEnd() && !c.short && !b.strict && !w.foreign && (underscore || len(sep) < 2) {
		m.cut = true
		return c.done(m, start)
	}
	return c.closing(m, b, start, underscore && !b.strict && !w.foreign)
}

// closing reads what follows the digits inside brackets; lossy: the close may be lost.
func (c *cursor) closing(m mark, b *bracket, start int, lossy bool) (mark, int, bool) {
	inner := *c
	inner.tail(&m)
	inner.genitive(&m)
	if !inner.takeAny(b.close) {
		inner.skip(maxPadding, padding)
		if !inner.takeAny(b.close) {
			return c.unclosed(m, start, inner.short, lossy)
		}
	}
	return inner.done(m, start)
}

// unclosed reads a placeholder whose close is lost: no more than the digits and what is written to them.
func (c *cursor) unclosed(m mark, start int, short, lossy bool) (mark, int, bool) {
	if short || !lossy {
		return mark{}, 0, short
	}
	m.tail = ""
	c.tail(&m)
	return c.done(m, start)
}
func readBare(c cursor) (m mark, n int, more bool) {
	start := c.i
	w := c.word(false)
	if w == nil || c.isField(w, start, true) {
		return m, 0, w == nil && c.short
	}
	m.bare, m.typ = true, w.typ
	if !c.take("_") && !c.take(`\_`) && !c.take(`\\_`) {
		return m, 0, c.short
	}
	if c.atEnd() && !c.short {
		m.cut = true
		return c.done(m, start)
	}
	if !c.digits(&m) {
		return m, 0, c.short
	}
	c.tail(&m)
	if c.wordFollows() {
		return mark{}, 0, c.short
	}
	return c.done(m, start)
}

// word steps over a type word, the longest there is. Other languages' words count only if all.
func (c *cursor) word(all bool) (found *typeWord) {
	if c.atEnd() {
		return nil
	}
	start, end := c.i, c.i
	for _, w := range starters[lower(c.s, c.i)] {
		if w.foreign && !all {
			continue
		}
		c.i = start
		if c.take(w.word) && c.i > end {
			found, end = w, c.i
		}
	}
	c.i = end
	return found
}

// halfWord steps to the end if the text ends inside one of our own type words.
func (c *cursor) halfWord() bool {
	rest := len(c.s) - c.i
	if !c.final || rest == 0 {
		return false
	}
	for k := range typeWords {
		w := &typeWords[k]
		if !w.foreign && rest < len(w.word) && c.take(w.word[:rest]) {
			return true
		}
	}
	return false
}

// digits reads the number.
func (c *cursor) digits(m *mark) bool {
	start := c.i
	for c.i-start < maxDigits {
		if b := c.peek(); b < '0' || b > '9' {
			break
		}
		c.i++
	}
	if c.i == start || isDigit(c.peek()) {
		return false
	}
	digits := c.s[start:c.i]
	for len(digits) > 1 && digits[0] == '0' {
		digits = digits[1:]
	}
	m.digits = digits
	if len(digits) <= 7 {
		for _, d := range []byte(digits) {
			m.n = m.n*10 + int(d-'0')
		}
	}
	return true
}

// tail reads a form letter and an inflection.
func (c *cursor) tail(m *mark) {
	start := c.i
	for c.i-start <= maxTail && isLetter(c.peek()) {
		c.i++
	}
	if c.i-start > maxTail {
		c.i = start
	}
	m.tail = c.s[start:c.i]
}

// genitive reads the 's some models write inside the brackets.
func (c *cursor) genitive(m *mark) {
	for _, s := range []string{"'s", "’s"} {
		if c.take(s) {
			m.tail += s
		}
	}
}

// wordFollows says whether a word goes on at the cursor. An underscore may close italics, or go on.
func (c *cursor) wordFollows() bool {
	b := c.peek()
	if b == '_' {
		c.i++
		b = c.peek()
		c.i--
	}
	return isAlnum(b) || b >= utf8.RuneSelf && letterAt(c)
}

// letterAt says whether a letter outside ASCII stands at the cursor.
func letterAt(c *cursor) bool {
	if !c.final && !utf8.FullRuneInString(c.s[c.i:]) {
		c.short = true
		return false
	}
	r, _ := utf8.DecodeRuneInString(c.s[c.i:])
	return isWordRune(r)
}

// canonical says whether a placeholder exactly as we write it stands at the cursor.
func canonical(c *cursor) bool {
	if c.peek() != '[' {
		return false
	}
	c.i++
	if c.word(false) == nil || c.peek() != '_' {
		return false
	}
	c.i++
	var m mark
	if !c.digits(&m) {
		return false
	}
	if b := c.peek(); 'B' <= b && b <= 'Z' {
		c.i++
	}
	return c.peek() == ']'
}

func hasUnderscore(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] == '_' {
			return true
		}
	}
	return len(s) == 3 && lower(s, 2) == 'f' // %5F
}
