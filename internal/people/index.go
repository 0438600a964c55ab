// Package people is the index of the store's own people and things: whose name, address, e-mail, phone or order
// number something is. Masking asks it about words of a text; guards ask whose data stands in an answer.
//
// First step: Open the index of a data directory, [Index.Put] records, and give it to mask as its Store.
//
// Promise: nothing of a customer is kept in clear. Values are hashes under a key that stays on this machine; the
// ids of customers are sealed on disk. What is deleted is gone from memory and overwritten on disk before the
// call returns. A record is whole or not there, also after a crash.
//
// Danger: whoever reads both the index and the store's secret can test guesses. Hashes of common values meet:
// what several customers share says that it is personal, not whose it is.
package people

import (
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"ringfence/internal/mask"
)

// Index is the store's own people. Safe for concurrent use; Put and the like wait for each other.
type Index struct {
	masker *mask.Masker // reads names and numbers as masking will
	values sipKey
	ids    sipKey
	table  table
	near   atomic.Pointer[filter]

	mu       sync.RWMutex // of records and subjects
	records  []record
	free     []uint32
	subjects arena

	writing  sync.Mutex // one writer at a time
	log      *log
	spelling *mask.Spelling
	counts   map[Kind]int

	generations map[string]uint16 // numbers of full syncs by what is kept of their tokens
	current     uint16            // of the latest
}

// Kind is what a record is about.
type Kind uint8

// The kinds of records.
const (
	Customer Kind = iota + 1
	Order
	Product
)

// record is where a record stands on disk, and what must be at hand of it.
type record struct {
	at         int64 // in the log; 0: the record is free
	subject    uint32
	generation uint16
	kind       Kind
}

// many marks a value that several customers share; the rest of it counts the records.
const many = 1 << 31

// Whose says whether a value is known, and whose it is where it is one customer's alone.
func (x *Index) whose(d mask.Digest) (owner string, known, shared bool) {
	v, ok := x.table.get(x.keyed(d))
	switch {
	case !ok:
		return "", false, false
	case v&many != 0:
		return "", true, true
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.subjects.get(x.records[v].subject), true, false
}

func (x *Index) keyed(d mask.Digest) uint64 { return max(1, x.values.sum(uint64(d))) }

func nearHash(h uint64) uint32 { return uint32(h >> 16) }

// For opens the index for one call. It is a mask.Store.
func (x *Index) For(subject string) mask.Known {
	return &view{index: x, subject: subject, near: x.near.Load()}
}

// view answers for one call.
type view struct {
	index   *Index
	subject string
	near    *filter
	own     map[uint64]bool // hashes of the subject's own values; nil until needed
}

// Whose is part of mask.Known.
func (w *view) Whose(d mask.Digest) (owner string, known bool) {
	owner, known, shared := w.index.whose(d)
	if !shared {
		return owner, known
	}
	if w.isOwn(d) {
		return w.subject, true
	}
	return mask.Several, true
}

// isOwn says whether a shared value is one of the call's subject.
func (w *view) isOwn(d mask.Digest) bool {
	if w.subject == "" {
		return false
	}
	if w.own == nil {
		w.own = w.index.hashesOf(w.subject)
	}
	return w.own[w.index.keyed(d)]
}

// Near is part of mask.Known.
func (w *view) Near(d mask.Digest) bool { return w.near.has(nearHash(w.index.keyed(d))) }

// hashesOf returns the hashes of a customer's values. Never nil.
func (x *Index) hashesOf(subject string) map[uint64]bool {
	own := map[uint64]bool{}
	x.writing.Lock()
	defer x.writing.Unlock()
	n, ok := x.table.get(x.idHash(Customer, subject))
	if !ok {
		return own
	}
	c, err := x.log.read(x.records[n].at)
	if err != nil {
		return own // the value counts as somebody else's
	}
	for _, h := range c.values {
		own[h] = true
	}
	return own
}

// idHash is the hash under which a record is found by its id.
func (x *Index) idHash(k Kind, id string) uint64 {
	h := uint64(14695981039346656037) ^ uint64(k)
	for i := range len(id) {
		h = (h ^ uint64(id[i])) * 1099511628211
		h ^= h >> 32
	}
	return max(1, x.ids.sum(h))
}

// errTooMany is the end of what 31 bits can count.
var errTooMany = errors.New("the index holds as many records as it can")

// put stores what was spelled as a record, in place of one of the same kind and id. The caller is the writer.
func (x *Index) put(k Kind, id, subject string, generation uint16) error {
	c := &content{kind: k, generation: generation, subject: subject, values: x.hashes(x.spelling.Values), near: x.nearHashes(x.spelling.Near)}
	c.idHash = x.idHash(k, id)
	at, err := x.log.append(c)
	if err != nil {
		return err
	}
	if _, err := x.drop(c.idHash); err != nil {
		return err
	}
	return x.enter(c, at)
}

// hashes keys digests, each once.
func (x *Index) hashes(digests []mask.Digest) []uint64 {
	out := make([]uint64, 0, len(digests))
	seen := make(map[uint64]bool, len(digests))
	for _, d := range digests {
		if h := x.keyed(d); !seen[h] {
			seen[h] = true
			out = append(out, h)
		}
	}
	return out
}

func (x *Index) nearHashes(digests []mask.Digest) []uint32 {
	out := make([]uint32, len(digests))
	for i, d := range digests {
		out[i] = nearHash(x.keyed(d))
	}
	return out
}

// enter makes a record known that stands on disk.
func (x *Index) enter(c *content, at int64) error {
	n, err := x.number(record{at, 0, c.generation, c.kind}, c.subject)
	if err != nil {
		return err
	}
	for _, h := range c.values {
		e := entry{h, n, false}
		x.table.update(h, func(old uint32, ok bool) (uint32, bool) { return e.value(old, ok), true })
	}
	x.table.update(c.idHash, func(uint32, bool) (uint32, bool) { return n, true })
	if err := x.renewFilter(); err != nil {
		return err
	}
	f := x.near.Load()
	for _, h := range c.near {
		f.add(h)
	}
	x.counts[c.kind]++
	return nil
}

// number gives a record its number.
func (x *Index) number(r record, subject string) (uint32, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	r.subject = x.subjects.add(subject)
	if k := len(x.free); k > 0 {
		n := x.free[k-1]
		x.free = x.free[:k-1]
		x.records[n] = r
		return n, nil
	}
	if len(x.records) >= many-1 {
		return 0, errTooMany
	}
	x.records = append(x.records, r)
	return uint32(len(x.records) - 1), nil
}

// drop removes the record of an id hash, in memory and on disk.
func (x *Index) drop(idHash uint64) (found bool, err error) {
	n, ok := x.table.get(idHash)
	if !ok {
		return false, nil
	}
	r := x.records[n]
	c, err := x.log.read(r.at)
	if err != nil {
		return false, fmt.Errorf("a record to be deleted cannot be read: %w", err)
	}
	if err := x.log.erase(r.at); err != nil {
		return false, err
	}
	for _, h := range c.values {
		x.table.update(h, func(old uint32, ok bool) (uint32, bool) {
			return old - 1, ok && old&many != 0 && old > many+1
		})
	}
	x.table.update(idHash, func(uint32, bool) (uint32, bool) { return 0, false })
	x.mu.Lock()
	x.records[n] = record{}
	x.subjects.remove(r.subject)
	x.free = append(x.free, n)
	x.mu.Unlock()
	x.counts[r.kind]--
	return true, nil
}

// derive returns a key for one use of the store's secret.
func derive(secret []byte, use string, size int) ([]byte, error) {
	return hkdf.Key(sha256.New, secret, nil, "ringfence people "+use, size)
}
