package mask

import (
	"cmp"
	"slices"
)

// Layer is the kind of evidence a span rests on.
type Layer string

// The layers, from the surest evidence to the weakest.
const (
	LayerLiteral   Layer = "literal"   // it looks like one of our placeholders
	LayerPeople    Layer = "people"    // named with the call, or found under a field name elsewhere in it
	LayerStore     Layer = "store"     // the store's own people, by sync
	LayerField     Layer = "field"     // it is the value of a field whose name says what it is
	LayerStructure Layer = "structure" // its form and, where there is one, its check digit
	LayerContext   Layer = "context"   // the words around it
)

// Span is a masked part of a text.
type Span struct {
	Start, End  int // in Unicode code points of the given text; End is behind the last
	Type        Type
	Layer       Layer
	Rule        string  // which rule found it
	Confidence  float64 // 0 to 1, an ordering, not a probability
	Placeholder string
	Owner       string // the customer it belongs to, Several, or "" where that is not known
}

// finding is what a finder reports, in offsets of the prepared text.
type finding struct {
	start, end int
	typ        Type
	layer      Layer
	rule       string
	score      uint8  // percent
	key        string // the value apart from how it is written; "" to derive it from the text
}

// settle makes findings disjoint, in order. Everything any finding covers stays covered: of two that
// overlap, the longer keeps its whole, then the surer, and the other what is left of it.
func settle(found []finding, s string) []finding {
	if len(found) < 2 {
		return found
	}
	slices.SortFunc(found, byPlace)
	out := found[:0:0]
	cur := found[0]
	for i := 1; i < len(found); i++ {
		next := found[i]
		if next.start >= cur.end {
			out = append(out, cur)
			cur = next
			continue
		}
		if next.end <= cur.end {
			cur = same(cur, next)
			continue
		}
		if stronger(next, cur) {
			cur.end = next.start
			if cur = trim(cur, s); cur.start < cur.end {
				out = append(out, cur)
			}
			cur = next
			continue
		}
		next.start = cur.end
		if next = trim(next, s); next.start < next.end {
			insert(found, i, next)
			i--
		}
	}
	return append(out, cur)
}

// same chooses between two findings that begin alike: of two that cover the same, the surer, and what
// either knows of the value.
func same(cur, next finding) finding {
	if next.start != cur.start || next.end != cur.end {
		return cur
	}
	if next.score > cur.score {
		cur, next = next, cur
	}
	if cur.key == "" && cur.typ == next.typ {
		cur.key = next.key
	}
	return cur
}

// insert puts f back among the findings behind i, which are in order, and moves those before it to i.
func insert(found []finding, i int, f finding) {
	for i+1 < len(found) && byPlace(found[i+1], f) < 0 {
		found[i] = found[i+1]
		i++
	}
	found[i] = f
}

// byPlace orders findings by where they begin, the longest first; ties are broken so that the order is the same
// on every run.
func byPlace(a, b finding) int {
	return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(b.end, a.end), cmp.Compare(b.score, a.score),
		cmp.Compare(a.typ, b.typ), cmp.Compare(a.rule, b.rule))
}

// stronger says whether a is kept whole where it overlaps with b.
func stronger(a, b finding) bool {
	if la, lb := a.end-a.start, b.end-b.start; la != lb {
		return la > lb
	}
	return a.score > b.score
}

// trim takes from a rest what is no part of a value: white space and punctuation at its ends. A rest
// without a letter or digit is empty.
func trim(f finding, s string) finding {
	for f.start < f.end && !isAlnum(s[f.start]) && s[f.start] < 0x80 {
		f.start++
	}
	for f.start < f.end && !isAlnum(s[f.end-1]) && s[f.end-1] < 0x80 {
		f.end--
	}
	f.key = ""
	return f
}
