package guard

import "unicode/utf8"

// radix decodes letters that stand for a few bits each. It reads from every
// place in a group at once, so it does not matter where encoded text begins, nor
// what stands between its letters: of the places that are off, nothing readable
// comes out.
type radix struct {
	code   *coding
	acc    uint32
	count  int // letters of this run
	prev   rune
	starts [8]int // where the last letters start
	outs   []outlet
}

// coding is one way to write bytes.
type coding struct {
	value  [128]int8 // of a letter; or valueEnds, valueParts
	bits   int
	places int                            // where in a group a text may begin
	group  int                            // letters of a group that is whole bytes, a power of two
	after  [8]struct{ over, letters int } // n letters of a group: the bits that are left, the letters of the byte that is complete
}

const (
	valueEnds  int8 = -1 // no letter of encoded text
	valueParts int8 = -2 // may stand between two
)

var (
	base64Coding = newCoding("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", " \t\r\n=`\"'|", 6, 4, 4)
	base32Coding = newCoding("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", " \t\r\n=-", 5, 1, 8)
	hexCoding    = newCoding("0123456789abcdef", " \t\r\n,:;-x\\=&#", 4, 2, 2)
	binaryCoding = newCoding("01", " \t\r\n,", 1, 1, 8)
)

func newCoding(letters, between string, bits, places, group int) *coding {
	c := &coding{bits: bits, places: places, group: group}
	for i := range c.value {
		c.value[i] = valueEnds
	}
	for i := range between {
		c.value[between[i]] = valueParts
	}
	for i := range letters {
		c.value[letters[i]] = int8(i)
	}
	for n := 1; n <= group; n++ {
		if over := n * bits % 8; over < bits && n*bits >= 8 {
			c.after[n%group].over, c.after[n%group].letters = over, (8+over+bits-1)/bits
		}
	}
	switch bits {
	case 6: // as in URLs
		c.value['-'], c.value['_'] = 62, 63
	case 4:
		for i := range 6 {
			c.value['A'+i] = int8(10 + i)
		}
	}
	return c
}

func newRadix(c *coding, open func() *layer) *radix {
	d := &radix{code: c, outs: make([]outlet, c.places)}
	for i := range d.outs {
		d.outs[i].open = open
	}
	return d
}

func (d *radix) see(r rune, start, end int) {
	v := valueEnds
	if r < 128 {
		v = d.code.value[r]
	}
	switch {
	case v >= 0:
		d.letter(uint32(v), start, end)
	case d.count == 0:
	case v == valueParts && r == 'x': // of 0x41
		if d.prev == '0' {
			d.count-- // it says nothing
		} else if d.prev != '#' && d.prev != '\\' {
			d.reset(end)
		}
	case v == valueParts:
		if d.code.bits == 1 && d.count%8 != 0 {
			d.reset(end)
		}
	default:
		d.reset(end)
	}
	d.prev = r
}

// letter takes the bits of a letter, and passes on the byte that each place in a
// group has completed with it.
func (d *radix) letter(v uint32, start, end int) {
	d.acc = d.acc<<d.code.bits | v
	d.starts[d.count&7] = start
	d.count++
	for place := range d.outs {
		if d.count <= place {
			break
		}
		at := &d.code.after[(d.count-place)&(d.code.group-1)]
		if at.letters == 0 {
			continue
		}
		b, o := byte(d.acc>>at.over), &d.outs[place]
		if noise := b < ' ' || b > '~'; noise && o.n == 0 && !o.passing && len(o.utf8) == 0 && b < 0xC2 {
			continue
		}
		o.byte(b, d.starts[(d.count-at.letters)&7], end)
	}
}

// reset ends the encoded text.
func (d *radix) reset(end int) {
	d.acc, d.count = 0, 0
	for i := range d.outs {
		d.outs[i].stop(end)
	}
}

// hold returns the byte of the answer from which it must wait, or free.
func (d *radix) hold() int {
	at := free
	if d.count > 0 { // else all have stopped
		for i := range d.outs {
			at = min(at, d.outs[i].hold())
		}
	}
	return at
}

// outlet passes decoded text on once some runes in a row are readable: what is
// no encoded text decodes to noise.
type outlet struct {
	// What every byte needs stands in front, within one line of the cache.
	n       int // runes waiting
	passing bool
	utf8    []byte
	first   int // where they start
	to      *layer
	open    func() *layer // makes where they go
	waiting [readable]struct {
		r          rune
		start, end int
	}
}

// readable is how many runes in a row are taken for text.
const readable = 5

// byte takes one byte of UTF-8.
func (o *outlet) byte(b byte, start, end int) {
	if b == 0 { // half of a wide character
		return
	}
	if b < utf8.RuneSelf && len(o.utf8) == 0 {
		o.see(rune(b), start, end)
		return
	}
	if len(o.utf8) == 0 {
		if !utf8.RuneStart(b) || o.n == 0 && !o.passing && b < 0xC2 {
			o.stop(end)
			return
		}
		o.first = start
	}
	if o.utf8 = append(o.utf8, b); !utf8.FullRune(o.utf8) {
		return
	}
	r, n := utf8.DecodeRune(o.utf8)
	broken := n < len(o.utf8)
	if broken && o.passing && o.utf8[0] >= 0xC0 { // an older code
		r = rune(o.utf8[0])
	}
	o.utf8 = o.utf8[:0]
	o.see(r, o.first, end)
	if broken { // this byte begins something else
		o.byte(b, start, end)
	}
}

func (o *outlet) see(r rune, start, end int) {
	if r < ' ' && r != '\n' && r != '\t' && r != '\r' || r == 0x7f || r == utf8.RuneError {
		o.stop(end)
		return
	}
	if !o.passing && !ofNumber(r) && o.hold() != free && o.n-o.number() >= 3 {
		o.pass()
	}
	if o.passing {
		o.to.see(r, start, end)
		return
	}
	o.waiting[o.n].r, o.waiting[o.n].start, o.waiting[o.n].end = r, start, end
	if o.n++; o.n == readable {
		o.pass()
	}
}

// pass lets out what waits.
func (o *outlet) pass() {
	if o.to == nil {
		o.to = o.open()
	}
	o.passing = true
	for _, p := range o.waiting[:o.n] {
		o.to.see(p.r, p.start, p.end)
	}
}

// figures keeps the number that waits last, if it is long enough, and drops what
// stands before it: that may be noise.
func (o *outlet) figures() bool {
	from := o.number()
	if o.passing || o.n-from < 3 {
		return false
	}
	o.n = copy(o.waiting[:], o.waiting[from:o.n])
	return true
}

// hold returns where a number starts that waits for what follows it, or free.
func (o *outlet) hold() int {
	if o.n < 3 || o.passing || !ofNumber(o.waiting[o.n-1].r) {
		return free
	}
	return o.waiting[o.number()].start
}

// number returns where, in what waits, the number at its end begins.
func (o *outlet) number() int {
	from := o.n
	for from > 0 && ofNumber(o.waiting[from-1].r) {
		from--
	}
	return from
}

func ofNumber(r rune) bool { return '0' <= r && r <= '9' || r == '.' || r == ',' }

// stop ends what was readable.
func (o *outlet) stop(end int) {
	if o.n > 0 && o.figures() {
		o.pass()
	}
	o.n, o.utf8 = 0, o.utf8[:0]
	if o.passing {
		o.passing = false
		o.to.see(utf8.RuneError, end, end)
	}
}
