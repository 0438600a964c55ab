package integration

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// recheck is how often Lookup looks at the file: rare enough to cost nothing,
// often enough that a revoked key stops at once for a human.
const recheck = 200 * time.Millisecond

// Errors of changes, for errors.Is.
var (
	ErrNameTaken = errors.New("integration: the name is taken")
	ErrNotFound  = errors.New("integration: no such integration")
)

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

// Create adds an integration and returns it with its key. This is the only moment
// the key exists in readable form. ID, Created and Revoked of want are ignored.
// errors.Is(err, ErrNameTaken) when another valid integration has the name.
func (r *Registry) Create(want Integration) (Integration, string, error) {
	secret := newSecret()
	err := r.change(func(doc *document) error {
		want.ID, want.Created, want.Revoked = freeID(doc), time.Now().UTC().Truncate(time.Second), nil
		want.Purposes, want.Models = listed(want.Purposes), listed(want.Models)
		if err := want.check(); err != nil {
			return err
		}
		for _, rec := range doc.Integrations {
			if rec.Name == want.Name && rec.Revoked == nil {
				return fmt.Errorf("%w: %q belongs to %s; choose another, or revoke it first", ErrNameTaken, want.Name, rec.ID)
			}
		}
		doc.Integrations = append(doc.Integrations, record{want, digestOf(secret)})
		return nil
	})
	if err != nil {
		return Integration{}, "", err
	}
	return want, formatKey(want.ID, secret), nil
}

// Revoke ends the key of the integration with this id or, among the valid ones,
// this name. Errors: ErrNotFound; ErrRevokedKey when it was revoked before.
func (r *Registry) Revoke(nameOrID string) (Integration, error) {
	var done Integration
	err := r.change(func(doc *document) error {
		n := slices.IndexFunc(doc.Integrations, func(rec record) bool { return rec.ID == nameOrID })
		if n < 0 {
			n = slices.IndexFunc(doc.Integrations, func(rec record) bool { return rec.Name == nameOrID && rec.Revoked == nil })
		}
		if n < 0 {
			return missing(doc, nameOrID)
		}
		rec := &doc.Integrations[n]
		if rec.Revoked != nil {
			return ErrRevokedKey
		}
		at := time.Now().UTC().Truncate(time.Second)
		rec.Revoked = &at
		done = rec.Integration
		return nil
	})
	return done, err
}

// change reads the newest file under the lock, applies edit and replaces it. A file
// that cannot be read is never overwritten.
func (r *Registry) change(edit func(*document) error) error {
	if err := os.MkdirAll(filepath.Dir(r.path), 0o700); err != nil {
		return err
	}
	unlock, err := lock(r.path)
	if err != nil {
		return err
	}
	defer unlock()
	doc, _, err := readFile(r.path)
	if err != nil {
		return err
	}
	if err := edit(&doc); err != nil {
		return err
	}
	if err := replace(r.path, doc); err != nil {
		return err
	}
	return r.reload().err
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

func freeID(doc *document) string {
	for {
		id := newID()
		if !slices.ContainsFunc(doc.Integrations, func(rec record) bool { return rec.ID == id }) {
			return id
		}
	}
}

// listed makes an absent list an empty one, so that the file shows the field.
func listed(s []string) []string {
	if s == nil {
		return []string{}
	}
	return slices.Clone(s)
}

func missing(doc *document, nameOrID string) error {
	if slices.ContainsFunc(doc.Integrations, func(rec record) bool { return rec.Name == nameOrID }) {
		return ErrRevokedKey
	}
	return fmt.Errorf("%w: %q; `ringfence key list` shows them all", ErrNotFound, nameOrID)
}
