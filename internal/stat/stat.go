// Package stat says how far a rate that was counted can be trusted.
package stat

import "math"

// Wilson returns the 95 % score interval of hit in n, as shares of 1: between
// which rates chance alone would seldom have made the count another one
// (Wilson, 1927). Without any count it is 0 and 1.
func Wilson(hit, n int) (low, high float64) {
	if n == 0 {
		return 0, 1
	}
	const z = 1.96
	p, k := float64(hit)/float64(n), float64(n)
	mid, half := p+z*z/(2*k), z*math.Sqrt(p*(1-p)/k+z*z/(4*k*k))
	low, high = (mid-half)/(1+z*z/k), (mid+half)/(1+z*z/k)
	if hit == 0 {
		low = 0 // and not what rounding leaves
	}
	if hit == n {
		high = 1
	}
	return low, high
}
