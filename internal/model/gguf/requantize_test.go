package gguf_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"testing"

	"ringfence/internal/model/gguf"
)

// mixed is a model with a tensor of Q4_1 between two others. Its blocks are random.
func mixed(seed uint64) (content []byte, blocks []byte) {
	f := new(file).start(3, 2)
	f.textKey("general.architecture", "llama")
	f.numberKey("general.file_type", 3)
	f.tensor("a", 0, 0, 8)
	f.tensor("b", 3, 32, 64, 3) // six blocks, 120 bytes
	f.tensor("c", 8, 160, 32)
	head := f.weights(32, 0)
	rnd := rand.New(rand.NewPCG(seed, 1))
	for range 6 {
		scale := []uint16{0x2400, 0x0001, 0x0000, 0x3c00}[rnd.IntN(4)] // 1/64, the smallest, 0, 1
		blocks = binary.LittleEndian.AppendUint16(blocks, scale)
		blocks = binary.LittleEndian.AppendUint16(blocks, []uint16{0xb000, 0x0000, 0x2000}[rnd.IntN(3)]) // -1/8, 0, 1/128
		for range 16 {
			blocks = append(blocks, byte(rnd.UintN(256)))
		}
	}
	content = append(bytes.Clone(head), bytes.Repeat([]byte{7}, 32)...)
	content = append(append(content, blocks...), make([]byte, 8)...)
	return append(content, bytes.Repeat([]byte{9}, 34)...), blocks
}

func requantized(t *testing.T, content []byte) []byte {
	t.Helper()
	f, err := gguf.Requantize(content)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if _, err := f.WriteTo(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// float16 reads a half float by its definition, which the package does another way.
func float16(b []byte) float64 {
	v := binary.LittleEndian.Uint16(b)
	e, m := int(v>>10&31), float64(v&1023)/1024
	if e == 0 {
		e = 1
	} else {
		m++
	}
	return math.Copysign(m*math.Pow(2, float64(e-15)), 1-float64(v>>15)*2)
}

// A weight moves by no more than half a step, and nothing else moves at all.
func TestRequantizedWeightsStay(t *testing.T) {
	for seed := range uint64(200) {
		content, blocks := mixed(seed)
		out := requantized(t, content)
		if _, err := check(out); err != nil {
			t.Fatal(err)
		}
		at := bytes.Index(out, bytes.Repeat([]byte{7}, 32)) // tensor a
		if at < 0 || !bytes.HasSuffix(bytes.TrimRight(out, "\x00"), bytes.Repeat([]byte{9}, 34)) {
			t.Fatal("a tensor of another type changed")
		}
		for b := range 6 {
			old, now := blocks[20*b:][:20], out[at+32+34*b:][:34]
			scale, least, step := float16(old), float16(old[2:]), float16(now)
			for i := range 32 {
				n := old[4+i%16] & 15
				if i >= 16 {
					n = old[4+i%16] >> 4
				}
				was, is := scale*float64(n)+least, step*float64(int8(now[2+i]))
				// Half a step, and what binary16 cannot say of the scale itself: 2^-11 of it, or half its smallest number.
				if most := step/2 + 127*max(step/2048, math.Pow(2, -25)); math.Abs(was-is) > most {
					t.Fatalf("seed %d, block %d, weight %d: %g became %g, more than %g away", seed, b, i, was, is, most)
				}
			}
		}
	}
}

func TestRequantizedAgainIsTheSame(t *testing.T) {
	content, _ := mixed(1)
	once := requantized(t, content)
	if !bytes.Equal(requantized(t, once), once) {
		t.Error("a model without Q4_1 changed")
	}
	if bytes.Contains(once, []byte("general.file_type\x04\x00\x00\x00\x03")) {
		t.Error("the model still says that it is mostly Q4_1")
	}
}

func FuzzRequantize(f *testing.F) {
	content, _ := mixed(1)
	f.Add(content)
	f.Add(small())
	f.Fuzz(func(t *testing.T, content []byte) {
		m, err := gguf.Requantize(content)
		if err != nil {
			return
		}
		var out bytes.Buffer
		if _, err := m.WriteTo(&out); err != nil {
			t.Fatal(err)
		}
		if _, err := check(out.Bytes()); err != nil {
			t.Errorf("a good model became a bad one: %v", err)
		}
	})
}
