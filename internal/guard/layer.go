package guard

import "unicode"

// layer is a text that stands in the answer: the answer itself, or what
// somebody gets who decodes a part of it. Each finds what the store keeps to
// itself, keys, and further encoded text.
type layer struct {
	w       *Window
	via     string
	depth   int
	tags    untag
	escapes [2]unescaper // text may be escaped twice
	letters letters
	numbers numbers
	secrets secrets
	digits  *letters // what words for digits spell
	radixes [4]*radix
	spaced  spaced
	codes   codes
	hidden  outlet // what characters nobody sees spell
	within  outlet // what stands in tags: attributes, comments
	chunks  chunks
	counted counted
	packed  packed
	dashes  dashes
	radio   radio
	mail    postal
	odd     oddWords
	pairs   pairs
	fresh   bool // it has read nothing since held was found
	held    int
}

// maxDepth is how often text may be encoded one way within another.
const maxDepth = 2

func newLayer(w *Window, via string, depth int) *layer {
	rd := &layer{w: w, via: via, depth: depth}
	w.layers = append(w.layers, rd)
	rd.letters = letters{w: w, via: via, loose: depth > 0 && !w.asks, overlaps: w.overlaps(depth)}
	rd.pairs.rd = rd
	rd.numbers = numbers{w: w, via: via, rd: rd}
	rd.tags.to, rd.tags.tag = rd.escapes[0].see, rd.tagged
	rd.escapes[0].to = rd.escapes[1].see
	rd.escapes[1].to = rd.text
	rd.escapes[0].part, rd.escapes[1].part = rd.mayBegin, rd.mayBegin
	if depth >= maxDepth {
		return rd
	}
	inner := func(name string) func() *layer {
		return func() *layer { return newLayer(w, joinVia(via, name), depth+1) }
	}
	rd.radixes = [4]*radix{newRadix(base64Coding, inner("base64")), newRadix(hexCoding, inner("hex")),
		newRadix(base32Coding, inner("base32")), newRadix(binaryCoding, inner("binary"))}
	rd.spaced.out.open = inner("spaced")
	for _, o := range rd.codes.outs() {
		o.open = inner("codes")
	}
	rd.hidden.open = inner("hidden")
	rd.within.open = inner("tag")
	rd.chunks.out.open = inner("parts")
	rd.counted.number, rd.counted.out.open = -1, inner("list")
	rd.packed.out.open = inner("packed")
	rd.dashes.out.open = inner("Morse")
	rd.radio.out.open = inner("spelt")
	rd.mail.out.open = inner("written out")
	rd.odd.shifted.open, rd.odd.paired.open, rd.odd.turned.open = inner("rot47"), inner("pairs"), inner("upside down")
	return rd
}

// see reads a rune as it is written, the bytes [start, end) of the answer.
func (rd *layer) see(r rune, start, end int) {
	rd.fresh = false
	if r >= 0x80 {
		if hidden(r) {
			rd.unseen(r, start, end)
			return
		}
		if 0xFF01 <= r && r <= 0xFF5E { // full width
			r -= 0xFF01 - '!'
		}
	}
	if rd.depth < maxDepth {
		for _, d := range &rd.radixes {
			d.see(r, start, end)
		}
		rd.spaced.see(r, start, end)
		rd.codes.see(r, start, end)
		rd.chunks.see(r, start, end)
		rd.counted.see(r, start, end)
		rd.packed.see(r, start, end)
		rd.dashes.see(r, start, end)
		rd.radio.see(r, start, end)
		rd.mail.see(r, start, end)
		rd.odd.see(r, start, end)
	}
	if rd.waits() || r == '<' || escapes(r) {
		rd.tags.see(r, start, end)
	} else {
		rd.text(r, start, end)
	}
}

// unseen reads a character nobody sees: it parts nothing, but may spell.
func (rd *layer) unseen(r rune, start, end int) {
	if b := spelled(nil, r); len(b) > 0 && rd.depth < maxDepth {
		rd.hidden.byte(b[0], start, end)
	}
}

// waits reports whether a tag or an escape is under way.
func (rd *layer) waits() bool {
	return len(rd.tags.seq)+len(rd.escapes[0].seq)+len(rd.escapes[1].seq)+len(rd.escapes[0].utf8)+len(rd.escapes[1].utf8) > 0
}

// text reads a rune as a reader sees it.
func (rd *layer) text(r rune, start, end int) {
	rd.letters.see(r, start, end)
	if len(rd.w.known) > 0 && !rd.w.asks {
		rd.pairs.see(r, start, end)
	}
	if r == '*' || r == '`' || r >= 0x300 && unicode.In(r, unicode.Mn, unicode.Me) { // markdown and marks part nothing
		return
	}
	rd.numbers.see(r, start, end)
	if r >= 0x80 {
		if s, ok := lookalike[r]; ok && len(s) == 1 {
			r = rune(s[0])
		}
	}
	if v := rd.secrets.see(r, start, end); v != nil {
		rd.w.report(v, rd.via)
	}
}

// close ends the text.
func (rd *layer) close(end int) {
	rd.fresh = false
	rd.tags.close()
	rd.escapes[0].close()
	rd.escapes[1].close()
	if rd.depth < maxDepth {
		rd.codes.number(end)
		for _, d := range rd.radixes {
			d.reset(end)
		}
		rd.spaced.out.stop(end)
		rd.codes.stop(end)
		rd.hidden.stop(end)
		rd.within.stop(end)
		rd.chunks.end(end)
		rd.counted.end(end)
		rd.packed.end(end)
		rd.dashes.stop(end)
		rd.radio.end(end)
		rd.mail.end(end)
		rd.odd.end(end)
	}
	if v := rd.secrets.see(' ', end, end); v != nil {
		rd.w.report(v, rd.via)
	}
	rd.pairs.see(' ', end, end)
	rd.numbers.close(end)
	rd.letters.close()
	if rd.digits != nil {
		rd.digits.close()
	}
}

// hold returns the byte of the answer from which it must wait, or free. It
// changes only when the layer reads something.
func (rd *layer) hold() int {
	if !rd.fresh {
		rd.fresh, rd.held = true, rd.findHold()
	}
	return rd.held
}

func (rd *layer) findHold() int {
	at := rd.letters.hold()
	if rd.waits() {
		at = min(at, rd.tags.hold(), rd.escapes[0].hold(), rd.escapes[1].hold())
	}
	if len(rd.secrets.open) > 0 || len(rd.secrets.token) >= minTurned {
		at = min(at, rd.secrets.hold())
	}
	if rd.numbers.busy() {
		at = min(at, rd.numbers.hold())
	}
	if rd.digits != nil {
		at = min(at, rd.digits.hold())
	}
	if rd.depth < maxDepth {
		at = min(at, rd.spaced.out.hold(), rd.codes.hold(), rd.chunks.hold(), rd.counted.hold(), rd.packed.hold(), rd.odd.hold())
		for _, d := range &rd.radixes {
			at = min(at, d.hold())
		}
	}
	return at
}
