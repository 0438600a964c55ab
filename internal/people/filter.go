package people

import (
	"math/bits"
	"sync/atomic"
)

// filter remembers hashes without keeping them: a Bloom filter whose bits for one hash stand in one cache line.
// It forgets nothing, so it is made anew now and then. Adding and asking may go on at the same time.
type filter struct {
	blocks [][8]uint64
	count  int
}

// perBlock is how many hashes a block of 512 bits is meant for: one of some 300 others passes.
const perBlock = 42

func newFilter(hashes int) *filter {
	return &filter{blocks: make([][8]uint64, 1+hashes/perBlock)}
}

// full says whether more hashes were added than there is room for.
func (f *filter) full() bool { return f.count > len(f.blocks)*perBlock }

func (f *filter) block(hash uint32) *[8]uint64 {
	hi, _ := bits.Mul32(hash, uint32(len(f.blocks)))
	return &f.blocks[hi]
}

// places returns the six bits of a hash within its block.
func places(hash uint32) uint64 {
	return (uint64(hash)*0x9e3779b97f4a7c15 ^ uint64(hash)) * 0xbf58476d1ce4e5b9 >> 10
}

func (f *filter) add(hash uint32) {
	if f.has(hash) {
		return
	}
	b := f.block(hash)
	for n, x := 0, places(hash); n < 6; n, x = n+1, x>>9 {
		atomic.OrUint64(&b[x>>6&7], 1<<(x&63))
	}
	f.count++
}

// addAlone is add while nobody else has the filter.
func (f *filter) addAlone(hash uint32) {
	b, isNew := f.block(hash), false
	for n, x := 0, places(hash); n < 6; n, x = n+1, x>>9 {
		word, bit := &b[x>>6&7], uint64(1)<<(x&63)
		isNew = isNew || *word&bit == 0
		*word |= bit
	}
	if isNew {
		f.count++
	}
}

func (f *filter) has(hash uint32) bool {
	b := f.block(hash)
	for n, x := 0, places(hash); n < 6; n, x = n+1, x>>9 {
		if atomic.LoadUint64(&b[x>>6&7])&(1<<(x&63)) == 0 {
			return false
		}
	}
	return true
}

// renewFilter makes a filter with more room once the old one is full: it lets too much pass else. What it holds
// stands in the records on disk.
func (x *Index) renewFilter() error {
	old := x.near.Load()
	if !old.full() {
		return nil
	}
	next := newFilter(2 * old.count)
	for i := range x.records {
		if x.records[i].at == 0 {
			continue
		}
		c, err := x.log.read(x.records[i].at)
		if err != nil {
			return err
		}
		for _, h := range c.near {
			next.add(h)
		}
	}
	x.near.Store(next)
	return nil
}
