package guard

// backwardRadix decodes base64 or hex that was written from its end. What comes
// out is backwards, too, and the readings of the text turn it.
type backwardRadix struct {
	code  *coding
	width int // bits of a group
	acc   uint32
	count int
	start [4]int // of the last letters
	outs  []outlet
}

func newBackwards(c *coding, open func() *layer) backwardRadix {
	d := backwardRadix{code: c, width: c.bits * c.group, outs: make([]outlet, c.group)}
	for i := range d.outs {
		d.outs[i].open = open
	}
	return d
}

func (d *backwardRadix) see(r rune, start, end int) {
	v := valueEnds
	if r < 128 {
		v = d.code.value[r]
	}
	switch {
	case v >= 0:
		d.letter(uint32(v), start, end)
	case v == valueEnds && d.count > 0:
		d.reset(end)
	}
}

// letter puts the bits of a letter above those before it: the last byte of a
// group is complete first.
func (d *backwardRadix) letter(v uint32, start, end int) {
	d.acc = d.acc>>d.code.bits | v<<(d.width-d.code.bits)
	d.start[d.count&3] = start
	d.count++
	for place := range d.outs {
		n := (d.count-place-1)&(d.code.group-1) + 1 // letters of the group
		if n < 2 || d.count <= place {
			continue
		}
		over := d.width - n*d.code.bits // below the letters that are there
		b := byte(d.acc >> (over + 8*(n-2)))
		o := &d.outs[place]
		if noise := b < ' ' || b > '~'; noise && o.n == 0 && !o.passing {
			continue
		}
		o.byte(b, d.start[(d.count+2)&3], end)
	}
}

func (d *backwardRadix) reset(end int) {
	d.acc, d.count = 0, 0
	for i := range d.outs {
		d.outs[i].stop(end)
	}
}
