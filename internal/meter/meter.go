// Package meter bounds what one caller, and all callers together, may use of an
// engine: requests per minute, tokens per minute, calls at the same time.
//
// First step: New, then Admit when a call arrives and Reserve before it is sent;
// Settle the Hold with the true use and Release it after the last byte.
//
// Promise: tokens are taken before a call is sent, so parallel callers cannot
// overspend; a permit is held until Release; waiting is bounded in number and in
// time; wall-clock jumps do not matter. Danger: a Hold that is never released
// keeps its permit for ever, so defer Release in the same function.
package meter

import (
	"fmt"
	"sync"
	"time"
)

// Options size the shared part of a Meter. The zero value bounds nothing.
type Options struct {
	Concurrent int           // calls at the engine at once; 0: unlimited
	Queue      int           // calls that may wait for a permit; 0: none waits
	Wait       time.Duration // longest time in the queue; 0: only the deadline of ctx counts
	TTL        time.Duration // a reservation not settled by then counts as spent; 0: 15 minutes
}

// Limits bound one integration; 0 means unlimited. A rate lets a caller use one
// full minute's budget at once; the budget then comes back evenly, so that a
// window of w seconds never sees more than budget * (1 + w/60).
type Limits struct {
	RequestsPerMinute int
	TokensPerMinute   int
	Concurrent        int
}

// Stable reason codes of a LimitError.
const (
	ReasonRequests    = "rate_limited_requests" // too many requests in a minute
	ReasonTokens      = "rate_limited_tokens"   // too many tokens in a minute
	ReasonConcurrency = "concurrency_limited"   // the caller's own calls fill its permits
	ReasonQueueFull   = "queue_full"            // the engine is busy and the queue has no place
	ReasonQueueWait   = "queue_timeout"         // the engine stayed busy until the deadline
)

// LimitError refuses a call. RetryAfter says when it is worth asking again; 0 means
// that waiting will not help, because the call alone is larger than its limit.
type LimitError struct {
	Reason     string
	RetryAfter time.Duration
	detail     string
}

func (e *LimitError) Error() string { return e.detail }

// Meter keeps the counters. It is safe for concurrent use, owns no goroutine and
// remembers only callers that used something within the last minute.
type Meter struct {
	o     Options
	start time.Time // monotonic base of every duration below

	mu       sync.Mutex
	accounts map[string]*account
	sweepAt  int // number of accounts that triggers the next sweep
	charges  ledger
	queue    queue
}

// account is what one integration used.
type account struct {
	requests, tokens bucket
	running, waiting int
	charges          int // not yet closed; they may still credit or debit this account
}

func (a *account) idle(now time.Duration) bool {
	return a.running == 0 && a.waiting == 0 && a.charges == 0 && a.requests.empty(now) && a.tokens.empty(now)
}

// New returns an empty Meter.
func New(o Options) *Meter {
	if o.TTL <= 0 {
		o.TTL = 15 * time.Minute
	}
	return &Meter{
		o: o, start: time.Now(),
		accounts: map[string]*account{}, sweepAt: minSweep,
		charges: newLedger(),
	}
}

// Admit counts one request of integration id. It returns nil or a *LimitError with
// ReasonRequests.
func (m *Meter) Admit(id string, l Limits) error {
	if l.RequestsPerMinute <= 0 {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	wait, ok := m.account(id, now).requests.take(now, 1, l.RequestsPerMinute)
	if ok {
		return nil
	}
	return &LimitError{ReasonRequests, wait, fmt.Sprintf(
		"This integration may make %d requests per minute; try again in %v.", l.RequestsPerMinute, seconds(wait))}
}

// now is the time since New on the monotonic clock.
func (m *Meter) now() time.Duration { return time.Since(m.start) }

const minSweep = 1024

// account returns the account of id and, whenever the number of accounts doubled,
// drops those that hold nothing: a new account would behave the same.
func (m *Meter) account(id string, now time.Duration) *account {
	m.charges.expire(now - m.o.TTL)
	if a, ok := m.accounts[id]; ok {
		return a
	}
	if len(m.accounts) >= m.sweepAt {
		for old, a := range m.accounts {
			if a.idle(now) {
				delete(m.accounts, old)
			}
		}
		m.sweepAt = max(minSweep, 2*len(m.accounts))
	}
	a := &account{}
	m.accounts[id] = a
	return a
}

// seconds rounds up for a sentence or a Retry-After header.
func seconds(d time.Duration) time.Duration {
	return (d + time.Second - 1).Truncate(time.Second)
}
