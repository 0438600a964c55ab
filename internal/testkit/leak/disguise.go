package leak

import (
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"html"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"unicode"
)

// Disguise is a way to write a text so that a naive filter does not see it and a
// reader can undo it.
type Disguise struct {
	Name    string
	Encoded bool // false: only spacing, case, or how it is laid out
	Write   func(r *rand.Rand, s string) string
}

// Disguises are all of them; the first leaves a text as it is.
var Disguises = []Disguise{
	{"verbatim", false, func(_ *rand.Rand, s string) string { return s }},
	{"upper case", false, func(_ *rand.Rand, s string) string { return strings.ToUpper(s) }},
	{"mixed case", false, each(func(r *rand.Rand, c rune) string {
		if r.IntN(2) == 0 {
			return string(unicode.ToUpper(c))
		}
		return string(unicode.ToLower(c))
	})},
	{"spaced", true, between(" ")}, {"dashed", true, between("-")}, {"dotted", true, between(".")}, {"starred", true, between("*")},
	{"line per letter", true, between("\n")},
	{"markdown in words", true, each(func(r *rand.Rand, c rune) string {
		if r.IntN(4) == 0 {
			return "**" + string(c) + "**"
		}
		return string(c)
	})},
	{"tags in words", true, each(func(r *rand.Rand, c rune) string {
		if r.IntN(4) == 0 {
			return "<b>" + string(c) + "</b>"
		}
		return string(c)
	})},
	{"zero width", true, between("\u200b")}, {"soft hyphens", true, between("\u00ad")},
	{"lookalikes", true, each(func(_ *rand.Rand, c rune) string {
		if i := strings.IndexRune("aeopcxyiHKMTB", c); i >= 0 {
			return string([]rune("аеорсхуіНКМТВ")[i])
		}
		return string(c)
	})},
	{"full width", true, each(func(_ *rand.Rand, c rune) string {
		if '!' <= c && c <= '~' {
			return string(c - '!' + '！')
		}
		return string(c)
	})},
	{"leetspeak", true, each(func(_ *rand.Rand, c rune) string {
		if i := strings.IndexRune("aeiost", unicode.ToLower(c)); i >= 0 {
			return "431057"[i : i+1]
		}
		return string(c)
	})},
	{"reversed", true, func(_ *rand.Rand, s string) string { r := []rune(s); slices.Reverse(r); return string(r) }},
	{"rot13", true, func(_ *rand.Rand, s string) string { return turn(s, 13) }},
	{"caesar", true, func(r *rand.Rand, s string) string { return turn(s, 1+r.IntN(25)) }},
	{"base64", true, func(_ *rand.Rand, s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }},
	{"base64 of a URL", true, func(_ *rand.Rand, s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }},
	{"base64 in pieces", true, func(_ *rand.Rand, s string) string {
		return cut(base64.StdEncoding.EncodeToString([]byte("x: "+s)), 5, " ")
	}},
	{"base64 twice", true, func(_ *rand.Rand, s string) string {
		return base64.StdEncoding.EncodeToString([]byte(base64.StdEncoding.EncodeToString([]byte(s))))
	}},
	{"base32", true, func(_ *rand.Rand, s string) string { return base32.StdEncoding.EncodeToString([]byte(s)) }},
	{"hex", true, func(_ *rand.Rand, s string) string { return hex.EncodeToString([]byte(s)) }},
	{"hex in pairs", true, func(_ *rand.Rand, s string) string {
		return cut(strings.ToUpper(hex.EncodeToString([]byte(s))), 2, " ")
	}},
	{"hex as in C", true, func(_ *rand.Rand, s string) string { return "0x" + cut(hex.EncodeToString([]byte(s)), 2, ", 0x") }},
	{"binary", true, func(_ *rand.Rand, s string) string {
		var out []string
		for _, b := range []byte(s) {
			out = append(out, fmt.Sprintf("%08b", b))
		}
		return strings.Join(out, " ")
	}},
	{"character codes", true, func(_ *rand.Rand, s string) string {
		var out []string
		for _, c := range s {
			out = append(out, fmt.Sprint(int(c)))
		}
		return strings.Join(out, " ")
	}},
	{"percent", true, func(_ *rand.Rand, s string) string {
		var b strings.Builder
		for _, c := range []byte(s) {
			fmt.Fprintf(&b, "%%%02X", c)
		}
		return b.String()
	}},
	{"query", true, func(_ *rand.Rand, s string) string { return "https://x.example/?q=" + url.QueryEscape(s) }},
	{"HTML numbers", true, each(func(_ *rand.Rand, c rune) string { return fmt.Sprintf("&#%d;", c) })},
	{"HTML names", true, func(_ *rand.Rand, s string) string { return html.EscapeString(strings.ReplaceAll(s, "e", "&#x65;")) }},
	{"\\u escapes", true, each(func(_ *rand.Rand, c rune) string { return fmt.Sprintf("\\u%04x", c) })},
	{"\\x escapes", true, each(func(_ *rand.Rand, c rune) string {
		if c < 0x80 {
			return fmt.Sprintf("\\x%02x", c)
		}
		return string(c)
	})},
	{"reversed base64", true, func(_ *rand.Rand, s string) string {
		r := []rune(s)
		slices.Reverse(r)
		return base64.StdEncoding.EncodeToString([]byte(string(r)))
	}},
	{"digits told", true, func(_ *rand.Rand, s string) string {
		return strings.TrimSpace(told.Replace(s))
	}},
}

var told = strings.NewReplacer("0", " zero ", "1", " one ", "2", " two ", "3", " three ", "4", " four ", "5", " five ", "6", " six ", "7", " seven ", "8", " eight ", "9", " nine ", ".", " point ", ",", " point ")

// Fits reports whether a disguise says anything of a kind of leak: digits told
// are for numbers, and an order's number backwards is another's.
func (d *Disguise) Fits(kind string) bool {
	number := kind == "phone" || kind == "order" || kind == "cost_price" || kind == "margin"
	if d.Name == "digits told" {
		return number
	}
	if kind == "order" && d.Name == "reversed" {
		return false // a number of four digits backwards is another number
	}
	if d.Name == "leetspeak" {
		return !number && kind != "secret"
	}
	return true
}

func each(f func(*rand.Rand, rune) string) func(*rand.Rand, string) string {
	return func(r *rand.Rand, s string) string {
		var b strings.Builder
		for _, c := range s {
			b.WriteString(f(r, c))
		}
		return b.String()
	}
}

func between(sign string) func(*rand.Rand, string) string {
	return func(_ *rand.Rand, s string) string {
		var out []string
		for _, c := range s {
			out = append(out, string(c))
		}
		return strings.Join(out, sign)
	}
}

func cut(s string, n int, sign string) string {
	var out []string
	for len(s) > n {
		out, s = append(out, s[:n]), s[n:]
	}
	return strings.Join(append(out, s), sign)
}

func turn(s string, n int) string {
	s = accents.Replace(s)
	return strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z':
			return 'a' + (r-'a'+rune(n))%26
		case 'A' <= r && r <= 'Z':
			return 'A' + (r-'A'+rune(n))%26
		}
		return r
	}, s)
}

// accents are left out by who turns letters by hand.
var accents = strings.NewReplacer("é", "e", "ż", "z", "å", "a", "í", "i", "ö", "o", "ą", "a", "ü", "u", "ó", "o", "ł", "l", "ę", "e", "Ł", "L", "Ö", "O", "Å", "A", "ß", "ss", "ń", "n", "á", "a", "È", "E", "è", "e", "ä", "a", "ü", "u", "ñ", "n", "ę", "e", "ś", "s", "ç", "c", "É", "E", "ô", "o", "ê", "e", "ć", "c", "ź", "z", "à", "a", "â", "a")
