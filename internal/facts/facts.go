// Package facts keeps what a store must not give away, on disk and for the
// answer guard: its confidential values and what belongs to one customer only.
//
// First step: Open the index of a data directory, Put facts, and give Known to
// the road.
//
// Promise: values are kept as keyed hashes only, on disk and in memory. After
// Commit, what was put is there after a crash, and what was removed is neither
// in memory nor on disk.
//
// Danger: whoever reads both the index and the store's secret can test guesses.
package facts

import (
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"ringfence/internal/guard"
)

// Options say where an index is.
type Options struct {
	// Dir is the folder that holds it; it is made where there is none. Empty:
	// the index lives in memory only.
	Dir string
	// Secret is the store's; the index's key is derived from it.
	Secret []byte
}

// Index is the facts of a store. Safe for concurrent use.
type Index struct {
	known *guard.Known
	path  string // "" for none

	mu      sync.Mutex
	entries map[uint64]entry
	pending []byte // records that are not on disk yet
	stale   bool   // something that was removed is still in memory or on disk
}

// entry is what is known of the facts under one id.
type entry struct {
	kind       uint64 // hash of its kind's name
	generation uint64
	owner      uint64
	record     []byte // without the head
}

// Open opens the index of a folder, or begins one.
func Open(o Options) (*Index, error) {
	raw, err := hkdf.Key(sha256.New, o.Secret, nil, "ringfence facts", 16)
	if err != nil {
		return nil, err
	}
	x := &Index{known: guard.NewKnown([16]byte(raw)), entries: map[uint64]entry{}}
	if o.Dir == "" {
		return x, nil
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, err
	}
	x.path = filepath.Join(o.Dir, "facts.idx")
	if err := x.load(); err != nil {
		return nil, fmt.Errorf("%s: %w; remove it and sync anew", x.path, err)
	}
	return x, nil
}

// Known is what the answer guard asks. It follows the index.
func (x *Index) Known() *guard.Known { return x.known }

// Len returns how many ids have facts.
func (x *Index) Len() int {
	x.mu.Lock()
	defer x.mu.Unlock()
	return len(x.entries)
}

// maxFacts bounds the facts under one id.
const maxFacts = 500

// Put makes facts known under an id, in place of those before. Owner is the
// subject they belong to, "" for none.
func (x *Index) Put(kind, id, owner string, facts []guard.Fact, generation string) error {
	switch {
	case id == "":
		return errors.New("the line does not say what it is about: it has no id")
	case len(facts) > maxFacts:
		return fmt.Errorf("more than %d values under one id", maxFacts)
	}
	var all guard.Record
	for _, f := range facts {
		if f.Check() != nil {
			continue // too short to be told from anything else
		}
		r := x.known.Compile(f)
		all.Words, all.Marks, all.Owner = append(all.Words, r.Words...), append(all.Marks, r.Marks...), r.Owner
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	key := x.known.Mark("id", kind, id)
	old, was := x.entries[key]
	e := entry{x.known.Mark("kind", kind), x.generation(generation), x.known.Mark("owner", owner), all.Encode()}
	if owner == "" {
		e.owner = 0
	}
	same := was && string(old.record) == string(e.record)
	if same && old.generation == e.generation {
		return nil
	}
	x.entries[key] = e
	x.pending = append(x.pending, e.encode(key)...)
	if same {
		return nil
	}
	x.stale = x.stale || was
	x.known.Put(all)
	return nil
}

func (x *Index) generation(token string) uint64 {
	if token == "" {
		return 0
	}
	return x.known.Mark("generation", token)
}

// Delete removes the facts under an id; found says whether there were any. They
// are gone after Commit.
func (x *Index) Delete(kind, id string) (found bool, err error) {
	if id == "" {
		return false, errors.New("the line does not say what to delete: it has no id")
	}
	key := x.known.Mark("id", kind, id)
	return x.remove(func(k uint64, _ entry) bool { return k == key }) > 0, nil
}

// Forget removes what belongs to a subject.
func (x *Index) Forget(subject string) (removed int) {
	if subject == "" {
		return 0
	}
	owner := x.known.Mark("owner", subject)
	return x.remove(func(_ uint64, e entry) bool { return e.owner == owner })
}

// Complete ends a full sync: what did not come with it is removed.
func (x *Index) Complete(kind, generation string) (removed int) {
	of, g := x.known.Mark("kind", kind), x.generation(generation)
	return x.remove(func(_ uint64, e entry) bool { return e.kind == of && e.generation != g })
}

func (x *Index) remove(which func(uint64, entry) bool) (n int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for k, e := range x.entries {
		if which(k, e) {
			delete(x.entries, k)
			n++
		}
	}
	x.stale = x.stale || n > 0
	return n
}

// Commit makes everything so far durable, and what was removed forgotten.
func (x *Index) Commit() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.stale {
		var all []guard.Record
		for _, e := range x.entries {
			r, err := guard.DecodeRecord(e.record)
			if err != nil {
				return err
			}
			all = append(all, r)
		}
		x.known.Replace(all)
	}
	return x.write()
}

// encode writes an entry as it stands on disk.
func (e *entry) encode(key uint64) []byte {
	b := make([]byte, 0, 40+len(e.record))
	b = binary.LittleEndian.AppendUint32(b, uint32(len(e.record)))
	for _, v := range []uint64{key, e.kind, e.generation, e.owner} {
		b = binary.LittleEndian.AppendUint64(b, v)
	}
	b = append(b, e.record...)
	return binary.LittleEndian.AppendUint32(b, checksum(b))
}
