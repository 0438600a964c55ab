package proof

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// text reads a JSON string, appends its canonical form to out, and returns what it says.
func (c *canonizer) text() ([]byte, error) {
	if c.pos == len(c.in) || c.in[c.pos] != '"' {
		return nil, c.wrong("a string expected")
	}
	c.pos++
	if n := plainRun(c.in[c.pos:]); c.pos+n < len(c.in) && c.in[c.pos+n] == '"' { // nearly always
		said := c.in[c.pos : c.pos+n]
		c.out = append(append(append(c.out, '"'), said...), '"')
		c.pos += n + 1
		return said, nil
	}
	var said []byte
	for c.pos < len(c.in) {
		switch b := c.in[c.pos]; {
		case b == '"':
			c.pos++
			c.out = appendText(c.out, said)
			return said, nil
		case b < 0x20:
			return nil, c.wrong("a control character in a string")
		case b == '\\':
			r, err := c.escape()
			if err != nil {
				return nil, err
			}
			said = utf8.AppendRune(said, r)
		default:
			r, n := utf8.DecodeRune(c.in[c.pos:])
			if r == utf8.RuneError && n == 1 {
				return nil, c.wrong("invalid UTF-8")
			}
			said = append(said, c.in[c.pos:c.pos+n]...)
			c.pos += n
		}
	}
	return nil, c.wrong("a string does not end")
}

// plainRun counts the leading ASCII characters that a JSON string holds as they are.
func plainRun(text []byte) int {
	for i, b := range text {
		if b < 0x20 || b >= utf8.RuneSelf || b == '"' || b == '\\' {
			return i
		}
	}
	return len(text)
}

// escape reads one \x or \uXXXX sequence, or a pair of the latter.
func (c *canonizer) escape() (rune, error) {
	if c.pos+1 == len(c.in) {
		return 0, c.wrong("a string does not end")
	}
	if i := strings.IndexByte(`"\/bfnrt`, c.in[c.pos+1]); i >= 0 {
		c.pos += 2
		return rune("\"\\/\b\f\n\r\t"[i]), nil
	}
	r, ok := c.unit()
	if !ok {
		return 0, c.wrong("no such escape in JSON")
	}
	if !utf16.IsSurrogate(r) {
		return r, nil
	}
	low, ok := c.unit()
	if r = utf16.DecodeRune(r, low); !ok || r == utf8.RuneError {
		return 0, c.wrong("half a surrogate pair")
	}
	return r, nil
}

// unit reads \uXXXX: one UTF-16 code unit.
func (c *canonizer) unit() (rune, bool) {
	if c.pos+6 > len(c.in) || c.in[c.pos] != '\\' || c.in[c.pos+1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(c.in[c.pos+2:c.pos+6]), 16, 16)
	if err != nil {
		return 0, false
	}
	c.pos += 6
	return rune(n), true
}

// appendText writes a string as RFC 8785, section 3.2.2.2 wants it: only what must be escaped is.
func appendText(out, said []byte) []byte {
	out = append(out, '"')
	for _, b := range said {
		switch {
		case b == '"' || b == '\\':
			out = append(out, '\\', b)
		case b >= 0x20:
			out = append(out, b)
		default:
			if i := strings.IndexByte("\b\t\n\f\r", b); i >= 0 {
				out = append(out, '\\', "btnfr"[i])
			} else {
				out = append(out, '\\', 'u', '0', '0', "01"[b>>4], "0123456789abcdef"[b&15])
			}
		}
	}
	return append(out, '"')
}

// number reads a JSON number and appends the form of ECMAScript's Number::toString.
func (c *canonizer) number() error {
	from := c.pos
	c.take("-")
	if c.take("0") == 0 && c.digits() == 0 {
		return c.wrong("no JSON value starts like this")
	}
	whole := true
	if c.take(".") > 0 {
		if whole = false; c.digits() == 0 {
			return c.wrong("a digit expected")
		}
	}
	if c.take("eE") > 0 {
		c.take("+-")
		if whole = false; c.digits() == 0 {
			return c.wrong("a digit expected")
		}
	}
	literal := c.in[from:c.pos]
	if whole && len(literal) <= 15 && !bytes.Equal(literal, []byte("-0")) {
		c.out = append(c.out, literal...) // a float keeps 15 digits
		return nil
	}
	f, err := strconv.ParseFloat(string(literal), 64)
	if err != nil {
		return c.wrong("a number beyond the range of a 64-bit float")
	}
	c.out = appendNumber(c.out, f)
	if whole && f != 0 && strconv.FormatFloat(f, 'f', -1, 64) != string(literal) {
		return c.wrong("an integer that loses digits as a 64-bit float; write it as a string")
	}
	return nil
}

// take skips one byte if it is one of set, and says how many it skipped.
func (c *canonizer) take(set string) int {
	if c.pos < len(c.in) && strings.IndexByte(set, c.in[c.pos]) >= 0 {
		c.pos++
		return 1
	}
	return 0
}

func (c *canonizer) digits() (n int) {
	for c.take("0123456789") > 0 {
		n++
	}
	return n
}

// appendNumber writes a finite float as ECMAScript does (RFC 8785, section 3.2.2.3): the shortest digits
// that read back the same, plain between 1e-6 and 1e21, else with an exponent that has no leading zero.
func appendNumber(out []byte, f float64) []byte {
	abs := math.Abs(f)
	if abs == 0 {
		return append(out, '0') // -0 too
	}
	if abs >= 1e-6 && abs < 1e21 {
		return strconv.AppendFloat(out, f, 'f', -1, 64)
	}
	s := strconv.FormatFloat(f, 'e', -1, 64)
	s = strings.Replace(s, "e-0", "e-", 1) // Go writes at least two digits
	return append(out, s...)
}
