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

// judge finds out which of the two views the signature supports, and so which file is wrong.
func (v *verifier) judge() error {
	entryRoot, err := v.byEntry.root()
	if err != nil {
		return err
	}
	tileRoot, err := v.byTile.root()
	if err != nil {
		return err
	}
	v.good = &v.byEntry
	switch {
	case entryRoot == v.head.Root:
		for _, index := range v.suspects {
			v.report.problem(TileChanged, v.leavesOf(index), index, "the hash of entry %d was changed", index)
		}
	case tileRoot == v.head.Root:
		v.good = &v.byTile
		for _, index := range v.suspects {
			v.report.problem(EntryChanged, v.bundleOf(index), index, "entry %d was changed", index)
		}
	case len(v.suspects) > 0:
		for _, index := range v.suspects {
			v.report.problem(EntryChanged, v.bundleOf(index), index, "entry %d and its hash contradict each other, and neither leads to what was signed", index)
		}
	case v.lost.firstLeaf < 0:
		v.report.problem(RootContradicts, checkpointName, -1, "the tree over all %d entries is not the one that was signed", v.head.Size)
	}
	v.judgeLosses()
	return nil
}

func (v *verifier) judgeLosses() {
	cut := v.lost.firstEntry >= 0 && v.lost.lastPresent < v.lost.firstEntry
	if first := v.lost.firstEntry; cut {
		v.report.problem(EntriesCut, v.bundleOf(first), first, "the entries from %d on are gone; %d are signed", first, v.head.Size)
	} else if first >= 0 {
		v.report.problem(EntryMissing, v.bundleOf(first), first, "entry %d is missing, later ones are there", first)
	}
	for _, index := range v.lost.tiles {
		if !cut || index < v.lost.firstEntry {
			v.report.problem(TileMissing, v.leavesOf(index), index, "the leaf tile lacks hashes from %d on", index)
		}
	}
}

// compareUpper compares the tiles above the leaves with the tree.
func (v *verifier) compareUpper() error {
	for _, t := range tlog.NewTiles(proof.TileHeight, 0, v.head.Size) {
		if t.L == 0 {
			continue
		}
		hashes, err := v.readHashes(t)
		if err != nil {
			return err
		}
		for i := range t.W {
			number := t.N*proof.TileWidth + int64(i)
			index := number << (t.L * proof.TileHeight)
			if lost := v.lost.firstLeaf; lost >= 0 && (number+1)<<(t.L*proof.TileHeight) > lost {
				break // what the tile should say cannot be known
			}
			want, _ := v.good.hashes(t.L, number, 1)
			if i >= len(hashes) {
				v.report.problem(TileMissing, proof.TilePath(t), index, "the tile lacks hashes from number %d on", i)
				break
			}
			if hashes[i] != want[0] {
				v.report.problem(TileChanged, proof.TilePath(t), index, "hash %d of the tile, over the entries from %d on, is not that of the tree", i, index)
			}
		}
	}
	return nil
}

// compareKnown asks whether the log continues the one that was known.
func (v *verifier) compareKnown() error {
	if v.known == nil {
		return nil
	}
	if v.known.Size == v.head.Size {
		v.good.remember()
	}
	if lost := v.lost.firstLeaf; v.good.known == nil || lost >= 0 && lost < v.known.Size {
		return nil // reported as missing
	}
	if *v.good.known != v.known.Root {
		v.report.problem(KnownDiffers, checkpointName, -1, "the first %d entries are not those that were known: this is another history", v.known.Size)
	}
	return nil
}
