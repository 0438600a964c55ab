package people

import (
	"math/bits"
	"sync"
)

// table maps keyed hashes to what they belong to, in parts that grow one by one, so that growing needs little
// memory on top. Safe for concurrent use.
type table [parts]part

const parts = 64

// part holds its hashes in order, with gaps: where a hash would stand follows from its value, and what is not
// found by then is not there. So it may be nearly full.
type part struct {
	mu     sync.RWMutex
	hashes []uint64 // 0: a gap
	values []uint32
	size   int // places that are a home; a few more follow for what is pushed on
	count  int
}

// most is how full a part may be, in percent, and growth how much larger it is made.
const (
	most   = 84
	growth = 4 // a quarter
	spill  = 64
)

func partOf(hash uint64) int { return int(hash & (parts - 1)) }

// home is where a hash would stand if nothing were in its way.
func (p *part) home(hash uint64) int {
	hi, _ := bits.Mul64(hash, uint64(p.size))
	return int(hi)
}

// find returns the place of a hash, or where it belongs.
func (p *part) find(hash uint64) (at int, ok bool) {
	if len(p.hashes) == 0 {
		return 0, false
	}
	for at = p.home(hash); at < len(p.hashes); at++ {
		if h := p.hashes[at]; h == 0 || h >= hash {
			return at, h == hash
		}
	}
	return at, false
}

// get returns the value of a hash.
func (t *table) get(hash uint64) (value uint32, ok bool) {
	p := &t[partOf(hash)]
	p.mu.RLock()
	at, ok := p.find(hash)
	if ok {
		value = p.values[at]
	}
	p.mu.RUnlock()
	return value, ok
}

// update gives a hash the value that change makes of the old one; keep false removes it.
func (t *table) update(hash uint64, change func(old uint32, ok bool) (value uint32, keep bool)) {
	p := &t[partOf(hash)]
	p.mu.Lock()
	defer p.mu.Unlock()
	p.update(hash, change)
}

// update does that in a part, for one who holds its lock.
func (p *part) update(hash uint64, change func(old uint32, ok bool) (value uint32, keep bool)) {
	at, ok := p.find(hash)
	var old uint32
	if ok {
		old = p.values[at]
	}
	value, keep := change(old, ok)
	switch {
	case ok && keep:
		p.values[at] = value
	case ok:
		p.remove(at)
	case keep:
		p.insert(hash, value)
	}
}

// insert puts a new hash in its place and moves those behind it.
func (p *part) insert(hash uint64, value uint32) {
	if p.count*100 >= p.size*most {
		p.grow()
	}
	at, _ := p.find(hash)
	end := at
	for end < len(p.hashes) && p.hashes[end] != 0 {
		end++
	}
	if end == len(p.hashes) { // no room at the very end
		p.grow()
		p.insert(hash, value)
		return
	}
	copy(p.hashes[at+1:end+1], p.hashes[at:end])
	copy(p.values[at+1:end+1], p.values[at:end])
	p.hashes[at], p.values[at] = hash, value
	p.count++
}

// remove closes the gap as far as hashes stand behind their place.
func (p *part) remove(at int) {
	end := at + 1
	for end < len(p.hashes) && p.hashes[end] != 0 && p.home(p.hashes[end]) < end {
		end++
	}
	copy(p.hashes[at:end-1], p.hashes[at+1:end])
	copy(p.values[at:end-1], p.values[at+1:end])
	p.hashes[end-1], p.values[end-1] = 0, 0
	p.count--
}

// grow makes room. The hashes are in order, so they can be put back one behind the other.
func (p *part) grow() {
	hashes, values := p.hashes, p.values
	p.size = max(64, p.size+p.size/growth)
	p.hashes, p.values = make([]uint64, p.size+spill), make([]uint32, p.size+spill)
	at := 0
	for i, h := range hashes {
		if h == 0 {
			continue
		}
		at = max(at, p.home(h))
		if at == len(p.hashes) { // the spill is full: very unlikely
			p.hashes, p.values = append(p.hashes, 0), append(p.values, 0)
		}
		p.hashes[at], p.values[at] = h, values[i]
		at++
	}
}

// bytes returns the memory the table takes.
func (t *table) bytes() (n int) {
	for i := range t {
		n += len(t[i].hashes) * 12
	}
	return n
}

// size returns how many hashes there are.
func (t *table) size() (n int) {
	for i := range t {
		t[i].mu.RLock()
		n += t[i].count
		t[i].mu.RUnlock()
	}
	return n
}
