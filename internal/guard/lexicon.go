package guard

import "slices"

// lexicon finds the words of the rules. It is a trie over the bytes that occur
// in them, so a word of a text is given up at its first foreign byte.
type lexicon struct {
	class  [256]uint8 // byte -> column, 0 for bytes no word has
	width  int
	next   []uint16 // node*width + column -> node, 0 for none
	words  [][]place
	stems  [][]place
	strong []bool // the node ends a long word
	// jumbled finds long words whose inner letters are out of order, which
	// readers and models hardly notice.
	jumbled map[string][]place
}

// longWord is the length from which a word is not met by chance.
const longWord = 6

// place is a step of a sequence.
type place struct{ seq, step uint16 }

// entry is a word of the rules and where it stands; a stem stands for every
// word that begins with it.
type entry struct {
	word string
	stem bool
	at   place
}

func newLexicon(entries []entry) *lexicon {
	l := &lexicon{width: 1, jumbled: map[string][]place{}}
	for _, e := range entries {
		for i := range len(e.word) {
			if l.class[e.word[i]] == 0 {
				l.class[e.word[i]] = uint8(l.width)
				l.width++
			}
		}
	}
	l.node()
	for _, e := range entries {
		n := l.insert(e.word)
		l.strong[n] = l.strong[n] || len(e.word) >= longWord
		if e.stem {
			l.stems[n] = append(l.stems[n], e.at)
			continue
		}
		l.words[n] = append(l.words[n], e.at)
		if len(e.word) >= longWord {
			j := string(jumble(nil, []byte(e.word)))
			l.jumbled[j] = append(l.jumbled[j], e.at)
		}
	}
	return l
}

func (l *lexicon) node() int {
	l.next = append(l.next, make([]uint16, l.width)...)
	l.words, l.stems, l.strong = append(l.words, nil), append(l.stems, nil), append(l.strong, false)
	return len(l.words) - 1
}

func (l *lexicon) insert(word string) int {
	n := 0
	for i := range len(word) {
		at := n*l.width + int(l.class[word[i]])
		if l.next[at] == 0 {
			l.next[at] = uint16(l.node())
		}
		n = int(l.next[at])
	}
	return n
}

// find appends to dst the places where word stands, later steps first: a word
// must not be the step after itself.
func (l *lexicon) find(dst []place, word []byte) []place {
	n, sources := 0, 0
	for _, c := range word {
		n = int(l.next[n*l.width+int(l.class[c])])
		if n == 0 || l.class[c] == 0 {
			return sorted(dst, sources)
		}
		if len(l.stems[n]) > 0 {
			dst = append(dst, l.stems[n]...)
			sources++
		}
	}
	if len(l.words[n]) > 0 {
		dst = append(dst, l.words[n]...)
		sources++
	}
	return sorted(dst, sources)
}

// sorted orders places by step where they come from several nodes; the places
// of one node are in order.
func sorted(p []place, sources int) []place {
	if sources > 1 {
		slices.SortFunc(p, func(a, b place) int { return int(b.step) - int(a.step) })
	}
	return p
}

// seal puts the places of every node in order, once all are in.
func (l *lexicon) seal() *lexicon {
	for n := range l.words {
		sorted(l.words[n], 2)
		sorted(l.stems[n], 2)
	}
	for _, p := range l.jumbled {
		sorted(p, 2)
	}
	return l
}

// jumble appends word with its inner letters in order: words that differ only
// in the order of these come out the same.
func jumble(dst, word []byte) []byte {
	dst = append(dst, word...)
	slices.Sort(dst[1 : len(dst)-1])
	return dst
}
