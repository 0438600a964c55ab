package guard

import (
	"sync"
	"unicode/utf8"
)

// hit is a rule that fired.
type hit struct {
	rule       uint16
	pos        int32 // where it ended, in words
	start, end int   // bytes of the reading
}

func (h hit) overlaps(o hit) bool { return h.start < o.end && o.start < h.end }

// never is a position no word is near.
const never = -1 << 20

// matcher holds how far each sequence has come. The latest place of a step is
// always the best one to go on from, since a gap only has an upper bound: so
// one number per step is enough and nothing is ever tried again.
type matcher struct {
	rules  *rules
	last   []int32 // step -> position of its latest match, from base
	begin  []int   // step -> byte where that match's sequence began
	base   int32   // added to positions: what another text left behind is far
	places []place // scratch
	word   []byte  // scratch
}

// faraway is more than any gap between two steps.
const faraway = 1 << 12

// lastBase is the base from which a matcher is not used again.
const lastBase = 1 << 30

// matchers keeps matchers for the next text: there are thousands of steps.
var matchers = sync.Pool{}

func newMatcher(r *rules) *matcher {
	if m, ok := matchers.Get().(*matcher); ok && m.rules == r && m.base < lastBase {
		return m
	}
	m := &matcher{rules: r, last: make([]int32, r.steps), begin: make([]int, r.steps)}
	for i := range m.last {
		m.last[i] = never
	}
	return m
}

// free gives the matcher back after a text of which ts are the words.
func (m *matcher) free(ts []token) {
	if len(ts) > 0 {
		m.base += ts[len(ts)-1].pos + faraway
	}
	matchers.Put(m)
}

// sequences returns the hits of word sequences in a tokenised text.
func (m *matcher) sequences(ts []token) (hits []hit) {
	for i := range ts {
		t := &ts[i]
		m.places = m.rules.lexicon.find(m.places[:0], t.word)
		if len(m.places) == 0 {
			m.misspelt(t)
		}
		for _, p := range m.places {
			hits = m.advance(hits, p, t)
		}
	}
	return hits
}

// misspelt looks up a word that is no word of the rules as it stands: digits
// and signs read as letters, or inner letters out of order.
func (m *matcher) misspelt(t *token) {
	lex := m.rules.lexicon
	if t.mixed {
		for _, one := range []byte("il") {
			m.word = unleet(m.word[:0], t.word, one)
			if m.places = lex.find(m.places[:0], m.word); len(m.places) > 0 {
				return
			}
		}
	}
	if len(t.word) >= longWord && len(t.word) <= maxJumbled {
		m.word = jumble(m.word[:0], t.word)
		m.places = append(m.places, lex.jumbled[string(m.word)]...)
	}
}

// maxJumbled bounds the words that are looked up by their letters.
const maxJumbled = 24

// advance moves one sequence on to step p with word t, if it can.
func (m *matcher) advance(hits []hit, p place, t *token) []hit {
	s := &m.rules.sequences[p.seq]
	at, pos := s.first+int(p.step), m.base+t.pos
	if p.step == 0 {
		m.last[at], m.begin[at] = pos, t.start
	} else {
		behind := pos - m.last[at-1] - 1
		if behind < 0 || behind > s.gaps[p.step] {
			return hits
		}
		m.last[at], m.begin[at] = pos, m.begin[at-1]
	}
	if int(p.step) == len(s.gaps)-1 {
		hits = append(hits, hit{s.rule, t.pos, m.begin[at], t.end})
	}
	return hits
}

// fixed adds the hits of fixed strings, which are compared in folded form; the
// text begins as if after a line break.
func (m *matcher) fixed(hits []hit, text string, ts []token) []hit {
	lits := m.rules.literals
	state, next, pos := lits.step(0, '\n'), 0, int32(0)
	for i, r := range text {
		if r < utf8.RuneSelf {
			state = lits.step(state, lower[r])
			if len(lits.ends[state]) == 0 {
				continue
			}
			hits, next, pos = m.ended(hits, state, i, ts, next, pos)
			continue
		}
		m.word = fold(m.word[:0], r)
		for _, c := range m.word {
			state = lits.step(state, c)
			hits, next, pos = m.ended(hits, state, i, ts, next, pos)
		}
	}
	return hits
}

// ended adds the strings that end at byte i. next is the first word behind it,
// pos where the one before stands.
func (m *matcher) ended(hits []hit, state uint16, i int, ts []token, next int, pos int32) ([]hit, int, int32) {
	lits := m.rules.literals
	for _, id := range lits.ends[state] {
		for ; next < len(ts) && ts[next].start <= i; next++ {
			pos = ts[next].pos
		}
		hits = append(hits, hit{m.rules.literalOf[id], pos, max(0, i+1-int(lits.depth[state])), i + 1})
	}
	return hits, next, pos
}

// lower maps ASCII letters to small ones.
var lower = func() (m [utf8.RuneSelf]byte) {
	for i := range m {
		m[i] = byte(i)
		if 'A' <= i && i <= 'Z' {
			m[i] += 'a' - 'A'
		}
	}
	return m
}()
