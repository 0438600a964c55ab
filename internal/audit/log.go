package audit

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/mod/sumdb/note"

	"ringfence/proof"
)

const (
	checkpointEvery   = time.Second // a checkpoint at least this often, while entries come
	checkpointEntries = 1000        // and after this many entries
	retryEvery        = time.Second // how often a log that refuses entries tries to recover
	queueLength       = 1024        // appends that may wait for the committer before others wait for room
	batchBytes        = 4 << 20     // what one write and one fdatasync take at most
	rotateBytes       = 16 << 20    // the write-ahead log is renewed when it is larger
	tailBytes         = 64 << 20    // entries kept in memory, at most, while no checkpoint covers them
)

// Log is an open audit log. All its methods may be called at the same time.
type Log struct {
	origin   string
	signer   note.Signer
	key      note.Verifier
	disk     disk
	lock     io.Closer
	recovery Recovery

	queue   chan *pending
	closing sync.RWMutex // held for reading while an append enters the queue
	closed  bool         // guarded by closing
	refusal atomic.Pointer[Error]

	// The committer alone uses these.
	wal      file // nil while the log refuses entries after a failed write
	walSize  int64
	rotateAt int64 // rotateBytes; less in tests
	buf      []byte

	mu        sync.Mutex // guards what committer and publisher share
	edge      edge
	tail      tail
	published int64 // size of the checkpoint on disk

	// The publisher alone uses these: directories that exist, and those whose content is not durable yet.
	made, unsynced map[string]bool

	due       chan struct{}   // enough entries for a checkpoint
	wanted    chan chan error // a checkpoint now, please
	stop      chan struct{}
	committed chan struct{} // closed when the committer has ended
	ended     chan error    // the publisher's last word
}

// tail holds the entries that are not in a full published bundle, from a multiple of the bundle width on.
type tail struct {
	first   int64
	entries [][]byte
	bytes   int
}

// Receipt says where an entry stands. The entry is durable, but no checkpoint need cover it yet: see Prove.
type Receipt struct {
	Index int64
	ID    string
	Time  time.Time // as in the entry; entries are ordered by Index, not by Time
}

// pending is one entry on its way to the disk.
type pending struct {
	stored []byte
	leaf   proof.Hash
	index  int64
	done   chan error
}

// Append writes an entry of the given type, about the given subject (a pseudonym, or ""), with data as
// its body, and returns when it is durable. Neither may hold personal data: nothing can be taken out
// again. The entry may have at most proof.MaxEntry bytes.
//
// ctx counts only until the entry is queued: from then on Append waits for the outcome, a few
// milliseconds, because an entry whose fate is unknown would help nobody. After an error that matches
// ErrUnavailable the entry was refused; should the machine crash before the log has recovered, the entry
// may still be found in the log, never the other way round.
func (l *Log) Append(ctx context.Context, typ, subject string, data any) (Receipt, error) {
	entry := proof.Entry{
		SpecVersion: "1.0", ID: rand.Text(), Source: l.origin, Type: typ, Subject: subject,
		Time: time.Now().UTC().Truncate(time.Microsecond),
	}
	stored, err := marshal(entry, data)
	if err != nil {
		return Receipt{}, err
	}
	p := &pending{stored: stored, leaf: proof.LeafHash(stored), done: make(chan error, 1)}
	if err := l.enqueue(ctx, p); err != nil {
		return Receipt{}, err
	}
	if err := <-p.done; err != nil {
		return Receipt{}, err
	}
	return Receipt{p.index, entry.ID, entry.Time}, nil
}

func marshal(entry proof.Entry, data any) (stored []byte, err error) {
	if data != nil {
		if entry.Data, err = json.Marshal(data); err != nil {
			return nil, &Error{CodeInvalid, "the entry's data cannot be written as JSON", err}
		}
	}
	stored, err = entry.Marshal()
	var large *proof.TooLargeError
	switch {
	case errors.As(err, &large):
		return nil, &Error{CodeTooLarge, fmt.Sprintf("the entry has %d bytes, at most %d fit; record less per call", large.Size, proof.MaxEntry), nil}
	case err != nil:
		return nil, &Error{CodeInvalid, "the entry is not valid", err}
	}
	return stored, nil
}

func (l *Log) enqueue(ctx context.Context, p *pending) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	l.closing.RLock()
	defer l.closing.RUnlock()
	if err := l.Err(); err != nil {
		return err
	}
	if l.closed {
		return errClosed
	}
	select {
	case l.queue <- p:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Err returns nil, or an *Error that says why entries are refused now.
func (l *Log) Err() error {
	if refusal := l.refusal.Load(); refusal != nil {
		return refusal
	}
	return nil
}

// Origin returns the log's name, which is also the source of its entries.
func (l *Log) Origin() string { return l.origin }

// Recovery says what Open found.
func (l *Log) Recovery() Recovery { return l.recovery }

// Close waits for the entries under way, signs a last checkpoint and gives the lock back. An error means
// that the last checkpoint could not be written; every acknowledged entry is durable all the same.
func (l *Log) Close() error {
	l.closing.Lock()
	if l.closed {
		l.closing.Unlock()
		return nil
	}
	l.closed = true
	l.closing.Unlock()
	close(l.queue)
	<-l.committed
	close(l.stop)
	err := <-l.ended
	if l.wal != nil {
		err = errors.Join(err, l.wal.Close())
	}
	return errors.Join(err, l.lock.Close())
}
