package main

import (
	"fmt"
	"strings"

	"ringfence/bench/attacks"
	"ringfence/internal/guard"
	"ringfence/internal/guard/classify"
)

// learner knows what is learnt from, and what a model that did not learn from a
// text says to it.
type learner struct {
	guard    *guard.Guard
	families []attacks.Family
	studied  [][][]classify.Token
	profiles [][][2]classify.Profile // family, text: of the fold that left it out
	unseen   [][][2]float64          // what is decided by them, by what was learnt from the other folds
	flag     [2]float64              // logits from which a score is 0.5, and 0.85
	block    [2]float64
}

// share says how a family's texts are used. A corpus of ten thousand questions
// must not outweigh what was written for the purpose.
type share struct {
	says   [2]int8
	weight float32
	most   int // texts, 0 for all
}

const (
	yes = +1
	no  = -1
)

// shareOf says what a family teaches. Harmless families that stand in the
// corpora twice, by origin, are learnt once.
func shareOf(f attacks.Family) (share, bool) {
	switch {
	case f.Technique == attacks.Padded:
		return share{says: [2]int8{yes, yes}, weight: 1}, true
	case f.Source == "own":
		return ownShare(f), true
	case f.Mere:
		return share{}, false
	case f.Attack && f.Origin == guard.User && f.Source == "purplellama":
		return share{says: [2]int8{yes, 0}, weight: 0.6}, true
	case f.Attack && f.Origin == guard.User:
		return share{says: [2]int8{yes, yes}, weight: 1}, true
	case f.Attack && f.Source == "spikee":
		return share{says: [2]int8{0, yes}, weight: 0.5}, true
	case f.Attack:
		return share{says: [2]int8{0, yes}, weight: 0.6}, true
	case strings.HasSuffix(f.Name, " as reviews") && f.Source != "wikiann":
		return share{}, false
	case f.Source == "spikee", f.Source == "composed" && f.Technique == "user":
		return share{says: [2]int8{no, 0}, weight: 1}, true
	case f.Source == "composed":
		return share{says: [2]int8{no, no}, weight: 1}, true
	case f.Source == "multidogo", f.Source == "banking77":
		return share{says: [2]int8{no, no}, weight: 0.4, most: 3000}, true
	case f.Source == "wikiann":
		return share{says: [2]int8{no, no}, weight: 0.4, most: 1000}, true
	}
	return share{says: [2]int8{no, no}, weight: 0.6}, true
}

func ownShare(f attacks.Family) share {
	switch f.Technique {
	case "direct":
		return share{says: [2]int8{yes, yes}, weight: 1}
	case "indirect":
		return share{says: [2]int8{0, yes}, weight: 1}
	case "user":
		return share{says: [2]int8{no, 0}, weight: 1}
	}
	return share{says: [2]int8{no, no}, weight: 1}
}

// examples returns what the windows are learnt from.
func (l *learner) examples(use func(f attacks.Family, text int) bool) (out []classify.Example) {
	for n, f := range l.families {
		s, ok := shareOf(f)
		if !ok || f.Technique == attacks.Padded {
			continue // of a padded attack most windows are harmless
		}
		for i := range f.Texts {
			if s.most > 0 && i >= s.most {
				break
			}
			if use(f, i) {
				out = append(out, classify.Example{Tokens: l.study(n, i), Says: s.says, Weight: s.weight, Group: f.Group(i)})
			}
		}
	}
	return out
}

// study returns a text as the classifier sees it.
func (l *learner) study(family, text int) []classify.Token {
	f := &l.families[family]
	if l.studied == nil {
		l.studied = make([][][]classify.Token, len(l.families))
	}
	if l.studied[family] == nil {
		l.studied[family] = make([][]classify.Token, len(f.Texts))
	}
	if l.studied[family][text] == nil {
		l.studied[family][text] = l.guard.Study(f.Texts[text], f.Origin)
	}
	return l.studied[family][text]
}

// second learns to decide by the profiles that use takes.
func (l *learner) second(use func(f attacks.Family, text int) bool) (out [2]*classify.Second) {
	for h := range out {
		var cases []classify.Case
		for n, f := range l.families {
			s, ok := shareOf(f)
			if !ok || s.says[h] == 0 {
				continue
			}
			for i := range f.Texts {
				if s.most > 0 && i >= s.most {
					break
				}
				if use(f, i) {
					cases = append(cases, classify.Case{Profile: l.profiles[n][i][h], Attack: s.says[h] == yes, Weight: s.weight})
				}
			}
		}
		out[h] = classify.LearnSecond(cases, options.Seed)
	}
	return out
}

// fold trains once without each part of the texts, to know what is said to
// texts nobody learnt from, and reports it.
func (l *learner) fold() {
	l.profiles, l.unseen = make([][][2]classify.Profile, len(l.families)), make([][][2]float64, len(l.families))
	for i, f := range l.families {
		l.profiles[i], l.unseen[i] = make([][2]classify.Profile, len(f.Texts)), make([][2]float64, len(f.Texts))
	}
	for k := range attacks.Folds {
		m := l.train(func(f attacks.Family, i int) bool { return f.Fold(i, attacks.Folds) != k })
		l.each(func(n, i int) {
			if l.families[n].Fold(i, attacks.Folds) == k {
				l.profiles[n][i] = m.Profiles(l.study(n, i))
			}
		})
	}
	l.refold()
	l.calibrate()
	l.report("learnt from the other two thirds", func(attacks.Family) bool { return true })
}

// refold decides by the profiles, by what was learnt from those of the other folds.
func (l *learner) refold() {
	for k := range attacks.Folds {
		s := l.second(func(f attacks.Family, i int) bool { return f.Fold(i, attacks.Folds) != k })
		l.each(func(n, i int) {
			if l.families[n].Fold(i, attacks.Folds) == k {
				l.unseen[n][i] = decided(s, l.profiles[n][i])
			}
		})
	}
}

func (l *learner) each(do func(family, text int)) {
	for n, f := range l.families {
		for i := range f.Texts {
			do(n, i)
		}
	}
}

func decided(s [2]*classify.Second, p [2]classify.Profile) [2]float64 {
	return [2]float64{s[0].Logit(p[0]), s[1].Logit(p[1])}
}

// leave trains without the attacks of one source, and without texts of others
// that begin as one of them does, and reports what is said to it. The
// thresholds are those of the whole.
func (l *learner) leave(source string) {
	theirs := map[string]bool{}
	for _, f := range l.families {
		for _, t := range f.Texts {
			theirs[attacks.Begin(t)] = theirs[attacks.Begin(t)] || f.Source == source && f.Attack
		}
	}
	use := func(f attacks.Family, i int) bool {
		return !f.Attack || f.Source != source && !theirs[attacks.Begin(f.Texts[i])]
	}
	m, s := l.train(use), l.second(use)
	kept := l.unseen
	l.unseen = make([][][2]float64, len(l.families))
	for n, f := range l.families {
		l.unseen[n] = make([][2]float64, len(f.Texts))
		for i := range f.Texts {
			if f.Source == source && f.Attack {
				l.unseen[n][i] = decided(s, m.Profiles(l.study(n, i)))
			}
		}
	}
	l.report(fmt.Sprintf("learnt from no attack of %s", source), func(f attacks.Family) bool { return f.Source == source && f.Attack })
	l.unseen = kept
}

// learn trains on everything, with the thresholds that fold found.
func (l *learner) learn() *classify.Model {
	all := func(attacks.Family, int) bool { return true }
	m := l.train(all)
	for h, s := range l.second(all) {
		m.Decide(classify.Head(h), s, l.flag[h], l.block[h])
	}
	return m
}
