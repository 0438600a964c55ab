package llama

import "time"

// How a server that ends by itself is started again: soon at first, then ever
// later. One that was ready for a while starts a new count. One that was never
// ready is given up after maxCrashes: it will not be the next time either. One
// that was ready once is never given up, or a few prompts that crash it could
// switch the store's AI off.
const (
	firstDelay = 200 * time.Millisecond
	maxDelay   = 30 * time.Second
	maxCrashes = 5
	goodLife   = 2 * time.Minute
)

// A backoff counts crashes.
type backoff struct {
	crashes int
	worked  bool // it was ready at least once
}

// next says how long to wait after a crash, or that it was one too many. ready
// is how long the server had been ready; 0 if it never was.
func (b *backoff) next(ready time.Duration) (delay time.Duration, again bool) {
	if ready >= goodLife {
		b.crashes = 0
	}
	b.worked = b.worked || ready > 0
	b.crashes++
	return min(maxDelay, firstDelay<<min(b.crashes-1, 10)), b.worked || b.crashes < maxCrashes
}
