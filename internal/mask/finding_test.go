package mask

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestSettleUncoversNothing lays random findings over a text: settled, they are in order, disjoint, and cover
// every letter and digit that was covered before.
func TestSettleUncoversNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	const s = "ab, cd. ef-gh 12 34 (ij) kl@mn op"
	for range 50_000 {
		var found []finding
		covered := make([]bool, len(s))
		for range r.IntN(7) {
			start := r.IntN(len(s))
			f := finding{start: start, end: start + 1 + r.IntN(len(s)-start), typ: PERSON, score: uint8(r.IntN(100))}
			found = append(found, f)
			for i := f.start; i < f.end; i++ {
				covered[i] = true
			}
		}
		given := slices.Clone(found)
		last := 0
		for _, f := range settle(found, s) {
			if f.start < last || f.end <= f.start {
				t.Fatalf("%v settles out of order: %v", given, f)
			}
			for i := f.start; i < f.end; i++ {
				covered[i] = false
			}
			last = f.end
		}
		for i, c := range covered {
			if c && isAlnum(s[i]) {
				t.Fatalf("%v: %d is uncovered", given, i)
			}
		}
	}
}

func TestSettlePrefersTheLongerThenTheSurer(t *testing.T) {
	const s = "0123456789"
	for _, c := range []struct{ a, b, first finding }{
		{finding{start: 0, end: 4, score: 99}, finding{start: 0, end: 9, score: 10}, finding{start: 0, end: 9, score: 10}},
		{finding{start: 0, end: 4, score: 10}, finding{start: 0, end: 4, score: 90}, finding{start: 0, end: 4, score: 90}},
		{finding{start: 0, end: 5, score: 90}, finding{start: 4, end: 7, score: 99}, finding{start: 0, end: 5, score: 90}},
		{finding{start: 0, end: 3, score: 99}, finding{start: 2, end: 9, score: 10}, finding{start: 0, end: 2, score: 99}},
		{finding{start: 0, end: 4, score: 9, key: "k"}, finding{start: 0, end: 4, score: 90}, finding{start: 0, end: 4, score: 90, key: "k"}},
	} {
		if got := settle([]finding{c.b, c.a}, s); got[0] != c.first {
			t.Errorf("%v and %v: %v first", c.a, c.b, got[0])
		}
	}
}
