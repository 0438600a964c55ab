package unpack_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ringfence/internal/model/unpack"
)

func TestTree(t *testing.T) {
	dir := t.TempDir()
	archive := tarred(t, entry{name: "src/deep/a.cpp", content: "int a;"}, entry{name: "src/link", to: "/etc/passwd"}, entry{name: "LICENSE", content: "MIT"})
	if err := unpack.Tree(bytes.NewReader(archive), dir); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(filepath.Join(dir, "src/deep/a.cpp")); err != nil || string(text) != "int a;" {
		t.Errorf("a.cpp: %q, %v", text, err)
	}
	if names(t, filepath.Join(dir, "src")) != "deep" {
		t.Error("a link was written")
	}
}

func TestTreeStaysInside(t *testing.T) {
	for _, name := range []string{"../evil", "a/../../evil", "/evil"} {
		parent := t.TempDir()
		dir := filepath.Join(parent, "tree")
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := unpack.Tree(bytes.NewReader(tarred(t, entry{name: name, content: "x"})), dir); err == nil {
			t.Errorf("%s was accepted", name)
		}
		if got := names(t, parent); got != "tree" {
			t.Errorf("%s: outside now holds %s", name, got)
		}
	}
	dir, outside := t.TempDir(), t.TempDir()
	if err := os.Symlink(outside, filepath.Join(dir, "src")); err != nil {
		t.Fatal(err)
	}
	if err := unpack.Tree(bytes.NewReader(tarred(t, entry{name: "src/a", content: "x"})), dir); err == nil || names(t, outside) != "" {
		t.Errorf("followed a link out of the tree: %v", err)
	}
}

func isLibrary(name string) bool { return strings.HasPrefix(name, "lib") || name == "server" }

func TestFlatTakesOneFolder(t *testing.T) {
	archive := save(t, gzipped(tarred(t,
		entry{name: "rel/server", content: "elf"},
		entry{name: "rel/liba.so.1.2", content: "lib"},
		entry{name: "rel/liba.so.1", to: "liba.so.1.2"},
		entry{name: "rel/liba.so", to: "liba.so.1"},
		entry{name: "rel/libring.so", to: "libring2.so"}, entry{name: "rel/libring2.so", to: "libring.so"},
		entry{name: "rel/libaway.so", to: "../../etc/passwd"},
		entry{name: "rel/libabs.so", to: "/etc/passwd"},
		entry{name: "rel/other-tool", content: "x"},
		entry{name: "rel/sub/libdeep.so", content: "x"},
		entry{name: "elsewhere/libb.so", content: "x"},
		entry{name: "rel/../libc.so", content: "x"},
	)))
	dir := t.TempDir()
	if err := unpack.Flat(t.Context(), archive, "rel", dir, isLibrary); err != nil {
		t.Fatal(err)
	}
	if got := names(t, dir); got != "liba.so liba.so.1 liba.so.1.2 server" {
		t.Errorf("took %s", got)
	}
	info, err := os.Lstat(filepath.Join(dir, "liba.so"))
	if err != nil || !info.Mode().IsRegular() {
		t.Errorf("liba.so is %v, %v", info.Mode(), err)
	}
}

func TestFlatTwiceIsTheSame(t *testing.T) {
	archive := save(t, gzipped(tarred(t, entry{name: "rel/liba.so.1", content: "lib"}, entry{name: "rel/liba.so", to: "liba.so.1"})))
	dir := t.TempDir()
	for range 2 {
		if err := unpack.Flat(t.Context(), archive, "rel", dir, isLibrary); err != nil {
			t.Fatal(err)
		}
	}
	if got := names(t, dir); got != "liba.so liba.so.1" {
		t.Errorf("took %s", got)
	}
}
