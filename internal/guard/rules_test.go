package guard

import (
	"slices"
	"testing"
)

// fires reports whether rule number id sees something in an example, thresholds
// aside.
func fires(rs *rules, id int, e example) bool {
	o := e.origin
	if o == "" {
		o = Review
	}
	ts := tokens(e.text, rs.concepts)
	m := newMatcher(rs)
	hits := append(m.sequences(ts), m.fixed(nil, e.text, ts)...)
	hits = append(hits, shapes(rs, e.text, ts)...)
	return rs.list[id].applies(o) && slices.ContainsFunc(hits, func(h hit) bool { return int(h.rule) == id })
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
		if r := &loaded().list[i]; r.reason == "" || r.score <= 0 || r.score >= 1 {
			t.Errorf("%s needs a reason and a score between 0 and 1", r.id)
		} else if about[r.reason] == "" {
			t.Errorf("%s: nobody says what %s is about", r.id, r.reason)
		}
	}
	catchAndLeave(t, loaded())
}

func TestCuesCatchAndLeave(t *testing.T) { catchAndLeave(t, cues()) }

func catchAndLeave(t *testing.T, rs *rules) {
	for i := range rs.list {
		r := &rs.list[i]
		t.Run(r.id, func(t *testing.T) {
			if len(r.catch) == 0 || len(r.leave) == 0 {
				t.Fatal("needs something to catch and something to leave alone")
			}
			for _, e := range r.catch {
				if !fires(rs, i, e) {
					t.Errorf("does not catch %q", e.text)
				}
			}
			for _, e := range r.leave {
				if fires(rs, i, e) {
					t.Errorf("does not leave %q alone", e.text)
				}
			}
		})
	}
}

func TestBrokenRules(t *testing.T) {
	for _, bad := range []string{
		"seq a b", "rule a\nrule a", "rule a\nseq @nobody", "rule a\nseq <x b", "rule a\nseq", "rule a\nseq don't",
		"rule a\ntext unquoted", "rule a\nscore high", "rule a\ncolour red",
	} {
		if _, err := compile(bad); err == nil {
			t.Errorf("accepted %q", bad)
		}
	}
}
