package guard

import "unicode"

// letters is a reading of an answer as a stream of folded letters and digits,
// without whatever is between them: spaces, line breaks, markdown and case hide
// nothing. It follows what the store keeps to itself, and the system text.
type letters struct {
	w        *Window
	via      string // how the text is written in the answer, "" as it stands
	loose    bool   // what stands beside a value may be noise: no word need begin or end there
	overlaps []*overlap
	ring     [ringSize]letterPos
	count    int // letters so far
	parted   bool
	lower    bool // the last letter was a small one
	cands    []cand
	ended    []match
	scratch  []byte
}

// letterPos is a letter of the stream and where its rune began in the answer.
type letterPos struct {
	start int32
	c     byte
	word  bool // it begins a word
}

// ringSize is how many letters are remembered, a power of two.
const ringSize = 256

// see reads a rune, the bytes [start, end) of the answer.
func (l *letters) see(r rune, start, _ int) {
	if r < 0x80 {
		l.ascii(byte(r), start)
		return
	}
	l.scratch = fold(l.scratch[:0], r)
	if len(l.scratch) == 0 {
		return // hidden
	}
	if apartFrom(r, l.scratch) {
		l.part()
		return
	}
	upper := unicode.IsUpper(r)
	first := l.parted || upper && l.lower
	for _, c := range l.scratch {
		if !l.joins(c) {
			l.part()
			continue
		}
		l.letter(letterPos{int32(start), c, first || l.parted || l.count == 0})
		first = false
	}
	l.lower = !upper
}

// ascii is see for most runes.
func (l *letters) ascii(c byte, start int) {
	upper := 'A' <= c && c <= 'Z'
	if upper {
		c += 'a' - 'A'
	}
	if !l.joins(c) {
		l.part()
		return
	}
	l.letter(letterPos{int32(start), c, l.parted || upper && l.lower || l.count == 0})
	l.lower = !upper
}

// joins reports whether c is a letter; two signs are, inside a word.
func (l *letters) joins(c byte) bool {
	return wordByte(c) || (c == '@' || c == '$') && !l.parted && l.count > 0
}

// part notes that something stands between two letters.
func (l *letters) part() {
	l.parted = true
	if len(l.ended) > 0 {
		l.settle(true)
	}
}

// letter adds one letter to the stream.
func (l *letters) letter(p letterPos) {
	if len(l.ended) > 0 {
		l.settle(p.word || p.c == '$' || p.c == '@')
	}
	l.ring[l.count%ringSize] = p
	l.count++
	l.parted = false
	l.goOn()
	l.begin()
	for _, o := range l.overlaps {
		if v := o.next(l); v != nil {
			l.w.report(v, l.via)
		}
	}
}

// close ends the text: what may be a word's end is one.
func (l *letters) close() { l.part() }

// hold returns the byte of the answer from which it must wait, or free.
func (l *letters) hold() int {
	at := free
	for _, o := range l.overlaps {
		if n := o.held(); n > 0 {
			at = min(at, int(l.back(n).start))
		}
	}
	for i := range l.cands {
		if c := &l.cands[i]; c.facts != labels() { // they are no secret
			at = min(at, c.start)
		}
	}
	for i := range l.ended {
		if m := &l.ended[i]; m.facts != labels() {
			at = min(at, m.start)
		}
	}
	return at
}

// back returns the letter n places before the end; 1 is the last one.
func (l *letters) back(n int) letterPos {
	n = min(n, ringSize, l.count)
	return l.ring[(l.count-n)%ringSize]
}

// last writes the last n letters, changed by a substitution.
func (l *letters) last(dst []byte, n int, sub *[256]byte) []byte {
	for i := n; i > 0; i-- {
		dst = append(dst, sub[l.ring[(l.count-i)%ringSize].c])
	}
	return dst
}

// wordByte reports whether a byte of folded text belongs to a word; bytes of
// other scripts do.
func wordByte(c byte) bool {
	return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c >= 0x80
}

// apartFrom reports whether a rune, folded, is neither letter nor figure of any
// script: a quotation mark, an arrow, an emoji. It parts letters, as others do.
func apartFrom(r rune, folded []byte) bool {
	return len(folded) > 0 && folded[0] >= 0x80 && !unicode.IsLetter(r) && !unicode.IsNumber(r)
}

// squeezed returns the letters of a text, and for each of them the byte where
// its rune begins.
func squeezed(text string) (out []byte, starts []int) { return squeezedBy(text, plainSub) }

// asIs is no substitution.
var asIs = func() (m [256]byte) {
	for i := range m {
		m[i] = byte(i)
	}
	return m
}()

func squeezedBy(text string, sub *[256]byte) (out []byte, starts []int) {
	var b []byte
	parted := true
	for i, r := range text {
		if b = fold(b[:0], r); apartFrom(r, b) {
			parted = true
			continue
		}
		for _, c := range b {
			if wordByte(c) || (c == '@' || c == '$') && !parted {
				out, starts = append(out, sub[c]), append(starts, i)
				parted = false
			} else {
				parted = true
			}
		}
	}
	return out, starts
}
