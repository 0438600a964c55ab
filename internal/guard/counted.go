package guard

import (
	"slices"
	"strings"
	"unicode"
)

// counted reads what is told one by one behind numbers that count up: "1. L 2. i",
// {"1":"L","2":"i"}, "a) We b) pay". The numbers hide what stands between them.
type counted struct {
	number  int  // of the item under way, -1 for none
	letter  bool // it is counted in letters
	count   int  // items before it
	item    []placed
	digits  []placed // a number under way
	last    rune     // before it
	sep     [2]string
	waiting []placed
	out     outlet
}

const (
	maxItem  = 48 // runes of an item
	fewItems = 2  // items that are no chance
)

func (d *counted) see(r rune, start, end int) {
	p := placed{r, start, end}
	switch {
	case '0' <= r && r <= '9':
		if len(d.digits) > 0 || !wordRune(d.last) {
			d.digits = append(d.digits, p)
			if len(d.digits) <= 3 {
				d.last = r
				return
			}
		}
		d.spill()
	case len(d.digits) > 0 && d.number >= 0 && d.bare() && !(d.count == 0 && len(d.item) > 3):
		d.spill() // it is what the item tells
	case len(d.digits) > 0:
		d.numbered(start)
	case (r == ')' || r == '.' || r == ':') && d.lettered():
		d.last = r
		return
	}
	d.add(p)
	d.last = r
}

// numbered takes a number that has ended.
func (d *counted) numbered(end int) {
	n := 0
	for _, p := range d.digits {
		n = n*10 + int(p.r-'0')
	}
	switch {
	case d.number >= 0 && !d.letter && n == d.number+1 && len(d.item) > 0:
		d.next(n, end)
	case n <= 1 || d.number < 0 && n < 3:
		d.begin(n, false, end)
	default:
		d.spill()
	}
	d.digits = d.digits[:0]
}

// lettered reports whether the last rune of the item is the next letter, by
// itself, and takes it for that.
func (d *counted) lettered() bool {
	n := len(d.item)
	if n == 0 && d.number < 0 || !('a' <= d.last|0x20 && d.last|0x20 <= 'z') {
		return false
	}
	if n >= 2 && wordRune(d.item[n-2].r) {
		return false
	}
	value := int(d.last | 0x20 - 'a')
	switch {
	case d.number >= 0 && d.letter && value == d.number+1 && n > 1:
		end := d.item[n-1].start
		d.item = d.item[:n-1]
		d.next(value, end)
	case value == 0:
		d.begin(0, true, d.item[max(0, n-1)].start)
	default:
		return false
	}
	return true
}

// begin begins a list.
func (d *counted) begin(n int, letter bool, end int) {
	d.stop(end)
	d.number, d.letter, d.item = n, letter, d.item[:0]
}

// next ends an item: another number follows.
func (d *counted) next(n, end int) {
	d.item = d.strip(d.item)
	word := len(d.item) > 1
	d.waiting = append(d.waiting, d.item...)
	if word {
		d.waiting = append(d.waiting, placed{' ', end, end})
	}
	d.count, d.number, d.item = d.count+1, n, d.item[:0]
	if d.count >= fewItems {
		d.flush()
	}
}

func (d *counted) flush() {
	for _, p := range d.waiting {
		d.out.see(p.r, p.start, p.end)
	}
	d.waiting = d.waiting[:0]
}

// strip takes off what stands around every item; the first tells what.
func (d *counted) strip(item []placed) []placed {
	head, tail := 0, len(item)
	if d.count == 0 {
		for head < tail && !wordRune(item[head].r) {
			head++
		}
		for tail > head && !wordRune(item[tail-1].r) {
			tail--
		}
		d.sep = [2]string{textOf(item[:head]), textOf(item[tail:])}
		return item[head:tail]
	}
	text := textOf(item)
	if strings.HasPrefix(text, d.sep[0]) {
		head = len([]rune(d.sep[0]))
	}
	if end := len([]rune(d.sep[1])); strings.HasSuffix(text, d.sep[1]) && tail-end >= head {
		tail -= end
	}
	return item[head:tail]
}

func textOf(item []placed) string {
	var b strings.Builder
	for _, p := range item {
		b.WriteRune(p.r)
	}
	return b.String()
}

// bare reports whether the item under way has said nothing so far.
func (d *counted) bare() bool {
	if d.count > 0 {
		return textOf(d.item) == d.sep[0]
	}
	return !slices.ContainsFunc(d.item, func(p placed) bool { return wordRune(p.r) })
}

// spill puts a number that does not count into the item.
func (d *counted) spill() {
	for _, p := range d.digits {
		d.add(p)
	}
	d.digits = d.digits[:0]
}

func (d *counted) add(p placed) {
	if d.number < 0 {
		if d.item = append(d.item, p); len(d.item) > 4 {
			d.item = d.item[:copy(d.item, d.item[len(d.item)-2:])]
		}
		return
	}
	if d.item = append(d.item, p); len(d.item) > maxItem {
		d.finish(p.end)
	}
}

func (d *counted) stop(end int) {
	if d.count >= fewItems {
		d.out.stop(end)
	}
	d.number, d.count = -1, 0
	d.waiting = d.waiting[:0]
}

// end ends the list: the last item has no number behind it.
func (d *counted) end(end int) {
	d.spill()
	d.finish(end)
}

// finish lets the last item out.
func (d *counted) finish(end int) {
	if d.count >= fewItems {
		for _, p := range d.strip(d.item) {
			d.out.see(p.r, p.start, p.end)
		}
	}
	d.stop(end)
	d.item = d.item[:0]
}

// hold returns where an item starts whose end is to come, or free.
func (d *counted) hold() int {
	at := d.out.hold()
	if d.count >= fewItems && len(d.item) > 0 {
		at = min(at, d.item[0].start)
	}
	return at
}

func wordRune(r rune) bool {
	if r < 0x80 {
		return alphanumeric(byte(r))
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r)
}
