package proof_test

import (
	"crypto/rand"
	"fmt"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"ringfence/proof"
)

// logOf is a small log built with x/mod's own tree, the oracle for everything in this package.
type logOf struct {
	entries [][]byte
	stored  []proof.Hash
	signer  note.Signer
	key     note.Verifier
	vkey    string
}

func newLog(t testing.TB, n int) *logOf {
	t.Helper()
	skey, vkey, err := note.GenerateKey(rand.Reader, "shop.example/log")
	if err != nil {
		t.Fatal(err)
	}
	l := &logOf{vkey: vkey}
	l.signer, _ = note.NewSigner(skey)
	l.key, err = proof.ParseKey(vkey)
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		e := sampleEntry()
		e.ID, e.Time = fmt.Sprint("e-", i), time.Unix(int64(i), 0)
		entry, err := e.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		hashes, err := tlog.StoredHashes(int64(i), entry, l)
		if err != nil {
			t.Fatal(err)
		}
		l.entries, l.stored = append(l.entries, entry), append(l.stored, hashes...)
	}
	return l
}

func (l *logOf) ReadHashes(indexes []int64) ([]proof.Hash, error) {
	out := make([]proof.Hash, len(indexes))
	for i, x := range indexes {
		out[i] = l.stored[x]
	}
	return out, nil
}

func (l *logOf) head(t testing.TB, size int64) (proof.Checkpoint, []byte) {
	t.Helper()
	root, err := tlog.TreeHash(size, l)
	if err != nil {
		t.Fatal(err)
	}
	head := proof.Checkpoint{Origin: "shop.example/log", Size: size, Root: root}
	signed, err := head.Sign(l.signer)
	if err != nil {
		t.Fatal(err)
	}
	return head, signed
}

// files publishes the log at a size: its checkpoint and every tile, full and partial.
func (l *logOf) files(t testing.TB, size int64) fstest.MapFS {
	t.Helper()
	_, signed := l.head(t, size)
	files := fstest.MapFS{"checkpoint": {Data: signed}}
	for _, tile := range tlog.NewTiles(proof.TileHeight, 0, size) {
		data, err := tlog.ReadTileData(tile, l)
		if err != nil {
			t.Fatal(err)
		}
		files[proof.TilePath(tile)] = &fstest.MapFile{Data: data}
		if tile.L == 0 {
			var bundle []byte
			for _, e := range l.entries[tile.N*256:][:tile.W] {
				bundle = proof.AppendBundle(bundle, e)
			}
			tile.L = proof.EntriesLevel
			files[proof.TilePath(tile)] = &fstest.MapFile{Data: bundle}
		}
	}
	return files
}

func TestTilesAgainstTlog(t *testing.T) {
	l := newLog(t, 1100)
	for _, size := range []int64{1, 2, 255, 256, 257, 511, 512, 700, 1024, 1100} {
		files := l.files(t, size)
		tiles, err := proof.OpenTiles(files, l.key)
		if err != nil {
			t.Fatal(err)
		}
		for index := range size {
			if index%7 == 0 || index == size-1 {
				checkReceipt(t, l, tiles, index)
			}
		}
		for before := int64(0); before <= size; before += 1 + size/20 {
			path, err := tiles.Consistency(before)
			if err != nil {
				t.Fatal(err)
			}
			old, _ := l.head(t, before)
			if err := proof.VerifyConsistency(old, tiles.Head(), path); err != nil {
				t.Errorf("%d to %d: %v", before, size, err)
			}
			if old.Root[3] ^= 1; proof.VerifyConsistency(old, tiles.Head(), path) == nil {
				t.Errorf("%d to %d: another history accepted", before, size)
			}
		}
	}
}

func checkReceipt(t *testing.T, l *logOf, tiles *proof.Tiles, index int64) {
	t.Helper()
	receipt, err := tiles.Receipt(index)
	if err != nil {
		t.Fatalf("index %d of %d: %v", index, tiles.Head().Size, err)
	}
	want, _ := tlog.ProveRecord(tiles.Head().Size, index, l)
	if fmt.Sprint(receipt.Path) != fmt.Sprint(want) {
		t.Fatalf("index %d of %d: path %v, tlog has %v", index, tiles.Head().Size, receipt.Path, want)
	}
	checked, err := receipt.Verify(l.key)
	if err != nil || checked.Index != index || checked.Entry.ID != fmt.Sprint("e-", index) {
		t.Fatalf("index %d of %d: %+v, %v", index, tiles.Head().Size, checked, err)
	}
}

// A checkpoint may be read just before the log replaces partial tiles by full ones.
func TestTilesPartialReplacedByFull(t *testing.T) {
	l := newLog(t, 300)
	files := l.files(t, 300)
	_, signed := l.head(t, 200)
	files["checkpoint"].Data = signed
	tiles, err := proof.OpenTiles(files, l.key)
	if err != nil {
		t.Fatal(err)
	}
	checkReceipt(t, l, tiles, 199)
}

func TestTilesDamage(t *testing.T) {
	l := newLog(t, 300)
	read := func(files fstest.MapFS) error {
		tiles, err := proof.OpenTiles(files, l.key)
		if err != nil {
			return err
		}
		n := 0
		for _, err := range tiles.Entries(0, 300) {
			if err != nil {
				return err
			}
			n++
		}
		if n != 300 {
			return fmt.Errorf("%d entries", n)
		}
		return nil
	}
	if err := read(l.files(t, 300)); err != nil {
		t.Fatal(err)
	}
	for path := range l.files(t, 300) {
		for _, damage := range []func(*fstest.MapFile){
			func(f *fstest.MapFile) { f.Data[len(f.Data)/2] ^= 1 },
			func(f *fstest.MapFile) { f.Data = f.Data[:len(f.Data)-1] },
			func(f *fstest.MapFile) { f.Data = nil },
		} {
			files := l.files(t, 300)
			damage(files[path])
			if read(files) == nil {
				t.Errorf("%s: damage not seen", path)
			}
		}
		files := l.files(t, 300)
		delete(files, path)
		if read(files) == nil {
			t.Errorf("%s: missing, not seen", path)
		}
	}
}
