package llama

import (
	"context"
	"sync"
)

// slots gives each request a slot of the server to itself, and knows whose
// prompt a slot remembers. A request may use that memory only if the prompt
// belongs to the same conversation: how soon an answer starts would otherwise
// tell one store's customer what another one asked. The cost is that a first
// prompt is always read in full, also its part that all prompts share.
type slots struct {
	free chan struct{} // one token for each slot that is not in use

	mu    sync.Mutex
	slots []slot
	clock int // counts leases; orders slots by last use
}

type slot struct {
	busy  bool
	owner string // conversation of the prompt that it remembers
	used  int
}

// A lease is a slot for the time of one request.
type lease struct {
	number int
	reuse  bool // the slot remembers a prompt of the same conversation
}

func newSlots(n int) *slots {
	s := &slots{free: make(chan struct{}, n), slots: make([]slot, n)}
	for range n {
		s.free <- struct{}{}
	}
	return s
}

// acquire waits for a slot, first come, first served, and prefers one that
// remembers the conversation, then the one least recently used.
func (s *slots) acquire(ctx context.Context, conversation string) (lease, error) {
	select {
	case <-s.free:
	case <-ctx.Done():
		return lease{}, context.Cause(ctx)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	best := -1
	for i, slot := range s.slots {
		switch {
		case slot.busy:
		case best < 0, slot.remembers(conversation) && !s.slots[best].remembers(conversation),
			slot.remembers(conversation) == s.slots[best].remembers(conversation) && slot.used < s.slots[best].used:
			best = i
		}
	}
	l := lease{best, s.slots[best].remembers(conversation)}
	s.clock++
	s.slots[best] = slot{busy: true, owner: conversation, used: s.clock}
	return l, nil
}

func (s *slots) release(l lease) {
	s.mu.Lock()
	s.slots[l.number].busy = false
	s.mu.Unlock()
	s.free <- struct{}{}
}

// forget is for a server that was started again.
func (s *slots) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.slots {
		s.slots[i].owner = ""
	}
}

func (s slot) remembers(conversation string) bool {
	return conversation != "" && s.owner == conversation
}
