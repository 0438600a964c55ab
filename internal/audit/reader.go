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
	dir  string
	disk dirDisk
	key  note.Verifier
}

// OpenReader opens the log in dir for reading.
func OpenReader(dir string) (*Reader, error) {
	d := newDirDisk(dir)
	key, err := readPublicKey(d)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, notALog(dir)
	}
	if err != nil {
		return nil, err
	}
	return &Reader{dir, d, key}, nil
}

func notALog(dir string) *Error {
	return &Error{CodeNotALog, fmt.Sprintf("there is no audit log in %s; name the data directory of Ringfence with --data", dir), nil}
}

func readPublicKey(files fs.FS) (note.Verifier, error) {
	text, err := fs.ReadFile(files, pubKeyName)
	if err != nil {
		return nil, err
	}
	line, ok := strings.CutSuffix(string(text), "\n")
	key, err := proof.ParseKey(line)
	if err != nil || !ok {
		return nil, &Error{CodeKeyDamaged, "the audit log's file key.pub is damaged; restore it", err}
	}
	return key, nil
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
			receipt, err := tiles.Receipt(index)
			return receipt.String(), err
		case !locked(r.dir):
			return "", &Error{CodeNotCovered, fmt.Sprintf("the last checkpoint covers %d entries, not index %d; if the log has more, start Ringfence once to sign them", size, index), nil}
		case time.Now().After(until):
			return "", &Error{CodeNoEntry, fmt.Sprintf("the log has %d signed entries; there is none at index %d", size, index), nil}
		}
		if err := wait(ctx, pollEvery); err != nil {
			return "", err
		}
	}
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
