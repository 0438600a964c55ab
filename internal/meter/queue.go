package meter

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// queue hands out permits: first come, first served among those whose integration
// has a permit free, so that one integration at its own limit holds up nobody.
type queue struct {
	running int
	waiting []*waiter
	usual   time.Duration // moving average of how long a permit is held
}

type waiter struct {
	acct    *account
	limit   int           // of the integration; 0: unlimited
	granted chan struct{} // closed under Meter.mu
	done    bool
}

// join takes a permit at once (nil, nil), or enters the queue, or is refused.
func (m *Meter) join(a *account, l Limits) (*waiter, error) {
	q := &m.queue
	engine := m.o.Concurrent <= 0 || q.running < m.o.Concurrent
	own := l.Concurrent <= 0 || a.running < l.Concurrent
	switch {
	case engine && own && (l.Concurrent <= 0 || a.waiting == 0):
		// Nobody older is passed over: a free engine with waiters means that
		// each of them waits for a permit of its own integration.
		q.running++
		a.running++
		return nil, nil
	case l.Concurrent > 0 && a.waiting >= l.Concurrent, !own && m.o.Queue == 0:
		return nil, m.busy(ReasonConcurrency, l)
	case len(q.waiting) >= m.o.Queue:
		return nil, m.busy(ReasonQueueFull, l)
	}
	w := &waiter{acct: a, limit: l.Concurrent, granted: make(chan struct{})}
	q.waiting = append(q.waiting, w)
	a.waiting++
	return w, nil
}

// await returns nil once w has its permit.
func (m *Meter) await(ctx context.Context, w *waiter) error {
	var late <-chan time.Time
	if m.o.Wait > 0 {
		t := time.NewTimer(m.o.Wait)
		defer t.Stop()
		late = t.C
	}
	select {
	case <-w.granted:
		return nil
	case <-late:
	case <-ctx.Done():
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if w.done {
		return nil // granted while we woke up: use it
	}
	m.queue.waiting = slices.DeleteFunc(m.queue.waiting, func(o *waiter) bool { return o == w })
	w.acct.waiting--
	if err := ctx.Err(); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	l := Limits{Concurrent: w.limit}
	if w.limit > 0 && w.acct.running >= w.limit {
		return m.busy(ReasonConcurrency, l)
	}
	return m.busy(ReasonQueueWait, l)
}

// leave gives a permit back and passes it on.
func (m *Meter) leave(a *account, held time.Duration) {
	q := &m.queue
	q.running--
	a.running--
	if q.usual == 0 {
		q.usual = held
	}
	q.usual += (held - q.usual) / 8
	q.waiting = slices.DeleteFunc(q.waiting, func(w *waiter) bool {
		engine := m.o.Concurrent <= 0 || q.running < m.o.Concurrent
		own := w.limit <= 0 || w.acct.running < w.limit
		if !engine || !own {
			return false
		}
		q.running++
		w.acct.running++
		w.acct.waiting--
		w.done = true
		close(w.granted)
		return true
	})
}

// busy builds the refusal; the advice is how long the queue usually takes to drain.
func (m *Meter) busy(reason string, l Limits) error {
	lanes, detail := max(1, m.o.Concurrent), ""
	switch reason {
	case ReasonConcurrency:
		lanes = l.Concurrent
		detail = fmt.Sprintf("This integration may have %d calls at once, and they are all in use", l.Concurrent)
	case ReasonQueueFull:
		detail = fmt.Sprintf("The engine is busy and all %d places of the queue are taken", m.o.Queue)
	case ReasonQueueWait:
		detail = "The engine stayed busy for as long as this call could wait"
	}
	retry := m.queue.usual * time.Duration(len(m.queue.waiting)+1) / time.Duration(lanes)
	retry = min(max(retry, time.Second), time.Minute)
	return &LimitError{reason, retry, fmt.Sprintf("%s; try again in %v.", detail, seconds(retry))}
}
