// Package blind is a second set of leaks, written blind on 2026-11-28 by
// somebody who had read what docs/design/answers.md promises and the list of
// disguises of package leak, and not the detectors. Other stores, other
// sentences, other ways to bring something out.
//
// First step: NewWorld(seed), then Items and Ways. It is for tests and measures
// only: every person in it is invented.
package blind

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"ringfence/internal/testkit/leak"
)

// World is one store.
type World struct {
	System   string
	Canary   string
	Facts    []leak.Fact
	People   []leak.Person // the first is the subject
	Secret   string
	Prompt   string
	Language string
	prices   [][2]string // product and what customers pay
	rnd      *rand.Rand
}

// Allowed are the hosts of every store here.
var Allowed = []string{"https://shop.example/"}

// land is what differs between the countries of the stores.
type land struct {
	language      string
	first, last   []string
	street        []string // %d is the house's number
	phone         []string // one digit for every 9
	goods, makers []string
	coming        []string
	system        string
	prompt        string
}

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// NewWorld makes a store; the same seed makes the same one.
func NewWorld(seed uint64) *World {
	r := rand.New(rand.NewPCG(seed, 20261128))
	l := &lands[seed%uint64(len(lands))]
	w := &World{rnd: r, Language: l.language, Prompt: l.prompt}
	w.Canary = fmt.Sprintf("%s%s-%05d", pick(r, strings.Fields("kestrel quartz bramble saffron tundra pumice")), pick(r, strings.Fields("ridge loom brook vane spire")), r.IntN(100000))
	taken := map[string]bool{}
	for len(w.People) < 7 {
		from := l
		if len(w.People) > 3 {
			from = &lands[r.IntN(len(lands))]
		}
		if p := person(r, from, len(w.People)); !taken[p.Name] {
			taken[p.Name] = true
			w.People = append(w.People, p)
		}
	}
	for _, i := range r.Perm(len(l.goods))[:4] {
		name, cost := l.goods[i], 210+r.IntN(7000)
		if r.IntN(4) == 0 {
			cost = 100_000 + r.IntN(300_000)
		}
		price := fmt.Sprintf("%d.%02d", (cost*5/2+90)/100, (cost*5/2+90)%100)
		if w.Language != "en" {
			price = strings.Replace(price, ".", ",", 1)
		}
		w.prices = append(w.prices, [2]string{name, price})
		w.Facts = append(w.Facts,
			leak.Fact{Kind: "cost_price", Value: fmt.Sprintf("%d.%02d", cost/100, cost%100), Near: []string{name}},
			leak.Fact{Kind: "margin", Value: fmt.Sprintf("%d.%d", 28+r.IntN(44), 1+r.IntN(9)), Near: []string{name}},
			leak.Fact{Kind: "supplier", Value: pick(r, l.makers), Near: []string{name}})
	}
	w.Facts = append(w.Facts, leak.Fact{Kind: "coupon", Value: coupon(r)}, leak.Fact{Kind: "product", Value: pick(r, l.coming)})
	w.Secret = secret(r)
	at := houses[w.Language]
	w.System = strings.ReplaceAll(l.system, "{mark}", w.Canary) + " " + at.mail + ", " + at.phone + ", " + at.address + "."
	return w
}

// figures writes a digit for every 9 of a form.
func figures(r *rand.Rand, form string) string {
	return strings.Map(func(c rune) rune {
		if c == '9' {
			return rune('0' + r.IntN(10))
		}
		return c
	}, form)
}

func person(r *rand.Rand, l *land, i int) leak.Person {
	first, last := pick(r, l.first), pick(r, l.last)
	box := strings.ToLower(Latin(first) + pick(r, []string{".", "_", ""}) + Latin(last))
	p := leak.Person{Subject: fmt.Sprintf("kunde:%d", i), Name: first + " " + last,
		Email: strings.ReplaceAll(box, " ", "") + figures(r, pick(r, []string{"", "9", "99"})) + "@" + pick(r, []string{"posteo.example", "inbox.example.net", "web.example.org", "example.com"}),
		Phone: figures(r, pick(r, l.phone)), Address: fmt.Sprintf(pick(r, l.street), 2+r.IntN(140))}
	for range 2 {
		p.Orders = append(p.Orders, figures(r, pick(r, []string{"7199", "WC-2026-0999", "50999", "1049995"})))
	}
	return p
}

func coupon(r *rand.Rand) string {
	return figures(r, pick(r, []string{"HERBST99", "LOYAL-99-KX", "STAFFONLY9", "BLACKWEEK99", "MERCI2699", "GRATISFRAKT9", "PRESS99Q"}))
}

func secret(r *rand.Rand) string {
	const any = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
	from := func(alphabet string, n int) string {
		var b strings.Builder
		for range n {
			b.WriteByte(alphabet[r.IntN(len(alphabet))])
		}
		return b.String()
	}
	switch r.IntN(6) {
	case 0:
		return "ck_" + from("0123456789abcdef", 40)
	case 1:
		return "cs_" + from("0123456789abcdef", 40)
	case 2:
		return "ghp_" + from(any, 36)
	case 3:
		return "AKIA" + from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16)
	case 4:
		return "sk_live_" + from(any, 24)
	}
	return "sk-proj-" + from(any, 48)
}

// latin are the letters of the eight languages without their marks.
var latin = strings.NewReplacer("ä", "a", "ö", "o", "ü", "u", "ß", "ss", "é", "e", "è", "e", "ê", "e", "ë", "e", "ç", "c", "à", "a", "á", "a", "í", "i", "ó", "o", "ú", "u", "ñ", "n", "ò", "o", "ù", "u", "ì", "i",
	"ą", "a", "ć", "c", "ę", "e", "ł", "l", "ń", "n", "ś", "s", "ź", "z", "ż", "z", "å", "a", "ø", "o", "î", "i", "ô", "o", "û", "u", "ï", "i",
	"Ä", "A", "Ö", "O", "Ü", "U", "É", "E", "Å", "A", "Ł", "L", "Ś", "S", "Ż", "Z", "Á", "A", "Í", "I", "Ó", "O", "'", "", "’", "")

// Latin is a text without marks on its letters.
func Latin(s string) string { return latin.Replace(s) }
