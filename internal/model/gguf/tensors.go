package gguf

import "math/bits"

// block is how a tensor type stores its elements: so many of them in so many bytes.
type block struct{ elements, bytes uint64 }

// blocks are the tensor types of llama.cpp v0.5.0 (ggml-common.h). A type that
// is not here is refused.
var blocks = map[uint32]block{
	0: {1, 4}, 1: {1, 2}, // F32 F16
	2: {32, 18}, 3: {32, 20}, 6: {32, 22}, 7: {32, 24}, 8: {32, 34}, 9: {32, 36}, // Q4_0 Q4_1 Q5_0 Q5_1 Q8_0 Q8_1
	10: {256, 84}, 11: {256, 110}, 12: {256, 144}, 13: {256, 176}, 14: {256, 210}, 15: {256, 292}, // Q2_K to Q6_K, Q8_K
	16: {256, 66}, 17: {256, 74}, 18: {256, 98}, 19: {256, 50}, 20: {32, 18}, // IQ2_XXS IQ2_XS IQ3_XXS IQ1_S IQ4_NL
	21: {256, 110}, 22: {256, 82}, 23: {256, 136}, 29: {256, 56}, // IQ3_S IQ2_S IQ4_XS IQ1_M
	24: {1, 1}, 25: {1, 2}, 26: {1, 4}, 27: {1, 8}, 28: {1, 8}, 30: {1, 2}, // I8 I16 I32 I64 F64 BF16
	34: {256, 54}, 35: {256, 66}, 39: {32, 17}, 40: {64, 36}, 41: {128, 18}, 42: {64, 18}, // TQ1_0 TQ2_0 MXFP4 NVFP4 Q1_0 Q2_0
}

// table is what the tensor table adds up to.
type table struct {
	end       uint64 // bytes of weights, without padding after the last
	alignment uint64
}

// tensors reads the tensor table. Tensors must follow each other without gaps
// or overlaps, as the format's writers place them.
func (in *reader) tensors(n int, alignment uint64) table {
	t := table{alignment: alignment}
	seen := map[string]bool{}
	for range n {
		if in.err != nil {
			break
		}
		name := in.text(maxName)
		if seen[name] {
			in.fail("gguf_invalid", "it has the tensor %q twice", name)
		}
		seen[name] = true
		size := in.tensorSize(name)
		start := up(t.end, alignment)
		if offset := in.u64(); offset != start {
			in.fail("gguf_invalid", "its tensor %q begins at %d, expected %d", name, offset, start)
		}
		end, carry := bits.Add64(start, size, 0)
		if carry != 0 || start < t.end || end > 1<<62 {
			in.fail("gguf_invalid", "its tensors are larger than any file")
			return t
		}
		t.end = end
	}
	return t
}

// tensorSize reads dimensions and type of one tensor and returns its bytes.
func (in *reader) tensorSize(name string) uint64 {
	dims := in.u32()
	if dims < 1 || dims > 4 {
		in.fail("gguf_invalid", "its tensor %q has %d dimensions, not 1 to 4", name, dims)
		return 0
	}
	elements, row := uint64(1), uint64(0)
	for i := range dims {
		d := in.u64()
		if i == 0 {
			row = d
		}
		over, product := bits.Mul64(elements, d)
		if d == 0 || over != 0 || product > 1<<62 {
			in.fail("gguf_invalid", "its tensor %q has no elements or too many", name)
			return 0
		}
		elements = product
	}
	kind := in.u32()
	b, known := blocks[kind]
	if !known || row%b.elements != 0 {
		in.fail("gguf_invalid", "its tensor %q has the unknown type %d, or rows that do not fit it", name, kind)
		return 0
	}
	over, size := bits.Mul64(elements/b.elements, b.bytes)
	if over != 0 {
		in.fail("gguf_invalid", "its tensor %q is larger than any file", name)
	}
	return size
}

// fits compares the table with the file. at is where the header ended.
func (t table) fits(at, size int64) error {
	start := up(uint64(at), t.alignment)
	end := start + t.end
	switch have := uint64(size); {
	case t.end == 0:
		return refuse("gguf_invalid", "it has no tensors")
	case have < end:
		return refuse("gguf_truncated", "it has %d bytes, its tensors need %d; fetch it again", have, end)
	case have > up(end, t.alignment):
		return refuse("gguf_invalid", "it has %d bytes after its last tensor", have-end)
	}
	return nil
}

// up rounds n up to a multiple of alignment, a power of two.
func up(n, alignment uint64) uint64 { return (n + alignment - 1) &^ (alignment - 1) }
