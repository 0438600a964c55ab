package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"ringfence/bench/attacks"
	"ringfence/internal/guard"
	"ringfence/internal/guard/classify"
)

// Rates of false alarms that the scores 0.5 and 0.85 stand for, on harmless
// texts a model did not learn from. Texts of shops decide for both heads; what
// people ask assistants, which is full of orders, decides for what users write.
// A text that is only to be read stands in more places, so false alarms there
// are rarer.
const (
	shopFlag   = 0.005
	shopBlock  = 0.001
	readFlag   = 0.0025
	readBlock  = 0.0008
	askedFlag  = 0.05
	askedBlock = 0.007
	longFlag   = 0.1
	longBlock  = 0.02
)

// calibrate finds the logits that the scores stand for.
func (l *learner) calibrate() {
	for h := range 2 {
		texts := l.harmless(h)
		flag, block := readFlag, readBlock
		if h == int(classify.Direct) {
			flag, block = shopFlag, shopBlock
		}
		l.flag[h], l.block[h] = quantile(texts.shop, 1-flag), quantile(texts.shop, 1-block)
		l.flag[h] = max(l.flag[h], quantile(texts.asked, 1-askedFlag), quantile(texts.long, 1-longFlag))
		l.block[h] = max(l.block[h], quantile(texts.asked, 1-askedBlock), quantile(texts.long, 1-longBlock))
		l.block[h] = max(l.block[h], l.flag[h]+0.5)
		fmt.Printf("head %d: flag from %.2f, block from %.2f\n", h, l.flag[h], l.block[h])
	}
}

// harmless is what is said to harmless texts: what stands in shops, what
// assistants are asked, and many of them together.
type harmless struct{ shop, asked, long []float64 }

// harmless returns the logits of a head. Of one template only a few count, or
// its hundred versions would.
func (l *learner) harmless(h int) (out harmless) {
	for n, f := range l.families {
		s, ok := shareOf(f)
		if !ok || f.Attack || s.says[h] == 0 {
			continue
		}
		taken := map[uint32]int{}
		for i := range f.Texts {
			z := l.unseen[n][i][h]
			if strings.Contains(f.Name, " long ") {
				out.long = append(out.long, z)
				continue
			}
			if k := f.Group(i); taken[k] < ofTemplate {
				taken[k]++
			} else if f.Source == "own" {
				continue
			}
			if f.Technique == "user" {
				out.asked = append(out.asked, z)
			} else {
				out.shop = append(out.shop, z)
			}
		}
	}
	return out
}

const ofTemplate = 5

func quantile(all []float64, q float64) float64 {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[min(len(all)-1, int(q*float64(len(all))))]
}

// score is what the classifier alone says to a text.
func (l *learner) score(o guard.Origin, z [2]float64) float64 {
	best := 0.0
	for h := range z {
		if h == int(classify.Indirect) && o == guard.User {
			continue
		}
		k := math.Log(0.85/0.15) / (l.block[h] - l.flag[h])
		best = max(best, classify.Likely(k*(z[h]-l.flag[h])))
	}
	return best
}

// report prints what is said to texts that were not learnt from.
func (l *learner) report(title string, of func(attacks.Family) bool) {
	fmt.Printf("\n%-40s %7s %9s %9s   classifier alone\n", title, "texts", "flagged", "blocked")
	type row struct{ n, flagged, blocked int }
	rows, names := map[string]*row{}, []string{}
	for n, f := range l.families {
		if !of(f) {
			continue
		}
		name := f.Name
		if rest, own := strings.CutPrefix(f.Name, "own "); own && f.Language != "en" {
			name = "own " + strings.TrimSuffix(rest, " "+f.Language) + ", other languages"
		}
		if rows[name] == nil {
			rows[name] = &row{}
			names = append(names, name)
		}
		r := rows[name]
		for i := range f.Texts {
			score := l.score(f.Origin, l.unseen[n][i])
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
		fmt.Printf("%-40s %7d %8.2f%% %8.2f%%\n", name, r.n, 100*float64(r.flagged)/float64(r.n), 100*float64(r.blocked)/float64(r.n))
	}
}
