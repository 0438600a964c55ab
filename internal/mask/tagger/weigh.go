package tagger

import "slices"

// Adding up the weights of a word means some fifty looks into a table of ten megabytes, at places as random as hashes
// are: nearly all of the time would be waiting for memory. But words repeat, and features even more so. So the weights
// of the words met last are kept (lexicon), those of the features met last in half a megabyte that stays in the
// processor's cache (recent), and what is not there is looked for in the table only when all words of the segment are
// read, so that the processor waits for many cells at once (late).
//
// Sums are of whole numbers, so that the order they are added in says nothing.

// packed holds the weights of a feature, or sums of such, each 128 more than it is: those of the labels 1 and 3 in the
// halves of even, of 2 and 4 in those of odd. Up to mostFeatures fit.
type packed struct{ even, odd uint32 }

const mostFeatures = 0xffff / 0xff

func (p *packed) add(weights uint32) {
	p.even += weights & 0x00ff00ff
	p.odd += weights >> 8 & 0x00ff00ff
}

// recentBits is the logarithm of how many features are remembered.
const recentBits = 16

// recent holds features with their packed weights, by their first bits: a feature in the upper half of a number, its
// weights in the lower.
type recent [1 << recentBits]uint64

func newRecent() *recent {
	return &recent{1 << 63} // no feature that would be looked for there
}

// late is a feature whose weights are still to be added to a sum.
type late struct {
	sum     uint32 // its place in scratch.sums
	feature uint32
}

// count is a sum of the weights of n features.
type count struct {
	packed
	n int32
}

// counts returns the weights of the labels from two sums.
func (c count) counts(other count) [labels]int {
	even, odd, bias := c.even+other.even, c.odd+other.odd, 128*int(c.n+other.n)
	return [labels]int{0, int(even&0xffff) - bias, int(odd&0xffff) - bias, int(even>>16) - bias, int(odd>>16) - bias}
}

// weigh adds up the weights of every word and leaves the exponentials of its scores in emit. A word has two sums: of its
// spelling, which the lexicon may know, and of where it stands.
func (s *scratch) weigh(w *weights) {
	s.late, s.sums = s.late[:0], s.sums[:0]
	for i := range s.words {
		s.sums = append(s.sums, s.spelt(i))
		f := featureBuilder{out: s.features[:0]}
		f.where(s, i, &s.words[i])
		s.sums = append(s.sums, s.addRecent(f.out))
	}
	s.addLate(w)
	s.emit = resize(s.emit, len(s.words))
	for i := range s.words {
		spelling, where := s.sums[2*i], s.sums[2*i+1]
		s.lexicon.remember(&s.words[i], s.style(&s.words[i]), spelling)
		s.emit[i] = w.exponentials(spelling.counts(where))
	}
}

// spelt returns the sum of the features of word i's spelling, less what is late.
func (s *scratch) spelt(i int) count {
	word := &s.words[i]
	style := s.style(word)
	if sum, ok := s.lexicon.spelling(word, style); ok {
		return sum
	}
	f := featureBuilder{out: s.features[:0]}
	f.spelling(word, style)
	return s.addRecent(f.out)
}

// addRecent adds up the weights of those features that are remembered, for the next of s.sums, and puts down the others.
// Which ones are cannot be foreseen, so that there is no branch on it.
func (s *scratch) addRecent(features []uint32) (sum count) {
	s.features = features
	n := len(s.late)
	s.late = slices.Grow(s.late, len(features))[:n+len(features)]
	rest := s.late[n:]
	n = 0
	for _, f := range features {
		c := s.recent[f>>(32-recentBits)]
		known := uint32((uint64(uint32(c>>32)^f) - 1) >> 63) // 1 or 0
		sum.add(uint32(c) & -known)
		rest[n] = late{uint32(len(s.sums)), f}
		n += int(1 - known)
	}
	s.late = s.late[:len(s.late)-len(rest)+n]
	sum.n = int32(len(features))
	return sum
}

// addLate adds the weights that were not remembered, and remembers them.
func (s *scratch) addLate(w *weights) {
	s.fetched = w.fetch(s.late)
	for _, l := range s.late {
		weights := w.of(l.feature)
		s.recent[l.feature>>(32-recentBits)] = uint64(l.feature)<<32 | uint64(weights)
		s.sums[l.sum].add(weights)
	}
}

// fetch reads the cells of features and does nothing with them that would make the processor wait for one before it asks
// for the next.
func (w *weights) fetch(of []late) (sum byte) {
	for _, l := range of {
		i, _ := cellOf(l.feature, w.size)
		sum += w.cells[i*cellSize]
	}
	return sum
}

// exponentials returns those of scores, given in counts, relative to the best. The scale is a power of two, so that
// scores and their differences are exact, and the exponentials of the few there are can be looked up.
func (w *weights) exponentials(counts [labels]int) (e [labels]float32) {
	top := max(counts[0], counts[1], counts[2], counts[3], counts[4])
	for b, n := range counts {
		e[b] = w.below[min(top-n, len(w.below)-1)]
	}
	return e
}
