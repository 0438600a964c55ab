package meter_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"ringfence/internal/meter"
)

// spent is the true use of one admitted call.
type spent struct {
	at     time.Duration
	tokens int
}

// crowd is many clients of one integration that reserve, run, settle and sometimes
// forget to settle.
type crowd struct {
	m       *meter.Meter
	l       meter.Limits
	start   time.Time
	running atomic.Int32
	peak    atomic.Int32
	mu      sync.Mutex
	log     []spent
}

func (c *crowd) client(ctx context.Context, name string, calls int, rnd *rand.Rand) {
	for n := range calls {
		tokens := 1 + rnd.IntN(c.l.TokensPerMinute)
		h, err := c.m.Reserve(ctx, fmt.Sprint(name, "/", n), "shop", c.l, tokens)
		at := time.Since(c.start)
		if err != nil {
			time.Sleep(time.Duration(rnd.IntN(2_000)) * time.Millisecond)
			continue
		}
		now := c.running.Add(1)
		for p := c.peak.Load(); now > p && !c.peak.CompareAndSwap(p, now); p = c.peak.Load() {
		}
		time.Sleep(time.Duration(rnd.IntN(40_000)) * time.Millisecond)
		used := tokens * rnd.IntN(2) // all or nothing: the largest credits
		if rnd.IntN(5) > 0 {
			h.Settle(used)
		}
		c.mu.Lock()
		c.log = append(c.log, spent{at, used})
		c.mu.Unlock()
		c.running.Add(-1)
		h.Release()
		h.Release()
	}
}

// slack is the longest wait for a permit.
const slack = time.Second

// The law of the meter: whatever parallel clients do, the true use of the calls
// admitted in any span of w never exceeds budget * (1 + w/minute), and no more of
// them run at once than may.
func TestParallelClientsNeverOverspend(t *testing.T) {
	for seed := range uint64(20) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := &crowd{
					m:     meter.New(meter.Options{Concurrent: 9, Queue: 10, Wait: slack, TTL: 45 * time.Second}),
					l:     meter.Limits{TokensPerMinute: 3000, Concurrent: 4},
					start: time.Now(),
				}
				var wg sync.WaitGroup
				for n := range 12 {
					wg.Go(func() { c.client(t.Context(), fmt.Sprint(n), 200, rand.New(rand.NewPCG(seed, uint64(n)))) })
				}
				wg.Wait()
				checkSpans(t, c.log, c.l.TokensPerMinute)
				if p := c.peak.Load(); p != 4 {
					t.Errorf("%d calls ran at once, want the limit of 4 reached and kept", p)
				}
			})
		})
	}
}

// checkSpans looks at every span that begins and ends with an admitted call. The
// time of admission is read after Reserve returned, so waiting in the queue can
// only move two calls closer; tokens are taken before, hence the slack of one wait.
func checkSpans(t *testing.T, log []spent, limit int) {
	t.Helper()
	slices.SortFunc(log, func(a, b spent) int { return int(a.at - b.at) })
	tightest := 0.0
	for i := range log {
		sum := 0
		for _, e := range log[i:] {
			sum += e.tokens
			may := float64(limit) * (1 + (e.at - log[i].at + slack).Minutes())
			tightest = max(tightest, float64(sum)/may)
			if float64(sum) > may {
				t.Fatalf("%d tokens between %v and %v, may be %.0f", sum, log[i].at, e.at, may)
			}
		}
	}
	if len(log) < 50 || tightest < 0.3 {
		t.Fatalf("the crowd was too tame to prove anything: %d calls, %.0f %% of the budget", len(log), 100*tightest)
	}
}

// Callers that ask once and never come back must not fill the memory, whatever they
// are called, and must not lose their use by being forgotten early.
func TestIdleAccountsAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := meter.New(meter.Options{})
		l := meter.Limits{RequestsPerMinute: 1, TokensPerMinute: 10}
		for n := range 20_000 {
			id := fmt.Sprint("shop ", n)
			if err := m.Admit(id, l); err != nil {
				t.Fatal(err)
			}
			refused(t, m.Admit(id, l), meter.ReasonRequests)
			h, err := m.Reserve(t.Context(), "c", id, l, 10)
			if err != nil {
				t.Fatal(err)
			}
			h.Settle(10)
			h.Release()
			time.Sleep(time.Second)
		}
		if n := m.Accounts(); n > 1100 {
			t.Errorf("%d accounts kept, 60 of them busy in the last minute", n)
		}
	})
}
