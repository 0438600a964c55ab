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

// Whatever an archive holds: nothing appears outside the folder, no link inside
// it, and a wanted file is the pinned one or is not there.

func FuzzZip(f *testing.F) {
	f.Add(zipped(f, entry{name: "a", content: "aaa"}, entry{name: "../evil", content: "x"}))
	f.Add(zipped(f, entry{name: "a", to: "/etc/passwd"}))
	f.Fuzz(func(t *testing.T, content []byte) {
		archive := save(t, content)
		inside(t, func(dir string) {
			want := pinned("a", "aaa")
			taken(t, dir, want, unpack.Zip(t.Context(), archive, dir, []pin.File{want}, nil))
		})
	})
}

func FuzzTarGz(f *testing.F) {
	f.Add(tarred(f, entry{name: "a", content: "aaa"}, entry{name: "../evil", content: "x"}))
	f.Add(tarred(f, entry{name: "a", to: "/etc/passwd"}))
	f.Fuzz(func(t *testing.T, content []byte) {
		archive := save(t, gzipped(content))
		inside(t, func(dir string) {
			want := pinned("a", "aaa")
			taken(t, dir, want, unpack.TarGz(t.Context(), archive, dir, []pin.File{want}, nil))
		})
	})
}

func FuzzTree(f *testing.F) {
	f.Add(tarred(f, entry{name: "a/b", content: "aaa"}, entry{name: "../evil", content: "x"}, entry{name: "c", to: "/etc"}, entry{name: "c/x", content: "x"}))
	f.Fuzz(func(t *testing.T, content []byte) {
		inside(t, func(dir string) { _ = unpack.Tree(bytes.NewReader(content), dir) })
	})
}

func FuzzFlat(f *testing.F) {
	f.Add(tarred(f, entry{name: "p/liba.so", content: "aaa"}, entry{name: "p/libb.so", to: "liba.so"}, entry{name: "p/libc.so", to: "../../x"}))
	f.Fuzz(func(t *testing.T, content []byte) {
		archive := save(t, gzipped(content))
		inside(t, func(dir string) { _ = unpack.Flat(t.Context(), archive, "p", dir, isLibrary) })
	})
}

// inside runs work on a fresh folder and looks at what came of it.
func inside(t *testing.T, work func(dir string)) {
	t.Helper()
	parent := t.TempDir()
	dir := filepath.Join(parent, "dir")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	work(dir)
	if got := names(t, parent); got != "dir" {
		t.Errorf("outside now holds %s", got)
	}
	filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type()&fs.ModeSymlink != 0 {
			t.Errorf("%s is a link", path)
		}
		return nil
	})
}

func taken(t *testing.T, dir string, want pin.File, err error) {
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
