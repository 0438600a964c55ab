package guard

import (
	"math"
	"sync"
	"time"
)

// Memory keeps how suspicious the texts of a conversation and of a customer
// were, so that attempts add up: a hundred probes that each stay below a
// threshold are an attack. It keeps a number per key and no text. Safe for
// concurrent use.
//
// What is kept halves with every half-life and is forgotten when little is
// left, or when there are more keys than it may hold.
type Memory struct {
	o  MemoryOptions
	mu sync.Mutex
	of map[string]*trace
}

// MemoryOptions set up a Memory; a zero field has its default.
type MemoryOptions struct {
	// HalfLife of what is kept. Default 15 minutes.
	HalfLife time.Duration
	// Slow is the weight from which calls must be Pause apart, twice that with
	// every further unit. A blocked call weighs 1. Default 2.
	Slow float64
	// Pause between calls of who is slowed. Default 10 seconds.
	Pause time.Duration
	// Stop is the weight from which nothing is let through until it has halved.
	// Default 5.
	Stop float64
	// Max is how many keys are kept. Default 20,000.
	Max int
}

// trace is what is kept of one key.
type trace struct {
	weight  float64
	at      time.Time // when weight was right
	last    time.Time // call that was let through
	stopped bool
}

// NewMemory returns an empty memory.
func NewMemory(o MemoryOptions) *Memory {
	if o.HalfLife <= 0 {
		o.HalfLife = 15 * time.Minute
	}
	if o.Slow <= 0 {
		o.Slow = 2
	}
	if o.Pause <= 0 {
		o.Pause = 10 * time.Second
	}
	if o.Stop <= 0 {
		o.Stop = 5
	}
	if o.Max <= 0 {
		o.Max = 20_000
	}
	return &Memory{o: o, of: map[string]*trace{}}
}

// Standing is what a memory says about a call.
type Standing struct {
	// Score is the call's own with what came before: only what is suspicious by
	// itself is more so after others.
	Score float64
	// Reason is why the call should be refused: probing_slowed or
	// probing_stopped; "" for no reason.
	Reason string
	// Wait until a call may come again.
	Wait time.Duration
}

// The reasons of a Standing.
const (
	ProbingSlowed  = "probing_slowed"
	ProbingStopped = "probing_stopped"
)

// suspicious is the score from which a text weighs anything.
const suspicious = 0.3

// Before says how those behind keys stand before a call. A key is a pseudonym;
// empty ones do not count.
func (m *Memory) Before(keys ...string) Standing {
	now := time.Now()
	m.mu.Lock()
	defer m.mu.Unlock()
	var s Standing
	for _, k := range keys {
		if t := m.of[k]; t != nil && k != "" {
			s = harder(s, m.standing(t, now))
		}
	}
	if s.Reason == "" {
		for _, k := range keys {
			if t := m.of[k]; t != nil {
				t.last = now
			}
		}
	}
	return s
}

func harder(a, b Standing) Standing {
	if b.Wait > a.Wait {
		return b
	}
	return a
}

// standing says what a key's weight leads to.
func (m *Memory) standing(t *trace, now time.Time) Standing {
	m.fade(t, now)
	if t.stopped = t.weight >= m.o.Stop || t.stopped && t.weight > m.o.Stop/2; t.stopped {
		return Standing{Reason: ProbingStopped, Wait: m.until(t.weight, m.o.Stop/2)}
	}
	if t.weight < m.o.Slow {
		return Standing{}
	}
	pause := time.Duration(float64(m.o.Pause) * math.Exp2(t.weight-m.o.Slow))
	if wait := t.last.Add(pause).Sub(now); wait > 0 {
		return Standing{Reason: ProbingSlowed, Wait: wait}
	}
	return Standing{}
}

// until is how long a weight takes to fade to another.
func (m *Memory) until(from, to float64) time.Duration {
	return time.Duration(math.Log2(math.Max(from/to, 1)) * float64(m.o.HalfLife))
}

// fade brings a weight up to date.
func (m *Memory) fade(t *trace, now time.Time) {
	t.weight *= math.Exp2(-float64(now.Sub(t.at)) / float64(m.o.HalfLife))
	t.at = now
}

// Add adds what a call's new texts scored, and returns the score with what came
// before.
func (m *Memory) Add(score float64, action Action, keys ...string) float64 {
	if score < suspicious {
		return score
	}
	now := time.Now()
	m.mu.Lock()
	defer m.mu.Unlock()
	before := 0.0
	for _, k := range keys {
		if k == "" {
			continue
		}
		t := m.of[k]
		if t == nil {
			m.room(now)
			t = &trace{at: now, last: now}
			m.of[k] = t
		}
		m.fade(t, now)
		before = max(before, t.weight)
		t.weight += weighs(score, action)
	}
	return 1 - (1-score)*math.Exp2(-before/m.o.Slow)
}

// weighs is what a call adds: one that was stopped a whole unit, one that was
// flagged half of one, and less than that what was merely odd.
func weighs(score float64, action Action) float64 {
	switch {
	case action >= Strip:
		return 1
	case action == Flag:
		return 0.5 * score
	}
	return 0.25 * score
}

// forgotten is the weight at which a key is let go.
const forgotten = 0.05

// room makes room for a key: faded ones go, and if none has faded the lightest
// of a few.
func (m *Memory) room(now time.Time) {
	if len(m.of) < m.o.Max {
		return
	}
	const looked = 64
	lightest, least, n := "", math.Inf(1), 0
	for k, t := range m.of { // in random order
		m.fade(t, now)
		if t.weight < forgotten {
			delete(m.of, k)
		} else if t.weight < least {
			lightest, least = k, t.weight
		}
		if n++; n >= looked {
			break
		}
	}
	if len(m.of) >= m.o.Max {
		delete(m.of, lightest)
	}
}
