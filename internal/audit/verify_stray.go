package audit

import (
	"bytes"
	"errors"
	"io/fs"

	"golang.org/x/mod/sumdb/tlog"

	"ringfence/proof"
)

// compareStrays looks at the tiles that the checkpoint does not need: partial ones of earlier
// checkpoints, and those of a checkpoint that a crash prevented. They must say the same as the rest.
func (v *verifier) compareStrays() error {
	v.extend()
	needed := map[string]bool{}
	for _, t := range tlog.NewTiles(proof.TileHeight, 0, v.head.Size) {
		if needed[proof.TilePath(t)] = true; t.L == 0 {
			t.L = proof.EntriesLevel
			needed[proof.TilePath(t)] = true
		}
	}
	err := fs.WalkDir(v.files, "tile", func(name string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) { // no tile yet, or removed by a writer while we look
			return nil
		}
		if err != nil || entry.IsDir() || needed[name] {
			return errors.Join(err, v.ctx.Err())
		}
		return v.compareStray(name)
	})
	return err
}

// extend adds the durable entries that are not signed yet to the tree.
func (v *verifier) extend() {
	if v.walDamage != nil || v.wal.first > v.head.Size || v.lost.firstLeaf >= 0 {
		return
	}
	for _, entry := range v.wal.entries[min(v.head.Size-v.wal.first, int64(len(v.wal.entries))):] {
		v.good.add(proof.LeafHash(entry))
	}
}

func (v *verifier) compareStray(name string) error {
	t, err := proof.ParseTilePath(name)
	if err != nil {
		v.report.note("%s is no file of a log; it was not looked at", name)
		return nil
	}
	got, err := fs.ReadFile(v.files, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	want, err := v.content(t)
	if err != nil {
		return err
	}
	switch {
	case want == nil && (v.walDamage != nil || v.live()): // beyond what could be read
	case want == nil:
		v.report.problem(EntriesCut, name, max(v.head.Size, v.wal.end()), "the tile is of entries that are neither signed nor in the write-ahead log: they were there once")
	case !bytes.Equal(got, want):
		index := t.N * proof.TileWidth << (max(t.L, 0) * proof.TileHeight)
		v.report.problem(TileChanged, name, index, "the tile, which no checkpoint needs any more or yet, does not fit the log")
	}
	return nil
}

// content returns what a tile must hold, or nil when it reaches beyond what is known.
func (v *verifier) content(t tlog.Tile) ([]byte, error) {
	if t.L > 0 || t.L == 0 && t.N*proof.TileWidth >= floor(v.head.Size) {
		data, _ := v.good.tile(t)
		return data, nil
	}
	first := t.N * proof.TileWidth
	if first >= floor(v.head.Size) {
		return v.tailBundle(first, t.W)
	}
	data, err := proof.ReadTile(v.files, full(t))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil || t.L == 0 {
		return data[:min(len(data), t.W*tlog.HashSize)], err
	}
	entries, _ := proof.ParseBundle(data)
	return bundle(entries[:min(len(entries), t.W)]), nil
}

// tailBundle builds the bundle of entries that the write-ahead log still holds.
func (v *verifier) tailBundle(first int64, width int) ([]byte, error) {
	from := first - v.wal.first
	if from < 0 || from+int64(width) > int64(len(v.wal.entries)) {
		return nil, nil
	}
	return bundle(v.wal.entries[from:][:width]), nil
}
