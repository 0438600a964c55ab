package gguf_test

import (
	"bytes"
	"encoding/binary"
)

// file writes model headers, good and bad.
type file struct{ bytes.Buffer }

func (f *file) u32(n uint32) { binary.Write(f, binary.LittleEndian, n) }
func (f *file) u64(n uint64) { binary.Write(f, binary.LittleEndian, n) }
func (f *file) text(s string) {
	f.u64(uint64(len(s)))
	f.WriteString(s)
}

func (f *file) start(tensors, keys uint64) *file {
	f.WriteString("GGUF")
	f.u32(3)
	f.u64(tensors)
	f.u64(keys)
	return f
}

func (f *file) textKey(key, value string) {
	f.text(key)
	f.u32(8)
	f.text(value)
}

func (f *file) numberKey(key string, value uint32) {
	f.text(key)
	f.u32(4)
	f.u32(value)
}

func (f *file) tensor(name string, kind uint32, offset uint64, dims ...uint64) {
	f.text(name)
	f.u32(uint32(len(dims)))
	for _, d := range dims {
		f.u64(d)
	}
	f.u32(kind)
	f.u64(offset)
}

// weights pads to the alignment and adds n bytes.
func (f *file) weights(alignment, n int) []byte {
	for f.Len()%alignment != 0 {
		f.WriteByte(0)
	}
	f.Write(make([]byte, n))
	return f.Bytes()
}

// small is a well-formed model: two tensors, F32 8x2 and Q8_0 of 32.
func small() []byte {
	f := new(file).start(2, 6)
	f.textKey("general.architecture", "llama")
	f.textKey("general.name", "tiny")
	f.textKey("general.license", "apache-2.0")
	f.numberKey("llama.context_length", 512)
	f.text("tokenizer.ggml.tokens") // an array of texts
	f.u32(9)
	f.u32(8)
	f.u64(2)
	f.text("<s>")
	f.text("hello")
	f.text("tokenizer.ggml.scores") // an array of numbers
	f.u32(9)
	f.u32(6)
	f.u64(2)
	f.u64(0)
	f.tensor("a", 0, 0, 8, 2)
	f.tensor("b", 8, 64, 32)
	return f.weights(32, 64+34)
}
