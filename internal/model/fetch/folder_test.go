package fetch_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ringfence/internal/model/fetch"
)

func TestFolderComesBeforeRegistry(t *testing.T) {
	w := neighbours(t, "npm", "curl")
	w.from = t.TempDir()
	w.put(filepath.Join(w.from, "any name at all"), content)
	w.put(filepath.Join(w.from, "same size"), strings.ToUpper(content))
	w.brings(wanted("npm"))
	if w.log() != "" {
		t.Errorf("somebody was asked:\n%s", w.log())
	}
	if text, err := os.ReadFile(filepath.Join(w.from, "any name at all")); err != nil || string(text) != content {
		t.Errorf("the brought file is now %q, %v", text, err)
	}
}

func TestFolderWithTheWrongFile(t *testing.T) {
	w := neighbours(t)
	w.from = t.TempDir()
	wrong := strings.ToUpper(content)
	w.put(filepath.Join(w.from, "thing-1.2.3.pkg"), wrong)
	w.fails(wanted("npm"), sum(content), sum(wrong))
	if _, err := os.Stat(filepath.Join(w.from, "thing-1.2.3.pkg")); err != nil {
		t.Errorf("the operator's file: %v", err)
	}
}

func TestFolderWithoutTheFile(t *testing.T) {
	w := neighbours(t)
	w.from = t.TempDir()
	w.fails(wanted("npm"), "holds no file with", sum(content))
	w.from = filepath.Join(w.from, "missing")
	w.fails(wanted("npm"), "no such file or directory")
}

// A full or read-only disk is not a matter of sources: no other one is tried.
func TestOwnDiskEndsTheSearch(t *testing.T) {
	w := neighbours(t, "npm", "curl")
	w.plan.Curl, w.plan.Message = "nospace", "client returned ERROR on write"
	w.install()
	_, err := wanted("npm").Fetch(t.Context(), w.options())
	var absent *fetch.Absent
	if err == nil || errors.As(err, &absent) || !strings.Contains(err.Error(), "disk is full or not writable") {
		t.Errorf("got %v", err)
	}
	if strings.Contains(w.log(), "npm pack") {
		t.Errorf("another source was tried:\n%s", w.log())
	}
	blocked := w.options()
	blocked.Dir = filepath.Join(w.bin, "served", "below a file")
	if _, err := wanted("npm").Fetch(t.Context(), blocked); err == nil {
		t.Error("a folder below a file was made")
	}
}

func TestKilledRunsLeaveNothingForGood(t *testing.T) {
	w := neighbours(t, "npm", "curl")
	w.put(filepath.Join(w.dir, ".client-123", "half.tgz"), "x")
	w.put(filepath.Join(w.dir, ".copy-456"), "x")
	w.brings(wanted("npm"))
	entries, err := os.ReadDir(w.dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("%v, %v", entries, err)
	}
	if errors.Is(err, fs.ErrNotExist) {
		t.Error("no folder")
	}
}
