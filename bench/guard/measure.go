package main

import (
	"cmp"
	"fmt"
	"math"

	"ringfence/bench/attacks"
	"ringfence/internal/guard"
)

// counts is what became of a family.
type counts struct {
	flagged, blocked int
	by               []string // per text: the rule that decided, "" if allowed
}

func measure(g *guard.Guard, f attacks.Family) (c counts) {
	for _, t := range f.Texts {
		v := g.Prompt([]guard.Piece{{Text: t, Origin: f.Origin}})
		if len(v) == 0 {
			c.by = append(c.by, "")
			continue
		}
		c.flagged++
		if v[0].Action == guard.Block {
			c.blocked++
		}
		c.by = append(c.by, fmt.Sprintf("%s %s %.2f %q", v[0].Action, v[0].Rule, v[0].Score, v[0].Evidence))
	}
	return c
}

// print writes one line, and if asked to, below it the texts that were judged
// wrong.
func (c counts) print(f attacks.Family, show bool) {
	n := len(f.Texts)
	low, high := wilson(c.flagged, n)
	fmt.Printf("%-32s %-9s %6d %8.2f%% %8.2f%%   %.2f - %.2f %%\n", f.Name, f.Origin, n, percent(c.flagged, n), percent(c.blocked, n), 100*low, 100*high)
	for i, t := range f.Texts {
		if show && f.Attack == (c.by[i] == "") {
			fmt.Printf("    %s: %.300q\n", cmp.Or(c.by[i], "missed"), t)
		}
	}
}

func percent(k, n int) float64 { return 100 * float64(k) / float64(max(n, 1)) }

// wilson returns the 95 % score interval of k in n (Wilson 1927).
func wilson(k, n int) (low, high float64) {
	if n == 0 {
		return 0, 1
	}
	const z = 1.96
	p, m := float64(k)/float64(n), float64(n)
	mid := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z * math.Sqrt(p*(1-p)/m+z*z/(4*m*m)) / (1 + z*z/m)
	return max(0, mid-half), min(1, mid+half)
}
