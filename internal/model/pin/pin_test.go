package pin_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ringfence/internal/model/pin"
)

// hello is the SHA-256 of "hello\n" as sha256sum prints it.
const hello = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"

func write(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestCheck(t *testing.T) {
	want := pin.File{Path: "in/package", As: "file", Size: 6, SHA256: hello}
	if err := want.Check(t.Context(), write(t, "hello\n"), nil); err != nil {
		t.Errorf("the right file: %v", err)
	}
	for name, content := range map[string]string{"shorter": "hell", "longer": "hello\n\n", "one byte": "hellO\n", "empty": ""} {
		err := want.Check(t.Context(), write(t, content), nil)
		var wrong *pin.Mismatch
		if !errors.As(err, &wrong) || !strings.Contains(err.Error(), hello) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	err := want.Check(t.Context(), write(t, "hellO\n"), nil)
	var wrong *pin.Mismatch
	if !errors.As(err, &wrong) || !strings.Contains(err.Error(), wrong.SHA256) || wrong.SHA256 == hello {
		t.Errorf("both digests must be named: %v", err)
	}
}

func TestCheckRefusesWhatIsNotAFile(t *testing.T) {
	dir := t.TempDir()
	if err := (pin.File{}).Check(t.Context(), dir, nil); err == nil {
		t.Error("a folder passed")
	}
	if err := (pin.File{}).Check(t.Context(), filepath.Join(dir, "none"), nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
}

func TestSumCountsAndStops(t *testing.T) {
	path := write(t, strings.Repeat("x", 100_000))
	var last int64
	if _, err := pin.Sum(t.Context(), path, func(n int64) { last = n }); err != nil || last != 100_000 {
		t.Errorf("counted %d, %v", last, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := pin.Sum(ctx, path, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestIsSHA256(t *testing.T) {
	for text, want := range map[string]bool{
		hello: true, strings.ToUpper(hello): false, hello[1:]: false, "": false, hello + "\n": false, strings.Repeat("g", 64): false,
	} {
		if pin.IsSHA256(text) != want {
			t.Errorf("%q: want %v", text, want)
		}
	}
}
