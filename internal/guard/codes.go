package guard

// codes reads characters by their numbers: "83 101 99", [83,101,99],
// chr(83) + chr(101), octal \123\145, and places in the alphabet: 19-5-3.
type codes struct {
	digits []byte // of the number under way
	start  int
	skip   int    // letters of a word that may stand between: chr, char
	out    outlet // by code points
	raw    outlet // by bytes
	octal  outlet
	places outlet // by places in the alphabet
}

func (d *codes) see(r rune, start, end int) {
	if '0' <= r && r <= '9' {
		if len(d.digits) == 0 {
			d.start = start
		}
		if len(d.digits) <= maxCode {
			d.digits = append(d.digits, byte(r))
		}
		d.skip = 0
		return
	}
	d.number(start)
	switch r {
	case ' ', ',', '\n', ';', '\\', '(', ')', '+', '[', ']', '&', '"', '\'', '-', '/':
		if d.skip = 0; r == '/' && d.places.passing {
			d.places.see(' ', start, end)
		}
		return
	}
	if r < 0x80 && letterByte(byte(r)) && d.skip < len("chr(")*2 {
		d.skip++ // chr, char, CHAR: a longer word ends it
		if d.skip <= 4 {
			return
		}
	}
	d.stop(end)
}

// maxCode is the longest number that is one character, or several of three
// figures each.
const maxCode = 192

// number ends a number.
func (d *codes) number(end int) {
	s := d.digits
	d.digits = d.digits[:0]
	switch {
	case len(s) == 0:
	case len(s) <= 3:
		d.code(&d.out, value(s, 10), len(s) > 1, 0x17f, end)
		d.code(&d.raw, value(s, 10), len(s) > 1, 0xff, end)
		d.code(&d.octal, value(s, 8), len(s) > 1, 0xff, end)
		d.code(&d.places, 'a'-1+value(s, 10), len(s) <= 2 && s[0] != '0', 'z', end)
	case len(s) >= 6 && len(s) <= 8 && value(s, 2) >= 0: // bits
		d.code(&d.out, value(s, 2), true, 0x7f, end)
	case len(s)%3 == 0 && len(s) >= 12 && len(s) < maxCode: // without anything between
		for i := 0; i < len(s); i += 3 {
			d.code(&d.out, value(s[i:i+3], 10), true, 0x17f, end)
			d.code(&d.raw, value(s[i:i+3], 10), true, 0xff, end)
			d.code(&d.octal, value(s[i:i+3], 8), true, 0xff, end)
		}
		d.stop(end)
	default:
		d.stop(end)
	}
}

// code passes on a character, or ends the text.
func (d *codes) code(o *outlet, n int, ok bool, most, end int) {
	switch {
	case !ok || n < ' ' || n > most:
		o.stop(end)
	case most == 0xff:
		o.byte(byte(n), d.start, end)
	default:
		o.see(rune(n), d.start, end)
	}
}

func (d *codes) stop(end int) {
	for _, o := range d.outs() {
		o.stop(end)
	}
}

func (d *codes) outs() [4]*outlet { return [4]*outlet{&d.out, &d.raw, &d.octal, &d.places} }

func (d *codes) hold() int {
	at := free
	for _, o := range d.outs() {
		at = min(at, o.hold())
	}
	return at
}

// value is a number in figures, or -1.
func value(s []byte, base int) int {
	n := 0
	for _, c := range s {
		if int(c-'0') >= base {
			return -1
		}
		n = n*base + int(c-'0')
	}
	return n
}
