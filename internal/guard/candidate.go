package guard

import "ringfence/internal/guard/known"

// cand is a place where a value may be under way.
type cand struct {
	facts *Known
	sub   *[256]byte
	node  known.Node
	from  int // count of the stream's letters before it
	start int // where it begins in the answer
}

// match is a value that is complete if a word ends here.
type match struct {
	end     known.End
	more    []known.End
	letters []byte
	mark    uint64 // its sum in the set it was found in
	facts   *Known
	start   int
	tail    bool // an inflected ending has followed
}

// maxCands bounds what is under way at once; beyond, places that begin later
// are not followed.
const maxCands = 512

// goOn shows the newest letter to what is under way.
func (l *letters) goOn() {
	kept := l.cands[:0]
	var buf [known.Longest + 1]byte
	for i := range l.cands {
		c := l.cands[i]
		n := l.count - c.from
		if n > known.Longest {
			continue
		}
		p := l.last(buf[:0], n, c.sub)
		var alive bool
		if c.node, alive = c.facts.set.Next(c.node, p); !alive {
			continue
		}
		kept = append(kept, c)
		l.endsAt(&c, p)
	}
	l.cands = kept
}

// begin looks whether the last four letters begin a value.
func (l *letters) begin() {
	if l.count < known.Shortest {
		return
	}
	word := l.back(known.Shortest).word
	var buf [known.Shortest]byte
	for _, k := range l.w.known {
		subs := substitutions
		if !word {
			if !k.anywhere {
				continue
			}
			subs = subs[:common]
		}
		for _, sub := range subs {
			p := l.last(buf[:0], known.Shortest, sub)
			node, ok := k.set.Start(p)
			if !ok || len(l.cands) >= maxCands {
				continue
			}
			c := cand{k, sub, node, l.count - known.Shortest, l.back(known.Shortest).start}
			l.cands = append(l.cands, c)
			l.endsAt(&c, p)
		}
	}
	if word {
		l.beginLabel(buf[:0])
	}
}

// beginLabel follows the words that tell what a number is.
func (l *letters) beginLabel(buf []byte) {
	k := labels()
	p := l.last(buf, known.Shortest, plainSub)
	if node, ok := k.set.Start(p); ok && len(l.cands) < maxCands {
		c := cand{k, plainSub, node, l.count - known.Shortest, l.back(known.Shortest).start}
		l.cands = append(l.cands, c)
		l.endsAt(&c, p)
	}
}

// endsAt notes that a value ends with the newest letter.
func (l *letters) endsAt(c *cand, p []byte) {
	end, more, ok := c.facts.set.Ends(c.node, p)
	if !ok || c.sub != plainSub && c.sub != substitutions[1] && len(p) < 8 {
		return // by chance, some turn of the alphabet makes any short word
	}
	m := match{end, more, append([]byte(nil), p...), c.facts.set.Sum(p), c.facts, c.start, false}
	if c.facts.anywhere {
		l.w.matched(m, l.via)
		return
	}
	l.ended = append(l.ended, m)
}

// settle decides what has ended, now that it is known whether a word ends here:
// what follows is no letter, or one that begins a word.
func (l *letters) settle(wordEnds bool) {
	kept := l.ended[:0]
	for _, m := range l.ended {
		switch {
		case wordEnds:
			l.w.matched(m, l.via)
		case !m.tail && m.inflects():
			m.tail = true
			kept = append(kept, m)
		}
	}
	l.ended = kept
}

// inflects reports whether a name may take an ending of one letter.
func (m *match) inflects() bool {
	return m.end.Kind == kindName || m.end.Kind == kindNear || m.end.Kind == kindLabel
}
