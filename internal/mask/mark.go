package mask

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
	if boundary && mayStartWord(s, i) {
		return readBare(c)
	}
	return mark{}, 0, false
}

// readBracketed reads a placeholder in brackets.
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

// isField says whether a word is the beginning of address_1, a field of every WooCommerce address, or the like.
func (c *cursor) isField(w *typeWord, at int, suspect bool) bool {
	return suspect && alsoFields[w.typ] && c.s[at] >= 'a'
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

// readBare reads a placeholder whose brackets are lost: PERSON_1 where a word begins.
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

// hasUnderscore says whether a separator holds an underscore, or one escaped for a URL.
func hasUnderscore(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] == '_' {
			return true
		}
	}
	return len(s) == 3 && lower(s, 2) == 'f' // %5F
}
