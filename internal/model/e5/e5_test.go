package e5_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"testing"

	"ringfence/internal/model/e5"
	"ringfence/internal/model/gguf"
)

// packed writes E5S1 files, good and bad.
type packed struct{ bytes.Buffer }

func (p *packed) u16(n int)     { binary.Write(p, binary.LittleEndian, uint16(n)) }
func (p *packed) u32(n int)     { binary.Write(p, binary.LittleEndian, uint32(n)) }
func (p *packed) u64(n int)     { binary.Write(p, binary.LittleEndian, uint64(n)) }
func (p *packed) f32(f float32) { binary.Write(p, binary.LittleEndian, math.Float32bits(f)) }

const (
	hidden, inner, vocabulary, positions = 32, 64, 6, 4
)

var pieces = []string{"<s>", "<pad>", "</s>", "<unk>", "▁a"}

// small is a well-formed model of one layer; vocabulary has one id more than pieces.
func small() []byte {
	var p packed
	p.WriteString("E5S1")
	p.u32(1)
	for _, n := range []int{hidden, 1, 2, inner, vocabulary, positions, 1} {
		p.u32(n)
	}
	p.f32(1e-12)
	p.u32(32)
	p.vocabulary()
	p.tensors()
	return p.Bytes()
}

func (p *packed) vocabulary() {
	p.u32(len(pieces))
	for _, special := range []int{0, 2, 1, 3} {
		p.u32(special)
	}
	var blob []byte
	ends := []int{0}
	for _, piece := range pieces {
		blob = append(blob, piece...)
		ends = append(ends, len(blob))
	}
	p.u64(len(blob))
	for _, e := range ends {
		p.u32(e)
	}
	for range pieces {
		p.f32(-1)
	}
	p.Write(blob)
	p.u32(2) // replacements: ﬁ becomes fi, a tab nothing
	p.u32(4 + 1 + 8 + 4 + 1)
	p.u32('ﬁ')
	p.WriteByte(2)
	p.u32('f')
	p.u32('i')
	p.u32('\t')
	p.WriteByte(0)
}

func (p *packed) tensors() {
	type entry struct {
		name string
		size int
	}
	q4 := func(rows, columns int) int { return rows * columns / 32 * 18 }
	all := []entry{
		{"emb.word", q4(vocabulary, hidden)}, {"emb.pos", 4 * positions * hidden}, {"emb.type", 4 * hidden},
		{"emb.ln.w", 4 * hidden}, {"emb.ln.b", 4 * hidden},
		{"l0.fi.w", q4(inner, hidden)}, {"l0.fi.b", 4 * inner}, {"l0.fo.w", q4(hidden, inner)}, {"l0.fo.b", 4 * hidden},
	}
	for _, name := range []string{"q", "k", "v", "ao"} {
		all = append(all, entry{"l0." + name + ".w", q4(hidden, hidden)}, entry{"l0." + name + ".b", 4 * hidden})
	}
	for _, name := range []string{"aln", "oln"} {
		all = append(all, entry{"l0." + name + ".w", 4 * hidden}, entry{"l0." + name + ".b", 4 * hidden})
	}
	p.u32(len(all))
	at := p.Len()
	for _, e := range all {
		at += 2 + len(e.name) + 1 + 4 + 8 + 8
	}
	for _, e := range all {
		p.u16(len(e.name))
		p.WriteString(e.name)
		p.WriteByte(0)
		p.u32(0)
		p.u64(at)
		p.u64(e.size)
		at += e.size
	}
	for i, e := range all {
		p.Write(bytes.Repeat([]byte{byte(i + 1)}, e.size))
	}
}

func TestRepack(t *testing.T) {
	var out bytes.Buffer
	if err := e5.Repack(&out, small()); err != nil {
		t.Fatal(err)
	}
	header, err := gguf.Check(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatalf("our own check refuses it: %v", err)
	}
	want := gguf.Header{Version: 3, Architecture: "bert", Name: "multilingual-e5-small", Licence: "mit", Context: positions, Tensors: 21}
	if header != want {
		t.Errorf("%+v, want %+v", header, want)
	}
	var again bytes.Buffer
	if err := e5.Repack(&again, small()); err != nil || !bytes.Equal(out.Bytes(), again.Bytes()) {
		t.Errorf("not the same bytes the second time: %v", err)
	}
	// The weights are the ones that were packed, as they were.
	if !bytes.Contains(out.Bytes(), bytes.Repeat([]byte{1}, vocabulary*18)) {
		t.Error("the words' vectors are not there")
	}
}

func TestEveryCutFileIsRefused(t *testing.T) {
	whole := small()
	for n := range whole {
		if err := e5.Repack(&bytes.Buffer{}, whole[:n]); !errors.Is(err, e5.ErrFormat) {
			t.Fatalf("%d of %d bytes: %v", n, len(whole), err)
		}
	}
}

func FuzzRepack(f *testing.F) {
	f.Add(small())
	f.Add([]byte("E5S1"))
	f.Fuzz(func(t *testing.T, b []byte) {
		var out bytes.Buffer
		if e5.Repack(&out, b) != nil {
			return
		}
		if _, err := gguf.Check(bytes.NewReader(out.Bytes()), int64(out.Len())); err != nil {
			t.Fatalf("made a file that our own check refuses: %v", err)
		}
	})
}

// The map is read the way llama.cpp reads it.
func TestCharsMap(t *testing.T) {
	replaced := map[string]string{"ﬁ": "fi", "Å": "Å", "\t": " ", "\u200b": "", "①": "1", "½": "1⁄2"}
	for i := range 3000 {
		replaced[string(rune(0x4e00+7*i))] = fmt.Sprint(i)
	}
	m := e5.CharsMap(replaced)
	for from, to := range replaced {
		if got, n := lookUp(m, from+"x"); got != to || n != len(from) {
			t.Fatalf("%q becomes %q (%d bytes), want %q", from, got, n, to)
		}
	}
	for _, s := range []string{"a", "ä", "f", "中", "\x00"} {
		if _, in := replaced[s]; in {
			continue
		}
		if got, n := lookUp(m, s); n != 0 {
			t.Errorf("%q is replaced by %q", s, got)
		}
	}
}

// lookUp is llama.cpp's normalize_prefix: the longest beginning of s that is replaced.
func lookUp(m []byte, s string) (string, int) {
	size := binary.LittleEndian.Uint32(m)
	unit := func(i uint32) uint32 { return binary.LittleEndian.Uint32(m[4+4*i:]) }
	base := func(u uint32) uint32 { return (u >> 10) << ((u & (1 << 9)) >> 6) }
	texts := m[4+size:]
	longest, value := 0, uint32(0)
	node := base(unit(0))
	for i := range len(s) {
		c := uint32(s[i])
		if c == 0 {
			break
		}
		node ^= c
		u := unit(node)
		if u&(1<<31|0xff) != c {
			break
		}
		node ^= base(u)
		if (u>>8)&1 == 1 {
			longest, value = i+1, unit(node)&(1<<31-1)
		}
	}
	if longest == 0 {
		return "", 0
	}
	end := bytes.IndexByte(texts[value:], 0)
	return string(texts[value : int(value)+end]), longest
}
