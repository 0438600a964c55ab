package integration

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Errors of changes, for errors.Is.
var (
	ErrNameTaken = errors.New("integration: the name is taken")
	ErrNotFound  = errors.New("integration: no such integration")
)

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
