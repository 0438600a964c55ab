package stat_test

import (
	"math"
	"testing"

	"ringfence/internal/stat"
)

// 81 of 263 is an example of Newcombe's (Statistics in Medicine 17, 1998).
func TestWilson(t *testing.T) {
	for _, c := range []struct {
		hit, n    int
		low, high float64
	}{
		{0, 0, 0, 1}, {0, 10, 0, .2775}, {10, 10, .7225, 1}, {5, 10, .2366, .7634}, {81, 263, .2553, .3662},
	} {
		low, high := stat.Wilson(c.hit, c.n)
		if math.Abs(low-c.low) > 5e-5 || math.Abs(high-c.high) > 5e-5 {
			t.Errorf("%d of %d: %.4f to %.4f, want %.4f to %.4f", c.hit, c.n, low, high, c.low, c.high)
		}
	}
}
