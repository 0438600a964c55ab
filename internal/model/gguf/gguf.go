// Package gguf checks the header of a model file before any C++ reads it.
//
// First step: [Open]. Promise: memory stays small whatever the file says, every
// count is bounded before it is used, and a nil error means that header, tensor
// table and file length agree. Danger: it says nothing about what the weights
// do; a well-formed model can still be a bad one.
//
// Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md, versions 2 and 3.
package gguf

import (
	"bufio"
	"fmt"
	"io"
	"os"
)

// Limits, far above every published model and far below what would hurt.
const (
	maxKeys      = 4096
	maxTensors   = 65_536
	maxKey       = 256       // bytes of a key
	maxName      = 63        // bytes of a tensor name; ggml keeps 64 with the final zero
	maxString    = 8 << 20   // bytes
	maxArray     = 4 << 20   // elements
	maxHeader    = 512 << 20 // bytes before the first weight
	maxAlignment = 1 << 16
)

// Header is what a model file says about itself. It is a stranger's word.
type Header struct {
	Version      uint32
	Architecture string // general.architecture, e.g. llama
	Name         string // general.name
	Licence      string // general.license
	Context      uint64 // tokens the model was trained for, 0 when not said
	Tensors      int
}

// Error is a refusal: the file is not fit to be given to the engine.
type Error struct {
	Reason   string // stable: not_gguf, gguf_version, gguf_truncated, gguf_limit, gguf_invalid, gguf_split
	Sentence string
}

func (e *Error) Error() string { return e.Sentence }

func refuse(reason, format string, args ...any) error {
	return &Error{Reason: reason, Sentence: fmt.Sprintf(format, args...)}
}

// Open checks the file at path.
func Open(path string) (Header, error) {
	f, err := os.Open(path)
	if err != nil {
		return Header{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return Header{}, err
	}
	if !info.Mode().IsRegular() {
		return Header{}, refuse("not_gguf", "it is not a regular file")
	}
	return Check(f, info.Size())
}

// Check reads a header from r, whose whole length is size bytes. The error is an
// [*Error] unless reading itself failed.
func Check(r io.Reader, size int64) (Header, error) {
	in := &reader{r: bufio.NewReaderSize(io.LimitReader(r, min(size, maxHeader)), 64<<10)}
	header, table := in.header()
	if in.err != nil {
		return Header{}, in.err
	}
	return header, table.fits(in.at, size)
}

// header reads everything before the weights.
func (in *reader) header() (Header, table) {
	var h Header
	if magic := in.bytes(4); string(magic) != "GGUF" {
		in.fail("not_gguf", "it does not begin with GGUF, so it is not a model in GGUF format; convert it first")
		return h, table{}
	}
	h.Version = in.u32()
	if h.Version != 2 && h.Version != 3 {
		in.fail("gguf_version", "it has GGUF version %d; versions 2 and 3 are understood", h.Version)
	}
	tensors, keys := in.u64(), in.u64()
	if tensors > maxTensors || keys > maxKeys {
		in.fail("gguf_limit", "it claims %d tensors and %d keys; at most %d and %d are accepted", tensors, keys, maxTensors, maxKeys)
	}
	about := in.keys(int(min(keys, maxKeys)))
	if about.splits > 1 {
		in.fail("gguf_split", "it is one of %d parts; join them first with llama-gguf-split --merge", about.splits)
	}
	h.Architecture, h.Name, h.Licence, h.Context = about.texts["general.architecture"],
		about.texts["general.name"], about.texts["general.license"], about.context()
	h.Tensors = int(min(tensors, maxTensors))
	return h, in.tensors(h.Tensors, about.alignment)
}
