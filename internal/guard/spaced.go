package guard

import "unicode"

// spaced reads letters that stand one by one with the same sign between them:
// "s k - l i v e" has no word that looks like a key.
type spaced struct {
	sign  rune // between the letters, 0 for not known yet
	inner bool // a letter has come, a sign is due
	word  bool // the rune before is a letter
	last  rune // the letter before, and where it stands
	start int
	end   int
	out   outlet
}

func (d *spaced) see(r rune, start, end int) {
	switch {
	case d.inner && r == d.sign:
		d.inner = false
	case d.inner && spacer(r): // another sign: only the letter before it counts
		if d.sign != 0 {
			d.out.stop(start)
			d.out.see(d.last, d.start, d.end)
		}
		d.sign, d.inner = r, false
	case !d.inner && d.sign != 0:
		d.letter(r, start, end)
	default:
		d.sign, d.inner = 0, false
		d.out.stop(end)
		if !spacer(r) && !d.word && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			d.letter(r, start, end)
		}
	}
	d.word = unicode.IsLetter(r) || unicode.IsDigit(r)
}

func (d *spaced) letter(r rune, start, end int) {
	d.inner, d.last, d.start, d.end = true, r, start, end
	d.out.see(r, start, end)
}

func spacer(r rune) bool {
	switch r {
	case ' ', '\n', '\t', '-', '.', '*', '|', '/', '·', '_', ',':
		return true
	}
	return false
}

// codes reads characters by their numbers: "83 101 99".
type codes struct {
	value, digits int
	start         int
	out           outlet
}

func (d *codes) see(r rune, start, end int) {
	if '0' <= r && r <= '9' {
		if d.digits == 0 {
			d.value, d.start = 0, start
		}
		if d.digits++; d.digits <= 3 {
			d.value = d.value*10 + int(r-'0')
		}
		return
	}
	d.number(start)
	if r != ' ' && r != ',' && r != '\n' && r != ';' {
		d.out.stop(end)
	}
}

// number ends a number.
func (d *codes) number(end int) {
	n := d.digits
	d.digits = 0
	switch {
	case n == 0:
	case n < 2 || n > 3 || d.value < ' ' || d.value > 0x17f:
		d.out.stop(end)
	default:
		d.out.see(rune(d.value), d.start, end)
	}
}
