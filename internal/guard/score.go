package guard

import (
	"ringfence/internal/guard/classify"
)

// The classifier stands beside the rules: it knows what attacks read like, in
// words no rule has. These are its names where a rule's id is asked for.
const (
	directRule   = "classifier.direct"
	indirectRule = "classifier.indirect"
)

// readsLike is the reason of a verdict that the classifier gives alone; where
// a rule saw something in the same words, its reason says more.
const readsLike = "reads_like_attack"

// Study returns a text as the classifier sees it, for the command that trains
// it.
func (g *Guard) Study(text string, o Origin) []classify.Token {
	ts := tokens(text, g.rules.concepts)
	return g.meant(spoken(text, ts), g.hits(text, ts, o))
}

// meant adds to the words of a text what they mean in any language and which
// rules fired at them.
func (g *Guard) meant(ts []token, hits []hit) []classify.Token {
	out := make([]classify.Token, len(ts))
	marks := make([]uint32, 0, len(ts)/2+len(hits))
	var places []place
	var word []byte
	next := 0
	for i := range ts {
		t := &ts[i]
		out[i].Word = t.word
		out[i].Begins = i == 0 || t.pos-ts[i-1].pos > 1
		places = g.rules.concepts.find(places[:0], t.word)
		if len(places) == 0 && t.mixed {
			word = unleet(word[:0], t.word, 'i')
			if places = g.rules.concepts.find(places, word); len(places) > 0 {
				out[i].Word = append([]byte(nil), word...)
			}
		}
		from := len(marks)
		for _, p := range places {
			marks = append(marks, g.rules.marks[p.seq])
		}
		out[i].Concepts = marks[from:len(marks):len(marks)]
		from = len(marks)
		for ; next < len(hits) && hits[next].pos <= t.pos; next++ {
			marks = append(marks, g.rules.list[hits[next].rule].mark)
		}
		out[i].Rules = marks[from:len(marks):len(marks)]
	}
	return out
}

// classify reports what a reading reads like.
func (g *Guard) classify(f *findings, r reading, ts []token, hits []hit, o Origin) {
	if ts = spoken(r.text, ts); len(ts) == 0 || o == System {
		return // a system text is made of orders
	}
	words := g.meant(ts, hits)
	found := g.model.Score(words)
	for h, rule := range [...]string{directRule, indirectRule} {
		if h == int(classify.Indirect) && trusting(o) || g.off[rule] {
			continue
		}
		w := found[h]
		start, end := ts[w.From].start, ts[w.To-1].end
		v := Verdict{Reason: readsLike, Rule: rule, Score: r.likely(w.Logit), Evidence: excerpt(r.text, start, end)}
		if r.kind != "" {
			v.Rule += "/" + r.kind
		}
		if len(ts) > w.To-w.From && v.Score >= notable {
			v.Alone = r.likely(g.model.Score(words[w.From:w.To])[h].Logit)
		}
		if best := strongest(g.rules, hits, start, end); best != nil {
			v.Reason, v.Score = best.reason, agreed(v.Score, best.score)
		}
		if v.Score > f.like.Score {
			f.like = v
		}
	}
}

// notable is the score from which it is told what the loudest words would be
// worth without the text around them.
const notable = 0.4

// agreed is the score of words that both read like an attack and that a rule
// saw something in. The classifier knows the rules, so a rule counts half.
func agreed(score, rule float64) float64 {
	if score < 0.5 {
		return score
	}
	return 1 - (1-score)*(1-rule/2)
}

// likely is the score of a logit, raised where the text was hidden.
func (r reading) likely(logit float64) float64 {
	if r.covert() {
		logit += hiddenLogit
	}
	return classify.Likely(logit)
}

// hiddenLogit is what hiding adds: half a chance becomes 0.6.
const hiddenLogit = 0.4

// trusting reports whether orders are what a text of o is made of; the question
// whether it gives any would be beside the point.
func trusting(o Origin) bool { return o == System || o == Operator || o == User }

// strongest returns the rule with the highest score that saw something within
// text[start:end], or nil.
func strongest(rs *rules, hits []hit, start, end int) (best *rule) {
	for _, h := range hits {
		if l := &rs.list[h.rule]; h.start < end && h.end > start && (best == nil || l.score > best.score) {
			best = l
		}
	}
	return best
}
