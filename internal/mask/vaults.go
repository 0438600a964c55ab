package mask

import (
	"container/list"
	"sync"
	"time"

	"ringfence/internal/mask/shelf"
)

// VaultsOptions bound the conversations kept. The zero value is ready to use.
type VaultsOptions struct {
	// Vault are the options of every vault.
	Vault VaultOptions
	// Max is how many conversations are kept; the one unused longest goes first. Default 10,000.
	Max int
	// Idle is how long a conversation is kept unused. Default 12 hours.
	Idle time.Duration
	// Shelf keeps conversations over a restart, sealed; nil keeps them in memory only.
	Shelf *shelf.Shelf
}

// Vaults keeps the vaults of running conversations, bounded and expiring. Safe for concurrent use.
type Vaults struct {
	options VaultsOptions

	mu    sync.Mutex
	byKey map[vaultKey]*list.Element
	used  *list.List // of *keptVault, the latest in front
	swept time.Time
}

// vaultKey keeps owners apart whatever conversation names they choose.
type vaultKey struct{ owner, conversation string }

type keptVault struct {
	key     vaultKey
	vault   *Vault
	last    time.Time
	changes int // of the vault, as it was kept last; -1 for never
	keeping sync.Mutex
}

// NewVaults returns a set of vaults: none, or those on the shelf.
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
	kept := &keptVault{key: key, last: now, changes: -1}
	if kept.vault = s.fetch(key, now); kept.vault != nil {
		kept.changes = kept.vault.changes
	} else {
		kept.vault = NewVault(s.options.Vault)
	}
	s.byKey[key] = s.used.PushFront(kept)
	return kept.vault
}

// fetch takes a conversation from the shelf, nil where there is none that can be used.
func (s *Vaults) fetch(key vaultKey, now time.Time) *Vault {
	if s.options.Shelf == nil {
		return nil
	}
	state, used, err := s.options.Shelf.Get(s.name(key))
	if err != nil || now.Sub(used) > s.options.Idle {
		return nil
	}
	v, err := vaultOf(s.options.Vault, state)
	if err != nil {
		return nil // of another version: its placeholders become neutral words
	}
	return v
}

func (s *Vaults) name(k vaultKey) string { return s.options.Shelf.Name(k.owner, k.conversation) }

// Keep puts a conversation on the shelf as it is now, if there is one and it has changed. Call it when a call has
// been masked, before the masked text goes anywhere.
func (s *Vaults) Keep(owner, conversation string) error {
	if conversation == "" || s.options.Shelf == nil {
		return nil
	}
	key := vaultKey{owner, conversation}
	s.mu.Lock()
	e := s.byKey[key]
	s.mu.Unlock()
	if e == nil {
		return nil // forgotten meanwhile
	}
	kept := e.Value.(*keptVault)
	kept.keeping.Lock() // a later state must not be overwritten by an earlier one
	defer kept.keeping.Unlock()
	if state, changes := kept.vault.state(); changes != kept.changes {
		if err := s.options.Shelf.Put(s.name(key), state); err != nil {
			return err
		}
		kept.changes = changes
	} else {
		s.options.Shelf.Touch(s.name(key))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byKey[key] != e { // forgotten meanwhile
		return s.options.Shelf.Drop(s.name(key))
	}
	return nil
}

// Forget drops a conversation, if it is kept: what it held cannot be restored any more.
func (s *Vaults) Forget(owner, conversation string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := vaultKey{owner, conversation}
	if e := s.byKey[key]; e != nil {
		s.drop(e)
	} else if s.options.Shelf != nil {
		s.options.Shelf.Drop(s.name(key))
	}
}

// Len returns how many conversations are kept in memory.
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
	if s.options.Shelf != nil && now.Sub(s.swept) > sweepEvery {
		s.swept = now
		go s.options.Shelf.Sweep(now.Add(-s.options.Idle), s.options.Max)
	}
}

// sweepEvery is how often the shelf is looked through for conversations that nobody came back to.
const sweepEvery = 10 * time.Minute

func (s *Vaults) drop(e *list.Element) {
	s.used.Remove(e)
	key := e.Value.(*keptVault).key
	delete(s.byKey, key)
	if s.options.Shelf != nil {
		s.options.Shelf.Drop(s.name(key))
	}
}
