package main

import (
	"strings"
	"unicode/utf8"
)

// way is how a customer's name may be written.
type way struct {
	name  string
	lower bool // the text around it too
	write func(s *store, c customer) (string, bool)
}

var ways = []way{
	{"as it is", false, func(_ *store, c customer) (string, bool) { return c.first + " " + c.last, true }},
	{"family name first, comma", false, func(_ *store, c customer) (string, bool) { return c.last + ", " + c.first, true }},
	{"in capitals", false, func(_ *store, c customer) (string, bool) { return strings.ToUpper(c.first + " " + c.last), true }},
	{"in small letters, text too", true, func(_ *store, c customer) (string, bool) { return strings.ToLower(c.first + " " + c.last), true }},
	{"without accents, ae for ä", false, func(_ *store, c customer) (string, bool) {
		name := c.first + " " + c.last
		plain := strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "é", "e", "è", "e", "ó", "o", "ñ", "n", "ł", "l", "å", "a").Replace(name)
		return plain, plain != name
	}},
	{"initial and family name", false, func(_ *store, c customer) (string, bool) {
		_, n := utf8.DecodeRuneInString(c.first)
		return c.first[:n] + ". " + c.last, true
	}},
	{"with a genitive s", false, func(_ *store, c customer) (string, bool) {
		return c.first + " " + c.last + "s", !strings.HasSuffix(c.last, "s")
	}},
	{"family name alone", false, func(_ *store, c customer) (string, bool) { return c.last, true }},
	{"one letter left out", false, typo(func(s *store, r []rune, i int) []rune { return append(r[:i:i], r[i+1:]...) })},
	{"one letter too many", false, typo(func(s *store, r []rune, i int) []rune {
		return append(append(r[:i:i], rune('a'+s.rand.IntN(26))), r[i:]...)
	})},
	{"one letter wrong", false, typo(func(s *store, r []rune, i int) []rune {
		out := append([]rune(nil), r...)
		out[i] = rune('a' + (int(r[i])+1+s.rand.IntN(25))%26)
		return out
	})},
	{"two letters swapped", false, typo(func(s *store, r []rune, i int) []rune {
		out := append([]rune(nil), r...)
		i = min(i, len(out)-2)
		out[i], out[i+1] = out[i+1], out[i]
		return out
	})},
	{"one letter wrong, small letters", true, func(s *store, c customer) (string, bool) {
		name, ok := ways10(s, c)
		return strings.ToLower(name), ok
	}},
}

// ways10 is "one letter wrong"; it is set below, for a table cannot name itself.
var ways10 func(s *store, c customer) (string, bool)

func init() { ways10 = ways[10].write }

// typo puts one mistake into a letter of the name, never the first of a word.
func typo(spoil func(s *store, r []rune, i int) []rune) func(*store, customer) (string, bool) {
	return func(s *store, c customer) (string, bool) {
		first, last := []rune(c.first), []rune(c.last)
		if len(first) < 3 || len(last) < 3 {
			return "", false
		}
		if s.rand.IntN(len(first)+len(last)) < len(first) {
			i := 1 + s.rand.IntN(len(first)-1)
			if first[i] == ' ' || first[i-1] == ' ' {
				return "", false
			}
			first = spoil(s, first, i)
		} else {
			i := 1 + s.rand.IntN(len(last)-1)
			if last[i] == ' ' || last[i-1] == ' ' {
				return "", false
			}
			last = spoil(s, last, i)
		}
		name := string(first) + " " + string(last)
		return name, name != c.first+" "+c.last
	}
}
