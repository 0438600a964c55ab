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
			n := from / TileWidth
			entries, err := t.bundle(n)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, entry := range entries[from-n*TileWidth : min(to-n*TileWidth, TileWidth)] {
				if !yield(entry, nil) {
					return
				}
			}
			from = (n + 1) * TileWidth
		}
	}
}

// bundle reads entry bundle n and checks every entry in it against the tree.
func (t *Tiles) bundle(n int64) ([][]byte, error) {
	width := int(min(TileWidth, t.head.Size-n*TileWidth))
	tile := tlog.Tile{H: TileHeight, L: EntriesLevel, N: n, W: width}
	data, err := ReadTile(t.files, tile)
	if err != nil {
		return nil, err
	}
	entries, err := ParseBundle(data)
	if len(entries) < width {
		return nil, errors.Join(fmt.Errorf("proof: entry %d is missing in %s", n*TileWidth+int64(len(entries)), TilePath(tile)), err)
	}
	indexes := make([]int64, width)
	for i := range indexes {
		indexes[i] = tlog.StoredHashIndex(0, n*TileWidth+int64(i))
	}
	hashes, err := t.hashes.ReadHashes(indexes)
	if err != nil {
		return nil, err
	}
	for i, h := range hashes {
		if LeafHash(entries[i]) != h {
			return nil, fmt.Errorf("proof: entry %d in %s is not the one that was signed", n*TileWidth+int64(i), TilePath(tile))
		}
	}
	return entries[:width], nil
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
