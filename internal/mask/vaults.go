package mask

import (
	"container/list"
	"sync"
	"time"
)

// VaultsOptions bound the conversations kept. The zero value is ready to use.
type VaultsOptions struct {
	// Vault are the options of every vault.
	Vault VaultOptions
	// Max is how many conversations are kept; the one unused longest goes first. Default 10,000.
	Max int
	// Idle is how long a conversation is kept unused. Default 12 hours.
	Idle time.Duration
}

// Vaults keeps the vaults of running conversations, in memory, bounded and expiring. Safe for concurrent
// use.
type Vaults struct {
	options VaultsOptions

	mu    sync.Mutex
	byKey map[vaultKey]*list.Element
	used  *list.List // of *keptVault, the latest in front
}

// vaultKey keeps owners apart whatever conversation names they choose.
type vaultKey struct{ owner, conversation string }

type keptVault struct {
	key   vaultKey
	vault *Vault
	last  time.Time
}

// NewVaults returns an empty set of vaults.
func NewVaults(o VaultsOptions) *Vaults {
	if o.Max <= 0 {
		o.Max = 10_000
	}
	if o.Idle <= 0 {
		o.Idle = 12 * time.Hour
	}
	return &Vaults{options: o, byKey: map[vaultKey]*list.Element{}, used: list.New()}
}

// Get returns the vault of an owner's conversation, a new one where there is none or it has expired. Owner
// is who may ever see this conversation: at least the integration, with the subject where one is named. An
// empty conversation is never kept: each call has a fresh vault.
func (s *Vaults) Get(owner, conversation string) *Vault {
	if conversation == "" {
		return NewVault(s.options.Vault)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	s.expire(now)
	key := vaultKey{owner, conversation}
	if e := s.byKey[key]; e != nil {
		kept := e.Value.(*keptVault)
		kept.last = now
		s.used.MoveToFront(e)
		return kept.vault
	}
	if s.used.Len() >= s.options.Max {
		s.drop(s.used.Back())
	}
	kept := &keptVault{key, NewVault(s.options.Vault), now}
	s.byKey[key] = s.used.PushFront(kept)
	return kept.vault
}

// Forget drops a conversation, if it is kept: what it held cannot be restored any more.
func (s *Vaults) Forget(owner, conversation string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.byKey[vaultKey{owner, conversation}]; e != nil {
		s.drop(e)
	}
}

// Len returns how many conversations are kept.
func (s *Vaults) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expire(time.Now())
	return s.used.Len()
}

// expire drops the conversations that were unused for too long. The caller holds the lock.
func (s *Vaults) expire(now time.Time) {
	for e := s.used.Back(); e != nil && now.Sub(e.Value.(*keptVault).last) > s.options.Idle; e = s.used.Back() {
		s.drop(e)
	}
}

func (s *Vaults) drop(e *list.Element) {
	s.used.Remove(e)
	delete(s.byKey, e.Value.(*keptVault).key)
}
