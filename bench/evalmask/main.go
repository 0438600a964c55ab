// Command evalmask measures masking on corpora: what is found, what is masked without need, what leaks, and
// how long it takes.
//
//	go run ./bench/evalmask -corpora DIR [-sets dev|measure|shop|all] [-model=false] [-texts N] [-language xx]
//	    [-predictions FILE]
//
// dev are parts of the training corpora that nothing is learnt from, measure are sets that nothing may be
// learnt from or tuned on, shop are texts of this repository's own making, with names and templates that
// nothing is learnt from; "strangers" among them are never shown, their twins "letters" are for development. -predictions compares spans of another tool, as presidio.py writes them.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"

	"ringfence/bench/corpora"
	"ringfence/internal/mask"
)

func main() {
	folder := flag.String("corpora", "", "folder of corpora, with train/ and measure/ in it")
	which := flag.String("sets", "dev", "dev, measure, shop, several divided by commas, or all")
	model := flag.Bool("model", true, "with the trained model for names")
	texts := flag.Int("texts", 400, "own shop texts per language and kind")
	rounds := flag.Int("bootstrap", 1000, "samples for the intervals")
	dump := flag.String("dump", "", "write the sets as JSON lines to this file and stop, for another tool")
	predictions := flag.String("predictions", "", "spans of another tool for the same sets, in the same order")
	only := flag.String("only", "", "only sets whose names begin with this")
	language := flag.String("language", "", "only texts in this language")
	show := flag.Int("show", 0, "print so many misses and false masks of each set; never for measure")
	flag.Parse()
	runtime.GOMAXPROCS(1)
	if err := run(wanted{*folder, *which, *only, *language, *texts}, *dump, &bench{finderOf(mask.Options{NoModel: !*model}, *predictions), *rounds, *show}); err != nil {
		fmt.Fprintln(os.Stderr, "evalmask:", err)
		os.Exit(1)
	}
}

func finderOf(o mask.Options, predictions string) tool {
	if predictions != "" {
		return &reader{path: predictions}
	}
	return &masker{mask.New(o)}
}

// wanted says which texts are measured.
type wanted struct {
	folder, which, only, language string
	texts                         int
}

func run(w wanted, dump string, b *bench) error {
	sets, err := gather(w.folder, w.which, w.texts)
	if err != nil {
		return err
	}
	sets = slices.DeleteFunc(sets, func(s corpora.Set) bool {
		return !strings.HasPrefix(s.Name, w.only) || w.language != "" && (len(s.Docs) == 0 || s.Docs[0].Language != w.language)
	})
	if dump != "" {
		return write(dump, sets)
	}
	if asks(w.which, "measure") {
		b.show = 0
	}
	return b.measure(sets)
}

// asks says whether a list of kinds of sets, divided by commas, names one.
func asks(which, kind string) bool {
	return which == "all" || slices.Contains(strings.Split(which, ","), kind)
}

// gather loads what is to be measured.
func gather(folder, which string, texts int) (sets []corpora.Set, err error) {
	if asks(which, "dev") {
		if sets, err = corpora.Dev(folder); err != nil {
			return nil, err
		}
	}
	if asks(which, "measure") {
		more, err := corpora.Measure(folder)
		if err != nil {
			return nil, err
		}
		sets = append(sets, more...)
	}
	if asks(which, "shop") {
		more, err := corpora.Shop(folder, texts)
		if err != nil {
			return nil, err
		}
		sets = append(sets, more...)
	}
	if len(sets) == 0 {
		return nil, fmt.Errorf("there are no sets named %q", which)
	}
	return sets, nil
}
