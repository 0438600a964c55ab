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
	//go:embed strangers.txt
	strangerFile string
)

// Handwritten returns sentences written by hand, a set for each language.
func Handwritten() []Set { return written("hand-", handwrittenFile) }

// Benign returns shop texts written by hand in which nobody is meant, a set for each language.
func Benign() []Set { return written("shelf-", benignFile) }

// Strangers returns what made-up people write of themselves, every type marked, two sets for each language: one for
// development, and one that is only measured.
func Strangers() (sets []Set) {
	for _, set := range written("", strangerFile) {
		letters, strangers := Set{Name: "letters-" + set.Name}, Set{Name: "strangers-" + set.Name}
		for i, d := range set.Docs {
			if i%2 == 0 {
				letters.Docs = append(letters.Docs, d)
			} else {
				strangers.Docs = append(strangers.Docs, d)
			}
		}
		sets = append(sets, letters, strangers)
	}
	return sets
}

// markTypes are the types of marks.
var markTypes = map[string]string{"P": Person, "L": Place, "O": Organisation, "A": "ADDRESS", "E": "EMAIL", "T": "PHONE", "D": "DATE",
	"I": "ID", "B": "IBAN", "C": "CARD", "K": "ACCOUNT", "G": "GROUP", "U": "URL", "X": "SECRET", "Y": "AGE"}

// written reads a file of lines in sections for languages.
func written(prefix, file string) (sets []Set) {
	for line := range strings.Lines(file) {
		switch line = strings.TrimSpace(line); {
		case line == "" || line[0] == '#':
		case line[0] == '[':
			sets = append(sets, Set{Name: prefix + strings.Trim(line, "[]")})
		default:
			set := &sets[len(sets)-1]
			set.Docs = append(set.Docs, marked(set.Name, strings.ReplaceAll(line, `\n`, "\n"), set.Name[len(prefix):]))
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
		d.Spans = append(d.Spans, Span{len(d.Text), len(d.Text) + len(value), markTypes[kind]})
		d.Text += value
		line = after
	}
}
