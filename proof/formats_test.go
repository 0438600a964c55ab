package proof_test

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"ringfence/proof"
)

// flips yields every variant of text with one byte changed, in one bit and into another case or digit.
func flips(text []byte, each func(at int, changed []byte)) {
	for i := range text {
		for _, mask := range []byte{1, 2, 4, 8, 16, 32, 64, 128} {
			changed := bytes.Clone(text)
			changed[i] ^= mask
			each(i, changed)
		}
	}
}

func TestCheckpointEveryFlipSeen(t *testing.T) {
	l := newLog(t, 3)
	head, signed := l.head(t, 3)
	if got, err := proof.OpenCheckpoint(signed, l.key); err != nil || got != head {
		t.Fatalf("%+v, %v", got, err)
	}
	flips(signed, func(at int, changed []byte) {
		if _, err := proof.OpenCheckpoint(changed, l.key); err == nil {
			t.Errorf("byte %d changed, still accepted:\n%s", at, changed)
		}
	})
}

func TestKeyEveryFlipSeen(t *testing.T) {
	l := newLog(t, 0)
	flips([]byte(l.vkey), func(at int, changed []byte) {
		if _, err := proof.ParseKey(string(changed)); err == nil {
			t.Errorf("byte %d changed, still accepted: %s", at, changed)
		}
	})
}

func TestReceiptEveryFlipSeen(t *testing.T) {
	l := newLog(t, 5)
	tiles, err := proof.OpenTiles(l.files(t, 5), l.key)
	if err != nil {
		t.Fatal(err)
	}
	receipt, err := tiles.Receipt(2)
	if err != nil {
		t.Fatal(err)
	}
	text := []byte(receipt.String())
	flips(text, func(at int, changed []byte) {
		r, err := proof.ParseReceipt(changed)
		if err != nil {
			return
		}
		if _, err := r.Verify(l.key); err == nil {
			t.Errorf("byte %d changed, still accepted:\n%s", at, changed)
		}
	})
}

// An origin other than the key's must not pass, even when the key signed it.
func TestCheckpointOfAnotherLog(t *testing.T) {
	l := newLog(t, 1)
	head, _ := l.head(t, 1)
	head.Origin = "other.example/log"
	if _, err := head.Sign(l.signer); err == nil {
		t.Error("signed for another log")
	}
	if _, err := proof.OpenCheckpoint([]byte("other.example/log\n0\n\n"), l.key); err == nil {
		t.Error("accepted without a signature")
	}
	if _, err := proof.OpenCheckpoint(nil, newLog(t, 0).key); err == nil {
		t.Error("accepted nothing")
	}
}

// The entry may come from elsewhere: the format's extra line is optional.
func TestReceiptWithoutExtra(t *testing.T) {
	l := newLog(t, 1)
	tiles, _ := proof.OpenTiles(l.files(t, 1), l.key)
	full, _ := tiles.Receipt(0)
	entry := full.Entry
	full.Entry = nil
	r, err := proof.ParseReceipt([]byte(full.String()))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Verify(l.key); err == nil || !strings.Contains(err.Error(), "supply") {
		t.Errorf("verified without an entry: %v", err)
	}
	r.Entry = entry
	if _, err := r.Verify(l.key); err != nil {
		t.Error(err)
	}
	if r.Entry = []byte("{}"); r.Entry != nil {
		if _, err := r.Verify(l.key); err == nil {
			t.Error("verified with another entry")
		}
	}
}

func TestTilePaths(t *testing.T) {
	for path, tile := range map[string]tlog.Tile{ // the examples of c2sp.org/tlog-tiles, and the edges
		"tile/0/x001/x234/067":     {H: 8, L: 0, N: 1234067, W: 256},
		"tile/63/000.p/1":          {H: 8, L: 63, N: 0, W: 1},
		"tile/entries/273.p/112":   {H: 8, L: -1, N: 273, W: 112},
		"tile/entries/x001/000":    {H: 8, L: -1, N: 1000, W: 256},
		"tile/1/x001/x000/000.p/7": {H: 8, L: 1, N: 1000000, W: 7},
	} {
		if got := proof.TilePath(tile); got != path {
			t.Errorf("TilePath(%+v) = %s, want %s", tile, got, path)
		}
		if got, err := proof.ParseTilePath(path); err != nil || got != tile {
			t.Errorf("ParseTilePath(%s) = %+v, %v", path, got, err)
		}
	}
	for _, path := range []string{
		"", "tile", "tile/0", "tile/data/000", "tile/8/0/000", "tile/64/000", "tile/00/000", "tile/0/0", "tile/0/x000/000",
		"tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01", "tile/entries/../000", "/tile/0/000", "tile/-1/000",
		"tile/0/x999/x999/x999/x999/x999/x999/x999/x999/999",
	} {
		if tile, err := proof.ParseTilePath(path); err == nil {
			t.Errorf("ParseTilePath(%s) = %+v", path, tile)
		}
	}
}

func TestBundleDamageKeepsWhatCameBefore(t *testing.T) {
	bundle := proof.AppendBundle(proof.AppendBundle(nil, []byte("one")), []byte("two"))
	for cut, want := range map[int]int{len(bundle): 2, len(bundle) - 1: 1, 6: 1, 5: 1, 4: 0, 1: 0, 0: 0} {
		entries, err := proof.ParseBundle(bundle[:cut])
		if len(entries) != want || (err == nil) != (cut == len(bundle) || cut == 5 || cut == 0) {
			t.Errorf("cut at %d: %d entries, %v", cut, len(entries), err)
		}
	}
	if _, err := proof.ParseBundle(make([]byte, 2*257)); err == nil {
		t.Error("257 entries accepted")
	}
}

func FuzzParseReceipt(f *testing.F) {
	l := newLog(f, 3)
	tiles, _ := proof.OpenTiles(l.files(f, 3), l.key)
	receipt, _ := tiles.Receipt(1)
	f.Add([]byte(receipt.String()))
	f.Add([]byte("c2sp.org/tlog-proof@v1\nindex 0\n\nx\n0\n" + base64.StdEncoding.EncodeToString(make([]byte, 32)) + "\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		r, err := proof.ParseReceipt(in)
		if err != nil {
			return
		}
		if r.String() != string(in) {
			t.Fatalf("%q is read as %q", in, r.String())
		}
		if _, err := r.Verify(l.key); err == nil && string(in) != receipt.String() {
			t.Fatalf("a foreign receipt verifies: %q", in)
		}
	})
}

func FuzzOpenCheckpoint(f *testing.F) {
	l := newLog(f, 3)
	_, signed := l.head(f, 3)
	f.Add(signed)
	f.Fuzz(func(t *testing.T, in []byte) {
		if head, err := proof.OpenCheckpoint(in, l.key); err == nil && !bytes.HasPrefix(signed, in[:bytes.Index(in, []byte("\n\n"))]) {
			t.Fatalf("forged %+v", head)
		}
	})
}

func FuzzParseKey(f *testing.F) {
	f.Add(newLog(f, 0).vkey)
	f.Fuzz(func(t *testing.T, in string) {
		if key, err := proof.ParseKey(in); err == nil && !strings.HasPrefix(in, key.Name()+"+") {
			t.Fatalf("%q has the name %q", in, key.Name())
		}
	})
}

func FuzzParseTilePath(f *testing.F) {
	f.Add("tile/0/x001/x234/067.p/3")
	f.Add("tile/entries/000")
	f.Fuzz(func(t *testing.T, in string) {
		if tile, err := proof.ParseTilePath(in); err == nil && (proof.TilePath(tile) != in || tile.N < 0) {
			t.Fatalf("%q is %+v", in, tile)
		}
	})
}

func FuzzParseBundle(f *testing.F) {
	f.Add(proof.AppendBundle(proof.AppendBundle(nil, []byte("one")), []byte("")))
	f.Fuzz(func(t *testing.T, in []byte) {
		entries, err := proof.ParseBundle(in)
		var again []byte
		for _, e := range entries {
			again = proof.AppendBundle(again, e)
		}
		if !bytes.HasPrefix(in, again) || (err == nil && len(again) != len(in)) {
			t.Fatalf("%q is read as %q, %v", in, entries, err)
		}
	})
}
