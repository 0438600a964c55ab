// Command trainguard trains the guard's classifier, internal/guard/classify/data, and prints what it reaches
// on texts that it does not learn from.
//
//	go run ./bench/trainguard -corpora DIR [-out internal/guard/classify/data/weights.bin] [-leave SOURCE,...]
//
// DIR holds the corpora as docs/design/guards.md lists them. The same corpora, options and Go version give the
// same weights on one architecture. No text of a corpus is kept, only sums over hashed features.
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"ringfence/bench/attacks"
	"ringfence/internal/guard"
	"ringfence/internal/guard/classify"
)

func main() {
	dir := flag.String("corpora", "", "folder with the training corpora")
	out := flag.String("out", "internal/guard/classify/data/weights.bin", "where the weights go")
	leave := flag.String("leave", "", "also train once without each of these sources, and measure on it; \"all\" for all")
	flag.Parse()
	if err := run(*dir, *out, *leave); err != nil {
		fmt.Fprintln(os.Stderr, "trainguard:", err)
		os.Exit(1)
	}
}

// options are what the shipped weights were made with. They were chosen on held
// out templates and on sources left out.
var options = classify.TrainOptions{Bits: 20, Rounds: 3, Passes: 3, Rate: 0.25, Shrink: 3e-5, Drop: 0.25, DropRule: 0.5, DropWord: 0.35, Groups: 3, Seed: 1}

const (
	perTemplate = 20 // texts of each template
	padded      = 1500
)

func run(dir, out, leave string) error {
	corpora, err := attacks.Load(dir)
	if err != nil {
		return err
	}
	g, err := guard.New(guard.Policy{})
	if err != nil {
		return err
	}
	families := append(corpora, attacks.Own(perTemplate, options.Seed)...)
	l := &learner{guard: g, families: append(families, attacks.Pad(families, padded, options.Seed))}
	if leave == "all" {
		leave = "in-the-wild,giskard,langkit,purplellama,spikee,own"
	}
	l.fold()
	if out != "" {
		if err := os.WriteFile(out, l.learn().Bytes(), 0o644); err != nil {
			return err
		}
	}
	for source := range strings.SplitSeq(leave, ",") {
		if source != "" {
			l.leave(source)
		}
	}
	return nil
}

// train trains on what use takes.
func (l *learner) train(use func(f attacks.Family, text int) bool) *classify.Model {
	began := time.Now()
	o := options
	o.Progress = func(round, windows int, loss float64) {
		fmt.Fprintf(os.Stderr, "  round %d: %d windows, loss %.4f, %v\n", round+1, windows, loss, time.Since(began).Round(time.Second))
	}
	return classify.Train(l.examples(use), o)
}
