package mask

import (
	"slices"
	"strings"
)

// scene tells of the sentence around a word whether it speaks of a person, and whether of goods. The same word
// is a town somebody lives in here and the name of a table there.
type scene struct {
	v          *view
	found      []finding // what other finders have, in no order
	people     []int     // where people among them begin, in order; read when first asked
	asked      bool
	from, to   int // words of the sentence read last
	personal   bool
	commercial bool
}

// longestSentence bounds how many words to either side are read.
const longestSentence = 30

// at reads the sentence of word i.
func (s *scene) at(i int) {
	if s.from <= i && i < s.to {
		return
	}
	s.from, s.to = i, i+1
	for s.from > 0 && i-s.from < longestSentence && !s.breaks(s.from) {
		s.from--
	}
	for s.to < len(s.v.words) && s.to-i < longestSentence && !s.breaks(s.to) {
		s.to++
	}
	s.personal, s.commercial = false, false
	for k := s.from; k < s.to; k++ {
		role := s.v.words[k].facts()
		s.personal = s.personal || s.v.words[k].self()&s.v.languages() != 0
		s.commercial = s.commercial || role&isTrade != 0
	}
	s.personal = s.personal || s.named()
	if !s.personal {
		s.commercial = s.commercial || s.line(i)
	}
}

// personalAt says whether the sentence of word i speaks of a person.
func (s *scene) personalAt(i int) bool {
	s.at(i)
	return s.personal
}

// line says whether the line of word i speaks of goods.
func (s *scene) line(i int) bool {
	for _, step := range [2]int{-1, 1} {
		for k := i; k >= 0 && k < len(s.v.words) && k-i < 2*longestSentence && i-k < 2*longestSentence; k += step {
			if s.v.words[k].facts()&isTrade != 0 {
				return true
			}
			if next := k + step; next < 0 || next >= len(s.v.words) || strings.IndexByte(s.v.s[s.v.words[min(k, next)].end:s.v.words[max(k, next)].start], '\n') >= 0 {
				break
			}
		}
	}
	return false
}

// named says whether a person was found in the sentence.
func (s *scene) named() bool {
	if !s.asked {
		s.asked = true
		for i := range s.found {
			if s.found[i].typ == PERSON {
				s.people = append(s.people, s.found[i].start)
			}
		}
		slices.Sort(s.people)
	}
	start, end := s.v.words[s.from].start, s.v.words[s.to-1].end
	k, _ := slices.BinarySearch(s.people, start)
	return k < len(s.people) && s.people[k] < end
}

// breaks says whether a sentence ends in front of word i: not behind an initial or a number.
func (s *scene) breaks(i int) bool {
	before, w := s.v.words[i-1], s.v.words[i]
	gap := s.v.s[before.end:w.start]
	if len(gap) < 2 {
		return gap == "\n"
	}
	return strings.ContainsAny(gap, "!?\n") || strings.HasPrefix(gap, ". ") && w.shape&firstUpper != 0 && before.end-before.start > 2
}
