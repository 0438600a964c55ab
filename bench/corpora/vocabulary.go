package corpora

import (
	_ "embed"
	"strings"
)

//go:embed words.txt
var wordFile string

var vocabulary = func() map[string][]string {
	out := map[string][]string{}
	for line := range strings.Lines(wordFile) {
		if language, words, ok := strings.Cut(line, ": "); ok && line[0] != '#' {
			out[language] = strings.Fields(words)
		}
	}
	return out
}()

// Chatter strings everyday words of a language together in small letters, without any sense; in some of
// them the first word has a capital, as telephones write.
func (w *Writer) Chatter(language string) Doc {
	var words []string
	for range 3 + w.rand.IntN(8) {
		words = append(words, w.pick(vocabulary[language]))
	}
	d := Doc{Source: "chatter-" + language, Language: language, Text: strings.Join(words, " ")}
	if w.rand.IntN(3) == 0 {
		d.Text = title(d.Text)
	}
	return d
}

// Ware writes a product's name as catalogues and orders have it.
func (w *Writer) Ware(language string) Doc {
	ware := w.pick(values["product *"])
	switch w.rand.IntN(4) {
	case 0:
		ware = w.pick(values["brand *"]) + " " + ware
	case 1:
		ware = w.pick(values["adjective *"]) + " " + w.pick(values["thing *"])
	case 2:
		ware = title(w.pick(vocabulary[language])) + " " + w.pick(values["thing *"])
	}
	frames := []string{"", "Name: ", "1x ", "2 x ", "- ", "Product: ", "Artikel: ", "SKU 4711 ", "Die ", "The ", "La ", "De ", "* "}
	ends := []string{"", "", ", M", " 49,90", "\nPrice: 49.90", " (blau)", " is sold out.", " ist da.", " 500 g", " funktioniert"}
	return Doc{Source: "ware-" + language, Language: language, Text: w.pick(frames) + ware + w.pick(ends)}
}
