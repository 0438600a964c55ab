package audit

import (
	"errors"
	"io/fs"

	"golang.org/x/mod/sumdb/tlog"

	"ringfence/proof"
)

// view is the tree as one kind of file tells it.
type view struct {
	edge
	known *proof.Hash  // root at the size of the known checkpoint
	tail  []proof.Hash // leaves from the write-ahead log's first index on
}

// losses notes what is missing; -1 stands for none.
type losses struct {
	firstEntry, lastPresent int64   // first missing entry, last entry that is there
	firstLeaf               int64   // first index with neither entry nor hash
	tiles                   []int64 // first indexes of what is missing in leaf tiles
}

// readBundle reads entry bundle n and leaf tile n and adds what they say to the two views.
func (v *verifier) readBundle(n int64) error {
	width := int(min(proof.TileWidth, v.head.Size-n*proof.TileWidth))
	entries, err := v.readEntries(n, width)
	if err != nil {
		return err
	}
	hashes, err := v.readHashes(tlog.Tile{H: proof.TileHeight, N: n, W: width})
	if err != nil {
		return err
	}
	if len(hashes) < width {
		v.lost.tiles = append(v.lost.tiles, n*proof.TileWidth+int64(len(hashes)))
	}
	for i := range width {
		v.addLeaf(n*proof.TileWidth+int64(i), at(entries, i), at(hashes, i))
	}
	v.byEntry.trimRow(0, v.byEntry.size)
	v.byTile.trimRow(0, v.byTile.size)
	return nil
}

// at returns a pointer to element i, or nil when there is none.
func at[T any](list []T, i int) *T {
	if i < len(list) {
		return &list[i]
	}
	return nil
}

func (v *verifier) readEntries(n int64, width int) ([][]byte, error) {
	t := tlog.Tile{H: proof.TileHeight, L: proof.EntriesLevel, N: n, W: width}
	data, err := proof.ReadTile(v.files, t)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	entries, damage := proof.ParseBundle(data)
	if len(entries) < width {
		return entries, nil
	}
	if (damage != nil || len(entries) > width) && exists(v.files, proof.TilePath(t)) {
		v.report.problem(EntryChanged, proof.TilePath(t), n*proof.TileWidth+int64(width)-1, "something follows the last entry of the bundle")
	}
	return entries[:width], nil
}

func full(t tlog.Tile) tlog.Tile {
	t.W = proof.TileWidth
	return t
}

func (v *verifier) readHashes(t tlog.Tile) (hashes []proof.Hash, err error) {
	data, err := proof.ReadTile(v.files, t)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for len(hashes) < t.W && len(data) >= tlog.HashSize {
		hashes = append(hashes, proof.Hash(data[:tlog.HashSize]))
		data = data[tlog.HashSize:]
	}
	if len(data) > 0 && len(hashes) == t.W && exists(v.files, proof.TilePath(t)) {
		v.report.problem(TileChanged, proof.TilePath(t), -1, "the tile is longer than it should be")
	}
	return hashes, nil
}

// addLeaf weighs what the files say of one index. Where one of them says nothing, the other stands in.
func (v *verifier) addLeaf(index int64, entry *[]byte, hash *proof.Hash) {
	var leaf proof.Hash
	switch {
	case entry != nil:
		leaf, v.lost.lastPresent = proof.LeafHash(*entry), index
		if hash != nil && leaf != *hash {
			v.suspects = append(v.suspects, index)
		} else if _, err := proof.ParseEntry(*entry); err != nil {
			v.report.problem(EntryInvalid, v.bundleOf(index), index, "entry %d: %v", index, err)
		}
	case hash != nil:
		leaf = *hash
	case v.lost.firstLeaf < 0:
		v.lost.firstLeaf = index
	}
	if entry == nil && v.lost.firstEntry < 0 {
		v.lost.firstEntry = index
	}
	if hash == nil {
		hash = &leaf
	}
	v.byEntry.see(leaf, v, index)
	v.byTile.see(*hash, v, index)
}

func (w *view) see(leaf proof.Hash, v *verifier, index int64) {
	if v.known != nil && v.known.Size == index {
		w.remember()
	}
	w.add(leaf)
	if index >= v.wal.first {
		w.tail = append(w.tail, leaf)
	}
}

func (w *view) remember() {
	if root, err := w.root(); err == nil {
		w.known = &root
	}
}

func (v *verifier) bundleOf(index int64) string { return v.fileOf(proof.EntriesLevel, index) }
func (v *verifier) leavesOf(index int64) string { return v.fileOf(0, index) }

// fileOf names the file in which the signed log has the entry or its leaf hash.
func (v *verifier) fileOf(level int, index int64) string {
	n := index / proof.TileWidth
	width := int(min(proof.TileWidth, v.head.Size-n*proof.TileWidth))
	return proof.TilePath(tlog.Tile{H: proof.TileHeight, L: level, N: n, W: width})
}
