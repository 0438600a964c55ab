package unpack_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"ringfence/internal/model/pin"
	"ringfence/internal/model/unpack"
)

// whatever an archive holds, nothing appears outside the folder, and a file in
// the folder has the pinned content.
func FuzzArchives(f *testing.F) {
	f.Add(tarred(f, entry{name: "a", content: "aaa"}, entry{name: "../evil", content: "x"}))
	f.Add(tarred(f, entry{name: "a", to: "/etc/passwd"}))
	f.Add(zipped(f, entry{name: "a", content: "aaa"}, entry{name: "../evil", content: "x"}))
	f.Add(zipped(f, entry{name: "a", to: "/etc/passwd"}))
	want := pinned("a", "aaa")
	f.Fuzz(func(t *testing.T, content []byte) {
		parent := t.TempDir()
		dir, tree, flat := filepath.Join(parent, "dir"), filepath.Join(parent, "tree"), filepath.Join(parent, "flat")
		for _, d := range []string{dir, tree, flat} {
			if err := os.Mkdir(d, 0o755); err != nil {
				t.Fatal(err)
			}
		}
		plain, packed := save(t, content), save(t, gzipped(content))
		errZip := unpack.Zip(t.Context(), plain, dir, []pin.File{want}, nil)
		checkTaken(t, dir, want, errZip)
		errTar := unpack.TarGz(t.Context(), packed, dir, []pin.File{want}, nil)
		if errZip != nil {
			checkTaken(t, dir, want, errTar)
		}
		_ = unpack.Tree(bytes.NewReader(content), tree)
		_ = unpack.Flat(t.Context(), packed, "p", flat, isLibrary)
		noLinks(t, parent)
		if got := names(t, parent); got != "dir flat tree" {
			t.Errorf("outside now holds %s", got)
		}
	})
}

func checkTaken(t *testing.T, dir string, want pin.File, err error) {
	t.Helper()
	path := filepath.Join(dir, want.As)
	if _, missing := os.Stat(path); missing != nil {
		if err == nil {
			t.Error("no error, no file")
		}
		return
	}
	if err := want.Check(t.Context(), path, nil); err != nil {
		t.Error(err)
	}
}

func noLinks(t *testing.T, dir string) {
	t.Helper()
	filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type()&fs.ModeSymlink != 0 {
			t.Errorf("%s is a link", path)
		}
		return nil
	})
}
