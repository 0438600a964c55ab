package main

import (
	"hash/fnv"
	"strings"

	"ringfence/bench/attacks"
	"ringfence/internal/guard"
	"ringfence/internal/guard/classify"
)

// learner knows what is learnt from and what is kept apart.
type learner struct {
	guard     *guard.Guard
	corpora   []attacks.Family
	own, held []attacks.Family
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
	case f.Attack && (f.Technique == "different_user_input_language" || f.Technique == "indirect_reference"):
		return share{}, false // questions like any other: only a system text makes them attacks
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
	case f.Source == "spikee":
		return share{says: [2]int8{no, 0}, weight: 1}, true
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

// kept reports whether a text of a corpus is held out: one in five, by its
// beginning, so that texts that begin alike fall on one side.
func kept(text string) bool { return hashOf(begin(text))%5 == 0 }

func hashOf(s string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(s))
	return h.Sum32()
}

// begin is what two copies of a text have in common.
func begin(text string) string {
	var b strings.Builder
	for _, w := range strings.Fields(strings.ToLower(text)) {
		if b.Len() > 60 {
			break
		}
		b.WriteString(w)
	}
	return b.String()
}

// examples returns what is learnt from when one source is left out. Texts of
// other sources that begin as one of it does are left out, too.
func (l *learner) examples(without string) (out []classify.Example) {
	unseen := map[string]bool{}
	for _, f := range l.corpora {
		if f.Source == without && f.Attack {
			for _, t := range f.Texts {
				unseen[begin(t)] = true
			}
		}
	}
	for _, f := range append(append([]attacks.Family(nil), l.corpora...), l.own...) {
		s, ok := shareOf(f)
		if !ok || f.Attack && f.Source == without {
			continue
		}
		n := 0
		for _, t := range f.Texts {
			if f.Source != "own" && kept(t) || f.Attack && unseen[begin(t)] || s.most > 0 && n >= s.most {
				continue
			}
			n++
			out = append(out, classify.Example{Tokens: l.guard.Study(t, f.Origin), Says: s.says, Weight: s.weight})
		}
	}
	return out
}
