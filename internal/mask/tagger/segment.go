package tagger

import (
	"sync"
	"unicode/utf8"
)

// scratch is the memory of one reading, reused.
type scratch struct {
	words    []word
	after    gap // what stands behind the last word
	mode     mode
	features []uint32
	emit     [][labels]float32
	alpha    [][labels]float32
	prob     [][labels]float32
	step     transitions // exponentials of the transitions
}

var scratchPool = sync.Pool{New: func() any { return new(scratch) }}

// mode is how a segment uses capitals.
type mode uint8

const (
	sentenceCase mode = iota
	noCapitals
	allCapitals
	titleCase
	oneCapital // the first word only: a sentence without names, or a chat on a telephone
)

// read takes the words of the next segment, up to a blank line, a sentence's end after half a segment, or
// its limit, and returns where the next begins.
func (s *scratch) read(text string, i int, m *Model) int {
	s.words = s.words[:0]
	gapFrom := i
	for i < len(text) {
		if !mayBegin(text, i) {
			_, size := utf8.DecodeRuneInString(text[i:])
			i += size
			continue
		}
		g := gapOf(bounded(text[gapFrom:i]))
		if len(s.words) > 0 && s.ends(text[gapFrom:i], g) {
			break
		}
		s.words = append(s.words, word{})
		w := &s.words[len(s.words)-1]
		readWord(text, i, w)
		s.place(w, g, m)
		i, gapFrom = w.end, w.end
	}
	s.after = gapOf(bounded(text[gapFrom:i]))
	s.mode = s.capitals()
	return i
}

// bounded cuts what stands between two words to what matters of it.
func bounded(s string) string { return s[:min(len(s), 32)] }

// mayBegin says whether a word begins at text[i].
func mayBegin(text string, i int) bool {
	c := text[i]
	if c < utf8.RuneSelf {
		return c-'0' < 10 || c|0x20-'a' < 26
	}
	var w word
	readWord(text[:min(len(text), i+utf8.UTFMax)], i, &w)
	return w.end > i
}

// place notes where a word stands.
func (s *scratch) place(w *word, g gap, m *Model) {
	first := len(s.words) == 1
	w.gap = g
	if first && g != at && g != quote && g != opening && g != dash {
		w.gap = atEdge
	}
	w.first = first || g == fullStop || g == newline || g == ask || g == colon || g == quote || g == opening || g == dash
	if w.shape != number && w.shape != code && (m.hidden == nil || !m.hidden(w.fold)) {
		if w.list = m.names.of(w.fold); w.list == 0 {
			w.list = m.names.inflected(w)
		}
	}
}

// ends says whether a segment ends at a gap.
func (s *scratch) ends(text string, g gap) bool {
	n := len(s.words)
	switch g {
	case newline:
		breaks := 0
		for i := range min(len(text), 32) {
			if text[i] == '\n' {
				breaks++
			}
		}
		return breaks > 1 || n >= segmentWords/2
	case fullStop, ask:
		return n >= segmentWords/2 && s.words[n-1].shape != initial
	}
	return n >= segmentWords
}

// capitals reads how the segment is written.
func (s *scratch) capitals() mode {
	var count [noCase + 1]int
	inner := 0
	for i := range s.words {
		w := &s.words[i]
		count[w.shape]++
		if w.shape == capital && !w.first {
			inner++
		}
	}
	upper := count[capital] + count[mixed]
	switch {
	case count[capitals] > 1 && count[capitals] >= 3*(count[lower]+upper):
		return allCapitals
	case upper+count[capitals] == 0:
		return noCapitals
	case upper > 3 && upper > 4*count[lower]:
		return titleCase
	case inner == 0 && count[capitals]+count[mixed] == 0:
		return oneCapital
	}
	return sentenceCase
}
