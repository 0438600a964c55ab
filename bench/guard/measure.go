package main

import (
	"cmp"
	"fmt"
	"slices"

	"ringfence/bench/attacks"
	"ringfence/internal/guard"
	"ringfence/internal/stat"
)

// evaluation is what became of all texts.
type evaluation struct {
	guard          *guard.Guard
	misses, alarms string // families whose wrongly judged texts are shown
	rows           []row
	scores         [2][]float64 // of what users write: harmless shop texts, attacks
}

// row counts the texts of one family.
type row struct {
	of               attacks.Family
	n                int
	flagged, blocked int
	wrong            []string // for -misses and -alarms
}

// measuredOnly are the sources that nothing is learnt from.
var measuredOnly = []string{"by hand", "notinject", "wildguard", "purplellama_benign", "bipia"}

func (e *evaluation) judge(f attacks.Family) row {
	r := row{of: f}
	show := f.Attack && f.Name == e.misses || !f.Attack && f.Name == e.alarms
	for _, t := range f.Texts {
		j := e.guard.Judge("", []guard.Piece{{Text: t, Origin: f.Origin}})
		by := "missed"
		r.n++
		if len(j.Findings) > 0 {
			v := j.Findings[0]
			r.flagged++
			if v.Action == guard.Block {
				r.blocked++
			}
			by = fmt.Sprintf("%s %s %.2f %q", v.Action, v.Rule, v.Score, v.Evidence)
		}
		if show && f.Attack == (by == "missed") {
			r.wrong = append(r.wrong, fmt.Sprintf("    %s: %.300q", by, t))
		}
		e.score(f, j.Scores[0])
	}
	e.rows = append(e.rows, r)
	return r
}

func (e *evaluation) score(f attacks.Family, s float64) {
	switch {
	case f.Origin != guard.User || slices.Contains(measuredOnly, f.Source):
	case f.Attack:
		e.scores[1] = append(e.scores[1], s)
	case f.Technique != "user":
		e.scores[0] = append(e.scores[0], s)
	}
}

// print prints the tables.
func (e *evaluation) print() {
	e.unseen()
	own := func(r row) bool { return r.of.Source == "own" }
	e.table("attacks, learnt from", name, func(r row) bool { return r.of.Attack && !only(r) && !own(r) })
	e.table("harmless, learnt from", name, func(r row) bool { return !r.of.Attack && !only(r) && !own(r) })
	kind := func(r row) string {
		return fmt.Sprintf("%-34s %-9s", "own "+map[bool]string{true: "attacks, ", false: "harmless, "}[r.of.Attack]+r.of.Technique, r.of.Origin)
	}
	e.table("own templates, learnt from", kind, own)
	e.table("attacks by origin", func(r row) string { return fmt.Sprintf("%-44s", r.of.Origin) }, func(r row) bool { return r.of.Attack && !only(r) })
	e.table("attacks by language", func(r row) string { return fmt.Sprintf("%-44s", r.of.Language) }, func(r row) bool { return r.of.Attack && !only(r) })
	e.table("attacks by technique", func(r row) string { return fmt.Sprintf("%-44s", r.of.Technique) }, func(r row) bool { return r.of.Attack && !only(r) })
	e.curve()
}

// only tells texts that nothing is learnt from.
func only(r row) bool { return slices.Contains(measuredOnly, r.of.Source) }

func name(r row) string { return fmt.Sprintf("%-34s %-9s", r.of.Name, r.of.Origin) }

// unseen prints the table of these.
func (e *evaluation) unseen() { e.table("only ever measured", name, only) }

// table adds up rows by their titles.
func (e *evaluation) table(title string, by func(row) string, of func(row) bool) {
	sums, order := map[string]*row{}, []string{}
	for _, r := range e.rows {
		if !of(r) {
			continue
		}
		k := by(r)
		if sums[k] == nil {
			sums[k] = &row{}
			order = append(order, k)
		}
		s := sums[k]
		s.n, s.flagged, s.blocked, s.wrong = s.n+r.n, s.flagged+r.flagged, s.blocked+r.blocked, append(s.wrong, r.wrong...)
	}
	fmt.Printf("\n%-44s %6s %9s %9s   95 %% interval of flagged\n", title, "texts", "flagged", "blocked")
	for _, k := range order {
		s := sums[k]
		low, high := stat.Wilson(s.flagged, s.n)
		fmt.Printf("%-44s %6d %8.2f%% %8.2f%%   %6.2f - %.2f %%\n", k, s.n, percent(s.flagged, s.n), percent(s.blocked, s.n), 100*low, 100*high)
		for _, w := range s.wrong {
			fmt.Println(w)
		}
	}
}

// curve prints what each threshold would do to what users write.
func (e *evaluation) curve() {
	fmt.Printf("\n%-44s %9s %9s   of %d and %d texts of users\n", "a threshold of", "harmless", "attacks", len(e.scores[0]), len(e.scores[1]))
	for _, t := range []float64{0.35, 0.40, 0.50, 0.60, 0.70, 0.75, 0.85, 0.95} {
		over := func(all []float64) float64 {
			n := 0
			for _, s := range all {
				if s >= t {
					n++
				}
			}
			return percent(n, len(all))
		}
		fmt.Printf("%-44.2f %8.3f%% %8.2f%%\n", t, over(e.scores[0]), over(e.scores[1]))
	}
}

func percent(k, n int) float64 { return 100 * float64(k) / float64(cmp.Or(n, 1)) }
