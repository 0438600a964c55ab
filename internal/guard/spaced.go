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
	case ' ', '\n', '\t', '-', '.', '*', '|', '/', '·', '_', ',', '+', '~', '>', '<', ':', ';', '=', '#', '^', '!':
		return true
	}
	return r > 0x80 && (unicode.IsSpace(r) || unicode.IsSymbol(r))
}
