package guard

// literals finds fixed strings in one pass over bytes (Aho and Corasick 1975).
// Its state is one number, so it can stop and go on anywhere in a stream.
type literals struct {
	class [256]uint8
	width int
	next  []uint16 // a full automaton: every node has a successor for every byte
	ends  [][]uint16
	depth []uint16 // bytes of a literal that the node stands for
}

func newLiterals(words []string) *literals {
	a := &literals{width: 1}
	for _, w := range words {
		for i := range len(w) {
			if a.class[w[i]] == 0 {
				a.class[w[i]] = uint8(a.width)
				a.width++
			}
		}
	}
	a.node(0)
	for id, w := range words {
		n := 0
		for i := range len(w) {
			at := n*a.width + int(a.class[w[i]])
			if a.next[at] == 0 {
				a.next[at] = uint16(a.node(i + 1))
			}
			n = int(a.next[at])
		}
		a.ends[n] = append(a.ends[n], uint16(id))
	}
	a.link()
	return a
}

func (a *literals) node(depth int) int {
	a.next = append(a.next, make([]uint16, a.width)...)
	a.ends = append(a.ends, nil)
	a.depth = append(a.depth, uint16(depth))
	return len(a.ends) - 1
}

// link fills in, breadth first, where each node goes on when its literal does
// not: to the longest suffix that begins another one.
func (a *literals) link() {
	fail := make([]uint16, len(a.ends))
	queue := []uint16{0}
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		for c := range a.width {
			at := int(n)*a.width + c
			to, back := a.next[at], uint16(0)
			if n != 0 {
				back = a.next[int(fail[n])*a.width+c]
			}
			if to == 0 {
				a.next[at] = back
				continue
			}
			fail[to] = back
			a.ends[to] = append(a.ends[to], a.ends[back]...)
			queue = append(queue, to)
		}
	}
}

// step goes on by one byte.
func (a *literals) step(state uint16, c byte) uint16 {
	return a.next[int(state)*a.width+int(a.class[c])]
}
