package main

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"time"

	"ringfence/bench/corpora"
)

// bench measures one tool.
type bench struct {
	tool   tool
	rounds int // of the bootstrap
	show   int // misses and false masks to print
}

// measure runs the tool on every set and prints a table for each.
func (b *bench) measure(sets []corpora.Set) error {
	rounds := b.rounds
	fmt.Printf("%s, %s/%s, one core. Brackets: 95 %% intervals by bootstrap over texts, %d samples.\n", runtime.Version(),
		runtime.GOOS, runtime.GOARCH, rounds)
	fmt.Println("A marked span is found when all its letters and digits are masked, as its type or as any; a mask is right when at")
	fmt.Println("least half of it is marked. Words: those of names, or of anything marked. PLACE and ADDRESS count as one.")
	byLanguage := map[string][]result{}
	for _, set := range sets {
		results := make([]result, 0, len(set.Docs))
		left := b.show
		if strings.HasPrefix(set.Name, "strangers") {
			left = 0 // only measured
		}
		for _, d := range set.Docs {
			start := time.Now()
			said, err := b.tool.spans(d.Text)
			took := time.Since(start)
			if err != nil {
				return fmt.Errorf("%s: %w", set.Name, err)
			}
			r := judge(d, said)
			if left > 0 {
				left -= reveal(d, said)
			}
			r.took = took
			results = append(results, r)
			byLanguage[d.Language] = append(byLanguage[d.Language], r)
		}
		table(set.Name, results, rounds)
	}
	for _, language := range slices.Sorted(maps.Keys(byLanguage)) {
		table("language "+language, byLanguage[language], rounds)
	}
	return nil
}

// table prints what became of one set.
func table(name string, results []result, rounds int) {
	sums := map[string]*tally{}
	chars, masks := 0, 0
	took := time.Duration(0)
	for _, r := range results {
		for typ, t := range r.by {
			if sums[typ] == nil {
				sums[typ] = &tally{}
			}
			sums[typ].plus(*t)
		}
		chars, masks, took = chars+r.chars, masks+r.masks, took+r.took
	}
	fmt.Printf("\n%s: %d texts, %d characters, %.2f ms per 1,000\n", name, len(results), chars,
		float64(took.Microseconds())/float64(max(1, chars)))
	all := sums[anyType]
	if all.there == 0 {
		fmt.Printf("  nothing marked; %d masks, %s per 1,000 characters\n", masks, interval(results, rounds, falseMasks))
		return
	}
	fmt.Printf("  characters leaked %s, texts with a leak %s\n", interval(results, rounds, leakRate), interval(results, rounds, leakTexts))
	fmt.Printf("  %-34s %7s  %-21s %-21s %-6s %-6s %s\n", "", "spans", "recall", "precision", "F1", "F2", "leak   words: recall, precision")
	for _, typ := range slices.Sorted(maps.Keys(sums)) {
		if sums[typ].there+sums[typ].said > 0 {
			line(typ, sums[typ], results, rounds)
		}
	}
}

func line(typ string, t *tally, results []result, rounds int) {
	of := func(f func(*tally) (int, int)) func([]result) float64 {
		return func(rs []result) float64 {
			a, b := 0, 0
			for i := range rs {
				if t := rs[i].by[typ]; t != nil {
					x, y := f(t)
					a, b = a+x, b+y
				}
			}
			return ratio(a, b)
		}
	}
	r, p := ratio(t.found, t.there), ratio(t.right, t.said)
	fmt.Printf("  %-34s %7d  %s %s %-6.3f %-6.3f", typ, t.there, interval(results, rounds, of(recall)),
		interval(results, rounds, of(precision)), fScore(1, p, r), fScore(2, p, r))
	fmt.Printf(" %5.3f", ratio(t.charsLeft, t.charsThere))
	if typ == corpora.Person || typ == anyType {
		fmt.Printf(" %.3f, %.3f", ratio(t.wordsFound, t.wordsThere), ratio(t.wordsRight, t.wordsSaid))
	}
	fmt.Println()
}

func recall(t *tally) (int, int)    { return t.found, t.there }
func precision(t *tally) (int, int) { return t.right, t.said }

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// fScore weighs recall beta times as much as precision.
func fScore(beta, p, r float64) float64 {
	if p+r == 0 {
		return 0
	}
	return (1 + beta*beta) * p * r / (beta*beta*p + r)
}

func falseMasks(rs []result) float64 {
	masks, chars := 0, 0
	for i := range rs {
		masks, chars = masks+rs[i].masks, chars+rs[i].chars
	}
	return 1000 * ratio(masks, chars)
}

func leakRate(rs []result) float64 {
	left, there := 0, 0
	for i := range rs {
		left, there = left+rs[i].by[anyType].charsLeft, there+rs[i].by[anyType].charsThere
	}
	return ratio(left, there)
}

func leakTexts(rs []result) float64 {
	leaked := 0
	for i := range rs {
		leaked += rs[i].by[anyType].leaked
	}
	return ratio(leaked, len(rs))
}

// interval prints a figure and between which values it lies for 95 of 100 samples of the texts.
func interval(rs []result, rounds int, figure func([]result) float64) string {
	r := rand.New(rand.NewPCG(1, 4))
	sample := make([]result, len(rs))
	got := make([]float64, rounds)
	for k := range got {
		for i := range sample {
			sample[i] = rs[r.IntN(len(rs))]
		}
		got[k] = figure(sample)
	}
	slices.Sort(got)
	if rounds == 0 {
		return fmt.Sprintf("%.3f                ", figure(rs))
	}
	return fmt.Sprintf("%.3f [%.3f, %.3f]", figure(rs), got[rounds*25/1000], got[min(rounds-1, rounds*975/1000)])
}
