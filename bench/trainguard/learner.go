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
	unseen   [][][2]float64 // family, text: logits of the fold that left it out
	flag     [2]float64     // logits from which a score is 0.5, and 0.85
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
		return share{says: [2]int8{no, no}, weight: 0.4, most: 6000}, true
	case f.Source == "wikiann":
		return share{says: [2]int8{no, no}, weight: 0.4, most: 2000}, true
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

// examples returns what is learnt from.
func (l *learner) examples(use func(f attacks.Family, text int) bool) (out []classify.Example) {
	for _, f := range l.families {
		s, ok := shareOf(f)
		if !ok {
			continue
		}
		for i, t := range f.Texts {
			if s.most > 0 && i >= s.most {
				break
			}
			if use(f, i) {
				out = append(out, classify.Example{Tokens: l.guard.Study(t, f.Origin), Says: s.says, Weight: s.weight, Group: f.Group(i)})
			}
		}
	}
	return out
}

// fold trains once without each fifth of the texts, to know what is said to
// texts nobody learnt from, and reports it.
func (l *learner) fold() {
	l.unseen = make([][][2]float64, len(l.families))
	for i, f := range l.families {
		l.unseen[i] = make([][2]float64, len(f.Texts))
	}
	for k := range attacks.Folds {
		m := l.train(func(f attacks.Family, i int) bool { return f.Fold(i, attacks.Folds) != k })
		for n, f := range l.families {
			for i, t := range f.Texts {
				if f.Fold(i, attacks.Folds) == k {
					l.unseen[n][i] = logits(m, l.guard.Study(t, f.Origin))
				}
			}
		}
	}
	l.calibrate()
	l.report("learnt from the other two thirds", func(attacks.Family) bool { return true })
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
	m := l.train(func(f attacks.Family, i int) bool {
		return !f.Attack || f.Source != source && !theirs[attacks.Begin(f.Texts[i])]
	})
	kept := l.unseen
	l.unseen = make([][][2]float64, len(l.families))
	for n, f := range l.families {
		l.unseen[n] = make([][2]float64, len(f.Texts))
		for i, t := range f.Texts {
			if f.Source == source && f.Attack {
				l.unseen[n][i] = logits(m, l.guard.Study(t, f.Origin))
			}
		}
	}
	l.report(fmt.Sprintf("learnt from no attack of %s", source), func(f attacks.Family) bool { return f.Source == source && f.Attack })
	l.unseen = kept
}

// learn trains on everything, with the thresholds that fold found.
func (l *learner) learn() *classify.Model {
	m := l.train(func(attacks.Family, int) bool { return true })
	for h := range l.flag {
		m.Calibrate(classify.Head(h), l.flag[h], l.block[h])
	}
	return m
}

func logits(m *classify.Model, ts []classify.Token) [2]float64 {
	found := m.Score(ts)
	return [2]float64{found[0].Logit, found[1].Logit}
}
