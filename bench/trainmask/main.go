// Command trainmask trains the model for unknown names, internal/mask/tagger/data, and prints what it
// reaches on parts of the training corpora that it does not learn from.
//
//	go run ./bench/trainmask -corpora DIR [-out internal/mask/tagger/data] [-rounds N]
//
// The same corpora, options and Go version give the same weights on one architecture. No text of a corpus is
// kept, only sums over hashed features. docs/design/name-model.md names sources and licences.
package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"ringfence/bench/corpora"
	"ringfence/internal/mask/tagger"
)

func main() {
	folder := flag.String("corpora", "", "folder of corpora, with train/ in it")
	out := flag.String("out", "internal/mask/tagger/data", "where the model goes")
	rounds := flag.Int("rounds", 5, "passes over the examples")
	rate := flag.Float64("rate", 0.04, "step of the learner")
	shrink := flag.Float64("shrink", 2e-4, "pull of weights towards zero")
	keep := flag.Int("keep", 1_200_000, "features at most in the model")
	drop := flag.Float64("drop", 0.2, "share of features left out at random while learning")
	flag.Parse()
	if err := run(*folder, *out, tagger.TrainOptions{Rounds: *rounds, Rate: *rate, Shrink: *shrink, Keep: *keep, Drop: *drop, Seed: 1}); err != nil {
		fmt.Fprintln(os.Stderr, "trainmask:", err)
		os.Exit(1)
	}
}

func run(folder, out string, o tagger.TrainOptions) error {
	sets, err := corpora.Learn(folder)
	if err != nil {
		return err
	}
	names, err := corpora.ReadNames(folder, corpora.Ordinary(sets))
	if err != nil {
		return err
	}
	o.Names = tagger.NameTable(names.Lists)
	examples := gather(sets, corpora.NewWriter(names, false, o.Seed), o.Seed)
	fmt.Printf("%d examples, %d listed names\n", len(examples), len(names.Lists))
	start := time.Now()
	o.Progress = func(round int, loss float64) {
		fmt.Printf("round %d: loss %.4f a word, %v\n", round+1, loss, time.Since(start).Round(time.Second))
	}
	weights := tagger.Train(examples, o)
	model, err := tagger.New(weights, o.Names)
	if err != nil {
		return err
	}
	if err := report(model, folder, names); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(out, "weights.bin"), weights, 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, "names.bin"), o.Names, 0o644)
}

// texts of the writer: so many of each language, and so many without anything personal.
const (
	written = 13000
	benign  = 5500
	chatter = 800 // everyday words without sense
	wares   = 500 // names of products
)

// gather makes the examples: every text as it is, some of them once more in small letters or without
// diacritics, as in chats.
func gather(sets []corpora.Set, w *corpora.Writer, seed uint64) []tagger.Example {
	r := rand.New(rand.NewPCG(seed, 3))
	var out []tagger.Example
	for _, set := range sets {
		for _, d := range set.Docs {
			out = append(out, example(d))
			if again, ok := vary(r, d, 0.25); ok {
				out = append(out, example(again))
			}
		}
	}
	for _, language := range corpora.Languages {
		for i := range written + benign + chatter + wares {
			d := text(w, language, i)
			if again, ok := vary(r, d, 0.4); ok {
				d = again
			}
			out = append(out, example(d))
		}
	}
	return out
}

// text writes the text of a number.
func text(w *corpora.Writer, language string, i int) corpora.Doc {
	switch {
	case i < written:
		return w.Text(language)
	case i < written+benign:
		return w.Benign(language)
	case i < written+benign+chatter:
		return w.Chatter(language)
	}
	return w.Ware(language)
}

// vary rewrites a share of texts as people write in a hurry.
func vary(r *rand.Rand, d corpora.Doc, share float64) (corpora.Doc, bool) {
	switch x := r.Float64(); {
	case x < share*0.75:
		return d.Rewrite(corpora.Lower), true
	case x < share*0.8:
		return d.Rewrite(corpora.Upper), true
	case x < share*0.9:
		return d.Rewrite(corpora.Plain), true
	case x < share:
		return d.Rewrite(func(s string) string { return corpora.Plain(corpora.Lower(s)) }), true
	}
	return d, false
}

var labelOf = map[string]tagger.Label{corpora.Person: tagger.PersonBegin, corpora.Place: tagger.Place,
	corpora.Organisation: tagger.Organisation}

func example(d corpora.Doc) tagger.Example {
	e := tagger.Example{Text: d.Text}
	for _, s := range d.Spans {
		if label, ok := labelOf[s.Type]; ok {
			e.Marks = append(e.Marks, tagger.Mark{Start: s.Start, End: s.End, Label: label})
		}
	}
	return e
}
