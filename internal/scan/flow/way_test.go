package flow

import (
	"math/rand/v2"
	"testing"
)

// TestWays: ways put behind each other are the ways written out, cut at the same length.
func TestWays(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	list := func(s *Step) (out []int32) {
		for ; s != nil; s = s.Before() {
			out = append(out, s.Pos)
		}
		return out
	}
	type both struct {
		lazy  *Step
		plain []int32 // first step first
	}
	pool := []both{}
	for i := range int32(5000) {
		if len(pool) < 2 || i%3 == 0 {
			prev := both{}
			if len(pool) > 0 && i%2 == 0 {
				prev = pool[rnd.IntN(len(pool))]
			}
			next := both{step(nil, i, "", prev.lazy), append(append([]int32{}, prev.plain...), i)}
			pool = append(pool, both{next.lazy, next.plain[:min(len(next.plain), maxWay)]})
			continue
		}
		a, b := pool[rnd.IntN(len(pool))], pool[rnd.IntN(len(pool))]
		joined := append(append([]int32{}, b.plain...), a.plain...)
		pool = append(pool, both{a.lazy.after(b.lazy), joined[:min(len(joined), maxWay)]})
	}
	for _, x := range pool {
		got := list(x.lazy)
		if len(got) != len(x.plain) || int(x.lazy.n) != len(got) || x.lazy.First().Pos != x.plain[0] {
			t.Fatalf("%v is %v", x.plain, got)
		}
		for i, pos := range got {
			if x.plain[len(got)-1-i] != pos {
				t.Fatalf("%v is %v", x.plain, got)
			}
		}
	}
}
