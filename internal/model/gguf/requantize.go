package gguf

import (
	"bufio"
	"bytes"
	"math"
)

// Requantize returns the model src with every tensor of type Q4_1 stored as Q8_0.
// It does not make a model better: it makes it quicker, since llama.cpp v0.5.0
// has fast kernels for Q8_0 on common processors and none for Q4_1. A weight
// moves by at most half a step of the new scale, 1/254 of the largest weight in
// its block of 32. The same src gives the same bytes on every processor.
//
// Formats of the blocks: ggml-common.h. Q4_1 is scale and minimum as half
// floats and 32 numbers of 4 bits, w = scale*n + minimum; the first 16 are the
// low halves of the bytes. Q8_0 is a scale and 32 signed bytes, w = scale*n.
func Requantize(src []byte) (*File, error) {
	if _, err := Check(bytes.NewReader(src), int64(len(src))); err != nil {
		return nil, err
	}
	in := &reader{r: bufio.NewReader(bytes.NewReader(src))} // checked above: nothing here can fail
	in.bytes(8)
	tensors, keys := in.u64(), in.u64()
	begin := in.at
	about := in.keys(int(keys))
	if about.alignment != alignment {
		return nil, refuse("gguf_invalid", "its alignment is %d; only %d can be requantized", about.alignment, alignment)
	}
	f := &File{keys: sayQ80(bytes.Clone(src[begin:in.at])), n: keys}
	offsets := make([]uint64, tensors)
	for i := range offsets {
		t := tensor{name: in.text(maxName), dims: make([]uint64, in.u32())}
		for d := range t.dims {
			t.dims[d] = in.u64()
		}
		t.kind, offsets[i] = in.u32(), in.u64()
		f.tensors = append(f.tensors, t)
	}
	weights := src[up(uint64(in.at), alignment):]
	for i := range f.tensors {
		t := &f.tensors[i]
		t.data = weights[offsets[i]:][:t.bytes()]
		if t.kind == Q41 {
			t.kind, t.data = Q80, q80(t.data)
		}
	}
	return f, nil
}

// bytes is how many bytes the weights have.
func (t *tensor) bytes() uint64 {
	n := uint64(1)
	for _, d := range t.dims {
		n *= d
	}
	b := blocks[t.kind]
	return n / b.elements * b.bytes
}

// sayQ80 corrects the key that names the type of most tensors (llama.h, llama_ftype).
func sayQ80(keys []byte) []byte {
	const mostlyQ41, mostlyQ80 = 3, 7
	name := le.AppendUint32(appendText(nil, "general.file_type"), typeU32)
	if at := bytes.Index(keys, le.AppendUint32(name, mostlyQ41)); at >= 0 {
		keys[at+len(name)] = mostlyQ80
	}
	return keys
}

// q80 stores blocks of Q4_1 as blocks of Q8_0.
func q80(in []byte) []byte {
	const from, to = 20, 34
	out := make([]byte, 0, len(in)/from*to)
	var w [32]float32
	for ; len(in) >= from; in = in[from:] {
		scale, least := half(le.Uint16(in)), half(le.Uint16(in[2:]))
		most := float32(0)
		for i, b := range in[4:from] {
			// The conversion keeps processors from fusing the two steps into one of another precision.
			w[i] = float32(scale*float32(b&15)) + least
			w[i+16] = float32(scale*float32(b>>4)) + least
			most = max(most, abs(w[i]), abs(w[i+16]))
		}
		stored := toHalf(most / 127)
		out = le.AppendUint16(out, stored)
		step := half(stored)
		for _, v := range w {
			out = append(out, byte(steps(v, step)))
		}
	}
	return out
}

// steps is how many steps v is away from zero.
func steps(v, step float32) int8 {
	if step == 0 {
		return 0
	}
	return int8(max(-127, min(127, math.Round(float64(v/step)))))
}

func abs(v float32) float32 { return math.Float32frombits(math.Float32bits(v) &^ (1 << 31)) }

// half is a number of IEEE 754 binary16.
func half(b uint16) float32 {
	sign, exponent, fraction := float32(1), int(b>>10&31), float32(b&1023)
	if b>>15 == 1 {
		sign = -1
	}
	switch exponent {
	case 0:
		return sign * fraction * (1.0 / (1 << 24))
	case 31:
		return float32(math.NaN()) // no weight is infinite
	}
	return sign * float32(math.Ldexp(float64(1+fraction/1024), exponent-15))
}

// toHalf is the binary16 nearest to v, which is positive and far below its largest.
func toHalf(v float32) uint16 {
	if v != v || v <= 0 {
		return 0
	}
	fraction, exponent := math.Frexp(float64(v)) // v = fraction * 2^exponent, fraction in [.5, 1)
	if exponent < -13 {                          // subnormal: in units of 2^-24
		return uint16(math.RoundToEven(math.Ldexp(float64(v), 24)))
	}
	// A fraction that rounds up to 1 carries into the exponent by itself.
	n := math.RoundToEven((fraction*2 - 1) * 1024)
	return uint16(min(int(n)+(exponent+14)<<10, 0x7bff))
}
