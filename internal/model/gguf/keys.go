package gguf

import "strings"

// Value types of the format.
const (
	typeU8 = iota
	typeI8
	typeU16
	typeI16
	typeU32
	typeI32
	typeF32
	typeBool
	typeString
	typeArray
	typeU64
	typeI64
	typeF64
)

// widths in bytes of the fixed-size types, 0 for the others.
var widths = [...]int{typeU8: 1, typeI8: 1, typeU16: 2, typeI16: 2, typeU32: 4, typeI32: 4,
	typeF32: 4, typeBool: 1, typeU64: 8, typeI64: 8, typeF64: 8}

// kept names the texts worth keeping; all others are read over.
var kept = map[string]bool{"general.architecture": true, "general.name": true, "general.license": true}

// about is what the keys say, as far as we ask.
type about struct {
	texts     map[string]string
	numbers   map[string]uint64 // keys that end in .context_length
	alignment uint64
	splits    uint64
}

func (a about) context() uint64 { return a.numbers[a.texts["general.architecture"]+".context_length"] }

// keys reads the key-value part.
func (in *reader) keys(n int) about {
	a := about{texts: map[string]string{}, numbers: map[string]uint64{}, alignment: 32}
	seen := map[string]bool{}
	for range n {
		if in.err != nil {
			break
		}
		key := in.text(maxKey)
		if seen[key] {
			in.fail("gguf_invalid", "it has the key %q twice", key)
		}
		seen[key] = true
		in.value(&a, key, in.u32())
	}
	return a
}

// value reads one value and keeps it if it is one we ask for.
func (in *reader) value(a *about, key string, kind uint32) {
	switch {
	case key == "general.alignment":
		a.alignment = in.number(key, kind)
		if a.alignment == 0 || a.alignment > maxAlignment || a.alignment&(a.alignment-1) != 0 {
			in.fail("gguf_invalid", "its alignment is %d, not a power of two up to %d", a.alignment, maxAlignment)
			a.alignment = 32
		}
	case key == "split.count":
		a.splits = in.number(key, kind)
	case strings.HasSuffix(key, ".context_length"):
		a.numbers[key] = in.number(key, kind)
	case kind == typeString && kept[key]:
		a.texts[key] = in.text(maxString)
	case kind == typeArray:
		in.array()
	default:
		in.skip(kind)
	}
}

// number reads an unsigned integer of any width.
func (in *reader) number(key string, kind uint32) uint64 {
	switch kind {
	case typeU8, typeU16, typeU32, typeU64:
		var n uint64
		for i, b := range in.bytes(widths[kind]) {
			n |= uint64(b) << (8 * i)
		}
		return n
	}
	in.fail("gguf_invalid", "its key %q is not an unsigned number", key)
	return 0
}

// array reads over an array. Arrays of arrays have no use in model files.
func (in *reader) array() {
	kind, n := in.u32(), in.u64()
	if n > maxArray {
		in.fail("gguf_limit", "it claims an array of %d elements; at most %d are accepted", n, maxArray)
		return
	}
	if kind < uint32(len(widths)) && widths[kind] > 0 {
		in.discard(int64(n) * int64(widths[kind]))
		return
	}
	for range n {
		if in.err != nil {
			return
		}
		in.skip(kind)
	}
}

// skip reads over one value that is not an array.
func (in *reader) skip(kind uint32) {
	switch {
	case kind == typeString:
		in.discard(in.length(maxString))
	case kind < uint32(len(widths)) && widths[kind] > 0:
		in.discard(int64(widths[kind]))
	default:
		in.fail("gguf_invalid", "it has a value of the unknown type %d", kind)
	}
}
