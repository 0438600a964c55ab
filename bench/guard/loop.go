package main

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"

	"ringfence/bench/attacks"
	"ringfence/internal/guard"
	"ringfence/internal/stat"
)

// seeds is how many attacks the loop starts from, tries how often an attack that
// was caught is disguised once more.
const (
	seeds = 60
	tries = 3
)

// loop plays an attacker: every attack that is caught as it stands is disguised
// in every way, and what is still caught is disguised again. It prints what is
// caught by disguise, and which ways through were found.
func loop(g *guard.Guard, families []attacks.Family) {
	r := rand.New(rand.NewPCG(11, 13))
	start := caught(g, families, r)
	rows := map[string]*disguised{}
	survivors := map[string]int{}
	total := 0
	for _, m := range attacks.Mutators {
		rows[m.Name] = &disguised{}
		for _, s := range start {
			text := m.Do(s.text, r)
			found := g.Prompt([]guard.Piece{{Text: text, Origin: s.origin}})
			rows[m.Name].n++
			total++
			if len(found) == 0 {
				survivors[m.Name]++
				continue
			}
			rows[m.Name].flagged++
			if found[0].Action == guard.Block {
				rows[m.Name].blocked++
			}
			for range tries {
				again := attacks.Mutators[r.IntN(len(attacks.Mutators))]
				rows[m.Name].twice++
				total++
				if len(g.Prompt([]guard.Piece{{Text: again.Do(text, r), Origin: s.origin}})) == 0 {
					rows[m.Name].through++
					survivors[m.Name+" + "+again.Name]++
				}
			}
		}
	}
	fmt.Printf("\nattacker loop: %d attacks that are caught as they stand, %d disguised variants\n", len(start), total)
	fmt.Printf("%-26s %6s %9s %9s   95 %% interval of flagged   through when disguised again\n", "disguise", "texts", "flagged", "blocked")
	all := disguised{}
	for _, m := range attacks.Mutators {
		w := rows[m.Name]
		all.n, all.flagged, all.blocked, all.twice, all.through = all.n+w.n, all.flagged+w.flagged, all.blocked+w.blocked, all.twice+w.twice, all.through+w.through
		low, high := stat.Wilson(w.flagged, w.n)
		fmt.Printf("%-26s %6d %8.2f%% %8.2f%%   %6.2f - %.2f %%   %d of %d\n", m.Name, w.n, percent(w.flagged, w.n), percent(w.blocked, w.n), 100*low, 100*high, w.through, w.twice)
	}
	low, high := stat.Wilson(all.flagged, all.n)
	fmt.Printf("%-26s %6d %8.2f%% %8.2f%%   %6.2f - %.2f %%   %d of %d\n", "all", all.n, percent(all.flagged, all.n), percent(all.blocked, all.n), 100*low, 100*high, all.through, all.twice)
	ways := make([]string, 0, len(survivors))
	for way := range survivors {
		ways = append(ways, way)
	}
	slices.SortFunc(ways, func(a, b string) int { return cmp.Or(cmp.Compare(survivors[b], survivors[a]), cmp.Compare(a, b)) })
	fmt.Printf("\nways through, the most used ones of %d:\n", len(ways))
	for _, way := range ways[:min(len(ways), 20)] {
		fmt.Printf("  %4d  %s\n", survivors[way], way)
	}
}

// disguised counts what became of a disguise.
type disguised struct{ n, flagged, blocked, twice, through int }

// attack is where the loop starts.
type attack struct {
	text   string
	origin guard.Origin
}

// caught picks attacks in English that are caught as they stand and are short
// enough to be disguised: some of every family.
func caught(g *guard.Guard, families []attacks.Family, r *rand.Rand) (out []attack) {
	var all []attack
	for _, f := range families {
		if !f.Attack || f.Language != "en" {
			continue
		}
		var some []attack
		for _, t := range f.Texts {
			if len(t) >= 24 && len(t) <= 300 && len(g.Prompt([]guard.Piece{{Text: t, Origin: f.Origin}})) > 0 {
				some = append(some, attack{t, f.Origin})
			}
		}
		r.Shuffle(len(some), func(i, j int) { some[i], some[j] = some[j], some[i] })
		all = append(all, some[:min(len(some), 8)]...)
	}
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:min(len(all), seeds)]
}
