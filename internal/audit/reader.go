package audit

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"ringfence/proof"
)

const (
	pollEvery = 100 * time.Millisecond // how often a reader looks for a new checkpoint
	coverWait = 2 * time.Second        // how long Prove waits for one: the writer signs every second
)

// Reader reads a log beside its writer, or without one. It writes nothing and sees what a checkpoint
// covers, so it is up to a second behind.
type Reader struct {
	dir    string
	disk   dirDisk
	key    note.Verifier
	public string
}

// OpenReader opens the log in dir for reading.
func OpenReader(dir string) (*Reader, error) {
	d := newDirDisk(dir)
	key, public, err := readPublicKey(d)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, notALog(dir)
	}
	if err != nil {
		return nil, err
	}
	return &Reader{dir, d, key, public}, nil
}

// PublicKey returns the log's own public key, in the form proof.ParseKey reads. Somebody who wants more
// than the log's word for it gets the key on another road.
func (r *Reader) PublicKey() string { return r.public }

func notALog(dir string) *Error {
	return &Error{CodeNotALog, fmt.Sprintf("there is no audit log in %s; name the data directory of Ringfence with --data", dir), nil}
}

func readPublicKey(files fs.FS) (key note.Verifier, line string, err error) {
	text, err := fs.ReadFile(files, pubKeyName)
	if err != nil {
		return nil, "", err
	}
	line, ok := strings.CutSuffix(string(text), "\n")
	if key, err = proof.ParseKey(line); err != nil || !ok {
		return nil, "", &Error{CodeKeyDamaged, "the audit log's file key.pub is damaged; restore it", err}
	}
	return key, line, nil
}

// Prove returns the receipt of the entry at index. While a writer runs it waits up to two seconds for a
// checkpoint that covers the entry.
func (r *Reader) Prove(ctx context.Context, index int64) (string, error) {
	until := time.Now().Add(coverWait)
	for {
		tiles, err := proof.OpenTiles(r.disk, r.key)
		if err != nil {
			return "", err
		}
		size := tiles.Head().Size
		switch {
		case index < 0:
			return "", &Error{CodeNoEntry, "entries are numbered from 0", nil}
		case index < size:
			return receiptText(tiles, index)
		case !locked(r.dir):
			return "", r.uncovered(index)
		case time.Now().After(until):
			return "", noEntry(size, index)
		}
		if err := wait(ctx, pollEvery); err != nil {
			return "", err
		}
	}
}

// uncovered says why nobody will sign the entry now: the writer was killed before it could, or there is
// no such entry.
func (r *Reader) uncovered(index int64) error {
	text, err := fs.ReadFile(r.disk, walName)
	if err != nil {
		return err
	}
	if wal, _ := parseWAL(text); index >= wal.end() {
		return noEntry(wal.end(), index)
	}
	return &Error{CodeNotCovered, fmt.Sprintf("entry %d is on disk but not signed yet; start Ringfence once, it signs what a crash left", index), nil}
}

func noEntry(size, index int64) *Error {
	return &Error{CodeNoEntry, fmt.Sprintf("the log has %d entries; there is none at index %d", size, index), nil}
}

// TailOptions say what Tail shows.
type TailOptions struct {
	From   int64 // first index, when Last is 0
	Last   int64 // start with this many entries before the end
	Follow bool  // wait for more until ctx ends
}

// Tail calls each with the entries, as stored, in order. It ends with each's error, with nil at the end of
// the log, or, when it follows, with nil once ctx ends.
func (r *Reader) Tail(ctx context.Context, o TailOptions, each func(index int64, entry []byte) error) error {
	next := o.From
	for first := true; ; first = false {
		tiles, err := proof.OpenTiles(r.disk, r.key)
		if err != nil {
			return err
		}
		size := tiles.Head().Size
		if first && o.Last > 0 {
			next = max(0, size-o.Last)
		}
		for entry, err := range tiles.Entries(next, size) {
			if err == nil {
				err = each(next, entry)
			}
			if err != nil {
				return err
			}
			next++
		}
		if !o.Follow || wait(ctx, pollEvery) != nil {
			return nil
		}
	}
}

func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
