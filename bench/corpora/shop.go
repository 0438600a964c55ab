package corpora

import (
	_ "embed"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode/utf8"
)

var (
	//go:embed templates.txt
	templateFile string
	//go:embed more.txt
	moreFile string
	//go:embed wares.txt
	wareFile string
	//go:embed life.txt
	lifeFile string
	//go:embed values.txt
	valueFile string

	values    = readValues(valueFile)
	templates = readTemplates(templateFile + "\n" + moreFile + "\n" + wareFile + "\n" + lifeFile)
)

// Languages are those of the templates.
var Languages = []string{"de", "en", "fr", "nl", "es", "it", "pl", "sv"}

func readValues(file string) map[string][]string {
	out := map[string][]string{}
	for line := range strings.Lines(file) {
		if name, list, ok := strings.Cut(strings.TrimSuffix(line, "\n"), ": "); ok && line[0] != '#' {
			out[name] = strings.Split(list, "|")
		}
	}
	return out
}

func readTemplates(file string) map[string][]string {
	out := map[string][]string{}
	language := ""
	for line := range strings.Lines(file) {
		switch line = strings.TrimSpace(line); {
		case line == "" || line[0] == '#':
		case line[0] == '[':
			language = strings.Trim(line, "[]")
		default:
			out[language] = append(out[language], strings.ReplaceAll(line, `\n`, "\n"))
		}
	}
	return out
}

// every is one out of how many templates is kept for development.
const every = 5

// Writer writes shop texts from templates. Equal seeds write equal texts.
type Writer struct {
	rand          *rand.Rand
	held          bool
	given, family map[string][]string
	lines, benign map[string][]string
}

// NewWriter returns a writer with the held out templates and names, or with the others.
func NewWriter(n *Names, held bool, seed uint64) *Writer {
	w := &Writer{rand.New(rand.NewPCG(seed, 2)), held, map[string][]string{}, map[string][]string{}, map[string][]string{}, map[string][]string{}}
	for k, language := range Languages {
		for i, line := range templates[language] {
			if ((i+k)%every == every-1) != held {
				continue
			}
			w.lines[language] = append(w.lines[language], line)
			if !personal(line) {
				w.benign[language] = append(w.benign[language], line)
			}
		}
	}
	for _, language := range append(slices.Clone(Languages), "") {
		w.given[language] = split(n.Given[language], held)
		w.family[language] = split(n.Family[language], held)
	}
	return w
}

func personal(line string) bool {
	for _, slot := range []string{"{first", "{last", "{name", "{city", "{land", "{org", "{street", "{email", "{phone"} {
		if strings.Contains(line, slot) {
			return true
		}
	}
	return false
}

// Text writes one to four sentences of a language.
func (w *Writer) Text(language string) Doc { return w.text(language, w.lines[language]) }

// Benign writes sentences with nothing personal.
func (w *Writer) Benign(language string) Doc { return w.text(language, w.benign[language]) }

func (w *Writer) text(language string, lines []string) Doc {
	d := Doc{Source: "shop-" + language, Language: language}
	for i := range []int{1, 1, 1, 2, 2, 3, 4}[w.rand.IntN(7)] {
		if i > 0 {
			d.Text += w.pick([]string{" ", " ", "\n", "\n\n"})
		}
		w.fill(&d, w.pick(lines))
	}
	return d
}

func (w *Writer) fill(d *Doc, line string) {
	for {
		before, rest, ok := strings.Cut(line, "{")
		d.Text += before
		if !ok {
			return
		}
		slot, after, _ := strings.Cut(rest, "}")
		value, typ := w.value(d.Language, slot)
		if typ != "" {
			d.Spans = append(d.Spans, Span{len(d.Text), len(d.Text) + len(value), typ})
		}
		d.Text += value
		line = after
	}
}

func (w *Writer) value(language, slot string) (value, typ string) {
	switch slot {
	case "first":
		return w.first(language), Person
	case "last":
		return w.last(language), Person
	case "firstg":
		return genitive(w.first(language)), Person
	case "firsti":
		return ending(w.first(language), "ą", "em"), Person
	case "firstd":
		return ending(w.first(language), "ie", "owi"), Person
	case "lastg":
		return genitive(w.last(language)), Person
	case "name":
		return w.name(language), Person
	case "wname": // of a ware
		return w.ware(language), ""
	case "wplace":
		return w.place(language), ""
	case "city":
		return w.place(language), Place
	case "land":
		return w.pick(values["home "+language]), Place
	case "org":
		return w.organisation(language), Organisation
	case "street":
		return w.street(language), "ADDRESS"
	case "zip":
		return w.postcode(language), "ADDRESS"
	case "email":
		return w.email(language), "EMAIL"
	case "phone":
		return w.phone(language), "PHONE"
	}
	if slot == "country" && w.rand.IntN(3) == 0 {
		return w.pick(values["home "+language]), ""
	}
	if list := values[slot+" "+language]; list != nil {
		return w.pick(list), ""
	}
	return w.pick(values[slot+" *"]), ""
}

func (w *Writer) pick(list []string) string { return list[w.rand.IntN(len(list))] }

// from picks from a language's list, or from that of all others.
func (w *Writer) from(lists map[string][]string, language string) string {
	if len(lists[language]) == 0 || w.rand.IntN(4) == 0 {
		return w.pick(lists[""])
	}
	return w.pick(lists[language])
}

func (w *Writer) first(language string) string { return w.from(w.given, language) }
func (w *Writer) last(language string) string  { return w.from(w.family, language) }

// name writes a full name in one of its forms.
func (w *Writer) name(language string) string {
	first, last := w.first(language), w.last(language)
	switch w.rand.IntN(12) {
	case 0:
		return first + " " + w.first(language) + " " + last
	case 1:
		_, size := utf8.DecodeRuneInString(first)
		return first[:size] + ". " + last
	case 2:
		return first + " " + last + "-" + w.last(language)
	case 3:
		return last + ", " + first
	case 4:
		return strings.ToUpper(first + " " + last)
	case 5:
		return last
	case 6:
		return first
	}
	return first + " " + last
}

// ending is roughly what Polish puts behind a given name: one ending for those in a, another for the rest.
func ending(name, a, other string) string {
	if stem, ok := strings.CutSuffix(name, "a"); ok {
		return stem + a
	}
	return name + other
}

// genitive is roughly what Polish does to a name.
func genitive(name string) string {
	for _, e := range [][2]string{{"ska", "skiej"}, {"ski", "skiego"}, {"ka", "ki"}, {"ga", "gi"}, {"ia", "ii"}, {"a", "y"}, {"ek", "ka"}, {"o", "a"}} {
		if stem, ok := strings.CutSuffix(name, e[0]); ok {
			return stem + e[1]
		}
	}
	return name + "a"
}

// Catalogue returns the products and brands of the templates, as a store's catalogue has them.
func Catalogue() []string { return append(slices.Clone(values["product *"]), values["brand *"]...) }
