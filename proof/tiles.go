package proof

import (
	"errors"
	"fmt"
	"io/fs"
	"iter"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Tiles is a published log as files: a signed checkpoint and the tiles that belong to it, in the layout of
// c2sp.org/tlog-tiles. Everything it returns was checked against the checkpoint. Safe for concurrent use.
type Tiles struct {
	files  fs.FS
	head   Checkpoint
	signed []byte
	hashes tlog.HashReader
}

// OpenTiles reads and verifies the file "checkpoint" in files. The log may grow meanwhile: the Tiles
// stay at the size they were opened at; open again to see more.
func OpenTiles(files fs.FS, key note.Verifier) (*Tiles, error) {
	signed, err := fs.ReadFile(files, "checkpoint")
	if err != nil {
		return nil, err
	}
	head, err := OpenCheckpoint(signed, key)
	if err != nil {
		return nil, err
	}
	t := &Tiles{files: files, head: head, signed: signed}
	t.hashes = tlog.TileHashReader(tlog.Tree{N: head.Size, Hash: head.Root}, tileFiles{files})
	return t, nil
}

// Head returns the checkpoint everything is checked against.
func (t *Tiles) Head() Checkpoint { return t.head }

// Receipt returns the receipt of the entry at index.
func (t *Tiles) Receipt(index int64) (Receipt, error) {
	for entry, err := range t.Entries(index, index+1) {
		if err != nil {
			return Receipt{}, err
		}
		path, err := tlog.ProveRecord(t.head.Size, index, t.hashes)
		return Receipt{index, entry, path, t.signed}, err
	}
	return Receipt{}, fmt.Errorf("proof: index %d is not in a log of %d entries", index, t.head.Size)
}

// Consistency returns the proof that the log of the given earlier size is a prefix of this one; hand it
// to [VerifyConsistency].
func (t *Tiles) Consistency(size int64) ([]Hash, error) {
	if size < 0 || size > t.head.Size {
		return nil, fmt.Errorf("proof: a log of %d entries never had %d", t.head.Size, size)
	}
	if size == 0 {
		return nil, nil
	}
	return tlog.ProveTree(t.head.Size, size, t.hashes)
}

// Entries yields the bytes of the entries from index from up to, not including, index to. It stops
// early at the end of the log, and after the first error.
func (t *Tiles) Entries(from, to int64) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		from, to = max(from, 0), min(to, t.head.Size)
		for from < to {
			end := min(to, (from/TileWidth+1)*TileWidth)
			if !t.bundle(from, end, yield) {
				return
			}
			from = end
		}
	}
}

// bundle yields the entries from index from up to end, which lie in one bundle, each checked against the
// tree. It says whether to go on.
func (t *Tiles) bundle(from, end int64, yield func([]byte, error) bool) bool {
	fail := func(err error) bool {
		yield(nil, err)
		return false
	}
	first := from / TileWidth * TileWidth
	tile := tlog.Tile{H: TileHeight, L: EntriesLevel, N: first / TileWidth, W: int(min(TileWidth, t.head.Size-first))}
	data, err := ReadTile(t.files, tile)
	if err != nil {
		return fail(err)
	}
	hashes, err := t.leaves(from, end)
	if err != nil {
		return fail(err)
	}
	entries, _ := ParseBundle(data) // what damage left out is missed below
	for i, hash := range hashes {
		index := from + int64(i)
		if int64(len(entries)) <= index-first {
			return fail(fmt.Errorf("proof: entry %d is missing in %s", index, TilePath(tile)))
		}
		entry := entries[index-first]
		if LeafHash(entry) != hash {
			return fail(fmt.Errorf("proof: entry %d in %s is not the one that was signed", index, TilePath(tile)))
		}
		if !yield(entry, nil) {
			return false
		}
	}
	return true
}

// leaves returns leaf hashes, checked against the checkpoint.
func (t *Tiles) leaves(from, end int64) ([]Hash, error) {
	indexes := make([]int64, end-from)
	for i := range indexes {
		indexes[i] = tlog.StoredHashIndex(0, from+int64(i))
	}
	return t.hashes.ReadHashes(indexes)
}

// ReadTile reads a tile's file, unchecked. A log may have replaced a partial tile by the full one, which
// starts with the same bytes; then it returns those, and the caller takes what it needs.
func ReadTile(files fs.FS, t tlog.Tile) ([]byte, error) {
	data, err := fs.ReadFile(files, TilePath(t))
	if errors.Is(err, fs.ErrNotExist) && t.W < TileWidth {
		t.W = TileWidth
		if full, fullErr := fs.ReadFile(files, TilePath(t)); fullErr == nil {
			return full, nil
		}
	}
	return data, err
}

// tileFiles makes hash tiles in files a [tlog.TileReader], which does the checking.
type tileFiles struct{ files fs.FS }

func (f tileFiles) Height() int { return TileHeight }

func (f tileFiles) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	all := make([][]byte, len(tiles))
	for i, t := range tiles {
		data, err := ReadTile(f.files, t)
		if err != nil {
			return nil, err
		}
		if len(data) < t.W*tlog.HashSize {
			return nil, fmt.Errorf("proof: %s is too short", TilePath(t))
		}
		all[i] = data[:t.W*tlog.HashSize]
	}
	return all, nil
}

func (f tileFiles) SaveTiles([]tlog.Tile, [][]byte) {} // nothing is cached: the files are at hand
