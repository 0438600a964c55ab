package mask

import (
	"html"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxEscapes is how often one character may be escaped over itself, as in &amp;#64;.
const maxEscapes = 3

// unescape reads one character written as an escape; n is 0 if there is none.
func unescape(s string) (as string, n int) {
	switch s[0] {
	case '\\':
		return unescapeBackslash(s)
	case '&':
		return unescapeEntity(s)
	case '%':
		return unescapePercent(s)
	}
	return "", 0
}

// unescapeBackslash reads a JSON escape, in JSON at any depth: all its backslashes are one character.
func unescapeBackslash(s string) (string, int) {
	n := 0
	for n < len(s) && s[n] == '\\' {
		n++
	}
	if n == len(s) {
		return `\`, n
	}
	switch s[n] {
	case 'n', 'r', 't', 'b', 'f':
		return string("\n\r\t\b\f"[strings.IndexByte("nrtbf", s[n])]), n + 1
	case '"', '/':
		return s[n : n+1], n + 1
	case 'u':
		return unescapeUnicode(s, n)
	}
	return `\`, n
}

// unescapeUnicode reads n backslashes, u and four digits, and the second half of a pair.
func unescapeUnicode(s string, n int) (string, int) {
	r, ok := hex4(s[n+1:])
	if !ok {
		return `\`, n
	}
	end := n + 5
	if 0xd800 <= r && r < 0xdc00 && len(s) >= end+n+5 && s[end:end+n+1] == s[:n+1] {
		if low, ok := hex4(s[end+n+1:]); ok && 0xdc00 <= low && low < 0xe000 {
			return string((r-0xd800)<<10 + (low - 0xdc00) + 0x10000), end + n + 5
		}
	}
	return visible(string(r)), end
}

// hex4 reads four hexadecimal digits.
func hex4(s string) (r rune, ok bool) {
	if len(s) < 4 {
		return 0, false
	}
	for i := range 4 {
		if !isHex(s[i]) {
			return 0, false
		}
		r = r<<4 | rune(unhex(s[i]))
	}
	return r, true
}

func unhex(b byte) byte {
	if isDigit(b) {
		return b - '0'
	}
	return b | 0x20 - 'a' + 10
}

// unescapeEntity reads an HTML entity; &amp;#64; is one too.
func unescapeEntity(s string) (string, int) {
	end := entityEnd(s)
	if end == 0 {
		return "", 0
	}
	as := html.UnescapeString(s[:end])
	for range maxEscapes {
		if as != "&" {
			break
		}
		more := entityEnd("&" + s[end:min(len(s), end+32)])
		if more == 0 {
			break
		}
		as = html.UnescapeString("&" + s[end:end+more-1])
		end += more - 1
	}
	if as == s[:end] || len(as) > 8 {
		return "", 0
	}
	return visible(norm.NFKC.String(as)), end
}

// entityEnd returns the length of what looks like an entity at the beginning of s, its semicolon included.
func entityEnd(s string) int {
	for i := 1; i < len(s) && i < 32; i++ {
		if s[i] == ';' && i > 1 {
			return i + 1
		}
		if !isAlnum(s[i]) && s[i] != '#' {
			return 0
		}
	}
	return 0
}

// unescapePercent reads the bytes of one character; %2540 is %40 escaped again.
func unescapePercent(s string) (string, int) {
	b, n := percentByte(s)
	if n == 0 {
		return "", 0
	}
	raw := []byte{b}
	for b >= 0xc0 && len(raw) < utf8.UTFMax && !utf8.FullRune(raw) {
		next, k := percentByte(s[n:])
		if k == 0 || next&0xc0 != 0x80 {
			break
		}
		raw = append(raw, next)
		n += k
	}
	if !utf8.Valid(raw) {
		return "\ufffd", n
	}
	return visible(string(raw)), n
}

// percentByte reads one byte written as %40, %2540, %252540.
func percentByte(s string) (b byte, n int) {
	if len(s) < 3 || s[0] != '%' || !isHex(s[1]) || !isHex(s[2]) {
		return 0, 0
	}
	b, n = unhex(s[1])<<4|unhex(s[2]), 3
	for range maxEscapes {
		if b != '%' || len(s) < n+2 || !isHex(s[n]) || !isHex(s[n+1]) {
			break
		}
		b, n = unhex(s[n])<<4|unhex(s[n+1]), n+2
	}
	return b, n
}
