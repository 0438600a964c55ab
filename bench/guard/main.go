// Command guard measures the prompt guard: how many attacks it flags and blocks by corpus, language, origin and
// technique, how many harmless texts, what an attacker gets through who disguises attacks, and how long it takes.
//
//	go run ./bench/guard [-corpora DIR [-misses FAMILY] [-alarms FAMILY] [-words FILE] [-speed]]
//
// DIR holds train/ and measure/, as docs/design/guards.md lists them. What stands under train/ and this
// repository's own templates were learnt from, so those rates say how well the guard fits them; go run
// ./bench/trainguard prints rates on texts and whole sources that a model did not learn from. What stands under
// measure/ was only ever measured, and so were the texts in bench/attacks/byhand.txt, which a run without corpora judges, too.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"ringfence/bench/attacks"
	"ringfence/internal/guard"
)

func main() {
	dir := flag.String("corpora", "", "folder with train/ and measure/")
	misses := flag.String("misses", "", "also print the attacks of this family that were not flagged")
	alarms := flag.String("alarms", "", "also print the harmless texts of this family that were flagged")
	timing := flag.Bool("speed", false, "measure the time alone")
	words := flag.String("words", "", "write the list of English words for internal/guard to this file and stop")
	flag.Parse()
	if err := run(*dir, *misses, *alarms, *words, *timing); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(dir, misses, alarms, words string, timing bool) error {
	g, err := guard.New(guard.Policy{})
	if err != nil {
		return err
	}
	e := &evaluation{guard: g, misses: misses, alarms: alarms}
	for _, f := range attacks.ByHand() {
		e.judge(f)
	}
	if dir == "" {
		fmt.Println("Without -corpora only the texts written by hand are judged, and the time is measured.")
		e.unseen()
		families, err := samples("testdata/guard/prompts.txt")
		if err != nil {
			return err
		}
		speed(g, families)
		return nil
	}
	learnt, err := attacks.Load(filepath.Join(dir, "train"))
	if err != nil {
		return err
	}
	if timing {
		speed(g, learnt)
		return nil
	}
	own := attacks.Own(20, 99)
	if words != "" {
		return writeWords(words, append(learnt, own...))
	}
	measured, err := attacks.Measured(filepath.Join(dir, "measure"))
	if err != nil {
		return err
	}
	for _, f := range append(append(measured, learnt...), own...) {
		e.judge(f)
	}
	e.print()
	loop(g, append(learnt, own...))
	speed(g, learnt)
	return nil
}
