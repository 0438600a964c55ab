package guard

// letters reads an answer as a stream of folded letters and digits, without
// whatever is between them: spaces, line breaks, markdown and case hide
// nothing. Two detectors share that stream.
type letters struct {
	overlap *overlap // nil without a system text
	canary  *canaries
	ring    [ringSize]letterPos
	count   int // letters so far
	scratch []byte
}

// letterPos is a letter of the stream and where its rune began in the answer.
type letterPos struct {
	c     byte
	start int
}

// ringSize is how many letters are remembered, a power of two.
const ringSize = 256

func (l *letters) see(r rune, start, _ int) *Verdict {
	l.scratch = fold(l.scratch[:0], r)
	for _, c := range l.scratch {
		if !wordByte(c) {
			continue
		}
		l.ring[l.count%ringSize] = letterPos{c, start}
		l.count++
		if l.overlap != nil {
			if v := l.overlap.next(l, c); v != nil {
				return v
			}
		}
		if l.canary != nil {
			if v := l.canary.next(c); v != nil {
				return v
			}
		}
	}
	return nil
}

func (l *letters) hold() int {
	n := 0
	if l.overlap != nil {
		n = l.overlap.held()
	}
	if l.canary != nil {
		n = max(n, l.canary.held())
	}
	if n == 0 {
		return free
	}
	return l.back(n).start
}

// back returns the letter n places before the end; 1 is the last one.
func (l *letters) back(n int) letterPos {
	n = min(n, ringSize, l.count)
	return l.ring[(l.count-n)%ringSize]
}

// wordByte reports whether a byte of folded text belongs to a word; bytes of
// other scripts do.
func wordByte(c byte) bool {
	return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c >= 0x80
}

// squeezed returns the letters of a text, and for each of them the byte where
// its rune begins.
func squeezed(text string) (out []byte, starts []int) {
	var b []byte
	for i, r := range text {
		b = fold(b[:0], r)
		for _, c := range b {
			if wordByte(c) {
				out, starts = append(out, c), append(starts, i)
			}
		}
	}
	return out, starts
}
