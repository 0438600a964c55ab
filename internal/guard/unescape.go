package guard

import (
	"strings"
	"unicode/utf8"
)

// minEscapes are the escapes of one kind that are no chance.
const minEscapes = 3

// unpercent decodes the sound escapes of a text that are a sign and two
// hexadecimal digits, and leaves the rest; "" if there are few.
func unpercent(s string, sign byte) string {
	var b strings.Builder
	found := 0
	for i := 0; i < len(s); i++ {
		if s[i] == sign && i+2 < len(s) {
			if r, ok := hexRune(s[i+1 : i+3]); ok {
				b.WriteByte(byte(r))
				i += 2
				found++
				continue
			}
		}
		b.WriteByte(s[i])
	}
	if found < minEscapes {
		return ""
	}
	return strings.ToValidUTF8(b.String(), "\uFFFD")
}

// unescape reads \u0041, \u{41}, \x41, \101, \U00000041 and U+0041.
func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		if r, n := escapeAt(s[i:]); n > 0 && utf8.ValidRune(r) {
			b.WriteRune(r)
			i += n
			continue
		}
		b.WriteByte(s[i])
		i++
	}
	return b.String()
}

// escapeAt returns the rune that an escape at the beginning of s stands for,
// and the bytes of the escape; 0 for none.
func escapeAt(s string) (r rune, n int) {
	if len(s) < 4 || s[0] != '\\' && s[1] != '+' {
		return 0, 0
	}
	switch {
	case (s[0] == 'U' || s[0] == 'u') && s[1] == '+':
		return hexAt(s, 2, 4)
	case s[0] != '\\':
		return 0, 0
	case s[1] == 'x' && s[2] != '{':
		return hexAt(s, 2, 2)
	case s[1] == 'U':
		return hexAt(s, 2, 8)
	case (s[1] == 'u' || s[1] == 'x') && s[2] == '{':
		end := strings.IndexByte(s[:min(len(s), maxEscape)], '}')
		if end < 4 {
			return 0, 0
		}
		if r, ok := hexRune(s[3:end]); ok {
			return r, end + 1
		}
		return 0, 0
	case s[1] == 'u':
		return hexAt(s, 2, 4)
	case octal(s[1]) && octal(s[2]) && octal(s[3]) && s[1] < '4':
		return rune(s[1]-'0')<<6 | rune(s[2]-'0')<<3 | rune(s[3]-'0'), 4
	}
	return 0, 0
}

func hexAt(s string, from, digits int) (rune, int) {
	if len(s) < from+digits {
		return 0, 0
	}
	r, ok := hexRune(s[from : from+digits])
	if !ok {
		return 0, 0
	}
	return r, from + digits
}

func octal(c byte) bool { return '0' <= c && c <= '7' }

func hexRune(s string) (r rune, ok bool) {
	for i := range len(s) {
		d := hexValue[s[i]]
		if d < 0 {
			return 0, false
		}
		r = r<<4 | rune(d)
	}
	return r, true
}

var hexValue = func() (v [256]int8) {
	for i := range v {
		v[i] = int8(strings.IndexByte("0123456789abcdef", byte(i)|0x20))
		if i < '0' {
			v[i] = -1
		}
	}
	for i := range 10 {
		v['0'+i] = int8(i)
	}
	return v
}()
