package main

import (
	"fmt"
	"slices"

	"ringfence/bench/attacks"
	"ringfence/internal/guard"
	"ringfence/internal/guard/classify"
)

// Rates of false alarms that the scores 0.5 and 0.85 stand for, on harmless
// texts held out from training. Shop texts decide where to flag; what people ask
// assistants, which is full of orders, decides where to block.
const (
	shopFlag   = 0.002
	promptFlag = 0.04
	shopBlock  = 0.0005
	askedBlock = 0.01
)

// calibrate turns what the model says into scores.
func (l *learner) calibrate(m *classify.Model) {
	for h := range 2 {
		shop, asked := l.harmless(m, h)
		flag := quantile(shop, 1-shopFlag)
		block := quantile(shop, 1-shopBlock)
		if h == int(classify.Direct) {
			flag = max(flag, quantile(asked, 1-promptFlag))
			block = max(block, quantile(asked, 1-askedBlock))
		}
		block = max(block, flag+0.5)
		m.Calibrate(classify.Head(h), flag, block)
	}
}

// harmless returns the loudest logits of harmless texts held out: what stands in
// shops, and what assistants are asked.
func (l *learner) harmless(m *classify.Model, h int) (shop, asked []float64) {
	for _, f := range append(append([]attacks.Family(nil), l.corpora...), l.held...) {
		if s, ok := shareOf(f); !ok || f.Attack || s.says[h] == 0 {
			continue
		}
		for _, t := range f.Texts {
			if f.Source != "own" && !kept(t) {
				continue
			}
			z := m.Score(l.guard.Study(t, f.Origin))[h].Logit
			if f.Technique == "user" {
				asked = append(asked, z)
			} else {
				shop = append(shop, z)
			}
		}
	}
	return shop, asked
}

func quantile(all []float64, q float64) float64 {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[min(len(all)-1, int(q*float64(len(all))))]
}

// report prints what a model reaches by itself, without the rules.
func (l *learner) report(m *classify.Model, without string, examples int) {
	fmt.Printf("\nlearnt from %d texts", examples)
	if without != "" {
		fmt.Printf(", nothing of %s", without)
	}
	fmt.Printf("\n%-34s %7s %9s %9s\n", "not learnt from; classifier alone", "texts", "flagged", "blocked")
	type row struct{ n, flagged, blocked int }
	rows, names := map[string]*row{}, []string{}
	for _, f := range append(append([]attacks.Family(nil), l.corpora...), l.held...) {
		if without != "" && (f.Source != without || !f.Attack) {
			continue
		}
		name := f.Name
		if _, ok := shareOf(f); !ok && f.Attack {
			name += ", mere questions"
		}
		for _, t := range f.Texts {
			if f.Source != "own" && f.Source != without && !kept(t) {
				continue
			}
			if rows[name] == nil {
				rows[name] = &row{}
				names = append(names, name)
			}
			r := rows[name]
			score := l.score(m, f, t)
			r.n++
			if score >= 0.5 {
				r.flagged++
			}
			if score >= 0.85 {
				r.blocked++
			}
		}
	}
	for _, name := range names {
		r := rows[name]
		fmt.Printf("%-34s %7d %8.2f%% %8.2f%%\n", name, r.n, 100*float64(r.flagged)/float64(r.n), 100*float64(r.blocked)/float64(r.n))
	}
}

func (l *learner) score(m *classify.Model, f attacks.Family, text string) float64 {
	found := m.Score(l.guard.Study(text, f.Origin))
	z := found[classify.Direct].Logit
	if f.Origin != guard.User && f.Origin != guard.Operator {
		z = max(z, found[classify.Indirect].Logit)
	}
	return classify.Likely(z)
}
