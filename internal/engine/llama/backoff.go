package llama

import "time"

// How a server that ends by itself is started again: soon at first, then ever
// later, and after maxCrashes in a row not at all. One that was ready for a
// while starts a new count.
const (
	firstDelay = 200 * time.Millisecond
	maxDelay   = 30 * time.Second
	maxCrashes = 5
	goodLife   = 2 * time.Minute
)

// A backoff counts crashes.
type backoff struct{ crashes int }

// next says how long to wait after a crash, or that it was one too many. ready
// is how long the server had been ready; 0 if it never was.
func (b *backoff) next(ready time.Duration) (delay time.Duration, again bool) {
	if ready >= goodLife {
		b.crashes = 0
	}
	b.crashes++
	return min(maxDelay, firstDelay<<(b.crashes-1)), b.crashes < maxCrashes
}
