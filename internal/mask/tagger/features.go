package tagger

// mixing constants of the feature hash: odd, with well spread bits (from the SplitMix64 generator).
const (
	mixA = 0x9E3779B97F4A7C15
	mixB = 0xBF58476D1CE4E5B9
	mixC = 0x94D049BB133111EB
)

// edge stands for words before the first and behind the last.
var edge = word{fold: 1, pre: [4]uint64{1, 1, 1, 1}, suf: [4]uint64{1, 1, 1, 1}, shape: noCase + 1}

// featureBuilder collects the features of one word. Each has a number of its own, so that equal values in
// different places differ.
type featureBuilder struct {
	out  []uint32
	next uint64
}

func (f *featureBuilder) add(a, b uint64) {
	f.next++
	h := (a^f.next*mixA)*mixB ^ (b+f.next)*mixC
	h ^= h >> 29
	f.out = append(f.out, uint32(h*mixA>>32))
}

func (s *scratch) wordAt(i int) *word {
	if i < 0 || i >= len(s.words) {
		return &edge
	}
	return &s.words[i]
}

// gapBehind returns what stands behind word i.
func (s *scratch) gapBehind(i int) gap {
	if i+1 < len(s.words) {
		return s.words[i+1].gap
	}
	return s.after
}

// describe fills s.features with the features of word i: those of its spelling, then those of where it stands.
func (s *scratch) describe(i int) []uint32 {
	f := featureBuilder{out: s.features[:0]}
	w := s.wordAt(i)
	f.spelling(w, s.style(w))
	f.where(s, i, w)
	s.features = f.out
	return f.out
}

// style is how a word is written and in what kind of text.
func (s *scratch) style(w *word) uint64 {
	style := uint64(w.shape) | uint64(s.mode)<<4
	if w.first {
		style |= 1 << 8
	}
	return style
}

// where is about the word in its place.
func (f *featureBuilder) where(s *scratch, i int, w *word) {
	style := s.style(w)
	f.next = afterSpelling
	f.lists(s, i, w, style)
	f.neighbours(s, i, w, style)
	f.layout(s, i, w, style)
}

// afterSpelling is the number of the last feature of a word's spelling.
const afterSpelling = 15

// spelling is about the word alone.
func (f *featureBuilder) spelling(w *word, style uint64) {
	sh := uint64(w.shape)
	f.add(style, 0)
	f.add(w.fold, 0)
	f.add(w.fold, style)
	for k := range 4 {
		f.add(w.suf[k], sh)
		f.add(w.pre[k], sh)
	}
	f.add(w.suf[2], style)
	f.add(uint64(w.long), style)
	// Groups of three letters share one number: where they stand does not matter.
	n := f.next + 1
	for k := 0; k+3 <= int(w.long); k++ {
		f.next = n
		gram := uint64(w.letters[k]) | uint64(w.letters[k+1])<<8 | uint64(w.letters[k+2])<<16
		f.add(gram, sh)
	}
	f.next = n + 1
}

// lists is about name lists, of the word and its neighbours.
func (f *featureBuilder) lists(s *scratch, i int, w *word, style uint64) {
	prev, next := s.wordAt(i-1), s.wordAt(i+1)
	list := uint64(w.list)
	f.add(list, style)
	f.add(list|uint64(prev.list)<<8, uint64(w.shape)|uint64(prev.shape)<<4|uint64(w.gap)<<8|uint64(s.mode)<<12)
	f.add(list|uint64(next.list)<<8, uint64(w.shape)|uint64(next.shape)<<4|uint64(next.gap)<<8|uint64(s.mode)<<12)
	f.add(list|uint64(prev.list)<<8|uint64(next.list)<<16, uint64(w.shape)|uint64(prev.shape)<<4|uint64(next.shape)<<8)
	f.add(list, prev.fold)
	f.add(list|uint64(w.shape)<<8, next.fold)
	f.add(list, w.suf[2])
}

// neighbours is about the words around.
func (f *featureBuilder) neighbours(s *scratch, i int, w *word, style uint64) {
	p2, p1, n1, n2 := s.wordAt(i-2), s.wordAt(i-1), s.wordAt(i+1), s.wordAt(i+2)
	sh := uint64(w.shape)
	f.add(p1.fold, 0)
	f.add(p1.fold, style)
	f.add(p1.fold, sh|uint64(w.gap)<<4)
	f.add(p1.fold*mixA^p2.fold, sh)
	f.add(p1.fold*mixA^p2.fold, uint64(w.list)<<8)
	f.add(p2.fold, sh)
	f.add(s.wordAt(i-3).fold, sh)
	f.add(n1.fold, 0)
	f.add(n1.fold, sh|uint64(n1.gap)<<4)
	f.add(n1.fold*mixA^n2.fold, sh)
	f.add(n2.fold, sh)
	f.add(p1.fold*mixA^n1.fold, sh)
	f.add(w.fold*mixA^p1.fold, 0)
	f.add(w.fold*mixA^n1.fold, 0)
	f.add(p1.suf[2], sh|uint64(s.mode)<<4)
	f.add(n1.suf[2], sh|uint64(s.mode)<<4)
	f.add(p1.suf[1]*mixA^n1.suf[1], style)
}

// layout is about capitals, punctuation and place.
func (f *featureBuilder) layout(s *scratch, i int, w *word, style uint64) {
	p2, p1, n1, n2 := s.wordAt(i-2), s.wordAt(i-1), s.wordAt(i+1), s.wordAt(i+2)
	around := uint64(p1.shape) | uint64(w.shape)<<4 | uint64(n1.shape)<<8
	gaps := uint64(w.gap) | uint64(s.gapBehind(i))<<4
	f.add(around, uint64(s.mode))
	f.add(around|uint64(p2.shape)<<12|uint64(n2.shape)<<16, gaps)
	f.add(gaps, style)
	f.add(gaps, uint64(w.list)|uint64(w.shape)<<8)
	f.add(uint64(w.gap), style)
	f.add(uint64(s.gapBehind(i)), style)
	size := uint64(min(len(s.words), 5))
	place := uint64(min(i, 3))<<4 | uint64(min(len(s.words)-1-i, 3))
	f.add(size<<8|place, uint64(w.shape)|uint64(w.list)<<4)
	f.add(size<<8|uint64(w.list), style)
	f.add(uint64(p2.list)|uint64(p1.list)<<8|uint64(w.list)<<16|uint64(n1.list)<<24|uint64(n2.list)<<32, around)
	voice := uint64(s.voice)
	f.add(voice, style)
	f.add(voice<<8|uint64(w.list), uint64(w.shape)|uint64(s.mode)<<4)
	f.add(voice<<8|uint64(w.list), p1.fold)
	f.add(voice, p1.suf[2]*mixA^uint64(w.shape))
}
