package guard

import (
	"slices"
	"testing"
)

// fires reports which rules see something in a text, thresholds aside.
func fires(t *testing.T, r *rule, e example) bool {
	t.Helper()
	o := e.origin
	if o == "" {
		o = Review
	}
	g := newGuard(t, Policy{})
	f := findings{}
	rs := readings{list: []reading{{text: e.text}}}
	id := slices.IndexFunc(g.rules.list, func(x rule) bool { return x.id == r.id })
	ts := tokens(e.text)
	m := newMatcher(g.rules)
	hits, _ := m.sequences(ts)
	hits = append(hits, m.fixed(e.text, ts)...)
	hits = append(hits, shapes(g.rules, e.text, ts)...)
	_, _ = f, rs
	return r.applies(o) && slices.ContainsFunc(hits, func(h hit) bool { return int(h.rule) == id })
}

func newGuard(t testing.TB, p Policy) *Guard {
	t.Helper()
	g, err := New(p)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestRulesCatchAndLeave(t *testing.T) {
	for i := range loaded().list {
		r := &loaded().list[i]
		t.Run(r.id, func(t *testing.T) {
			if r.reason == "" || r.score <= 0 || r.score >= 1 || len(r.catch) == 0 || len(r.leave) == 0 {
				t.Fatalf("needs a reason, a score between 0 and 1, something to catch and something to leave: %+v", r)
			}
			for _, e := range r.catch {
				if !fires(t, r, e) {
					t.Errorf("does not catch %q", e.text)
				}
			}
			for _, e := range r.leave {
				if fires(t, r, e) {
					t.Errorf("does not leave %q alone", e.text)
				}
			}
		})
	}
}
