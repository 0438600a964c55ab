package corpora

import (
	_ "embed"
	"strings"
)

//go:embed handwritten.txt
var handwrittenFile string

// Handwritten returns sentences written by hand, a set for each language.
func Handwritten() (sets []Set) {
	for line := range strings.Lines(handwrittenFile) {
		switch line = strings.TrimSpace(line); {
		case line == "" || line[0] == '#':
		case line[0] == '[':
			sets = append(sets, Set{Name: "hand-" + strings.Trim(line, "[]")})
		default:
			set := &sets[len(sets)-1]
			set.Docs = append(set.Docs, marked(set.Name, line))
		}
	}
	return sets
}

// marked reads a line with marks in it.
func marked(name, line string) Doc {
	d := Doc{Source: name, Language: strings.TrimPrefix(name, "hand-")}
	for {
		before, rest, ok := strings.Cut(line, "«")
		d.Text += before
		if !ok {
			return d
		}
		mark, after, _ := strings.Cut(rest, "»")
		kind, value, _ := strings.Cut(mark, " ")
		typ := Person
		if kind == "L" {
			typ = Place
		}
		d.Spans = append(d.Spans, Span{len(d.Text), len(d.Text) + len(value), typ})
		d.Text += value
		line = after
	}
}
