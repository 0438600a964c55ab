package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"ringfence/internal/guard"
)

// counts is what became of a family.
type counts struct {
	flagged, blocked int
	by               []string // per text: the rule that decided, "" if allowed
}

func measure(g *guard.Guard, f family) (c counts) {
	for _, t := range f.texts {
		v := g.Prompt([]guard.Piece{{Text: t, Origin: f.origin}})
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

// print writes one line, and the texts asked for below it.
func (c counts) print(f family, misses, alarms bool) {
	n := len(f.texts)
	low, high := wilson(c.flagged, n)
	fmt.Printf("%-28s %-9s %6d %8.2f%% %8.2f%%   %.2f - %.2f %%\n", f.name, f.origin, n, percent(c.flagged, n), percent(c.blocked, n), 100*low, 100*high)
	for i, t := range f.texts {
		if misses && c.by[i] == "" {
			fmt.Printf("    missed: %.300q\n", t)
		}
		if alarms && c.by[i] != "" {
			fmt.Printf("    %s: %.200q\n", c.by[i], t)
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

// speed times prompts of about 1,000 characters made of harmless texts, and
// all attacks, each per 1,000 characters.
func speed(g *guard.Guard, families []family) error {
	fmt.Printf("\n%-28s %9s %9s %9s   microseconds per 1,000 bytes, one core\n", "speed", "p50", "p95", "p99")
	for _, kind := range []bool{false, true} {
		var prompts []string
		for _, f := range families {
			if f.attack != kind {
				continue
			}
			prompts = append(prompts, inThousands(f.texts)...)
		}
		name := "harmless, joined to 1,000"
		if kind {
			name = "attacks, joined to 1,000"
		}
		var each []float64
		for _, p := range prompts {
			began := time.Now()
			g.Prompt([]guard.Piece{{Text: p, Origin: guard.User}})
			each = append(each, float64(time.Since(began).Nanoseconds())/float64(len(p)))
		}
		slices.Sort(each)
		at := func(q float64) float64 { return each[min(len(each)-1, int(q*float64(len(each))))] }
		fmt.Printf("%-28s %9.0f %9.0f %9.0f\n", name, at(0.5), at(0.95), at(0.99))
	}
	return nil
}

func inThousands(texts []string) (out []string) {
	var b strings.Builder
	for _, t := range texts {
		b.WriteString(t + "\n")
		if b.Len() >= 1000 {
			out = append(out, b.String())
			b.Reset()
		}
	}
	return out
}
