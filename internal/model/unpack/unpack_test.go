package unpack_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ringfence/internal/model/pin"
	"ringfence/internal/model/unpack"
)

// entry is one thing in an archive; a link when to is set.
type entry struct{ name, content, to string }

func tarred(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, e := range entries {
		header := &tar.Header{Name: e.name, Mode: 0o755, Size: int64(len(e.content)), Typeflag: tar.TypeReg}
		if e.to != "" {
			header.Typeflag, header.Linkname = tar.TypeSymlink, e.to
		}
		if err := w.WriteHeader(header); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(e.content)); err != nil {
			t.Fatal(err)
		}
	}
	w.Close()
	return out.Bytes()
}

func gzipped(content []byte) []byte {
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.NoCompression) // the level exists
	w.Write(content)
	w.Close()
	return out.Bytes()
}

func zipped(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, e := range entries {
		header := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		if e.to != "" {
			header.SetMode(os.ModeSymlink | 0o777)
			e.content = e.to
		}
		f, err := w.CreateHeader(header)
		if err != nil {
			t.Fatal(err)
		}
		f.Write([]byte(e.content))
	}
	w.Close()
	return out.Bytes()
}

func pinned(path, content string) pin.File {
	sum := sha256.Sum256([]byte(content))
	return pin.File{Path: path, As: filepath.Base(path), Size: int64(len(content)), SHA256: hex.EncodeToString(sum[:])}
}

func save(t testing.TB, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "archive")
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// formats runs a test on both archive kinds.
func formats(t *testing.T, entries []entry, test func(t *testing.T, take func(ctx context.Context, dir string, want ...pin.File) error)) {
	t.Helper()
	t.Run("tar.gz", func(t *testing.T) {
		archive := save(t, gzipped(tarred(t, entries...)))
		test(t, func(ctx context.Context, dir string, want ...pin.File) error {
			return unpack.TarGz(ctx, archive, dir, want, nil)
		})
	})
	t.Run("zip", func(t *testing.T) {
		archive := save(t, zipped(t, entries...))
		test(t, func(ctx context.Context, dir string, want ...pin.File) error {
			return unpack.Zip(ctx, archive, dir, want, nil)
		})
	})
}

func names(t testing.TB, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return strings.Join(out, " ")
}

func TestOnlyWhatWasAskedFor(t *testing.T) {
	entries := []entry{{name: "p/a.so", content: "aaa"}, {name: "../evil", content: "x"}, {name: "/abs", content: "x"}, {name: "p/b.so", content: "bb"}}
	formats(t, entries, func(t *testing.T, take func(context.Context, string, ...pin.File) error) {
		dir := t.TempDir()
		if err := take(t.Context(), dir, pinned("p/b.so", "bb"), pinned("p/a.so", "aaa")); err != nil {
			t.Fatal(err)
		}
		if got := names(t, dir); got != "a.so b.so" {
			t.Errorf("took %s", got)
		}
	})
}

func TestWrongContentLeavesNothing(t *testing.T) {
	formats(t, []entry{{name: "a", content: "aaaa"}}, func(t *testing.T, take func(context.Context, string, ...pin.File) error) {
		for name, want := range map[string]pin.File{
			"other bytes": pinned("a", "aaab"), "fewer pinned": pinned("a", "aaa"), "more pinned": pinned("a", "aaaaa"),
		} {
			dir := t.TempDir()
			err := take(t.Context(), dir, want)
			var wrong *pin.Mismatch
			if !errors.As(err, &wrong) || !strings.Contains(err.Error(), want.SHA256) {
				t.Errorf("%s: %v", name, err)
			}
			if got := names(t, dir); got != "" {
				t.Errorf("%s: left %s", name, got)
			}
		}
	})
}

func TestLinksAreNotFiles(t *testing.T) {
	formats(t, []entry{{name: "a", to: "/etc/passwd"}}, func(t *testing.T, take func(context.Context, string, ...pin.File) error) {
		dir := t.TempDir()
		if err := take(t.Context(), dir, pinned("a", "/etc/passwd")); err == nil || !strings.Contains(err.Error(), "does not hold a") {
			t.Errorf("got %v", err)
		}
	})
}

// Somebody who can write the folder must not be able to send us elsewhere.
func TestLinksInThePlaceAreNotFollowed(t *testing.T) {
	formats(t, []entry{{name: "a", content: "new"}}, func(t *testing.T, take func(context.Context, string, ...pin.File) error) {
		dir, outside := t.TempDir(), filepath.Join(t.TempDir(), "victim")
		if err := os.WriteFile(outside, []byte("old"), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(outside, filepath.Join(dir, "a.part")); err != nil {
			t.Fatal(err)
		}
		if err := take(t.Context(), dir, pinned("a", "new")); err == nil {
			t.Error("wrote through a link")
		}
		if text, _ := os.ReadFile(outside); string(text) != "old" {
			t.Errorf("the file outside now says %q", text)
		}
	})
}

func TestCancelled(t *testing.T) {
	formats(t, []entry{{name: "a", content: "new"}}, func(t *testing.T, take func(context.Context, string, ...pin.File) error) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		dir := t.TempDir()
		if err := take(ctx, dir, pinned("a", "new")); !errors.Is(err, context.Canceled) || names(t, dir) != "" {
			t.Errorf("got %v, left %q", err, names(t, dir))
		}
	})
}

// Every way to cut an archive short ends in an error, never in a file that passes for whole.
func TestTruncated(t *testing.T) {
	content := strings.Repeat("0123456789", 60)
	for kind, archive := range map[string][]byte{
		"tar.gz": gzipped(tarred(t, entry{name: "a", content: content})), "zip": zipped(t, entry{name: "a", content: content}),
	} {
		for cut := 0; cut < len(archive); cut += 7 {
			dir, path := t.TempDir(), save(t, archive[:cut])
			err := unpack.TarGz(t.Context(), path, dir, []pin.File{pinned("a", content)}, nil)
			if kind == "zip" {
				err = unpack.Zip(t.Context(), path, dir, []pin.File{pinned("a", content)}, nil)
			}
			_, there := os.Stat(filepath.Join(dir, "a"))
			if (err == nil) != (there == nil) {
				t.Fatalf("%s cut at %d: error %v, file there: %v", kind, cut, err, there == nil)
			}
		}
	}
}
