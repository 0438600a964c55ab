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
	tail    int // letters of an inflected ending that have followed
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
	n := l.count - known.Shortest
	p := [known.Shortest]letterPos{l.ring[n%ringSize], l.ring[(n+1)%ringSize], l.ring[(n+2)%ringSize], l.ring[(n+3)%ringSize]}
	for _, k := range l.w.known {
		switch {
		case p[0].word:
			l.try(k, &p, substitutions)
		case k.anywhere || l.loose:
			l.try(k, &p, substitutions[:common])
		}
	}
	if p[0].word {
		l.try(labels(), &p, substitutions)
	}
}

// try looks whether four letters, changed by some substitution, begin a value.
func (l *letters) try(k *Known, p *[known.Shortest]letterPos, subs []*[256]byte) {
	for _, sub := range subs {
		first := uint32(sub[p[0].c]) | uint32(sub[p[1].c])<<8 | uint32(sub[p[2].c])<<16 | uint32(sub[p[3].c])<<24
		node, ok := k.set.Start(first)
		if !ok || len(l.cands) >= maxCands {
			continue
		}
		c := cand{k, sub, node, l.count - known.Shortest, int(p[0].start)}
		l.cands = append(l.cands, c)
		var buf [known.Shortest]byte
		l.endsAt(&c, l.last(buf[:0], known.Shortest, sub))
	}
}

// endsAt notes that a value ends with the newest letter.
func (l *letters) endsAt(c *cand, p []byte) {
	end, more, ok := c.facts.set.Ends(c.node, p)
	if !ok || c.sub != plainSub && len(p) < 7 && (c.facts != labels() || len(p) < 5) {
		return // by chance, some turn of the alphabet makes any short word
	}
	m := match{end, more, append([]byte(nil), p...), c.facts.set.Sum(p), c.facts, c.start, 0}
	if c.facts.anywhere || l.loose {
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
		case m.tail < m.inflects():
			m.tail++
			kept = append(kept, m)
		}
	}
	l.ended = kept
}

// inflects returns how many letters an ending may add.
func (m *match) inflects() int {
	switch m.end.Kind {
	case kindName:
		return 3 // -ns, -iego
	case kindNear, kindLabel:
		return 1
	}
	return 0
}
