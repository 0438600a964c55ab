package mask

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
)

// linkSum is a keyed sum over the beginning of a URL, written byte by byte. Its key is the vault's and outlives
// the process with it: links that came in before a restart can go out after it.
type linkSum struct {
	key  *[32]byte
	sum  hash.Hash // nil before the first URL
	wait [64]byte  // not yet summed
	n    int
}

func (s *linkSum) reset() {
	if s.sum == nil {
		s.sum = sha256.New()
	}
	s.sum.Reset()
	s.sum.Write(s.key[:])
	s.n = 0
}

func (s *linkSum) add(b byte) {
	if s.n == len(s.wait) {
		s.flush()
	}
	s.wait[s.n] = b
	s.n++
}

func (s *linkSum) addText(text string) {
	for i := range len(text) {
		s.add(text[i])
	}
}

func (s *linkSum) flush() {
	if s.sum == nil {
		n := s.n
		s.reset()
		s.n = n
	}
	s.sum.Write(s.wait[:s.n])
	s.n = 0
}

// value returns the sum of what was added so far.
func (s *linkSum) value() uint64 {
	s.flush()
	var buf [sha256.Size]byte
	return binary.LittleEndian.Uint64(s.sum.Sum(buf[:0]))
}
