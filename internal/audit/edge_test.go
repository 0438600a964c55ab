package audit

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"ringfence/proof"
)

// oracle is x/mod's own tree over the same leaves.
type oracle struct {
	size   int64
	stored []proof.Hash
}

func (o *oracle) add(leaf proof.Hash) {
	hashes, err := tlog.StoredHashesForRecordHash(o.size, leaf, o)
	if err != nil {
		panic(err)
	}
	o.size, o.stored = o.size+1, append(o.stored, hashes...)
}

func (o *oracle) ReadHashes(indexes []int64) ([]proof.Hash, error) {
	out := make([]proof.Hash, len(indexes))
	for i, x := range indexes {
		out[i] = o.stored[x]
	}
	return out, nil
}

// Over three tile levels and any publishing rhythm, the edge gives the roots and tiles of x/mod's tree.
func TestEdgeAgainstTlog(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	var e edge
	var o oracle
	published := int64(0)
	for n := range int64(66_500) {
		leaf := proof.LeafHash(fmt.Append(nil, n))
		e.add(leaf)
		o.add(leaf)
		if random.IntN(700) > 0 && n > 600 && n != 65_535 {
			continue
		}
		root, err := e.root()
		want, _ := tlog.TreeHash(o.size, &o)
		if err != nil || root != want {
			t.Fatalf("size %d: root %v, %v; want %v", o.size, root, err, want)
		}
		compareTiles(t, &e, &o, published)
		published = o.size
		e.trim(published)
	}
}

func compareTiles(t *testing.T, e *edge, o *oracle, published int64) {
	t.Helper()
	for _, tile := range tlog.NewTiles(proof.TileHeight, published, o.size) {
		got, ok := e.tile(tile)
		want, err := tlog.ReadTileData(tile, o)
		if err != nil || !ok || !bytes.Equal(got, want) {
			t.Fatalf("size %d: %s differs (%v)", o.size, tile.Path(), err)
		}
	}
}

func TestSnapshotStaysWhatItWas(t *testing.T) {
	var e edge
	for n := range 300 {
		e.add(proof.LeafHash([]byte{byte(n)}))
	}
	s := e.snapshot()
	before, _ := s.root()
	for n := range 500 {
		e.add(proof.LeafHash([]byte{byte(n)}))
		e.trim(e.size)
	}
	if after, err := s.root(); after != before || err != nil || s.size != 300 {
		t.Errorf("the snapshot changed: %v", err)
	}
}
