package residency

import (
	"net/netip"
	"sync"
	"time"
)

// OwnAddrsEvery returns a Dialer's Own that asks the interfaces at most once in
// the given time: it costs more than the rest of a decision. An address that
// the machine was given since is not known as its own for as long.
func OwnAddrsEvery(span time.Duration) func() ([]netip.Addr, error) {
	var mu sync.Mutex
	var asked time.Time
	var own []netip.Addr
	return func() ([]netip.Addr, error) {
		mu.Lock()
		defer mu.Unlock()
		if own != nil && time.Since(asked) < span {
			return own, nil
		}
		found, err := OwnAddrs()
		if err != nil {
			return nil, err
		}
		own, asked = found, time.Now()
		return own, nil
	}
}
