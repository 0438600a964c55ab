package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"ringfence/bench/attacks"
	"ringfence/internal/guard"
	"ringfence/internal/guard/classify"
)

func (l *learner) dev(dir string) {
	out := []string{"purplellama", "giskard", "langkit"}
	l.unseen = make([][][2]float64, len(l.families))
	m := l.train(func(f attacks.Family, i int) bool {
		return !(f.Attack && slices.Contains(out, f.Source)) && f.Fold(i, attacks.Folds) != 0
	})
	all := l.families
	l.families = nil
	for _, f := range all {
		var kept attacks.Family = f
		kept.Texts = nil
		var z [][2]float64
		for i, t := range f.Texts {
			if f.Attack && slices.Contains(out, f.Source) || f.Fold(i, attacks.Folds) == 0 {
				kept.Texts = append(kept.Texts, t)
				z = append(z, logits(m, l.guard.Study(t, f.Origin)))
			}
		}
		l.families = append(l.families, kept)
		l.unseen[len(l.families)-1] = z
	}
	l.calibrate()
	l.misses()
	l.report("dev", func(attacks.Family) bool { return true })
	for h := range l.flag {
		m.Calibrate(classify.Head(h), l.flag[h], l.block[h])
	}
	os.WriteFile("/tmp/dev-weights.bin", m.Bytes(), 0o644)
	if os.Getenv("PEEK") != "" {
		fams, err := attacks.Measured(filepath.Join(dir, "../measure"))
		if err != nil {
			panic(err)
		}
		for _, f := range fams {
			n, fl, bl := 0, 0, 0
			for _, t := range f.Texts {
				z := m.Score(l.guard.Study(t, f.Origin))
				s := classify.Likely(z[0].Logit)
				if f.Origin != guard.User {
					s = max(s, classify.Likely(z[1].Logit))
				}
				n++
				if s >= .5 {
					fl++
				}
				if s >= .85 {
					bl++
				}
			}
			fmt.Printf("PEEK %-40s %5d %6.2f %6.2f\n", f.Name, n, 100*float64(fl)/float64(n), 100*float64(bl)/float64(n))
		}
	}
}

func (l *learner) top() {
	type row struct {
		z    float64
		name string
		text string
	}
	for h := range 2 {
		seen := map[uint32]bool{}
		var rows []row
		for n, f := range l.families {
			if s, ok := shareOf(f); !ok || f.Attack || s.says[h] == 0 || f.Technique == "long" {
				continue
			}
			for i, t := range f.Texts {
				rows = append(rows, row{l.unseen[n][i][h], f.Name, t})
			}
		}
		slices.SortFunc(rows, func(a, b row) int {
			if a.z > b.z {
				return -1
			}
			return 1
		})
		k := 0
		for _, r := range rows {
			key := attacks.Family{Texts: []string{r.text}}
			g := key.Group(0)
			if len(r.text) > 30 {
				g = attacks.Key(r.text[:30])
			}
			if seen[g] {
				continue
			}
			seen[g] = true
			fmt.Printf("TOP %d %.2f %s: %.150q\n", h, r.z, r.name, r.text)
			if k++; k > 45 {
				break
			}
		}
	}
}

func (l *learner) misses() {
	by := map[string][2]int{}
	for n, f := range l.families {
		if f.Source != "purplellama" || f.Origin != guard.User || f.Mere {
			continue
		}
		for i, t := range f.Texts {
			s := l.score(f.Origin, l.unseen[n][i])
			for _, k := range []string{f.Technique, f.Language} {
				c := by[k]
				c[0]++
				if s >= .5 {
					c[1]++
				}
				by[k] = c
			}
			if s < .5 && i%2 == 0 {
				fmt.Printf("MISS %s %s %.2f %.140q\n", f.Language, f.Technique, l.unseen[n][i][0], t)
			}
		}
	}
	for k, c := range by {
		fmt.Printf("BY %s %d of %d\n", k, c[1], c[0])
	}
}
