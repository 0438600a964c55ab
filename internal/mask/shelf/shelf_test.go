package shelf

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestPutGetDrop(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(dir, bytes.Repeat([]byte{1}, 32))
	if err != nil {
		t.Fatal(err)
	}
	a, b := s.Name("shop", "c-1"), s.Name("shopc", "-1")
	if a == b {
		t.Error("two things have one name")
	}
	if err := s.Put(a, []byte("Anna Muster")); err != nil {
		t.Fatal(err)
	}
	if raw, _ := os.ReadFile(filepath.Join(dir, a)); bytes.Contains(raw, []byte("Anna")) {
		t.Error("it is kept in clear")
	}
	if got, _, err := s.Get(a); err != nil || string(got) != "Anna Muster" {
		t.Errorf("%q, %v", got, err)
	}
	if _, _, err := s.Get(b); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	os.Rename(filepath.Join(dir, a), filepath.Join(dir, b))
	if _, _, err := s.Get(b); err != ErrDamaged {
		t.Errorf("a file in another's place: %v", err)
	}
	other, _ := Open(dir, bytes.Repeat([]byte{2}, 32))
	if _, _, err := other.Get(b); err != ErrDamaged {
		t.Errorf("with another secret: %v", err)
	}
	if err := errors.Join(s.Drop(b), s.Drop(b)); err != nil {
		t.Error(err)
	}
}

func TestSweepKeepsTheLatest(t *testing.T) {
	dir := t.TempDir()
	s, _ := Open(dir, bytes.Repeat([]byte{1}, 32))
	now := time.Now()
	for i, name := range []string{"a", "b", "c", "d"} {
		s.Put(name, []byte{1})
		at := now.Add(-time.Duration(i) * time.Hour)
		os.Chtimes(filepath.Join(dir, name), at, at)
	}
	if err := s.Sweep(now.Add(-150*time.Minute), 2); err != nil {
		t.Fatal(err)
	}
	left, _ := os.ReadDir(dir)
	if len(left) != 2 || left[0].Name() != "a" || left[1].Name() != "b" {
		t.Errorf("%v are left", left)
	}
}
