package e5

import (
	"encoding/binary"
	"maps"
	"slices"
)

// charsMap writes replacements the way SentencePiece keeps them and llama.cpp
// reads them: the length of a double-array trie, the trie, and the
// replacements, each ended by a zero byte.
//
// A unit of the trie has, from the lowest bit: 8 bits of label, 1 bit that says
// that a value follows, 1 bit we do not need, 22 bits of the distance (by
// exclusive or) to where the unit's children begin. A child stands at the
// beginning xor its label; label 0 is the value, marked by the highest bit.
// Source: darts-clone's format as read by llama.cpp (llama-vocab.cpp).
func charsMap(replaced map[string]string) []byte {
	b := builder{units: make([]uint32, 256), used: map[int]bool{}, taken: make([]bool, 256)}
	var texts []byte
	var keys []entry
	for _, from := range slices.Sorted(maps.Keys(replaced)) {
		keys = append(keys, entry{from, uint32(len(texts))})
		texts = append(append(texts, replaced[from]...), 0)
	}
	b.taken[0] = true
	b.place(0, 0, keys)
	out := binary.LittleEndian.AppendUint32(nil, uint32(4*len(b.units)))
	for _, u := range b.units {
		out = binary.LittleEndian.AppendUint32(out, u)
	}
	return append(out, texts...)
}

type entry struct {
	key   string
	value uint32
}

type builder struct {
	units []uint32
	taken []bool
	used  map[int]bool // beginnings; two nodes with one would share children
	free  int          // no unit before it is free
}

const valueUnit = 1 << 31

// place puts the children of a node, the sorted keys that begin alike for depth
// bytes, and then theirs.
func (b *builder) place(node, depth int, keys []entry) {
	groups := map[byte][]entry{}
	var labels []byte
	for _, k := range keys {
		label := byte(0)
		if depth < len(k.key) {
			label = k.key[depth]
		}
		if groups[label] == nil {
			labels = append(labels, label)
		}
		groups[label] = append(groups[label], k)
	}
	begin := b.begin(labels)
	b.units[node] |= uint32(node^begin) << 10
	for _, label := range labels {
		b.taken[begin^int(label)] = true
		b.units[begin^int(label)] = uint32(label)
	}
	for _, label := range labels {
		if label == 0 {
			b.units[node] |= 1 << 8
			b.units[begin] = valueUnit | groups[0][0].value
			continue
		}
		b.place(begin^int(label), depth+1, groups[label])
	}
}

// begin finds where all labels have a free unit.
func (b *builder) begin(labels []byte) int {
	for b.taken[b.free] {
		b.free++
		b.grow(b.free)
	}
	for at := b.free; ; at++ {
		begin := at ^ int(labels[0])
		b.grow(max(begin, at))
		if begin == 0 || b.used[begin] || slices.ContainsFunc(labels, func(l byte) bool { return b.taken[begin^int(l)] }) {
			continue
		}
		b.used[begin] = true
		return begin
	}
}

// grow makes room for the whole block of 256 units that index is in.
func (b *builder) grow(index int) {
	for index >= len(b.units) {
		b.units = append(b.units, make([]uint32, 256)...)
		b.taken = append(b.taken, make([]bool, 256)...)
	}
}
