package meter

import "time"

// bucket is one GCRA (generic cell rate algorithm, ITU-T I.371): instead of a
// counter it keeps the time at which everything used so far will have drained.
// The distance of that time from now is how full the bucket is; it is full at one
// window. The zero value is an empty bucket.
type bucket struct {
	drained time.Duration
	taken   time.Duration // all drain time ever taken; marks the place of a charge
}

// window is the span a rate is given for, and the burst it allows.
const window = time.Minute

// maxUnits keeps cost within an int64: no call uses a hundred million tokens.
const maxUnits = 100_000_000

// cost is how long n units take to drain at limit units per window, rounded up so
// that rounding never gives anything away. An unlimited bucket drains at once.
func cost(n, limit int) time.Duration {
	if limit <= 0 || n <= 0 {
		return 0
	}
	units := uint64(min(n, maxUnits)) * uint64(window)
	return time.Duration((units + uint64(limit) - 1) / uint64(limit))
}

// take uses n units if they fit. If not, nothing is used and wait says when they
// would fit; 0 means never, because n alone exceeds the limit.
func (b *bucket) take(now time.Duration, n, limit int) (wait time.Duration, ok bool) {
	if limit > 0 && n > limit {
		return 0, false
	}
	c := cost(n, limit)
	if over := max(b.drained, now) + c - now - window; over > 0 && c > 0 {
		return over, false
	}
	b.add(now, c)
	return 0, true
}

// add uses drain time whether it fits or not: a debt, for which later calls wait.
func (b *bucket) add(now, c time.Duration) {
	if c > 0 {
		b.drained = max(b.drained, now) + c
		b.taken += c
	}
}

// giveBack returns c of a charge that was taken when taken stood at mark, but only
// the part of it that has not drained yet. What drained would have been lost to an
// empty bucket too; giving it back would let bursts pile up beyond one window.
func (b *bucket) giveBack(now, c, mark time.Duration) {
	later := b.taken - mark // lies on top of the charge
	b.drained -= min(c, max(0, b.drained-later-now))
}

func (b *bucket) empty(now time.Duration) bool { return b.drained <= now }
