package guard

// dashes reads Morse code: letters with a space between them, words with a
// slash.
type dashes struct {
	sign  []byte
	start int
	out   outlet
}

const maxSign = 6

func (d *dashes) see(r rune, start, end int) {
	c := byte(0)
	switch r {
	case '.', '·', '•', '∙':
		c = '.'
	case '-', '–', '—', '−', '_':
		c = '-'
	}
	switch {
	case c != 0 && len(d.sign) <= maxSign:
		if len(d.sign) == 0 {
			d.start = start
		}
		d.sign = append(d.sign, c)
	case c != 0:
	case r == ' ' || r == '\n' || r == '/' || r == '|':
		if d.letter(end); (r == '/' || r == '|') && d.out.passing {
			d.out.see(' ', start, end)
		}
	default:
		d.letter(end)
		d.stop(end)
	}
}

func (d *dashes) letter(end int) {
	if len(d.sign) == 0 {
		return
	}
	if c, ok := morse[string(d.sign)]; ok {
		d.out.see(rune(c), d.start, end)
	} else {
		d.out.stop(end)
	}
	d.sign = d.sign[:0]
}

func (d *dashes) stop(end int) {
	if len(d.sign) > 0 {
		d.letter(end)
	}
	d.out.stop(end)
}
