package guard

import "unicode"

// oddWords reads words that are words only when every character is changed:
// ROT47, letters that come in pairs, and lines that stand on their heads.
type oddWords struct {
	word    []placed
	line    []placed
	flipped int // characters of the line that stand on their heads
	shifted outlet
	paired  outlet
	turned  outlet
}

const (
	minOdd  = 4   // characters of a word
	maxLine = 192 // of a line
	fewOdd  = 2   // characters on their heads
)

// headDown turns a character that stands on its head; some letters are others.
var headDown = func() map[rune]rune {
	m := map[rune]rune{}
	from, to := []rune("ɐqɔpǝɟƃɓɥᴉıɾʞlɯudbɹʇnʌʍʎ"), []rune("abcdefgghiijklmnpqrtuvwy")
	for i, r := range from {
		m[r] = to[i]
	}
	return m
}()

func (d *oddWords) see(r rune, start, end int) {
	p := placed{r, start, end}
	if r > 0x7f && headDown[r] != 0 && r != 'ı' {
		d.flipped++
	}
	if d.line = append(d.line, p); r == '\n' || len(d.line) >= maxLine {
		d.endLine(end)
	}
	if r > ' ' {
		if len(d.word) < maxLine {
			d.word = append(d.word, p)
		}
		return
	}
	d.endWord(end)
}

// endWord looks at a word as ROT47 and as pairs of letters.
func (d *oddWords) endWord(end int) {
	if len(d.word) == 0 {
		return
	}
	letters, small := 0, 0
	for _, p := range d.word {
		if s := fortySeven(p.r); isLetter(s) {
			letters++
		}
		if unicode.IsLower(p.r) {
			small++
		}
	}
	n := len(d.word)
	if n >= minOdd && letters*4 >= n*3 && small*3 <= n || d.shifted.passing && letters*4 >= n*3 {
		for _, p := range d.word {
			d.shifted.see(fortySeven(p.r), p.start, p.end)
		}
		d.shifted.see(' ', end, end)
	} else {
		d.shifted.stop(end)
	}
	if d.pairs() {
		for i := 0; i < n; i++ {
			d.paired.see(d.word[i].r, d.word[i].start, d.word[i].end)
			if isLetter(d.word[i].r) {
				i++
			}
		}
		d.paired.see(' ', end, end)
	} else {
		d.paired.stop(end)
	}
	d.word = d.word[:0]
}

// pairs reports whether every letter of the word comes twice.
func (d *oddWords) pairs() bool {
	letters := 0
	for i := 0; i < len(d.word); i++ {
		if !isLetter(d.word[i].r) {
			continue
		}
		if i+1 == len(d.word) || unicode.ToLower(d.word[i].r) != unicode.ToLower(d.word[i+1].r) {
			return false
		}
		letters++
		i++
	}
	return letters > 1 || letters > 0 && d.paired.passing
}

func isLetter(r rune) bool { return unicode.IsLetter(r) }

func fortySeven(r rune) rune {
	if '!' <= r && r <= '~' {
		return '!' + (r-'!'+47)%94
	}
	return r
}

// endLine reads a line that stands on its head from its end.
func (d *oddWords) endLine(end int) {
	if d.flipped >= fewOdd {
		from := d.line[0].start
		for i := len(d.line) - 1; i >= 0; i-- {
			r := d.line[i].r
			if to := headDown[r]; to != 0 {
				r = to
			}
			d.turned.see(r, from, end)
		}
		d.turned.stop(end)
	}
	d.line, d.flipped = d.line[:0], 0
}

// end ends the text.
func (d *oddWords) end(end int) {
	d.endWord(end)
	d.endLine(end)
	d.shifted.stop(end)
	d.paired.stop(end)
}

// hold returns where a line starts that stands on its head, or free.
func (d *oddWords) hold() int {
	if d.flipped >= fewOdd {
		return d.line[0].start
	}
	return free
}
