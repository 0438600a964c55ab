package meter_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"ringfence/internal/meter"
)

// line starts calls one after another and notes the order in which they get their
// permit.
type line struct {
	t     *testing.T
	m     *meter.Meter
	mu    sync.Mutex
	order []string
	holds map[string]*meter.Hold
}

func newLine(t *testing.T, m *meter.Meter) *line {
	return &line{t: t, m: m, holds: map[string]*meter.Hold{}}
}

func (q *line) call(name, id string, l meter.Limits) {
	go func() {
		h, err := q.m.Reserve(q.t.Context(), name, id, l, 1)
		q.mu.Lock()
		defer q.mu.Unlock()
		if err != nil {
			q.order = append(q.order, name+" refused")
			return
		}
		q.order = append(q.order, name)
		q.holds[name] = h
	}()
	synctest.Wait()
}

func (q *line) release(name string) {
	q.holds[name].Release()
	synctest.Wait()
}

func (q *line) expect(want ...string) {
	q.t.Helper()
	q.mu.Lock()
	defer q.mu.Unlock()
	if !reflect.DeepEqual(q.order, want) {
		q.t.Fatalf("permits went to %v, want %v", q.order, want)
	}
}

func TestPermitsGoFirstComeFirstServed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newLine(t, meter.New(meter.Options{Concurrent: 1, Queue: 4}))
		for _, name := range []string{"a", "b", "c", "d"} {
			q.call(name, "shop", meter.Limits{})
		}
		q.expect("a")
		q.release("a")
		q.expect("a", "b")
		q.release("a") // a second release must not free another permit
		q.expect("a", "b")
		q.release("b")
		q.release("c")
		q.expect("a", "b", "c", "d")
	})
}

func TestAnIntegrationAtItsLimitHoldsUpNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newLine(t, meter.New(meter.Options{Concurrent: 2, Queue: 4}))
		one := meter.Limits{Concurrent: 1}
		q.call("a1", "a", one)
		q.call("a2", "a", one)
		q.call("b1", "b", one)
		q.expect("a1", "b1")
		q.call("c1", "c", one)
		q.release("b1") // a2 is older, but a is still at its limit
		q.expect("a1", "b1", "c1")
		q.release("a1")
		q.expect("a1", "b1", "c1", "a2")
	})
}

func TestRefusalsOfTheQueue(t *testing.T) {
	cases := []struct {
		name   string
		o      meter.Options
		l      meter.Limits
		ahead  int // calls running or waiting before ours
		within time.Duration
		reason string
	}{
		{"no queue", meter.Options{Concurrent: 1}, meter.Limits{}, 1, 0, meter.ReasonQueueFull},
		{"queue full", meter.Options{Concurrent: 1, Queue: 2}, meter.Limits{}, 3, 0, meter.ReasonQueueFull},
		{"wait over", meter.Options{Concurrent: 1, Queue: 2, Wait: 5 * time.Second}, meter.Limits{}, 2, 5 * time.Second, meter.ReasonQueueWait},
		{"deadline of the call", meter.Options{Concurrent: 1, Queue: 2}, meter.Limits{}, 2, time.Minute, meter.ReasonQueueWait},
		{"own limit, no queue", meter.Options{}, meter.Limits{Concurrent: 2}, 2, 0, meter.ReasonConcurrency},
		{"own limit, wait over", meter.Options{Queue: 9, Wait: time.Second}, meter.Limits{Concurrent: 2}, 2, time.Second, meter.ReasonConcurrency},
		{"as many may wait as may run", meter.Options{Queue: 9}, meter.Limits{Concurrent: 2}, 4, 0, meter.ReasonConcurrency},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := meter.New(c.o)
				ctx, stop := context.WithTimeout(t.Context(), time.Hour)
				defer synctest.Wait()
				defer stop()
				for n := range c.ahead {
					go m.Reserve(ctx, fmt.Sprint(n), "shop", c.l, 1)
					synctest.Wait()
				}
				start := time.Now()
				ours, cancel := context.WithTimeout(ctx, time.Minute)
				defer cancel()
				_, err := m.Reserve(ours, "ours", "shop", c.l, 1)
				e := refused(t, err, c.reason)
				if waited := time.Since(start); waited > c.within {
					t.Errorf("waited %v, want %v", waited, c.within)
				}
				if e.RetryAfter < time.Second || e.RetryAfter > time.Minute {
					t.Errorf("RetryAfter = %v, want between 1s and 1m", e.RetryAfter)
				}
			})
		})
	}
}

func TestACallerWhoLeavesTheQueueLeavesNothingBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := meter.New(meter.Options{Concurrent: 1, Queue: 1})
		l := meter.Limits{TokensPerMinute: 100}
		running := reserve(t, m, "running", meter.Limits{}, 0)
		ctx, gone := context.WithCancel(t.Context())
		errs := make(chan error)
		go func() {
			_, err := m.Reserve(ctx, "waiting", "shop", l, 100)
			errs <- err
		}()
		synctest.Wait()
		gone()
		if err := <-errs; !errors.Is(err, context.Canceled) {
			t.Fatalf("got %v, want context.Canceled", err)
		}
		running.Release()
		reserve(t, m, "next", l, 100) // the tokens, the place and the permit are free again
	})
}

func TestRetryAfterLearnsHowLongCallsTake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := meter.New(meter.Options{Concurrent: 1})
		for n := range 20 {
			h := reserve(t, m, fmt.Sprint(n), meter.Limits{}, 1)
			time.Sleep(20 * time.Second)
			h.Release()
		}
		reserve(t, m, "running", meter.Limits{}, 1)
		_, err := m.Reserve(t.Context(), "ours", "shop", meter.Limits{}, 1)
		if e := refused(t, err, meter.ReasonQueueFull); e.RetryAfter != 20*time.Second {
			t.Errorf("RetryAfter = %v, want the usual 20s", e.RetryAfter)
		}
	})
}
