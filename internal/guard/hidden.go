package guard

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// concealed is what a text hides from its reader.
type concealed struct {
	tags      int    // Unicode tag characters outside of flags
	overrides int    // bidirectional overrides
	inWords   int    // zero-width characters between two letters of one word
	message   string // what tags and variation selectors spell
	at        int    // byte offset of the first
}

// conceals looks for hidden runes. Emoji join by them, right-to-left text marks
// its direction and some scripts break words by them: those are no finding.
func conceals(s string) concealed {
	c := concealed{at: -1}
	if !strings.ContainsFunc(s, hidden) {
		return c
	}
	var message []byte
	prev, flag := rune(0), false
	for i, r := range s {
		if !hidden(r) {
			prev, flag = r, r == 0x1F3F4 // a black flag starts a flag made of tags
			continue
		}
		if c.count(r, prev, flag, s[i+utf8.RuneLen(r):]) && c.at < 0 {
			c.at = i
		}
		message = spelled(message, r)
	}
	if utf8.Valid(message) {
		c.message = string(message)
	}
	if c.message == "" {
		c.message = zeroWidthBits(s)
	}
	return c
}

// count counts r, which follows the visible rune prev, and reports whether it
// is suspicious.
func (c *concealed) count(r, prev rune, flag bool, rest string) bool {
	switch {
	case 0xE0000 <= r && r <= 0xE007F:
		if flag {
			return false
		}
		c.tags++
	case 0xE0100 <= r && r <= 0xE01EF: // one may follow a Han character
		if unicode.Is(unicode.Han, prev) {
			return false
		}
		c.tags++
	case r == 0x202D || r == 0x202E:
		c.overrides++
	case 0x200B <= r && r <= 0x200D || r == 0x2060 || r == 0xFEFF || r == 0xAD:
		next, _ := utf8.DecodeRuneInString(rest)
		if !joinedScript(prev) || !joinedScript(next) || r == 0xAD {
			return false
		}
		c.inWords++
	default:
		return false
	}
	return true
}

// joinedScript reports whether r belongs to a script that has no use for
// zero-width characters inside words.
func joinedScript(r rune) bool {
	return unicode.In(r, unicode.Latin, unicode.Cyrillic, unicode.Greek)
}

// spelled appends what a hidden rune stands for: a tag its ASCII character, a
// variation selector the byte of its number.
func spelled(dst []byte, r rune) []byte {
	switch {
	case 0xE0020 <= r && r <= 0xE007E:
		return append(dst, byte(r-0xE0000))
	case 0xE0100 <= r && r <= 0xE01EF:
		return append(dst, byte(r-0xE0100+16))
	case 0xFE00 <= r && r <= 0xFE0E && len(dst) > 0: // one behind an emoji is no message
		return append(dst, byte(r-0xFE00))
	}
	return dst
}

// zeroWidthBits reads a message whose bits are two kinds of zero-width
// characters, in either sense.
func zeroWidthBits(s string) string {
	var bits []byte
	var zero rune
	for _, r := range s {
		if r != 0x200B && r != 0x200C && r != 0x200D && r != 0x2060 && r != 0xFEFF {
			continue
		}
		if zero == 0 {
			zero = r
		}
		b := byte(0)
		if r != zero {
			b = 1
		}
		bits = append(bits, b)
	}
	const least = 8 * 6
	if len(bits) < least {
		return ""
	}
	for _, flip := range []byte{0, 1} {
		var out []byte
		for i := 0; i+8 <= len(bits); i += 8 {
			c := byte(0)
			for _, b := range bits[i : i+8] {
				c = c<<1 | b ^ flip
			}
			out = append(out, c)
		}
		if text, ok := sentence(out); ok {
			return text
		}
	}
	return ""
}

// score of a concealment by itself, before what it spells is read.
func (c concealed) score() float64 {
	switch {
	case c.tags >= 4:
		return 0.9
	case c.overrides > 0, c.inWords >= 3:
		return 0.5
	case c.tags > 0:
		return 0.4
	}
	return 0
}
