package guard

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// windowWords is how far apart two signals may be and still add up: a few
// sentences. Over a whole document harmless words would add up to an attack,
// and an attack would drown in harmless words.
const windowWords = 80

// piece judges one piece in every way it can be read. The score is that of the
// worst, whatever the thresholds.
func (g *Guard) piece(p Piece, surface string) ([]Verdict, float64) {
	origin := g.policy.known(p.Origin)
	f := findings{}
	g.concealed(&f, p.Text, origin)
	rs := readings{list: []reading{{text: p.Text}}}
	for i := 0; i < len(rs.list); i++ {
		g.read(&f, &rs, rs.list[i], origin)
	}
	return f.verdicts(g.policy.limit(surface, origin), p.Where), max(f.window.Score, f.like.Score)
}

// concealed reports characters and elements that nobody sees where nobody has a
// reason to put them.
func (g *Guard) concealed(f *findings, text string, o Origin) {
	if o == System || o == Operator || g.off[hiddenText] {
		return
	}
	if c := conceals(text); c.score() > 0 {
		f.add(Verdict{Reason: hiddenText, Rule: hiddenText, Score: c.score(), Evidence: excerpt(text, max(c.at, 0), c.at+1)})
	}
	if m := marked(text); o != User && m.worded() {
		f.add(Verdict{Reason: hiddenText, Rule: hiddenText + "/markup", Score: hiddenMarkup, Evidence: excerpt(text, m.at, m.at+80)})
	}
}

// hiddenText is reason and rule of what a reader does not see.
const hiddenText = "hidden_text"

// hiddenMarkup is the score of words in a comment or an invisible element, by
// itself: odd in a review, sometimes a theme's doing in a product text.
const hiddenMarkup = 0.5

// read matches one reading and adds what is encoded in it to rs.
func (g *Guard) read(f *findings, rs *readings, r reading, o Origin) {
	ts := tokens(r.text, g.rules.concepts)
	hits := g.hits(r.text, ts, o)
	f.windows(g.rules, hits, r)
	g.classify(f, r, ts, hits, o)
	rs.decode(r)
	rs.disguised(r, ts, g.rules.lexicon)
}

// hits returns what the rules see in a text of o, in the order of its words.
func (g *Guard) hits(text string, ts []token, o Origin) []hit {
	m := newMatcher(g.rules)
	hits := m.sequences(ts)
	hits = m.fixed(hits, text, ts)
	m.free(ts)
	hits = append(hits, shapes(g.rules, text, ts)...)
	hits = slices.DeleteFunc(hits, func(h hit) bool {
		return !g.rules.list[h.rule].applies(o) || g.off[g.rules.list[h.rule].id]
	})
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Compare(a.pos, b.pos) })
	return hits
}

// findings collects the strongest verdict per reason and the strongest window.
type findings struct {
	best   map[string]Verdict
	window Verdict // of the highest combined score
	like   Verdict // of the classifier, the highest
}

func (f *findings) add(v Verdict) {
	if f.best == nil {
		f.best = map[string]Verdict{}
	}
	if old, ok := f.best[v.Reason]; !ok || v.Score > old.Score {
		f.best[v.Reason] = v
	}
	if v.Score > f.window.Score {
		f.window = v
	}
}

// windows adds up the signals of each window. A rule counts once in a window,
// with its latest hit.
func (f *findings) windows(rs *rules, hits []hit, r reading) {
	if len(hits) == 0 {
		return
	}
	latest := map[uint16]hit{} // of the rules in the window
	named := map[uint16]bool{}
	for _, h := range hits {
		old, again := latest[h.rule]
		latest[h.rule] = h
		if again && h.pos-old.pos <= windowWords {
			continue
		}
		maps.DeleteFunc(latest, func(_ uint16, l hit) bool { return h.pos-l.pos > windowWords })
		if !named[h.rule] {
			named[h.rule] = true
			f.add(verdict(rs, h, r, r.score(rs.list[h.rule].score)))
		}
		f.combine(rs, slices.Collect(maps.Values(latest)), r)
	}
}

// combine scores the hits of one window: the chance that at least one is right,
// were they independent. Hits that see the same words are not, so of those only
// the strongest counts.
func (f *findings) combine(rs *rules, hits []hit, r reading) {
	slices.SortFunc(hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(rs.list[b.rule].score, rs.list[a.rule].score), cmp.Compare(a.rule, b.rule))
	})
	miss := 1.0
	for i, h := range hits {
		if !slices.ContainsFunc(hits[:i], h.overlaps) {
			miss *= 1 - r.score(rs.list[h.rule].score)
		}
	}
	if 1-miss > f.window.Score {
		f.window = verdict(rs, hits[0], r, 1-miss)
	}
}

// score raises the score of a signal that was hidden.
func (r reading) score(s float64) float64 {
	if r.covert() {
		return 1 - (1-s)*0.6
	}
	return s
}

func verdict(rs *rules, h hit, r reading, score float64) Verdict {
	return Verdict{Reason: rs.list[h.rule].reason, Rule: ruleName(rs, h.rule, r), Score: score, Evidence: excerpt(r.text, h.start, h.end)}
}

func ruleName(rs *rules, id uint16, r reading) string {
	if r.kind == "" {
		return rs.list[id].id
	}
	return rs.list[id].id + "/" + r.kind
}

// verdicts turns findings into actions: the best window or the classifier
// decides, whichever asks for more, and every other reason that is above the
// flag threshold by itself is named. Where both ask for the same, the rules go
// first, since they say more.
func (f *findings) verdicts(limit Threshold, where string) []Verdict {
	top := f.window
	if limit.action(f.like.Score) > limit.action(top.Score) {
		top = f.like
	}
	top.Score = max(f.window.Score, f.like.Score)
	top.Action, top.Where = limit.action(top.Score), where
	if top.Action == Allow {
		return nil
	}
	out := []Verdict{top}
	for reason, v := range f.best {
		if v.Action, v.Where = limit.action(v.Score), where; v.Action != Allow && (reason != top.Reason || top.Rule == f.like.Rule) {
			out = append(out, v)
		}
	}
	slices.SortFunc(out[1:], func(a, b Verdict) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(a.Reason, b.Reason))
	})
	return out
}

// maxExcerpt bounds an excerpt, in bytes.
const maxExcerpt = 160

// excerpt quotes text[start:end] with a little around it, on one line.
func excerpt(text string, start, end int) string {
	start, end = max(0, start-24), min(len(text), end+24)
	if start > len(text) {
		return ""
	}
	if end-start > maxExcerpt {
		end = start + maxExcerpt
	}
	for start > 0 && start < len(text) && !utf8.RuneStart(text[start]) {
		start--
	}
	for end < len(text) && !utf8.RuneStart(text[end]) {
		end--
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7F || hidden(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text[start:end], "?"))
}
