package guard

import (
	"slices"
	"testing"
)

// fires reports whether rule number id sees something in an example, thresholds
// aside.
func fires(id int, e example) bool {
	o := e.origin
	if o == "" {
		o = Review
	}
	ts := tokens(e.text)
	m := newMatcher(loaded())
	hits := m.sequences(ts)
	hits = append(hits, m.fixed(e.text, ts)...)
	hits = append(hits, shapes(loaded(), e.text, ts)...)
	return loaded().list[id].applies(o) && slices.ContainsFunc(hits, func(h hit) bool { return int(h.rule) == id })
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
				if !fires(i, e) {
					t.Errorf("does not catch %q", e.text)
				}
			}
			for _, e := range r.leave {
				if fires(i, e) {
					t.Errorf("does not leave %q alone", e.text)
				}
			}
		})
	}
}
