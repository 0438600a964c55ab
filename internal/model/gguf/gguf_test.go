package gguf_test

import (
	"bytes"
	"errors"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"ringfence/internal/model/gguf"
)

func check(content []byte) (gguf.Header, error) {
	return gguf.Check(bytes.NewReader(content), int64(len(content)))
}

func TestGoodModel(t *testing.T) {
	want := gguf.Header{Version: 3, Architecture: "llama", Name: "tiny", Licence: "apache-2.0", Context: 512, Tensors: 2}
	got, err := check(small())
	if err != nil || got != want {
		t.Errorf("got %+v, %v", got, err)
	}
	padded := append(small(), make([]byte, 30)...) // up to the alignment
	if _, err := check(padded); err != nil {
		t.Errorf("padded: %v", err)
	}
	two := small()
	two[4] = 2
	if _, err := check(two); err != nil {
		t.Errorf("version 2: %v", err)
	}
}

// hostile are files that must be refused, each with its reason.
var hostile = map[string]struct {
	reason string
	file   func() []byte
}{
	"empty":       {"gguf_truncated", func() []byte { return nil }},
	"a zip":       {"not_gguf", func() []byte { return []byte("PK\x03\x04 and so on") }},
	"big endian":  {"gguf_version", func() []byte { b := small(); b[4], b[7] = 0, 3; return b }},
	"version 1":   {"gguf_version", func() []byte { b := small(); b[4] = 1; return b }},
	"no tensors":  {"gguf_invalid", func() []byte { return new(file).start(0, 0).weights(32, 32) }},
	"half":        {"gguf_truncated", func() []byte { b := small(); return b[:len(b)-1] }},
	"more behind": {"gguf_invalid", func() []byte { return append(small(), make([]byte, 31)...) }},
	"tensor count": {"gguf_limit", func() []byte {
		return new(file).start(1<<40, 0).Bytes()
	}},
	"key count": {"gguf_limit", func() []byte {
		return new(file).start(0, 1<<40).Bytes()
	}},
	"length of a key": {"gguf_limit", func() []byte {
		f := new(file).start(1, 1)
		f.u64(math.MaxUint64)
		return f.Bytes()
	}},
	"length of a text": {"gguf_limit", func() []byte {
		f := new(file).start(1, 1)
		f.text("general.name")
		f.u32(8)
		f.u64(1 << 60)
		return f.Bytes()
	}},
	"length of a text beyond the file": {"gguf_truncated", func() []byte {
		f := new(file).start(1, 1)
		f.text("general.name")
		f.u32(8)
		f.u64(8 << 20)
		return f.Bytes()
	}},
	"length of an array": {"gguf_limit", func() []byte {
		f := new(file).start(1, 1)
		f.text("x")
		f.u32(9)
		f.u32(8)
		f.u64(1 << 50)
		return f.Bytes()
	}},
	"array of arrays": {"gguf_invalid", func() []byte {
		f := new(file).start(1, 1)
		f.text("x")
		f.u32(9)
		f.u32(9)
		f.u64(3)
		return f.Bytes()
	}},
	"unknown value type": {"gguf_invalid", func() []byte {
		f := new(file).start(1, 1)
		f.text("x")
		f.u32(77)
		return f.Bytes()
	}},
	"key twice": {"gguf_invalid", func() []byte {
		f := new(file).start(1, 2)
		f.textKey("general.name", "a")
		f.textKey("general.name", "b")
		return f.Bytes()
	}},
	"alignment zero": {"gguf_invalid", func() []byte {
		f := new(file).start(1, 1)
		f.numberKey("general.alignment", 0)
		return f.Bytes()
	}},
	"alignment that is a text": {"gguf_invalid", func() []byte {
		f := new(file).start(1, 1)
		f.textKey("general.alignment", "32")
		return f.Bytes()
	}},
	"one part of three": {"gguf_split", func() []byte {
		f := new(file).start(1, 1)
		f.numberKey("split.count", 3)
		f.tensor("a", 0, 0, 8)
		return f.weights(32, 32)
	}},
	"name that is not UTF-8": {"gguf_invalid", func() []byte {
		f := new(file).start(1, 0)
		f.tensor("\xff", 0, 0, 8)
		return f.weights(32, 32)
	}},
	"five dimensions":     {"gguf_invalid", tensor(0, 0, 1, 1, 1, 1, 1)},
	"no dimension":        {"gguf_invalid", tensor(0, 0)},
	"empty dimension":     {"gguf_invalid", tensor(0, 0, 8, 0)},
	"product overflows":   {"gguf_invalid", tensor(0, 0, 1<<40, 1<<40)},
	"size overflows":      {"gguf_invalid", tensor(0, 0, 1<<62)},
	"unknown tensor type": {"gguf_invalid", tensor(4, 0, 32)},
	"rows do not fit":     {"gguf_invalid", tensor(8, 0, 16, 2)},
	"offset away":         {"gguf_invalid", tensor(0, 1<<40, 8)},
	"overlap":             {"gguf_invalid", twoTensors("a", "b", 0)},
	"gap":                 {"gguf_invalid", twoTensors("a", "b", 64)},
	"tensor twice":        {"gguf_invalid", twoTensors("a", "a", 32)},
	"long tensor name":    {"gguf_limit", twoTensors("a", strings.Repeat("b", 64), 32)},
}

func tensor(kind uint32, offset uint64, dims ...uint64) func() []byte {
	return func() []byte {
		f := new(file).start(1, 0)
		f.tensor("a", kind, offset, dims...)
		return f.weights(32, 64)
	}
}

func twoTensors(first, second string, offset uint64) func() []byte {
	return func() []byte {
		f := new(file).start(2, 0)
		f.tensor(first, 0, 0, 8)
		f.tensor(second, 0, offset, 8)
		return f.weights(32, 64)
	}
}

func TestHostileModels(t *testing.T) {
	for name, c := range hostile {
		_, err := check(c.file())
		var refused *gguf.Error
		if !errors.As(err, &refused) || refused.Reason != c.reason || refused.Sentence == "" {
			t.Errorf("%s: got %v, want reason %s", name, err, c.reason)
		}
	}
	if _, err := check(twoTensors("a", "b", 32)()); err != nil {
		t.Errorf("the well-formed neighbour of these: %v", err)
	}
}

// No beginning of a good file passes for a file.
func TestEveryTruncationIsRefused(t *testing.T) {
	whole := small()
	for n := range whole {
		if _, err := check(whole[:n]); err == nil {
			t.Fatalf("%d of %d bytes were accepted", n, len(whole))
		}
	}
}

// A claim costs the one who reads it nothing.
func TestClaimsDoNotAllocate(t *testing.T) {
	f := new(file).start(65_536, 4096)
	f.text("general.name")
	f.u32(8)
	f.u64(8 << 20)
	content := f.Bytes()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	check(content)
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 1<<20 {
		t.Errorf("a file of %d bytes made us allocate %d", len(content), n)
	}
}

func TestOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "modell ä.gguf")
	if err := os.WriteFile(path, small(), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := gguf.Open(path); err != nil {
		t.Error(err)
	}
	if _, err := gguf.Open(filepath.Dir(path)); err == nil {
		t.Error("a folder was accepted")
	}
	if _, err := gguf.Open(path + ".none"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
}

func FuzzCheck(f *testing.F) {
	f.Add(small())
	for _, c := range hostile {
		f.Add(c.file())
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		header, err := check(content)
		var refused *gguf.Error
		if err != nil && !errors.As(err, &refused) {
			t.Errorf("not a refusal: %v", err)
		}
		if err == nil && (header.Tensors == 0 || header.Version == 0) {
			t.Errorf("accepted %+v", header)
		}
	})
}
