package egress

import (
	"sync"
	"time"

	"ringfence/proof"
)

// suppressor keeps a client that tries again and again from filling the disk:
// of refusals alike the first is written at once, and those of the ten seconds
// after it as one, which says how many they were.
type suppressor struct {
	mu   sync.Mutex
	seen map[likeness]*repeated
}

type likeness struct{ integration, caller, agent, host, reason string }

// repeated is what came since the last entry: the latest, and how many before it.
type repeated struct {
	record proof.Connection
	missed int
}

const (
	repeatAfter = 10 * time.Second
	repeatMost  = 4096 // kinds of refusals told apart
)

// allow reports whether a refusal is written at once. If not, later is called
// when it is due.
func (s *suppressor) allow(c proof.Connection, later func()) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := likeness{c.Integration, c.Caller, c.Agent, c.Host, c.Reason}
	if len(s.seen) >= repeatMost { // too many different ones at once: told apart by their reason alone
		key = likeness{integration: c.Integration, reason: c.Reason}
	}
	if r := s.seen[key]; r != nil {
		c.Suppressed = r.missed
		r.record, r.missed = c, r.missed+1
		return false
	}
	if s.seen == nil {
		s.seen = map[likeness]*repeated{}
	}
	if len(s.seen) == 0 {
		time.AfterFunc(repeatAfter, later)
	}
	s.seen[key] = &repeated{}
	return true
}

// due returns what was counted, and forgets all.
func (s *suppressor) due() (out []proof.Connection) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.seen {
		if r.missed > 0 {
			out = append(out, r.record)
		}
	}
	s.seen = nil
	return out
}
