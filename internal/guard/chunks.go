package guard

import (
	"slices"
	"unicode"
)

// chunks reads pieces of one length with the same signs between them, whatever
// these are: "ab, cd, ef", "a" + "b" + "c", s→k→_→l. The pieces are put together
// and read as a text of their own.
type chunks struct {
	size    int      // runes of a piece, 0 where none is known
	count   int      // pieces so far
	sep     []rune   // between two pieces
	piece   []placed // under way
	gap     []placed // what follows it
	waiting []placed // pieces that may still be chance
	out     outlet
}

// placed is a rune and where it stands in the answer.
type placed struct {
	r          rune
	start, end int
}

const (
	maxPiece  = 8  // runes of a piece
	maxSep    = 12 // runes between two
	fewPieces = 4  // pieces that are no chance
)

func (d *chunks) see(r rune, start, end int) {
	if !pieceRune(r) {
		if len(d.piece) > 0 || d.size > 0 {
			d.gap = append(d.gap, placed{r, start, end})
			if len(d.gap) > 2*maxSep+maxPiece {
				d.stop(end)
			}
		}
		return
	}
	if len(d.gap) > 0 {
		d.part(start)
	}
	if d.piece = append(d.piece, placed{r, start, end}); len(d.piece) > maxPiece {
		d.stop(end)
		d.piece = d.piece[:maxPiece] // a word: no piece begins in it
	}
}

// part takes a piece that ended, and what stands behind it.
func (d *chunks) part(end int) {
	piece, gap := d.piece, d.gap
	d.gap = d.gap[:0]
	sign := d.between(gap)
	switch {
	case d.size == 1 && fillers[textOf(piece)]: // "a, then b"
	case len(piece) == 0 || len(piece) >= maxPiece && d.size != len(piece):
		d.stop(end)
	case d.size == len(piece) && (same(gap, d.sep) || sign != nil):
		d.take(piece)
		if sign != nil {
			d.take(sign)
		}
	default:
		if d.size > 0 && len(piece) <= d.size {
			d.take(piece) // the last one
		}
		d.stop(end)
		if len(gap) <= maxSep {
			d.size = len(piece)
			d.sep = d.sep[:0]
			for _, p := range gap {
				d.sep = append(d.sep, p.r)
			}
			d.take(piece)
		}
	}
	d.piece = d.piece[:0]
}

// fillers may stand between two letters that are told.
var fillers = map[string]bool{"then": true, "and": true, "next": true, "dann": true, "und": true, "danach": true, "puis": true, "ensuite": true, "dan": true, "daarna": true, "luego": true, "después": true, "poi": true, "dopo": true, "potem": true, "sedan": true, "och": true, "followed": true, "by": true, "gefolgt": true, "von": true}

// between returns the piece that stands among signs: of "a, ., b" the dot.
func (d *chunks) between(gap []placed) []placed {
	n := len(d.sep)
	if d.size == 0 || len(gap) != 2*n+d.size || !same(gap[:n], d.sep) || !same(gap[n+d.size:], d.sep) {
		return nil
	}
	return gap[n : n+d.size]
}

func same(gap []placed, sep []rune) bool {
	return slices.EqualFunc(gap, sep, func(p placed, r rune) bool { return p.r == r })
}

func (d *chunks) take(piece []placed) {
	d.waiting = append(d.waiting, piece...)
	if d.count++; d.count < fewPieces {
		return
	}
	for _, p := range d.waiting {
		d.out.see(p.r, p.start, p.end)
	}
	d.waiting = d.waiting[:0]
}

// stop ends what was pieces.
func (d *chunks) stop(end int) {
	if d.count >= fewPieces {
		d.out.stop(end)
	}
	d.size, d.count = 0, 0
	d.waiting, d.piece, d.gap = d.waiting[:0], d.piece[:0], d.gap[:0]
}

// end ends the text.
func (d *chunks) end(end int) {
	if len(d.piece) > 0 && d.size > 0 && len(d.piece) <= d.size {
		d.take(d.piece)
	}
	d.stop(end)
}

// hold returns where pieces start that are likely no chance, or free.
func (d *chunks) hold() int {
	if d.count < fewPieces-1 || len(d.waiting) == 0 {
		return d.out.hold()
	}
	return min(d.out.hold(), d.waiting[0].start)
}

func pieceRune(r rune) bool {
	if r < 0x80 {
		return alphanumeric(byte(r)) || r == '_' || r == '+' || r == '/'
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)
}
