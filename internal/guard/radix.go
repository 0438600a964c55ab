package guard

import "unicode/utf8"

// radix decodes letters that stand for a few bits each. It runs all the time,
// from one place in a group on, so it does not matter where encoded text
// begins: of the readings that are off, nothing readable comes out.
type radix struct {
	code  *coding
	place int // in a group, where its text begins
	skip  int // letters still to leave out
	acc   uint32
	bits  int
	prev  rune
	at    int // where the letter starts whose bits come first

	utf8  []byte
	first int // where they start
	out   outlet
}

// coding is one way to write bytes.
type coding struct {
	name   string
	value  [128]int8 // -1: ends the text, -2: stands between
	bits   int
	places int // in a group
}

var base64Coding, base32Coding, hexCoding, binaryCoding = newCoding("base64", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", " \t\r\n=`\"'|", 6, 4),
	newCoding("base32", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", " \t\r\n=-", 5, 1),
	newCoding("hex", "0123456789abcdef", " \t\r\n,:;-x\\", 4, 2),
	newCoding("binary", "01", " \t\r\n,", 1, 1)

func newCoding(name, letters, between string, bits, places int) *coding {
	c := &coding{name: name, bits: bits, places: places}
	for i := range c.value {
		c.value[i] = -1
	}
	for i := range between {
		c.value[between[i]] = -2
	}
	for i := range letters {
		c.value[letters[i]] = int8(i)
	}
	switch name {
	case "base64":
		c.value['-'], c.value['_'] = 62, 63
	case "hex":
		for i := range 6 {
			c.value['A'+i] = int8(10 + i)
		}
	}
	return c
}

func (d *radix) see(r rune, start, end int) {
	v := int8(-1)
	if r < 128 {
		v = d.code.value[r]
	}
	prev := d.prev
	d.prev = r
	switch {
	case v == -2 && r == 'x': // of 0x41
		if prev == '0' && d.bits >= 4 {
			d.bits -= 4
			return
		}
		d.reset(end)
	case v == -2:
		if d.code == binaryCoding && d.bits != 0 {
			d.reset(end)
		}
	case v < 0:
		d.reset(end)
	case d.skip > 0:
		d.skip--
	default:
		if d.bits == 0 {
			d.at = start
		}
		d.add(uint32(v), start, end)
	}
}

// add takes the bits of a letter.
func (d *radix) add(v uint32, start, end int) {
	d.acc = d.acc<<d.code.bits | v
	if d.bits += d.code.bits; d.bits < 8 {
		return
	}
	d.bits -= 8
	b := byte(d.acc >> d.bits)
	from := d.at
	d.at = start
	if len(d.utf8) == 0 {
		d.first = from
	}
	if d.utf8 = append(d.utf8, b); !utf8.FullRune(d.utf8) {
		return
	}
	r, _ := utf8.DecodeRune(d.utf8)
	d.utf8 = d.utf8[:0]
	d.out.see(r, d.first, end)
}

// reset ends the encoded text.
func (d *radix) reset(end int) {
	d.acc, d.bits, d.utf8, d.skip = 0, 0, d.utf8[:0], d.place
	d.out.stop(end)
}

// outlet passes decoded runes on once some in a row are readable: what is no
// encoded text decodes to noise.
type outlet struct {
	open    func() *layer // makes where they go
	to      *layer
	passing bool
	waiting [readable]struct {
		r          rune
		start, end int
	}
	n int
}

// readable is how many runes in a row are taken for text.
const readable = 4

func (o *outlet) see(r rune, start, end int) {
	if r == utf8.RuneError || r < ' ' && r != '\n' && r != '\t' && r != '\r' || r == 0x7f {
		o.stop(end)
		return
	}
	if o.passing {
		o.to.see(r, start, end)
		return
	}
	o.waiting[o.n].r, o.waiting[o.n].start, o.waiting[o.n].end = r, start, end
	if o.n++; o.n < readable {
		return
	}
	if o.to == nil {
		o.to = o.open()
	}
	o.passing = true
	for _, p := range o.waiting {
		o.to.see(p.r, p.start, p.end)
	}
}

// stop ends what was readable.
func (o *outlet) stop(end int) {
	o.n = 0
	if o.passing {
		o.passing = false
		o.to.see(utf8.RuneError, end, end)
	}
}
