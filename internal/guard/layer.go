package guard

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
	radixes []*radix
	spaced  spaced
	codes   codes
}

// maxDepth is how often text may be encoded one way within another.
const maxDepth = 2

func newLayer(w *Window, via string, depth int) *layer {
	rd := &layer{w: w, via: via, depth: depth}
	rd.letters = letters{w: w, via: via, overlaps: w.overlaps(depth)}
	rd.numbers = numbers{w: w, via: via, rd: rd}
	rd.tags.to = rd.escapes[0].see
	rd.escapes[0].to = rd.escapes[1].see
	rd.escapes[1].to = rd.text
	if depth >= maxDepth {
		return rd
	}
	inner := func(name string) func() *layer {
		if via != "" {
			name = via + "/" + name
		}
		return func() *layer { return newLayer(w, name, depth+1) }
	}
	for _, c := range []*coding{base64Coding, hexCoding, base32Coding, binaryCoding} {
		for place := range c.places {
			rd.radixes = append(rd.radixes, &radix{code: c, place: place, skip: place, out: outlet{open: inner(c.name)}})
		}
	}
	rd.spaced.out.open = inner("spaced")
	rd.codes.out.open = inner("codes")
	return rd
}

// see reads a rune as it is written, the bytes [start, end) of the answer.
func (rd *layer) see(r rune, start, end int) {
	for _, d := range rd.radixes {
		d.see(r, start, end)
	}
	if rd.depth < maxDepth {
		rd.spaced.see(r, start, end)
		rd.codes.see(r, start, end)
	}
	if v := rd.secrets.see(r, start, end); v != nil {
		rd.w.report(v, rd.via)
	}
	rd.tags.see(r, start, end)
}

// text reads a rune as a reader sees it.
func (rd *layer) text(r rune, start, end int) {
	rd.letters.see(r, start, end)
	rd.numbers.see(r, start, end)
}

// close ends the text.
func (rd *layer) close(end int) {
	rd.tags.close()
	rd.escapes[0].close()
	rd.escapes[1].close()
	rd.codes.number(end)
	rd.numbers.close(end)
	rd.letters.close()
	if rd.digits != nil {
		rd.digits.close()
	}
	rd.each(func(in *layer) { in.close(end) })
}

// hold returns the byte of the answer from which it must wait, or free.
func (rd *layer) hold() int {
	at := min(rd.tags.hold(), rd.escapes[0].hold(), rd.escapes[1].hold(), rd.letters.hold(), rd.secrets.hold(), rd.numbers.hold())
	if rd.digits != nil {
		at = min(at, rd.digits.hold())
	}
	rd.each(func(in *layer) { at = min(at, in.hold()) })
	return at
}

// each calls f for every text that is encoded in this one.
func (rd *layer) each(f func(*layer)) {
	for _, d := range rd.radixes {
		if d.out.to != nil {
			f(d.out.to)
		}
	}
	for _, o := range []*outlet{&rd.spaced.out, &rd.codes.out} {
		if o.to != nil {
			f(o.to)
		}
	}
}
