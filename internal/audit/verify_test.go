package audit

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"ringfence/proof"
)

// filesOf returns a log's files, without the lock, to change them in memory.
func filesOf(t testing.TB, dir string) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	err := filepath.WalkDir(dir, func(name string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || entry.Name() == lockName {
			return err
		}
		content, err := os.ReadFile(name)
		relative, _ := filepath.Rel(dir, name)
		files[filepath.ToSlash(relative)] = &fstest.MapFile{Data: content, Mode: 0o600}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func verifyFiles(t testing.TB, files fs.FS, o VerifyOptions) Report {
	t.Helper()
	report, err := verify(context.Background(), files, func() bool { return false }, o)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func closedLog(t testing.TB, entries int) fstest.MapFS {
	t.Helper()
	dir := t.TempDir()
	l := openLog(t, dir)
	appendAll(t, l, entries)
	closeLog(t, l)
	return filesOf(t, dir)
}

// crashedLog returns a log as a kill leaves it: some entries signed, some not, old partial tiles about.
func crashedLog(t testing.TB) fstest.MapFS {
	t.Helper()
	dir := t.TempDir()
	l := openLog(t, dir)
	for range 2 {
		appendAll(t, l, 1)
		if _, err := l.Prove(context.Background(), l.edge.size-1); err != nil {
			t.Fatal(err)
		}
	}
	appendAll(t, l, 1)
	files := filesOf(t, dir)
	closeLog(t, l)
	return files
}

// Every byte of every file of a small log, closed or crashed, is changed in turn: always seen, always
// in the right file, and for entries at the right index.
func TestEveryByteOfASmallLog(t *testing.T) {
	for name, files := range map[string]fstest.MapFS{"closed": closedLog(t, 2), "crashed": crashedLog(t)} {
		if report := verifyFiles(t, files, VerifyOptions{}); report.Verdict != OK {
			t.Fatalf("%s, untouched: %+v", name, report)
		}
		for path := range files {
			for at := range files[path].Data {
				for _, mask := range []byte{0x01, 0x20, 0x80} { // 0x20 turns a hex digit into the other case
					tamper(t, files, path, at, mask)
				}
			}
		}
	}
}

// On a log of 10,000 entries the verdict comes within 5 seconds, for a change at any layer.
func TestTamperAtEveryLayer(t *testing.T) {
	files := closedLog(t, 10_000)
	for _, path := range []string{
		"key", "key.pub", "checkpoint", "wal", "tile/1/000.p/39",
		"tile/0/000", "tile/0/039.p/16", "tile/entries/000", "tile/entries/020", "tile/entries/039.p/16",
	} {
		size := len(files[path].Data)
		for _, at := range []int{0, size / 2, size - 1} {
			tamper(t, files, path, at, 0x04)
		}
	}
}

// tamper changes one byte, verifies, and puts the byte back.
func tamper(t *testing.T, files fstest.MapFS, path string, at int, mask byte) {
	t.Helper()
	want, ok := indexAt(files, path, at)
	files[path].Data[at] ^= mask
	defer func() { files[path].Data[at] ^= mask }()
	start := time.Now()
	report := verifyFiles(t, files, VerifyOptions{})
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("%s byte %d: the verdict took %v", path, at, took)
	}
	if report.Verdict != Invalid && report.Verdict != Truncated {
		t.Fatalf("%s byte %d: %s", path, at, report.Verdict)
	}
	if p := report.Problems[0]; p.File != path {
		t.Fatalf("%s byte %d: blamed on %+v", path, at, p)
	}
	if ok && (report.FirstBad == nil || *report.FirstBad != want) {
		t.Fatalf("%s byte %d belongs to entry %d: %+v", path, at, want, report.Problems)
	}
}

// indexAt says to which entry a byte belongs, for bundles and leaf tiles.
func indexAt(files fstest.MapFS, path string, at int) (int64, bool) {
	if path == walName {
		return lineAt(files[path].Data, at)
	}
	tile, err := proof.ParseTilePath(path)
	switch {
	case err != nil || tile.L > 0:
		return 0, false
	case tile.L == 0:
		return needed(files, tile, tile.N*proof.TileWidth+int64(at/tlog.HashSize)), true
	}
	entries, _ := proof.ParseBundle(files[path].Data)
	for i, e := range entries {
		if at -= 2 + len(e); at < 0 {
			return needed(files, tile, tile.N*proof.TileWidth+int64(i)), true
		}
	}
	return 0, false
}

// lineAt says to which entry a byte of the write-ahead log belongs, if to one.
func lineAt(wal []byte, at int) (int64, bool) {
	index := int64(-1)
	for line := range bytes.Lines(wal) {
		if line[0] != '=' {
			index++
		}
		if at -= len(line); at < 0 {
			return index, line[0] != '='
		}
	}
	return 0, false
}

// needed: a tile that no checkpoint needs is reported as a whole, from its first entry.
func needed(files fstest.MapFS, tile tlog.Tile, index int64) int64 {
	size := strings.Split(string(files["checkpoint"].Data), "\n")[1]
	var n int64
	if json.Unmarshal([]byte(size), &n) == nil && tile.N == n/256 && tile.W != int(n%256) {
		return tile.N * proof.TileWidth
	}
	return index
}

// Files that are gone or cut short, at every layer.
func TestMissingFiles(t *testing.T) {
	files := closedLog(t, 700)
	size := int64(700)
	for path, want := range map[string]struct {
		verdict  Verdict
		firstBad int64 // -1: none
	}{
		"key.pub":                {Invalid, -1},
		"checkpoint":             {Invalid, -1},
		"wal":                    {Invalid, -1},
		"tile/0/001":             {Invalid, 256},
		"tile/0/002.p/188":       {Invalid, 512},
		"tile/1/000.p/2":         {Invalid, 0},
		"tile/entries/000":       {Invalid, 0},
		"tile/entries/001":       {Invalid, 256},
		"tile/entries/002.p/188": {Truncated, 512},
	} {
		harmed := maps.Clone(files)
		delete(harmed, path)
		report := verifyFiles(t, harmed, VerifyOptions{})
		if report.Verdict != want.verdict || (report.FirstBad == nil) != (want.firstBad < 0) ||
			report.FirstBad != nil && *report.FirstBad != want.firstBad || report.Problems[0].File != path {
			t.Errorf("%s gone: %+v", path, report)
		}
	}
	harmed := maps.Clone(files)
	for _, path := range []string{"tile/entries/001", "tile/entries/002.p/188", "tile/0/001", "tile/0/002.p/188"} {
		delete(harmed, path)
	}
	if report := verifyFiles(t, harmed, VerifyOptions{}); report.Verdict != Truncated || *report.FirstBad != 256 {
		t.Errorf("entries cut at 256: %+v", report)
	}
	harmed = maps.Clone(files)
	delete(harmed, "key") // as in an auditor's copy
	if report := verifyFiles(t, harmed, VerifyOptions{}); report.Verdict != OK || len(report.Notes) != 1 || report.Size != size {
		t.Errorf("without the private key: %+v", report)
	}
}

// Somebody who holds the key can rewrite the log and sign it: only what is known from elsewhere tells.
func TestKnownCheckpoint(t *testing.T) {
	dir := t.TempDir()
	l := openLog(t, dir)
	var heads [][]byte
	for range 4 {
		heads = append(heads, filesOf(t, dir)["checkpoint"].Data)
		appendAll(t, l, 200)
		if _, err := l.Prove(context.Background(), l.edge.size-1); err != nil {
			t.Fatal(err)
		}
	}
	closeLog(t, l)
	files := filesOf(t, dir)
	for _, known := range append(heads, files["checkpoint"].Data) {
		if report := verifyFiles(t, files, VerifyOptions{Known: known}); report.Verdict != OK {
			t.Errorf("a checkpoint of its own past: %+v", report)
		}
	}
	key, _ := proof.ParseKey(publicKey(t, dir))
	head, _ := proof.OpenCheckpoint(heads[2], key)
	for name, c := range map[string]struct {
		o    VerifyOptions
		want Verdict
	}{
		"the same":       {VerifyOptions{KnownHead: &proof.Checkpoint{Size: head.Size, Root: head.Root}}, OK},
		"another root":   {VerifyOptions{KnownHead: &proof.Checkpoint{Size: head.Size, Root: proof.Hash{1}}}, Diverged},
		"another size":   {VerifyOptions{KnownHead: &proof.Checkpoint{Size: head.Size - 1, Root: head.Root}}, Diverged},
		"a longer log":   {VerifyOptions{KnownHead: &proof.Checkpoint{Size: 801, Root: head.Root}}, Truncated},
		"another's":      {VerifyOptions{Known: closedLog(t, 5)["checkpoint"].Data}, Diverged},
		"its own key":    {VerifyOptions{Key: publicKey(t, dir) + "\n"}, OK},
		"another's key":  {VerifyOptions{Key: strings.TrimSpace(string(closedLog(t, 0)["key.pub"].Data))}, Invalid},
		"the whole past": {VerifyOptions{KnownHead: &proof.Checkpoint{Size: 800, Root: rootOf(t, files, key)}}, OK},
	} {
		if report := verifyFiles(t, files, c.o); report.Verdict != c.want {
			t.Errorf("%s: %+v, want %s", name, report, c.want)
		}
	}
}

// Somebody puts an older checkpoint and write-ahead log back, but forgets the tiles.
func TestRollbackLeavesTraces(t *testing.T) {
	dir := t.TempDir()
	l := openLog(t, dir)
	appendAll(t, l, 10)
	closeLog(t, l)
	old := filesOf(t, dir)
	l = openLog(t, dir)
	appendAll(t, l, 5)
	closeLog(t, l)
	files := filesOf(t, dir)
	files["checkpoint"], files["wal"] = old["checkpoint"], old["wal"]
	report := verifyFiles(t, files, VerifyOptions{})
	if report.Verdict != Truncated || *report.FirstBad != 10 || !strings.HasSuffix(report.Problems[0].File, "000.p/15") {
		t.Errorf("%+v", report)
	}
}

func rootOf(t *testing.T, files fs.FS, key interface {
	Name() string
	KeyHash() uint32
	Verify(msg, sig []byte) bool
}) proof.Hash {
	t.Helper()
	tiles, err := proof.OpenTiles(files, key)
	if err != nil {
		t.Fatal(err)
	}
	return tiles.Head().Root
}

// A forger without the key changes an entry and everything that follows from it except the signature.
func TestConsistentForgery(t *testing.T) {
	dir := t.TempDir()
	l := openLog(t, dir)
	appendAll(t, l, 300)
	closeLog(t, l)
	files := filesOf(t, dir)
	bundle := files["tile/entries/000"]
	entries, _ := proof.ParseBundle(bundle.Data)
	forged := bytes.Replace(entries[100], []byte("test.note"), []byte("test.nope"), 1)
	at := bytes.Index(bundle.Data, entries[100])
	copy(bundle.Data[at:], forged)
	leaf := proof.LeafHash(forged)
	copy(files["tile/0/000"].Data[100*32:], leaf[:])
	if report := verifyFiles(t, files, VerifyOptions{}); report.Verdict != Invalid || *report.FirstBad != 0 || report.Problems[0].Code != RootContradicts {
		t.Errorf("an entry and its hash: %+v", report)
	}
	var e edge
	for i := range 256 {
		e.add(proof.Hash(files["tile/0/000"].Data[i*32:]))
	}
	upper, _ := e.hashes(1, 0, 1)
	copy(files["tile/1/000.p/1"].Data, upper[0][:])
	report := verifyFiles(t, files, VerifyOptions{})
	if report.Verdict != Invalid || report.Problems[0].Code != RootContradicts || report.Problems[0].File != "checkpoint" {
		t.Errorf("an entry and all hashes over it: %+v", report)
	}
}

func TestVerifyBesideAWriter(t *testing.T) {
	dir := t.TempDir()
	l := openLog(t, dir)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range 30 {
			appendAll(t, l, 150)
		}
	}()
	for looked := 0; ; looked++ {
		report := mustVerify(t, dir, VerifyOptions{})
		if report.Verdict != OK {
			t.Fatalf("look %d: %+v", looked, report)
		}
		select {
		case <-done:
			closeLog(t, l)
			if report := mustVerify(t, dir, VerifyOptions{}); report.Verdict != OK || report.Size != 4500 {
				t.Errorf("at the end: %+v", report)
			}
			return
		default:
		}
	}
}

// The writer moves on and ends between two looks of Verify: that must not look like damage.
func TestVerifyWhileTheWriterEnds(t *testing.T) {
	dir := t.TempDir()
	l := openLog(t, dir)
	appendAll(t, l, 10)
	if _, err := l.Prove(context.Background(), 9); err != nil {
		t.Fatal(err)
	}
	moved := false
	files := hookFS{os.DirFS(dir), func(name string) {
		if name == "tile" && !moved {
			moved = true
			appendAll(t, l, 300)
			closeLog(t, l)
		}
	}}
	report := verifyFiles(t, files, VerifyOptions{})
	if !moved || report.Verdict != OK || report.Size != 310 {
		t.Errorf("%+v", report)
	}
}

// hookFS calls before each open.
type hookFS struct {
	fs.FS
	before func(name string)
}

func (h hookFS) Open(name string) (fs.File, error) {
	h.before(name)
	return h.FS.Open(name)
}

// Verify must not write, must not take the lock for long, and says what is no log.
func TestVerifyOnlyReads(t *testing.T) {
	dir := t.TempDir()
	l := openLog(t, dir)
	appendAll(t, l, 20)
	closeLog(t, l)
	before := readAll(t, dir)
	mustVerify(t, dir, VerifyOptions{})
	if after := readAll(t, dir); !maps.EqualFunc(before, after, bytes.Equal) {
		t.Errorf("files changed: %v, %v", slices.Sorted(maps.Keys(before)), slices.Sorted(maps.Keys(after)))
	}
	var e *Error
	if _, err := Verify(context.Background(), filepath.Join(dir, "tile"), VerifyOptions{}); !errors.As(err, &e) || e.Code != CodeNotALog {
		t.Errorf("no log: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Verify(ctx, dir, VerifyOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestVerifyCountsUnsigned(t *testing.T) {
	report := verifyFiles(t, crashedLog(t), VerifyOptions{})
	if report.Verdict != OK || report.Size != 2 || report.Unsigned != 1 {
		t.Errorf("%+v", report)
	}
}

// A report is for machines too: no null lists.
func TestReportAsJSON(t *testing.T) {
	text, err := json.Marshal(verifyFiles(t, closedLog(t, 1), VerifyOptions{}))
	if err != nil || !strings.Contains(string(text), `"verdict":"OK"`) || strings.Contains(string(text), "null") {
		t.Errorf("%s, %v", text, err)
	}
}
