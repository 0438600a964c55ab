package corpora

import (
	_ "embed"
	"strings"
)

var (
	//go:embed handwritten.txt
	handwrittenFile string
	//go:embed benign.txt
	benignFile string
)

// Handwritten returns sentences written by hand, a set for each language.
func Handwritten() []Set { return written("hand-", handwrittenFile) }

// Benign returns shop texts written by hand in which nobody is meant, a set for each language.
func Benign() []Set { return written("shelf-", benignFile) }

// written reads a file of lines in sections for languages.
func written(prefix, file string) (sets []Set) {
	for line := range strings.Lines(file) {
		switch line = strings.TrimSpace(line); {
		case line == "" || line[0] == '#':
		case line[0] == '[':
			sets = append(sets, Set{Name: prefix + strings.Trim(line, "[]")})
		default:
			set := &sets[len(sets)-1]
			set.Docs = append(set.Docs, marked(set.Name, line, set.Name[len(prefix):]))
		}
	}
	return sets
}

// marked reads a line with marks in it.
func marked(name, line, language string) Doc {
	d := Doc{Source: name, Language: language}
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
