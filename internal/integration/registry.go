package integration

import (
	"crypto/subtle"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// recheck is how often Lookup looks at the file: rare enough to cost nothing,
// often enough that a revoked key stops at once for a human.
const recheck = 200 * time.Millisecond

// Registry answers who a key belongs to. It is safe for concurrent use, owns no
// goroutine and needs no closing.
type Registry struct {
	path    string
	start   time.Time    // monotonic base of checked
	checked atomic.Int64 // when the file was last looked at, ns since start
	mu      sync.Mutex   // one reload at a time; other callers go on with the old state
	now     atomic.Pointer[state]
}

// state is what one version of the file said; it never changes.
type state struct {
	stamp stamp
	byID  map[string]record
	list  []Integration
	err   error // why the newest version of the file is not in use
}

// Open reads the key file at path. It never fails: while the file cannot be read no
// key is valid, Err says why, and the registry recovers when the file does.
func Open(path string) *Registry {
	r := &Registry{path: path, start: time.Now()}
	r.now.Store(&state{})
	r.reload()
	return r
}

// Err says why the file on disk is not in use, or nil. After a failed reload the
// last good state stays in force; after a failed Open no key is valid.
func (r *Registry) Err() error { return r.fresh().err }

// Lookup returns the integration that owns key. Errors: ErrNoKey (malformed),
// ErrUnknownKey, ErrRevokedKey. The work is the same for a known and an unknown
// id, and the comparison takes constant time.
func (r *Registry) Lookup(key string) (Integration, error) {
	s := r.fresh()
	id, secret, err := parseKey(key)
	if err != nil {
		return Integration{}, err
	}
	rec, known := s.byID[id] // unknown: compares with the zero digest, which no secret has
	given := digestOf(secret)
	same := subtle.ConstantTimeCompare(given[:], rec.Secret[:]) == 1
	if !same || !known {
		return Integration{}, ErrUnknownKey
	}
	if rec.Revoked != nil {
		return Integration{}, ErrRevokedKey
	}
	return rec.Integration, nil
}

// List returns all integrations in order of creation, revoked ones included, and
// the error of Err.
func (r *Registry) List() ([]Integration, error) {
	s := r.reload()
	return slices.Clone(s.list), s.err
}

// fresh returns the state, reloaded when the file changed. Only one caller per
// interval looks at the file.
func (r *Registry) fresh() *state {
	now, last := int64(time.Since(r.start)), r.checked.Load()
	if now-last < int64(recheck) || !r.checked.CompareAndSwap(last, now) {
		return r.now.Load()
	}
	var found stamp // stays zero when there is no file
	if fi, err := os.Stat(r.path); err == nil {
		found = stampOf(fi)
	}
	if old := r.now.Load(); found == old.stamp && old.err == nil {
		return old
	}
	return r.reload()
}

// reload reads the file and publishes what it says; a file that cannot be used
// leaves the old keys in force and records why.
func (r *Registry) reload() *state {
	r.mu.Lock()
	defer r.mu.Unlock()
	doc, at, err := readFile(r.path)
	next := &state{stamp: at, err: err}
	if err != nil {
		old := r.now.Load()
		next.byID, next.list = old.byID, old.list
	} else {
		next.byID = make(map[string]record, len(doc.Integrations))
		for _, rec := range doc.Integrations {
			next.byID[rec.ID] = rec
			next.list = append(next.list, rec.Integration)
		}
	}
	r.now.Store(next)
	return next
}

// Named returns the integration called name, for clients that are known by
// other means than a key. Errors: ErrUnknownKey, ErrRevokedKey.
func (r *Registry) Named(name string) (Integration, error) {
	err := ErrUnknownKey
	for _, i := range r.fresh().list {
		if i.Name != name {
			continue
		}
		if i.Revoked == nil {
			return i, nil
		}
		err = ErrRevokedKey
	}
	return Integration{}, err
}
