// Package known keeps values that an answer must not give away, as keyed
// hashes only, and finds them in a stream of letters.
//
// First step: New(key), then Compile a value to a [Word] and Put it. A reader of
// letters calls Start with the first [Shortest] letters of a place, then Next
// and Ends as more arrive.
//
// Promise: the value itself is never kept. Beside its hash stand the hashes of
// a few of its beginnings, so that a reader knows from four letters on whether
// what it reads may become a value, and need hold back nothing else.
//
// Danger: whoever has the key can try values. Keep it where the store's other
// keys are.
package known

import (
	"encoding/binary"
	"slices"
)

// Shortest and Longest are the letters of a value: a shorter one is not kept,
// of a longer one the beginning is.
const (
	Shortest = 4
	Longest  = 64
)

// steps are the lengths of the beginnings that are kept.
var steps = [...]int{Shortest, 6, 8, 10, 12, 16, 20, 24, 32, 40, 48, Longest}

// The uses of the hash.
const (
	tagStep byte = iota
	tagEnd
	tagMark
)

// End is what is known of a value.
type End struct {
	Owner uint64 // hash of whose it is, 0 for nobody's
	Kind  uint8  // the caller's own code
	Notes uint8  // the caller's own flags
}

// Word is a value in the form it is kept and stored.
type Word struct {
	Len   uint8    `json:"n"`
	Steps []uint64 `json:"s"`
	Sum   uint64   `json:"h"`
	first uint32   // its first letters, while it is not stored
}

// Set holds values. Reading is safe for concurrent use, changing is not: the
// owner of a Set guards it.
type Set struct {
	key   Key
	nodes map[uint64]uint32 // hash of a beginning -> what follows
	ends  map[uint64]End
	more  map[uint64][]End // further meanings of the same value
	early early
}

// New returns an empty set.
func New(key Key) *Set {
	return &Set{key: key, nodes: map[uint64]uint32{}, ends: map[uint64]End{}, more: map[uint64][]End{}}
}

// Len returns how many values and marks are kept.
func (s *Set) Len() int { return len(s.ends) }

// Compile hashes the letters of a value. ok is false for one that is too short.
func (k Key) Compile(letters []byte) (w Word, ok bool) {
	if len(letters) < Shortest {
		return w, false
	}
	letters = letters[:min(len(letters), Longest)]
	w.Len, w.first = uint8(len(letters)), binary.LittleEndian.Uint32(letters)
	for _, n := range steps {
		if n > len(letters) {
			break
		}
		w.Steps = append(w.Steps, k.hash(tagStep, letters[:n]))
	}
	w.Sum = k.hash(tagEnd, letters)
	return w, true
}

// Steps returns how many beginnings are kept of a value of n letters.
func Steps(n int) int {
	k := 0
	for k < len(steps) && steps[k] <= n {
		k++
	}
	return k
}

// Mark hashes anything else that is to be found again as a whole. It is never 0.
func (k Key) Mark(parts ...string) uint64 {
	b := make([]byte, 0, 96)
	for _, p := range parts {
		b = append(append(b, p...), 0)
	}
	return max(k.hash(tagMark, b), 1)
}

// Key returns the set's key.
func (s *Set) Key() Key { return s.key }

// Put adds a value.
func (s *Set) Put(w Word, e End) {
	s.early.put(w.first, len(s.nodes))
	for i, h := range w.Steps {
		var follows uint32
		if i+1 < len(w.Steps) {
			follows = goesOn
		} else if n := int(w.Len) - steps[i]; n < 31 {
			follows = 1 << n
		}
		s.nodes[h] |= follows
	}
	s.PutMark(w.Sum, e)
}

// goesOn marks a beginning that a longer one begins with.
const goesOn = 1 << 31

// PutMark adds a mark.
func (s *Set) PutMark(mark uint64, e End) {
	old, taken := s.ends[mark]
	switch {
	case !taken:
		s.ends[mark] = e
	case old != e && !slices.Contains(s.more[mark], e):
		s.more[mark] = append(s.more[mark], e)
	}
}

// Node is a place within values that letters have led to.
type Node struct {
	step    uint8
	follows uint32
}

// Start returns where the first letters of values lead, the four bytes of first
// from the lowest.
func (s *Set) Start(first uint32) (Node, bool) {
	switch s.early.says(first) {
	case no:
		return Node{}, false
	case perhaps:
		return s.start(first)
	}
	n, ok := s.start(first)
	s.early.learn(first, ok)
	return n, ok
}

func (s *Set) start(first uint32) (Node, bool) {
	var p [Shortest]byte
	binary.LittleEndian.PutUint32(p[:], first)
	follows, ok := s.nodes[s.key.hash(tagStep, p[:])]
	return Node{0, follows}, ok
}

// Next goes on by one letter, the last of letters. It reports false where no
// value goes on so.
func (s *Set) Next(n Node, letters []byte) (Node, bool) {
	next := int(n.step) + 1
	if next >= len(steps) || len(letters) < steps[next] {
		return n, n.follows>>(len(letters)-steps[n.step]) != 0
	}
	if n.follows&goesOn == 0 {
		return n, false
	}
	follows, ok := s.nodes[s.key.hash(tagStep, letters)]
	return Node{uint8(next), follows}, ok
}

// Ends returns what ends with the last of these letters.
func (s *Set) Ends(n Node, letters []byte) (End, []End, bool) {
	if n.follows&^goesOn&(1<<(len(letters)-steps[n.step])) == 0 {
		return End{}, nil, false
	}
	return s.Marked(s.key.hash(tagEnd, letters))
}

// Marked returns what is known by a mark.
func (s *Set) Marked(mark uint64) (End, []End, bool) {
	e, ok := s.ends[mark]
	if !ok {
		return e, nil, false
	}
	return e, s.more[mark], true
}

// Sum returns the mark that a value of these letters has.
func (s *Set) Sum(letters []byte) uint64 {
	return s.key.hash(tagEnd, letters[:min(len(letters), Longest)])
}
