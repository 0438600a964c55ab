package proof

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// TileHeight and TileWidth are fixed by c2sp.org/tlog-tiles: a full tile holds 2^8 hashes.
const (
	TileHeight = 8
	TileWidth  = 1 << TileHeight
)

// EntriesLevel is the level of a [tlog.Tile] that stands for an entry bundle.
const EntriesLevel = -1

// TilePath returns where a log keeps a tile, e.g. tile/0/x001/234.p/7 or tile/entries/000.
// The tile's height is taken to be [TileHeight].
func TilePath(t tlog.Tile) string {
	t.H = TileHeight
	_, path, _ := strings.Cut(strings.TrimPrefix(t.Path(), "tile/"), "/") // without the height
	if t.L == EntriesLevel {
		path = "entries" + strings.TrimPrefix(path, "data")
	}
	return "tile/" + path
}

// ParseTilePath is the inverse of [TilePath]; it accepts no second spelling.
func ParseTilePath(path string) (tlog.Tile, error) {
	rest := strings.TrimPrefix(path, "tile/")
	if after, ok := strings.CutPrefix(rest, "entries/"); ok {
		rest = "data/" + after
	}
	t, err := tlog.ParseTilePath(fmt.Sprintf("tile/%d/%s", TileHeight, rest))
	if err != nil || t.L > 63 || TilePath(t) != path {
		return tlog.Tile{}, fmt.Errorf("proof: %.80q is not the path of a tile", path)
	}
	return t, nil
}

// AppendBundle appends an entry to an entry bundle: its length in two bytes, then its bytes.
// The entry must have at most [MaxEntry] bytes.
func AppendBundle(bundle, entry []byte) []byte {
	bundle = binary.BigEndian.AppendUint16(bundle, uint16(len(entry)))
	return append(bundle, entry...)
}

// ParseBundle returns the entries of a bundle, which share its memory. When the bundle is damaged it
// returns the entries before the damage as well as the error.
func ParseBundle(bundle []byte) ([][]byte, error) {
	entries := make([][]byte, 0, TileWidth)
	for len(bundle) > 0 {
		if len(entries) == TileWidth {
			return entries, fmt.Errorf("proof: an entry bundle holds more than %d entries", TileWidth)
		}
		if len(bundle) < 2 {
			return entries, errors.New("proof: an entry bundle ends within a length")
		}
		n := int(binary.BigEndian.Uint16(bundle))
		if bundle = bundle[2:]; len(bundle) < n {
			return entries, errors.New("proof: an entry bundle ends within an entry")
		}
		entries = append(entries, bundle[:n:n])
		bundle = bundle[n:]
	}
	return entries, nil
}
