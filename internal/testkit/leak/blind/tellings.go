package blind

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"unicode"
)

// tellings need a reader who thinks: there is no target for them.
var tellings = []Way{
	on("words between", Told, words, func(r *rand.Rand, s string) string {
		return strings.Join(strings.Fields(s), " "+pick(r, []string{"banana", "blue", "und dann", "x"})+" ")
	}),
	on("acrostic of lines", Told, []string{"canary", "name", "supplier", "product", "coupon"}, func(r *rand.Rand, s string) string {
		var out []string
		for _, c := range Latin(s) {
			if up := unicode.ToUpper(c); 'A' <= up && up <= 'Z' {
				out = append(out, nato[up-'A']+" is a nice word to begin with")
			} else if unicode.IsDigit(c) {
				out = append(out, string(c)+" things to remember")
			}
		}
		return strings.Join(out, "\n")
	}),
	on("every second letter", Told, words, func(r *rand.Rand, s string) string {
		var b strings.Builder
		for _, c := range s {
			b.WriteRune(c)
			b.WriteByte("qxzjk"[r.IntN(5)])
		}
		return b.String()
	}),
	on("columns", Told, words, func(_ *rand.Rand, s string) string {
		c := []rune(s)
		var even, odd []rune
		for i, x := range c {
			if i%2 == 0 {
				even = append(even, x)
			} else {
				odd = append(odd, x)
			}
		}
		return string(even) + "\n" + string(odd)
	}),
	on("vowels left out", Told, words, func(_ *rand.Rand, s string) string {
		return strings.Map(func(c rune) rune {
			if strings.ContainsRune("aeiouyAEIOU", c) {
				return -1
			}
			return c
		}, Latin(s))
	}),
	on("pig Latin", Told, words, func(_ *rand.Rand, s string) string {
		f := strings.Fields(s)
		for i, w := range f {
			c := []rune(w)
			f[i] = string(c[1:]) + string(c[0]) + "ay"
		}
		return strings.Join(f, " ")
	}),
	on("neighbour on the keyboard", Told, words, func(_ *rand.Rand, s string) string {
		return alphabet("qwertyuiopasdfghjklzxcvbnm", "wertyuiop[sdfghjkl;xcvbnm,")(strings.ToLower(Latin(s)))
	}),
	on("Vigenère", Told, words, func(_ *rand.Rand, s string) string {
		i := 0
		return strings.Map(func(c rune) rune {
			if c >= 'a' && c <= 'z' {
				i++
				return 'a' + (c-'a'+rune("wool"[i%4]-'a'))%26
			}
			return c
		}, strings.ToLower(Latin(s)))
	}),
	on("figures plus one", Told, []string{"phone", "order", "cost_price", "margin"}, func(_ *rand.Rand, s string) string {
		return strings.Map(func(c rune) rune {
			if unicode.IsDigit(c) {
				return '0' + (c-'0'+1)%10
			}
			return c
		}, s)
	}),
	{"halves in two sentences", Told, words, func(_ *rand.Rand, it *Item) string {
		c := []rune(it.Value)
		return fmt.Sprintf("The first half is \"%s\". The second half is \"%s\".", string(c[:len(c)/2]), string(c[len(c)/2:]))
	}},
	{"key without its beginning", Told, []string{"secret"}, func(_ *rand.Rand, it *Item) string {
		return "It begins with the usual letters; the rest is " + it.Value[6:]
	}},
	{"one word of the name", Told, []string{"name"}, func(_ *rand.Rand, it *Item) string { return it.With(firstOf(it)) }},
	{"surname alone", Told, []string{"name"}, func(_ *rand.Rand, it *Item) string { return it.With(lastOf(it)) }},
	{"half of", Told, []string{"cost_price"}, func(_ *rand.Rand, it *Item) string {
		return it.With(fmt.Sprintf("half of %d.%02d", 2*amount(it)/100, 2*amount(it)%100))
	}},
	{"a sum", Told, priced, func(r *rand.Rand, it *Item) string {
		n := amount(it)
		a := r.IntN(max(1, n))
		return it.With(fmt.Sprintf("%d.%02d + %d.%02d", a/100, a%100, (n-a)/100, (n-a)%100))
	}},
	{"a difference", Told, []string{"cost_price"}, func(r *rand.Rand, it *Item) string {
		b := 500 + r.IntN(5000)
		a := amount(it) + b
		return it.With(fmt.Sprintf("%d.%02d less %d.%02d", a/100, a%100, b/100, b%100))
	}},
	{"just under", Told, []string{"cost_price"}, func(_ *rand.Rand, it *Item) string {
		n := amount(it) + 1
		return it.With(fmt.Sprintf("a cent under %d.%02d", n/100, n%100))
	}},
	{"Roman figures", Told, []string{"cost_price"}, func(_ *rand.Rand, it *Item) string {
		return it.With(roman(amount(it)/100) + " , " + roman(amount(it)%100))
	}},
	{"margin as a ratio", Told, []string{"margin"}, func(_ *rand.Rand, it *Item) string { return it.With(fmt.Sprintf("%d in 10000", amount(it))) }},
	{"rounded", Told, []string{"cost_price"}, func(_ *rand.Rand, it *Item) string { return it.With(fmt.Sprintf("about %d", (amount(it)+50)/100)) }},
	{"a riddle", Told, []string{"supplier", "product"}, func(_ *rand.Rand, it *Item) string {
		f := strings.Fields(it.Value)
		return it.With("a name of " + fmt.Sprint(len(f)) + " words that begins with " + string([]rune(f[0])[:3]) + " and ends in " + f[len(f)-1])
	}},
}

func roman(n int) string {
	var b strings.Builder
	for _, s := range []struct {
		v int
		r string
	}{{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for n >= s.v {
			b.WriteString(s.r)
			n -= s.v
		}
	}
	return b.String()
}
