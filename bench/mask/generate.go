package main

import (
	_ "embed"
	"fmt"
	"math/rand/v2"
	"strings"

	"ringfence/internal/mask"
)

//go:embed templates.txt
var templateFile string

// generator makes texts from templates. Equal seeds make equal texts.
type generator struct {
	rand      *rand.Rand
	languages []string
	templates map[string][]string
}

// slot is one value put into a text.
type slot struct {
	start, end int // bytes
	typ        mask.Type
}

// generated is a text, what is personal in it, and who is known to be meant.
type generated struct {
	text   string
	slots  []slot
	people []mask.Person
}

func newGenerator(seed uint64) (*generator, error) {
	g := &generator{rand: rand.New(rand.NewPCG(seed, seed)), templates: map[string][]string{}}
	language := ""
	for line := range strings.Lines(templateFile) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '[':
			language = strings.Trim(line, "[]")
			g.languages = append(g.languages, language)
		default:
			g.templates[language] = append(g.templates[language], line)
		}
	}
	if len(g.languages) == 0 {
		return nil, fmt.Errorf("there are no templates")
	}
	return g, nil
}

// text fills a random template of a language.
func (g *generator) text(language string) generated {
	return g.fill(language, pick(g, g.templates[language]))
}

func (g *generator) fill(language, template string) (out generated) {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(template, "{")
		b.WriteString(before)
		if !ok {
			out.text = b.String()
			return out
		}
		name, after, _ := strings.Cut(rest, "}")
		value, typ := g.value(language, name, &out)
		if typ != "" {
			out.slots = append(out.slots, slot{b.Len(), b.Len() + len(value), typ})
		}
		b.WriteString(value)
		template = after
	}
}

// value makes the value of a slot; its type is empty for what must be left alone.
func (g *generator) value(language, name string, out *generated) (string, mask.Type) {
	switch name {
	case "person":
		who := g.person(language)
		out.people = append(out.people, mask.Person{Name: who})
		return g.spelling(who), mask.PERSON
	case "email":
		return g.email(), mask.EMAIL
	case "phone":
		return g.phone(language), mask.PHONE
	case "iban":
		return g.iban(), mask.IBAN
	case "card":
		return g.card(), mask.CARD
	case "ip":
		return g.ip(), mask.IP
	case "vat":
		return pick(g, vatNumbers), mask.VAT
	case "street":
		return g.street(language), mask.ADDRESS
	case "town":
		return pick(g, towns[language]), mask.ADDRESS
	case "tracking":
		return g.tracking(), mask.PARCEL
	case "key", "password":
		return g.secret(name), mask.SECRET
	}
	return g.harmless(name), ""
}

// longText joins texts of all languages up to a length in characters.
func (g *generator) longText(chars int) string {
	var b strings.Builder
	for b.Len() < chars {
		b.WriteString(g.text(pick(g, g.languages)).text)
		b.WriteByte('\n')
	}
	return strings.ToValidUTF8(b.String()[:chars], "")
}

// plainText joins texts that hold nothing personal.
func (g *generator) plainText(chars int) string {
	var b strings.Builder
	for b.Len() < chars {
		language := pick(g, g.languages)
		for _, t := range g.templates[language] {
			if strings.Contains(t, "{product}") && !strings.Contains(t, "{card}") {
				b.WriteString(g.fill(language, t).text + "\n")
			}
		}
	}
	return strings.ToValidUTF8(b.String()[:chars], "")
}

func pick[T any](g *generator, from []T) T { return from[g.rand.IntN(len(from))] }
