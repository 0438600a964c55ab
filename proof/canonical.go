package proof

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxDepth bounds nesting, so that no input can exhaust the stack.
const maxDepth = 100

// Canonical returns the RFC 8785 form of one JSON text: no spaces, members sorted by UTF-16 code units,
// one spelling for every string and number. It refuses what I-JSON (RFC 7493) leaves open: duplicate
// names, invalid UTF-8, lone surrogates, numbers out of range, and, stricter than RFC 8785, integers whose
// digits a 64-bit float cannot keep (write those as strings).
func Canonical(text []byte) ([]byte, error) {
	c := canonizer{in: text, out: make([]byte, 0, len(text))}
	if err := c.all(); err != nil {
		return nil, err
	}
	return c.out, nil
}

// canonizer reads in from pos and appends the canonical form to out.
type canonizer struct {
	in   []byte
	pos  int
	out  []byte
	last []member // of the object that ended last
}

func (c *canonizer) all() error {
	err := c.value(0)
	if c.space(); err == nil && c.pos < len(c.in) {
		err = c.wrong("more than one JSON value")
	}
	return err
}

func (c *canonizer) wrong(why string) error {
	return fmt.Errorf("proof: JSON at byte %d: %s", c.pos, why)
}

func (c *canonizer) space() {
	for c.pos < len(c.in) && strings.IndexByte(" \t\r\n", c.in[c.pos]) >= 0 {
		c.pos++
	}
}

// next skips space and takes the byte b, if it is there.
func (c *canonizer) next(b byte) bool {
	c.space()
	if c.pos == len(c.in) || c.in[c.pos] != b {
		return false
	}
	c.pos++
	return true
}

func (c *canonizer) value(depth int) error {
	if depth > maxDepth {
		return c.wrong("nested too deeply")
	}
	c.space()
	if c.pos == len(c.in) {
		return c.wrong("ends early")
	}
	switch c.in[c.pos] {
	case '{':
		return c.object(depth)
	case '[':
		return c.array(depth)
	case '"':
		_, err := c.text()
		return err
	case 't':
		return c.literal("true")
	case 'f':
		return c.literal("false")
	case 'n':
		return c.literal("null")
	}
	return c.number()
}

func (c *canonizer) literal(word string) error {
	if !strings.HasPrefix(string(c.in[c.pos:min(len(c.in), c.pos+len(word))]), word) {
		return c.wrong("no such word in JSON")
	}
	c.pos += len(word)
	c.out = append(c.out, word...)
	return nil
}

func (c *canonizer) array(depth int) error {
	c.pos++
	c.out = append(c.out, '[')
	for n := 0; !c.next(']'); n++ {
		if n > 0 {
			if !c.next(',') {
				return c.wrong("',' or ']' expected")
			}
			c.out = append(c.out, ',')
		}
		if err := c.value(depth + 1); err != nil {
			return err
		}
	}
	c.out = append(c.out, ']')
	return nil
}

// member is one "name":value pair as it lies in out.
type member struct {
	name            []byte
	from, value, to int
}

func (c *canonizer) object(depth int) error {
	c.pos++
	c.out = append(c.out, '{')
	start := len(c.out)
	var members []member
	for !c.next('}') {
		if len(members) > 0 {
			if !c.next(',') {
				return c.wrong("',' or '}' expected")
			}
			c.out = append(c.out, ',')
		}
		m, err := c.member(depth)
		if err != nil {
			return err
		}
		members = append(members, m)
	}
	if err := c.sort(start, members); err != nil {
		return err
	}
	c.out = append(c.out, '}')
	c.last = members
	return nil
}

func (c *canonizer) member(depth int) (member, error) {
	c.space()
	from := len(c.out)
	name, err := c.text()
	if err != nil {
		return member{}, err
	}
	if !c.next(':') {
		return member{}, c.wrong("':' expected")
	}
	c.out = append(c.out, ':')
	value := len(c.out)
	err = c.value(depth + 1)
	return member{name, from, value, len(c.out)}, err
}

// sort puts the members that lie in out from start on into order; mostly they are in order already.
func (c *canonizer) sort(start int, members []member) error {
	byName := func(a, b member) int { return compareNames(a.name, b.name) }
	if !slices.IsSortedFunc(members, byName) {
		was := slices.Clone(c.out[start:])
		slices.SortFunc(members, byName)
		c.out = c.out[:start]
		for i, m := range members {
			if i > 0 {
				c.out = append(c.out, ',')
			}
			c.out = append(c.out, was[m.from-start:m.to-start]...)
		}
	}
	for i := 1; i < len(members); i++ {
		if bytes.Equal(members[i].name, members[i-1].name) {
			return c.wrong(fmt.Sprintf("the name %.60q stands twice", members[i].name))
		}
	}
	return nil
}

// compareNames orders by UTF-16 code units (RFC 8785, section 3.2.3). It differs from byte order only
// where a character beyond U+FFFF, whose first unit is D800-DBFF, meets one of U+E000-U+FFFF.
func compareNames(a, b []byte) int {
	for len(a) > 0 && len(b) > 0 {
		ra, na := utf8.DecodeRune(a)
		rb, nb := utf8.DecodeRune(b)
		if ra != rb {
			if (ra > 0xFFFF) == (rb > 0xFFFF) {
				return int(ra - rb)
			}
			return int(firstUnit(ra) - firstUnit(rb))
		}
		a, b = a[na:], b[nb:]
	}
	return len(a) - len(b)
}

func firstUnit(r rune) rune {
	if r > 0xFFFF {
		return 0xD800 + (r-0x10000)>>10
	}
	return r
}
