package tagger

import (
	"cmp"
	"maps"
	"math"
	"slices"
)

// weightScale is what one count of a stored weight is worth.
const weightScale = 1.0 / 32

func (t *trainer) transitions() *transitions {
	out := &transitions{}
	for a := range t.trans {
		for b := range t.trans[a] {
			out[a][b] = t.trans[a][b].w
		}
	}
	return out
}

// best returns the features that matter most: large weights, often met.
func (t *trainer) best(examples []Example) []learnt {
	met := make([]uint64, 1<<26) // a bit for each feature
	worth := map[uint32]float32{}
	for _, e := range examples {
		t.each(e, func() {
			for i := range t.words {
				for _, f := range t.describe(i) {
					if met[f>>6]&(1<<(f&63)) == 0 {
						met[f>>6] |= 1 << (f & 63)
						if v := t.worth(f); v > 0 {
							worth[f] = v
						}
					}
				}
			}
		})
	}
	features := slices.SortedFunc(maps.Keys(worth), func(a, b uint32) int {
		return cmp.Or(cmp.Compare(worth[b], worth[a]), cmp.Compare(a, b))
	})
	var out []learnt
	for _, f := range features[:min(len(features), t.Keep)] {
		out = append(out, learnt{f, t.round(f)})
	}
	return out
}

// worth is 0 for what rounds to nothing.
func (t *trainer) worth(f uint32) float32 {
	n := t.seen[f>>(32-seenBits)]
	w := t.slots[f>>(32-slotBits)].w
	if n < rare || t.round(f) == [labels - 1]int8{} {
		return 0
	}
	most := max(w[0], -w[0], w[1], -w[1], w[2], -w[2], w[3], -w[3])
	return most * float32(math.Log(1+float64(n)))
}

// round makes bytes of a feature's weights. With all features there, each counts for less.
func (t *trainer) round(f uint32) (out [labels - 1]int8) {
	for k, v := range t.slots[f>>(32-slotBits)].w {
		out[k] = int8(max(-127, min(127, math.Round(float64(v)*(1-t.Drop)/weightScale))))
	}
	return out
}
