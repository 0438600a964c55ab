package meter_test

import (
	"fmt"
	"sync"
	"testing"

	"ringfence/internal/meter"
)

// A stream, its watchdog and the handler may all end the same call.
func TestAHoldEndsOnceWhoeverEndsIt(t *testing.T) {
	m := meter.New(meter.Options{Concurrent: 2})
	l := meter.Limits{TokensPerMinute: 1_000_000, Concurrent: 2}
	for n := range 200 {
		h := reserve(t, m, fmt.Sprint(n), l, 1000)
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() { h.Settle(0) })
			wg.Go(h.Release)
		}
		wg.Wait()
	}
	// Nothing was used, and exactly two permits exist.
	reserve(t, m, "a", l, 500_000)
	reserve(t, m, "b", l, 490_000)
	_, err := m.Reserve(t.Context(), "c", "shop", l, 1)
	refused(t, err, meter.ReasonConcurrency)
}

func BenchmarkOneCall(b *testing.B) {
	m := meter.New(meter.Options{Concurrent: 1 << 20})
	l := meter.Limits{RequestsPerMinute: 1_000_000_000, TokensPerMinute: 1_000_000_000, Concurrent: 1 << 20}
	b.RunParallel(func(pb *testing.PB) {
		for n := 0; pb.Next(); n++ {
			id := fmt.Sprint("shop ", n%100)
			if err := m.Admit(id, l); err != nil {
				b.Error(err)
			}
			h, err := m.Reserve(b.Context(), fmt.Sprint(&n, n), id, l, 10)
			if err != nil {
				b.Error(err)
				return
			}
			h.Settle(5)
			h.Release()
		}
	})
}
