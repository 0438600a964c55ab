package guard

import "slices"

// overlap follows how much of the system text an answer is repeating: the
// longest end of the answer that also stands in the system text.
//
// It starts where the last Hold letters stand in the index, then goes along in
// the text as long as both agree. Where they part, it looks again: the same
// letters may stand elsewhere.
type overlap struct {
	index  *index
	leak   Leak
	turned bool   // letters are compared by how far they are from those before
	rule   string // the rule it decides by
	hash   uint64
	at     int // the text's letter that the answer's last letter equals
	size   int // letters that agree, 0 if fewer than Hold
}

// as returns the letter n places before the end, in the form it is compared in.
// How far a letter is from the one before stays the same in Caesar's cipher.
func (l *letters) as(n int, turned bool) byte {
	c := l.back(n).c
	if !turned {
		return plainSub[c]
	}
	if n >= l.count {
		return 0
	}
	return distance(l.back(n+1).c, c)
}

// distance is how far a letter is from the one before it, from 1.
func distance(before, c byte) byte {
	if c < 'a' || c > 'z' || before < 'a' || before > 'z' {
		return c
	}
	return 1 + (c+26-before)%26
}

// next reads the newest letter of l.
func (o *overlap) next(l *letters) *Verdict {
	k, c := o.index.k, l.as(1, o.turned)
	o.hash = o.hash*hashBase + uint64(c) + 1
	if l.count > k {
		o.hash -= (uint64(l.as(k+1, o.turned)) + 1) * o.index.power
	}
	if o.size > 0 && o.at+1 < len(o.index.text) && o.index.text[o.at+1] == c {
		o.at++
		o.size++
	} else {
		o.at, o.size = 0, 0
		if l.count >= k {
			o.at, o.size = o.index.longest(o.hash, l, o.turned)
		}
	}
	return o.judge()
}

// judge compares the overlap with the policy.
func (o *overlap) judge() *Verdict {
	if o.size == 0 {
		return nil
	}
	letters, words := o.guarded()
	if letters < o.leak.Chars && words < o.leak.Words && o.size < o.leak.Facts {
		return nil
	}
	return &Verdict{Action: Block, Reason: "system_leak", Rule: o.rule, Score: 1}
}

// guarded counts what of the overlap instructs the model.
func (o *overlap) guarded() (letters, words int) {
	from, to := o.at+1-o.size, o.at+1
	return int(o.index.guarded[to] - o.index.guarded[from]), int(o.index.words[to] - o.index.words[from])
}

// held returns how many of the answer's last letters must wait: all of an
// overlap with sentences that instruct.
func (o *overlap) held() int {
	if o.size == 0 {
		return 0
	}
	if letters, _ := o.guarded(); letters < o.index.k {
		return 0
	}
	return o.size
}

// index finds where the last k letters of an answer stand in a system text.
type index struct {
	k       int
	turned  bool // it holds distances
	text    []byte
	guarded []int32 // guarded[i]: letters before i that stand in guarded sentences
	words   []int32 // words[i]: guarded words that end before i
	power   uint64  // hashBase to the k
	table   []int32 // hash -> end of a run of k letters, as position+1; open addressing
}

const hashBase = 0x9E3779B97F4A7C15

// maxSystem bounds the letters of a system text that are indexed.
const maxSystem = 1 << 18

func newIndex(systems []string, k int, turned bool) *index {
	x := &index{k: k, turned: turned, guarded: []int32{0}, words: []int32{0}, power: 1}
	for range k {
		x.power *= hashBase
	}
	for _, s := range systems {
		for _, prose := range proses(s) {
			x.append(prose)
		}
	}
	if len(x.text) < k {
		return nil
	}
	x.fill()
	return x
}

// backwards returns the index of the same text, read from its end.
func (x *index) backwards() *index {
	n := len(x.text)
	r := &index{k: x.k, power: x.power, text: slices.Clone(x.text), guarded: make([]int32, n+1), words: make([]int32, n+1)}
	slices.Reverse(r.text)
	for i := range n + 1 {
		r.guarded[i] = x.guarded[n] - x.guarded[n-i]
		r.words[i] = x.words[n] - x.words[n-i]
	}
	r.fill()
	return r
}

// fill makes the table of all runs of k letters.
func (x *index) fill() {
	k := x.k
	size := 1
	for size < 2*len(x.text) {
		size *= 2
	}
	x.table = make([]int32, size)
	hash := uint64(0)
	for i, c := range x.text {
		hash = hash*hashBase + uint64(c) + 1
		if i >= k {
			hash -= (uint64(x.text[i-k]) + 1) * x.power
		}
		if i >= k-1 {
			x.insert(hash, i)
		}
	}
}

// append adds a text, and a barrier no answer can match.
func (x *index) append(system string) {
	text, starts := squeezed(system)
	if x.turned {
		text, starts = squeezedBy(system, &asIs)
		for i := len(text) - 1; i > 0; i-- {
			text[i] = distance(text[i-1], text[i])
		}
	}
	text = text[:min(len(text), maxSystem-min(maxSystem, len(x.text)))]
	spans := guardedSpans(system)
	for i, c := range text {
		for len(spans) > 0 && starts[i] >= spans[0].end {
			spans = spans[1:]
		}
		g, w := x.guarded[len(x.text)], x.words[len(x.text)]
		if len(spans) > 0 && starts[i] >= spans[0].start {
			g++
			if i+1 == len(text) || wordEnds(system, starts[i], starts[i+1]) {
				w++
			}
		}
		x.text, x.guarded, x.words = append(x.text, c), append(x.guarded, g), append(x.words, w)
	}
	last := len(x.text)
	x.text, x.guarded, x.words = append(x.text, 0), append(x.guarded, x.guarded[last]), append(x.words, x.words[last])
}

// wordEnds reports whether something stands between the runes at a and b.
func wordEnds(s string, a, b int) bool {
	for i := a; i < b; i++ {
		if c := s[i]; c < 0x80 && !wordByte(c|0x20) {
			return true
		}
	}
	return false
}

func (x *index) insert(hash uint64, end int) {
	mask := uint64(len(x.table) - 1)
	for i := slot(hash) & mask; ; i = (i + 1) & mask {
		if x.table[i] == 0 {
			x.table[i] = int32(end + 1)
			return
		}
		if x.same(int(x.table[i])-1, end) && x.repeats(i, hash, mask) >= maxPlaces {
			return
		}
	}
}

// maxPlaces bounds how many places of the same k letters are kept.
const maxPlaces = 8

// same reports whether the k letters that end at a and b are the same.
func (x *index) same(a, b int) bool {
	return string(x.text[a+1-x.k:a+1]) == string(x.text[b+1-x.k:b+1])
}

// repeats counts entries with the letters of slot i before it in its chain.
func (x *index) repeats(i, hash, mask uint64) int {
	n, end := 0, int(x.table[i])-1
	for j := slot(hash) & mask; ; j = (j + 1) & mask {
		if x.same(int(x.table[j])-1, end) {
			n++
		}
		if j == i {
			return n
		}
	}
}

func slot(hash uint64) uint64 { return hash >> 17 }

// longest returns the place in the text where the most of the answer's last
// letters stand, and how many, or 0, 0 if fewer than k do.
func (x *index) longest(hash uint64, l *letters, turned bool) (at, size int) {
	mask := uint64(len(x.table) - 1)
	for i := slot(hash) & mask; x.table[i] != 0; i = (i + 1) & mask {
		end := int(x.table[i]) - 1
		n := 0
		for n < ringSize-1 && n < l.count && end-n >= 0 && x.text[end-n] == l.as(n+1, turned) {
			n++
		}
		if n >= x.k && n > size {
			at, size = end, n
		}
	}
	return at, size
}
