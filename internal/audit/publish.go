package audit

import (
	"errors"
	"path"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"ringfence/proof"
)

// publishLoop writes tiles and checkpoints, beside the committer and never in its way.
func (l *Log) publishLoop() {
	tick := time.NewTicker(checkpointEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			_ = l.publish() // the next tick tries again; commit refuses entries when it never succeeds
		case <-l.due:
			_ = l.publish()
		case done := <-l.wanted:
			done <- l.publish()
		case <-l.stop:
			l.ended <- l.publish()
			return
		}
	}
}

// publish brings the files in C2SP layout and the signed checkpoint up to what is durable in the
// write-ahead log. Order matters: tiles are durable before the checkpoint that needs them.
func (l *Log) publish() error {
	l.mu.Lock()
	edge, tail, published := l.edge.snapshot(), l.tail, l.published
	l.mu.Unlock()
	if edge.size == published {
		return nil
	}
	tiles := tlog.NewTiles(proof.TileHeight, published, edge.size)
	err := l.writeTiles(tiles, &edge, tail)
	if err == nil {
		err = l.writeCheckpoint(&edge)
	}
	if err != nil {
		return unavailable(err)
	}
	l.forget(edge.size)
	l.removePartials(tiles, published)
	return nil
}

// forget drops from memory what a checkpoint of the given size made unnecessary.
func (l *Log) forget(size int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.published = size
	l.edge.trim(size)
	drop := floor(size) - l.tail.first
	if drop > 0 {
		kept := append([][]byte(nil), l.tail.entries[drop:]...)
		l.tail = tail{first: l.tail.first + drop, entries: kept}
		for _, e := range kept {
			l.tail.bytes += len(e)
		}
	}
	l.refusal.CompareAndSwap(errStalled, nil)
}

func (l *Log) writeTiles(tiles []tlog.Tile, edge *edge, tail tail) error {
	for _, t := range tiles {
		data, ok := edge.tile(t)
		if !ok {
			return errors.New("the tree's edge lacks a tile") // cannot happen: nothing published is trimmed early
		}
		if err := l.writeTile(t, data); err != nil {
			return err
		}
		if t.L == 0 {
			at := t.N*proof.TileWidth - tail.first
			t.L = proof.EntriesLevel
			if err := l.writeTile(t, bundle(tail.entries[at:][:t.W])); err != nil {
				return err
			}
		}
	}
	for dir := range l.unsynced {
		if err := l.disk.SyncDir(dir); err != nil {
			return err
		}
		delete(l.unsynced, dir)
	}
	return nil
}

func bundle(entries [][]byte) []byte {
	size := 0
	for _, e := range entries {
		size += 2 + len(e)
	}
	data := make([]byte, 0, size)
	for _, e := range entries {
		data = proof.AppendBundle(data, e)
	}
	return data
}

// writeTile writes one file and notes the directories whose content changed.
func (l *Log) writeTile(t tlog.Tile, data []byte) error {
	name := proof.TilePath(t)
	changed, err := makeParents(l.disk, name, l.made)
	if err == nil {
		err = replace(l.disk, name, data)
	}
	for _, dir := range append(changed, path.Dir(name)) {
		l.unsynced[dir] = true // until a sync succeeds, even if this publication fails
	}
	return err
}

func (l *Log) writeCheckpoint(edge *edge) error {
	root, err := edge.root()
	if err != nil {
		return err
	}
	return writeCheckpoint(l.disk, l.signer, proof.Checkpoint{Origin: l.origin, Size: edge.size, Root: root})
}

// removePartials deletes the partial tiles whose full tile is published. A failure leaves files that are
// correct and in nobody's way.
func (l *Log) removePartials(tiles []tlog.Tile, published int64) {
	for _, t := range tiles {
		before := published >> (t.L * proof.TileHeight)
		if t.W < proof.TileWidth || floor(before) != t.N*proof.TileWidth || before == floor(before) {
			continue
		}
		l.removePartial(t)
		if t.L == 0 {
			t.L = proof.EntriesLevel
			l.removePartial(t)
		}
	}
}

func (l *Log) removePartial(t tlog.Tile) {
	t.W = 1
	dir := path.Dir(proof.TilePath(t))
	_ = l.disk.RemoveAll(dir)
	delete(l.made, dir)
	delete(l.unsynced, dir)
}
