// Command guard measures the prompt guard: how many known attacks it flags and
// blocks, how many harmless texts, and how long it takes.
//
//	go run ./bench/guard [-corpora DIR [-misses FAMILY] [-alarms FAMILY]]
//
// DIR holds the corpora as docs/design/guards.md lists them. All of them were
// looked at while the rules were written, so the rates say how well the rules
// fit, not how well they will do on what they have not seen.
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
	dir := flag.String("corpora", "", "folder with the training corpora")
	misses := flag.String("misses", "", "also print the attacks of this family that were not flagged")
	alarms := flag.String("alarms", "", "also print the harmless texts of this family that were flagged")
	flag.Parse()
	if err := run(*dir, *misses, *alarms); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(dir, misses, alarms string) error {
	g, err := guard.New(guard.Policy{})
	if err != nil {
		return err
	}
	if dir == "" {
		fmt.Println("Without -corpora only the time is measured.")
		families, err := samples("testdata/guard/prompts.txt")
		if err != nil {
			return err
		}
		speed(g, families)
		return nil
	}
	families, err := attacks.Load(filepath.Clean(dir))
	if err != nil {
		return err
	}
	fmt.Println("Training data: the rules were tuned on it. Default policy.")
	rates(g, families, "attacks", true, misses)
	rates(g, families, "harmless", false, alarms)
	speed(g, families)
	return nil
}

// rates prints a line per family of attacks or of harmless texts.
func rates(g *guard.Guard, families []attacks.Family, title string, attack bool, show string) {
	fmt.Printf("\n%-32s %-9s %6s %9s %9s   95 %% interval of flagged\n", title, "origin", "texts", "flagged", "blocked")
	for _, f := range families {
		if f.Attack == attack {
			measure(g, f).print(f, f.Name == show)
		}
	}
}
