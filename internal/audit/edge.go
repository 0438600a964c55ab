package audit

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"ringfence/proof"
)

// edge is the right edge of the log's tree: per tile level the hashes of the tiles that are not yet full
// and published. It is all that is needed to add entries and to compute the root.
type edge struct {
	size int64
	rows []row
}

// row holds the hashes number first, first+1, ... of one tile level; first is a multiple of the tile width.
type row struct {
	first  int64
	hashes []proof.Hash
}

// add appends a leaf. A tile that becomes full adds its root to the level above.
func (e *edge) add(leaf proof.Hash) {
	e.size++
	for level := 0; ; level++ {
		if level == len(e.rows) {
			e.rows = append(e.rows, row{})
		}
		r := &e.rows[level]
		r.hashes = append(r.hashes, leaf)
		if len(r.hashes)%proof.TileWidth != 0 {
			return
		}
		leaf = subtree(r.hashes[len(r.hashes)-proof.TileWidth:])
	}
}

// subtree returns the root over a power of two of neighbouring hashes.
func subtree(hashes []proof.Hash) proof.Hash {
	if len(hashes) == 1 {
		return hashes[0]
	}
	half := len(hashes) / 2
	return tlog.NodeHash(subtree(hashes[:half]), subtree(hashes[half:]))
}

// root returns the RFC 6962 root of the whole tree.
func (e *edge) root() (proof.Hash, error) { return tlog.TreeHash(e.size, e) }

// ReadHashes makes the edge a [tlog.HashReader]; it knows the hashes that a root needs.
func (e *edge) ReadHashes(indexes []int64) ([]proof.Hash, error) {
	out := make([]proof.Hash, len(indexes))
	for i, x := range indexes {
		level, n := tlog.SplitStoredHashIndex(x)
		within := level % proof.TileHeight
		hashes, ok := e.hashes(level/proof.TileHeight, n<<within, 1<<within)
		if !ok {
			return nil, fmt.Errorf("hash %d of level %d is not at the tree's edge", n, level)
		}
		out[i] = subtree(hashes)
	}
	return out, nil
}

// hashes returns count hashes of a tile level from number from on, if the edge has them all.
func (e *edge) hashes(level int, from int64, count int) ([]proof.Hash, bool) {
	if level >= len(e.rows) {
		return nil, false
	}
	r := e.rows[level]
	at := from - r.first
	if at < 0 || at+int64(count) > int64(len(r.hashes)) {
		return nil, false
	}
	return r.hashes[at:][:count], true
}

// tile returns the content of a hash tile, if the edge has it.
func (e *edge) tile(t tlog.Tile) ([]byte, bool) {
	hashes, ok := e.hashes(t.L, t.N*proof.TileWidth, t.W)
	var data []byte
	for _, h := range hashes {
		data = append(data, h[:]...)
	}
	return data, ok
}

// snapshot returns an edge that later calls of add and trim on e leave alone.
func (e *edge) snapshot() edge {
	s := edge{e.size, make([]row, len(e.rows))}
	for i, r := range e.rows {
		s.rows[i] = row{r.first, r.hashes[:len(r.hashes):len(r.hashes)]}
	}
	return s
}

// trim forgets the tiles that are full in a tree of the given size.
func (e *edge) trim(size int64) {
	for level := range e.rows {
		e.trimRow(level, size>>(level*proof.TileHeight))
	}
}

// trimRow forgets the full tiles among the first n hashes of a level.
func (e *edge) trimRow(level int, n int64) {
	r := &e.rows[level]
	if drop := floor(n) - r.first; drop > 0 {
		r.first += drop
		r.hashes = append([]proof.Hash(nil), r.hashes[drop:]...)
	}
}

// floor rounds down to a multiple of the tile width.
func floor(n int64) int64 { return n &^ (proof.TileWidth - 1) }
