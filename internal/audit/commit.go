package audit

import (
	"errors"
	"time"
)

// commitLoop is the only writer of the write-ahead log. Entries that arrive while it is at work become
// its next batch: one write, one fdatasync, many entries.
func (l *Log) commitLoop() {
	defer close(l.committed)
	var retry <-chan time.Time
	for {
		select {
		case p, open := <-l.queue:
			if !open {
				return
			}
			l.commit(l.gather(p))
		case <-retry:
			retry = nil
			l.renew()
		}
		if l.wal == nil && retry == nil {
			retry = time.After(retryEvery)
		}
	}
}

// gather takes what else waits, without waiting for it.
func (l *Log) gather(p *pending) []*pending {
	all, size := []*pending{p}, len(p.stored)
	for size < batchBytes {
		select {
		case p, open := <-l.queue:
			if !open {
				return all
			}
			all, size = append(all, p), size+len(p.stored)
		default:
			return all
		}
	}
	return all
}

// commit makes a batch durable and tells everybody who waits for it.
func (l *Log) commit(all []*pending) {
	err := l.Err() // entries may have been queued before the log began to refuse
	if err == nil {
		err = l.write(all)
	}
	for _, p := range all {
		p.done <- err
	}
	if l.walSize > l.rotateAt {
		l.rotate()
	}
}

func (l *Log) write(all []*pending) error {
	entries := make([][]byte, len(all))
	for i, p := range all {
		entries[i] = p.stored
	}
	first := l.edge.size // only this goroutine changes it
	l.buf = appendBatch(l.buf[:0], first, entries)
	_, err := l.wal.Write(l.buf)
	if err == nil {
		err = l.wal.Sync()
	}
	if err != nil {
		return l.refuse(err)
	}
	l.walSize += int64(len(l.buf))
	for i, p := range all {
		p.index = first + int64(i)
	}
	l.remember(all)
	return nil
}

// remember adds entries that are durable now to the tree, and asks for a checkpoint when one is due.
func (l *Log) remember(all []*pending) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, p := range all {
		l.edge.add(p.leaf)
		l.tail.entries = append(l.tail.entries, p.stored)
		l.tail.bytes += len(p.stored)
	}
	if l.tail.bytes > tailBytes {
		l.refusal.CompareAndSwap(nil, errStalled)
	}
	if l.edge.size-l.published >= checkpointEntries {
		select {
		case l.due <- struct{}{}:
		default: // the publisher knows
		}
	}
}

// refuse gives up the write-ahead log after a failed write or sync, and all entries with it, until renew
// succeeds. What the failed call left in the file, nobody knows: after a failed fdatasync the kernel may
// have dropped the data and call the next one a success. So the file is never written again.
func (l *Log) refuse(err error) error {
	refusal := unavailable(err)
	l.refusal.Store(refusal)
	if l.wal != nil {
		_ = l.wal.Close()
		l.wal = nil
	}
	return refusal
}

// rotate renews the write-ahead log if most of it is published by now.
func (l *Log) rotate() {
	l.mu.Lock()
	worth := int64(l.tail.bytes) < l.walSize/2
	l.mu.Unlock()
	if worth {
		l.renew()
	}
}

// renew writes a fresh write-ahead log from memory, with every durable entry that is not in a full
// published bundle, and puts it in the place of the old one. It serves to start, to rotate, and to
// recover from a failed write: it takes nothing from the file before.
func (l *Log) renew() {
	l.mu.Lock()
	t := l.tail
	l.mu.Unlock()
	f, size, err := writeWAL(l.disk, t)
	if err != nil {
		_ = l.refuse(err)
		return
	}
	if l.wal != nil {
		_ = l.wal.Close() // every byte that counts was synced
	}
	l.wal, l.walSize = f, size
	if l.Err() != errStalled {
		l.refusal.Store(nil)
	}
}

func writeWAL(d disk, t tail) (f file, size int64, err error) {
	if f, err = d.Create(scratchWAL); err != nil {
		return nil, 0, err
	}
	text := appendBatch(nil, t.first, nil)
	for first := t.first; len(t.entries) > 0; {
		n := batchLength(t.entries)
		text = appendBatch(text, first, t.entries[:n])
		t.entries, first = t.entries[n:], first+int64(n)
	}
	_, err = f.Write(text)
	if err == nil {
		err = f.Sync()
	}
	if err == nil {
		err = d.Rename(scratchWAL, walName)
	}
	if err == nil {
		err = d.SyncDir(".")
	}
	if err != nil {
		err = errors.Join(err, f.Close())
		_ = d.RemoveAll(scratchWAL) // a full disk needs the space
		return nil, 0, err
	}
	return f, int64(len(text)), nil
}

// batchLength says how many of the entries make one batch.
func batchLength(entries [][]byte) int {
	size := 0
	for i, e := range entries {
		if size += len(e); size > batchBytes {
			return max(i, 1)
		}
	}
	return len(entries)
}
