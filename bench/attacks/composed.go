package attacks

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"

	"ringfence/internal/guard"
)

// composed puts sentences of encyclopedias, newspapers and short messages
// together to passages, as they stand in documents, and puts a task before them,
// as people paste texts into chats. They are harmless.
func composed(dir string) ([]Family, error) {
	templates, lists := own()
	var tasks []template
	for _, t := range templates {
		if t.kind == "task" {
			tasks = append(tasks, t)
		}
	}
	var out []Family
	for _, language := range []string{"en", "de", "fr", "nl", "pt"} {
		sentences, err := tagged(filepath.Join(dir, "wikiann", language+".train.gz"))
		if err != nil {
			return nil, err
		}
		if language == "en" {
			for _, file := range []string{"wikigold__CONLL-format__data__wikigold.conll.txt", "BTC__CONLL-format__data__h.conll", "BTC__CONLL-format__data__b.conll", "WNUT17__CONLL-format__data__train__wnut17train.conll"} {
				more, err := tagged(filepath.Join(dir, "noisy_en", "data__"+file+".gz"))
				if err != nil {
					return nil, err
				}
				sentences = append(sentences, more...)
			}
		}
		r := rand.New(rand.NewPCG(uint64(len(sentences)), 5))
		asked := Family{Name: "composed tasks " + language, Source: "composed", Origin: guard.User, Language: language, Technique: "user"}
		read := Family{Name: "composed passages " + language, Source: "composed", Origin: guard.Document, Language: language, Technique: "passages"}
		n := 300
		if language == "en" {
			n = 1500
		}
		for range n {
			t := tasks[r.IntN(len(tasks))]
			asked.Texts = append(asked.Texts, strings.TrimSpace(written.Replace(expand(t.text, lists, r)))+[]string{" ", "\n", "\n\n", ": "}[r.IntN(4)]+passage(sentences, r))
			asked.seeds = append(asked.seeds, t.text)
			read.Texts = append(read.Texts, passage(sentences, r))
		}
		out = append(out, asked, read)
	}
	return out, nil
}

// passage is some sentences that stand together, or from anywhere.
func passage(sentences []string, r *rand.Rand) string {
	var b strings.Builder
	n, at := 1+r.IntN(12), r.IntN(len(sentences))
	apart := r.IntN(2) == 0
	for i := range n {
		if apart {
			at = r.IntN(len(sentences))
		}
		b.WriteString(sentences[(at+i)%len(sentences)] + []string{" ", " ", "\n"}[r.IntN(3)])
	}
	return strings.TrimSpace(b.String())
}

// tagged reads the sentences of a file with one word to a line.
func tagged(name string) (out []string, err error) {
	raw, err := open(name)
	if err != nil {
		return nil, err
	}
	text := strings.ReplaceAll(string(raw), "\r", "")
	for block := range strings.SplitSeq(text, "\n\n") {
		var words []string
		for line := range strings.Lines(block) {
			word, _, _ := strings.Cut(strings.TrimSpace(line), "\t")
			word, _, _ = strings.Cut(word, " ")
			if language, rest, ok := strings.Cut(word, ":"); ok && len(language) == 2 {
				word = rest
			}
			words = append(words, word)
		}
		if len(words) > 2 {
			out = append(out, tidied.Replace(strings.Join(words, " ")))
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s has no sentences", name)
	}
	return out, nil
}

// tidied puts the marks back where words were cut at them.
var tidied = strings.NewReplacer(" ,", ",", " .", ".", " ;", ";", " :", ":", " ?", "?", " !", "!", " )", ")", "( ", "(", " 's", "'s", " n't", "n't", "`` ", "\"", " ''", "\"")
