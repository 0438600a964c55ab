package gguf

import (
	"encoding/binary"
	"io"
	"math"
)

// Tensor types that this program writes.
const (
	F32 = 0
	Q40 = 2
	Q41 = 3
	Q80 = 8
)

// alignment of the weights of a written file.
const alignment = 32

// A File is a model to be written, version 3. Fill it with its methods, then
// call WriteTo. Equal fillings give equal bytes.
type File struct {
	keys    []byte
	n       uint64
	tensors []tensor
}

type tensor struct {
	name string
	kind uint32
	dims []uint64 // the innermost first
	data []byte
}

var le = binary.LittleEndian

func appendText(b []byte, s string) []byte {
	return append(le.AppendUint64(b, uint64(len(s))), s...)
}

func (f *File) key(name string, kind uint32) {
	f.n++
	f.keys = le.AppendUint32(appendText(f.keys, name), kind)
}

// Text adds a key with a text.
func (f *File) Text(key, value string) {
	f.key(key, typeString)
	f.keys = appendText(f.keys, value)
}

// Uint adds a key with a number.
func (f *File) Uint(key string, value uint32) {
	f.key(key, typeU32)
	f.keys = le.AppendUint32(f.keys, value)
}

// Float adds a key with a fraction.
func (f *File) Float(key string, value float32) {
	f.key(key, typeF32)
	f.keys = le.AppendUint32(f.keys, math.Float32bits(value))
}

// Bool adds a key with a truth value.
func (f *File) Bool(key string, value bool) {
	f.key(key, typeBool)
	b := byte(0)
	if value {
		b = 1
	}
	f.keys = append(f.keys, b)
}

func (f *File) array(key string, kind uint32, n int) {
	f.key(key, typeArray)
	f.keys = le.AppendUint64(le.AppendUint32(f.keys, kind), uint64(n))
}

// Texts adds a key with a list of texts.
func (f *File) Texts(key string, values []string) {
	f.array(key, typeString, len(values))
	for _, v := range values {
		f.keys = appendText(f.keys, v)
	}
}

// Floats adds a key with a list of fractions.
func (f *File) Floats(key string, values []float32) {
	f.array(key, typeF32, len(values))
	for _, v := range values {
		f.keys = le.AppendUint32(f.keys, math.Float32bits(v))
	}
}

// Ints adds a key with a list of numbers.
func (f *File) Ints(key string, values []int32) {
	f.array(key, typeI32, len(values))
	for _, v := range values {
		f.keys = le.AppendUint32(f.keys, uint32(v))
	}
}

// Bytes adds a key with a list of bytes.
func (f *File) Bytes(key string, value []byte) {
	f.array(key, typeU8, len(value))
	f.keys = append(f.keys, value...)
}

// Tensor adds weights as they are stored, dims with the innermost first.
func (f *File) Tensor(name string, kind uint32, data []byte, dims ...uint64) {
	f.tensors = append(f.tensors, tensor{name, kind, dims, data})
}

// WriteTo writes the whole file.
func (f *File) WriteTo(w io.Writer) (int64, error) {
	head := append([]byte("GGUF"), 3, 0, 0, 0)
	head = le.AppendUint64(head, uint64(len(f.tensors)))
	head = le.AppendUint64(head, f.n)
	head = append(head, f.keys...)
	at := uint64(0)
	for _, t := range f.tensors {
		head = le.AppendUint32(appendText(head, t.name), uint32(len(t.dims)))
		for _, d := range t.dims {
			head = le.AppendUint64(head, d)
		}
		head = le.AppendUint64(le.AppendUint32(head, t.kind), at)
		at = up(at+uint64(len(t.data)), alignment)
	}
	done, err := padded(w, 0, head)
	for _, t := range f.tensors {
		if err == nil {
			done, err = padded(w, done, t.data)
		}
	}
	return done, err
}

// padded writes b behind done bytes, up to the alignment.
func padded(w io.Writer, done int64, b []byte) (int64, error) {
	n, err := w.Write(b)
	done += int64(n)
	if err != nil {
		return done, err
	}
	n, err = w.Write(make([]byte, up(uint64(done), alignment)-uint64(done)))
	return done + int64(n), err
}
