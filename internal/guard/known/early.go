package known

import "sync/atomic"

// early says quickly that no value begins with some letters. Of values of this
// process it keeps bits; of values that were stored as hashes it remembers what
// was asked before.
type early struct {
	bits   []uint64
	stored bool // some values came without their letters
	memo   []atomic.Uint64
	era    uint16 // of what is remembered; a new value begins another
}

type answer int

const (
	unknown answer = iota
	no
	perhaps
)

const (
	few, many = 1 << 6, 1 << 12 // words of bits
	fewNodes  = 1 << 9
	memos     = 1 << 14
)

func spread(first uint32) uint32 {
	h := first * 0x9E3779B1
	return h ^ h>>15
}

// put notes a value, the nodes-th or so.
func (e *early) put(first uint32, nodes int) {
	e.era++
	switch {
	case first == 0:
		e.stored = true
	case !e.stored:
		e.grow(nodes)
		h := spread(first)
		e.bits[h&uint32(len(e.bits)-1)] |= 1 << (h >> 26)
	}
	if e.stored && e.memo == nil {
		e.memo = make([]atomic.Uint64, memos)
	}
}

// grow makes room: what is noted stays so at every place it may be.
func (e *early) grow(nodes int) {
	if e.bits == nil {
		e.bits = make([]uint64, few)
	}
	if nodes <= fewNodes || len(e.bits) == many {
		return
	}
	small := e.bits
	e.bits = make([]uint64, many)
	for i := range e.bits {
		e.bits[i] = small[i%few]
	}
}

func (e *early) says(first uint32) answer {
	h := spread(first)
	if !e.stored {
		if e.bits != nil && e.bits[h&uint32(len(e.bits)-1)]>>(h>>26)&1 != 0 {
			return perhaps
		}
		return no
	}
	m := e.memo[h%memos].Load()
	switch {
	case uint16(m>>48) != e.era || uint32(m>>1) != first:
		return unknown
	case m&1 == 0:
		return no
	}
	return perhaps
}

// learn remembers an answer.
func (e *early) learn(first uint32, ok bool) {
	m := uint64(e.era)<<48 | uint64(first)<<1
	if ok {
		m |= 1
	}
	e.memo[spread(first)%memos].Store(m)
}
