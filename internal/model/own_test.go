package model

import (
	"context"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ringfence/internal/model/gguf"
	"ringfence/internal/model/pin"
	"ringfence/internal/model/progress"
)

type progressReport = progress.Report

// ownGGUF is the smallest well-formed model: one F32 tensor of 8.
func ownGGUF(licence string) string {
	b := []byte("GGUF")
	u32 := func(n uint32) { b = binary.LittleEndian.AppendUint32(b, n) }
	u64 := func(n uint64) { b = binary.LittleEndian.AppendUint64(b, n) }
	text := func(s string) { u64(uint64(len(s))); b = append(b, s...) }
	u32(3)
	u64(1)
	u64(1)
	text("general.license")
	u32(8)
	text(licence)
	text("w")
	u32(1)
	u64(8)
	u32(0)
	u64(0)
	for len(b)%32 != 0 {
		b = append(b, 0)
	}
	return string(append(b, make([]byte, 32)...))
}

func TestOwnModel(t *testing.T) {
	w := newWorld(t)
	w.o.ModelPath = filepath.Join(t.TempDir(), "grosses Modell ü.gguf")
	content := ownGGUF("mit")
	w.put(w.o.ModelPath, content)
	files := w.must()
	if files.Model != w.o.ModelPath || files.ModelName != "grosses Modell ü" || files.ModelLicence != "mit" || files.ModelDigest != sum(content) {
		t.Errorf("got %+v", files)
	}
	w.o.ModelSHA256 = sum(content)
	w.must()
	w.o.ModelSHA256 = sum("another")
	_, err := w.ensure()
	var wrong *pin.Mismatch
	if !errors.As(err, &wrong) {
		t.Errorf("with another SHA-256 pinned: %v", err)
	}
}

func TestOwnModelMustBeAModel(t *testing.T) {
	w := newWorld(t)
	w.o.ModelPath = filepath.Join(t.TempDir(), "m.gguf")
	if _, err := w.ensure(); err == nil || !strings.Contains(err.Error(), "does not exist") {
		t.Errorf("missing: %v", err)
	}
	for _, content := range []string{"", "PK\x03\x04", ownGGUF("mit")[:100]} {
		w.put(w.o.ModelPath, content)
		_, err := w.ensure()
		var refused *gguf.Error
		if !errors.As(err, &refused) || !strings.Contains(err.Error(), w.o.ModelPath) {
			t.Errorf("%q: %v", content, err)
		}
	}
	w.o.ModelPath = t.TempDir()
	if _, err := w.ensure(); err == nil {
		t.Error("a folder is no model")
	}
}

func TestLicenceIsAWordNotAText(t *testing.T) {
	for said, want := range map[string]string{"Apache-2.0": "Apache-2.0", "": "", "see <b>here</b>": "", strings.Repeat("x", 65): "", "a\nb": ""} {
		if got := licence(said); got != want {
			t.Errorf("%q became %q", said, got)
		}
	}
}

func TestOwnEngine(t *testing.T) {
	w := newWorld(t)
	w.o.EnginePath = filepath.Join(t.TempDir(), "my engine")
	w.put(w.o.EnginePath, serverScript)
	files := w.must()
	if files.Server != w.o.EnginePath || files.ServerSource != Configured || files.ServerVersion != "1.2.3 (test)" || files.ServerDigest != sum(serverScript) || files.EngineDigest != sum(serverScript) {
		t.Errorf("got %+v", files)
	}
	w.o.EngineSHA256 = sum("another")
	_, err := w.ensure()
	var wrong *pin.Mismatch
	if !errors.As(err, &wrong) {
		t.Errorf("with another SHA-256 pinned: %v", err)
	}
}

func TestOwnEngineMustBeAnEngine(t *testing.T) {
	for want, content := range map[string]string{
		"is it a llama-server": "#!/bin/sh\necho hello\n",
		"does not run":         "#!/bin/sh\necho 'GLIBC_2.99 not found' >&2; exit 1\n",
	} {
		w := newWorld(t)
		w.o.EnginePath = filepath.Join(t.TempDir(), "engine")
		w.put(w.o.EnginePath, content)
		if _, err := w.ensure(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
		os.Chmod(w.o.EnginePath, 0o644)
		if _, err := w.ensure(); err == nil || !strings.Contains(err.Error(), "not an executable file") {
			t.Errorf("not executable: %v", err)
		}
	}
}

func TestEngineOnPathIsTheFallback(t *testing.T) {
	w := newWorld(t)
	w.lock.Engine.Releases = nil
	bin := t.TempDir()
	t.Setenv("PATH", bin)
	_, err := w.ensure()
	if err == nil || !strings.Contains(err.Error(), "no pinned engine for "+platform()) || !strings.Contains(err.Error(), "no llama-server on PATH") {
		t.Errorf("without one: %v", err)
	}
	w.put(filepath.Join(bin, serverName), serverScript)
	var told string
	w.o.Progress = func(r progressReport) { told += r.Note }
	files := w.must()
	if files.ServerSource != OnPath || files.ServerDigest != sum(serverScript) || !strings.Contains(told, "not pinned") {
		t.Errorf("got %+v, told %q", files, told)
	}
}

func TestLargeModelIsReadOnceUntilItChanges(t *testing.T) {
	w := newWorld(t)
	r := &room{o: w.o, bring: true, always: 4}
	path := filepath.Join(t.TempDir(), "large")
	w.put(path, "first")
	reads := 0
	r.o.Progress = func(p progressReport) {
		if p.Done == p.Total {
			reads++
		}
	}
	read := func() string {
		t.Helper()
		sum, err := r.read(context.Background(), path)
		if err != nil {
			t.Fatal(err)
		}
		return sum
	}
	first := read()
	if read() != first || reads != 1 {
		t.Errorf("read %d times", reads)
	}
	r.o.Verify = true
	if read() != first || reads != 2 {
		t.Errorf("with Verify: read %d times", reads)
	}
	r.o.Verify = false
	before, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	w.put(path, "other")
	os.Chtimes(path, before.ModTime(), before.ModTime()) // hides the change from a look at the modification time
	if read() == first || reads != 3 {
		t.Errorf("a changed model kept its digest, read %d times", reads)
	}
}
