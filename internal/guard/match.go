package guard

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
	last   []int32 // step -> position of its latest match
	begin  []int   // step -> byte where that match's sequence began
	places []place // scratch
	word   []byte  // scratch
}

func newMatcher(r *rules) *matcher {
	m := &matcher{rules: r, last: make([]int32, r.steps), begin: make([]int, r.steps)}
	for i := range m.last {
		m.last[i] = never
	}
	return m
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
	at := s.first + int(p.step)
	if p.step == 0 {
		m.last[at], m.begin[at] = t.pos, t.start
	} else {
		behind := t.pos - m.last[at-1] - 1
		if behind < 0 || behind > s.gaps[p.step] {
			return hits
		}
		m.last[at], m.begin[at] = t.pos, m.begin[at-1]
	}
	if int(p.step) == len(s.gaps)-1 {
		hits = append(hits, hit{s.rule, t.pos, m.begin[at], t.end})
	}
	return hits
}

// fixed returns the hits of fixed strings, which are compared in folded form;
// the text begins as if after a line break.
func (m *matcher) fixed(text string, ts []token) []hit {
	var hits []hit
	lits := m.rules.literals
	state, next, pos := lits.step(0, '\n'), 0, int32(0)
	for i, r := range text {
		m.word = fold(m.word[:0], r)
		for _, c := range m.word {
			state = lits.step(state, c)
			for _, id := range lits.ends[state] {
				for ; next < len(ts) && ts[next].start <= i; next++ {
					pos = ts[next].pos
				}
				hits = append(hits, hit{m.rules.literalOf[id], pos, max(0, i+1-int(lits.depth[state])), i + 1})
			}
		}
	}
	return hits
}
