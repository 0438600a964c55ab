package mask

import "unicode/utf8"

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

// done ends a reading: what was read is only worth something if no look went behind the end.
func (c *cursor) done(m mark, start int) (mark, int, bool) {
	if c.short {
		return mark{}, 0, true
	}
	return m, c.i - start, false
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
	if !c.final || rest == 0 || rest >= longestOwn {
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
