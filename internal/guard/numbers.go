package guard

import (
	"strings"
	"unicode"
)

// numbers reads the numbers of a text, in figures as any locale writes them and
// in words. What a number means, the words around it say: see surroundings.
type numbers struct {
	w   *Window
	via string
	rd  *layer

	run    []byte // figures and what may stand between two of them
	start  int    // of the run
	end    int    // of its last figure
	letter bool   // the rune before is a letter: a figure is part of a name

	word      []byte
	wordStart int
	wordEnd   int
	said      []byte // digits told in words, and a point
	saidStart int
	saidEnd   int
	tally     tally
	parts     amounts
	last      rune
	scratch   []byte
}

// maxRun is the most bytes of a number in figures.
const maxRun = 32

func (n *numbers) see(r rune, start, end int) {
	if r >= 0x80 { // figures of other scripts
		if n.scratch = fold(n.scratch[:0], r); len(n.scratch) == 1 && '0' <= n.scratch[0] && n.scratch[0] <= '9' {
			r = rune(n.scratch[0])
		}
	}
	n.figures(r, start, end)
	n.words(r, start, end)
	if n.parts.on || n.tally.on {
		n.sign(r, start)
	}
	switch r {
	case '€', '$', '£', '¥':
		n.w.around.unit(unitMoney, start, end)
	case '%', '‰':
		n.w.around.unit(unitPercent, start, end)
	case ' ', '\n', '\r', '\t':
		if n.via == "" && (n.last == '.' || n.last == '!' || n.last == '?' || n.last == '\n') && r != n.last {
			n.w.around.sentence(start)
		}
	}
	n.last = r
}

// figures follows a run of figures.
func (n *numbers) figures(r rune, start, end int) {
	switch {
	case '0' <= r && r <= '9':
		if len(n.run) == 0 {
			if n.letter && n.via == "" && !bigMoney[string(n.word)] {
				return
			}
			n.start = start
		}
		if len(n.run) >= maxRun {
			n.finish()
			n.start = start
		}
		n.run, n.end = append(n.run, byte(r)), end
		return
	case len(n.run) > 0:
		if c := between(r); c != 0 && n.mayPart(c) {
			n.run = append(n.run, c)
			return
		}
		n.finish()
	}
	n.letter = r < 0x80 && alphanumeric(byte(r)) || r >= 0x80 && unicode.IsLetter(r)
}

// between maps what may stand inside a number, or returns 0.
func between(r rune) byte {
	switch r {
	case '.', ',', ' ', '\'':
		return byte(r)
	case '’', '_':
		return '\''
	case '\u00a0', '\u202f', '\u2009', '\n', '*', '`':
		return ' '
	}
	return 0
}

// mayPart reports whether c may follow in a run: one sign, with a space on
// either side at most.
func (n *numbers) mayPart(c byte) bool {
	tail := n.run[len(strings.TrimRight(string(n.run), " .,'")):]
	if len(tail) >= 3 {
		return false
	}
	return c == ' ' || !strings.ContainsAny(string(tail), ".,'")
}

// finish ends a run of figures.
func (n *numbers) finish() {
	if len(n.run) == 0 {
		return
	}
	run := strings.TrimRight(string(n.run), " .,'")
	n.run = n.run[:0]
	for _, part := range parts(run) {
		start := n.start + part.at
		if n.via != "" {
			start = n.start
		}
		n.number(part.text, start, n.end)
		if n.via == "" || !strings.ContainsAny(part.text, ".,") {
			continue
		}
		for piece := range strings.FieldsFuncSeq(part.text, func(r rune) bool { return r == '.' || r == ',' }) {
			n.number(piece, start, n.end) // what follows may be noise
		}
	}
}

// part is a number within a run, and where it stands there.
type part struct {
	text string
	at   int
}

var (
	narrowPoints = strings.NewReplacer(" . ", ".", " , ", ",")
	noPoints     = strings.NewReplacer(".", "", ",", "")
)

// parts returns the numbers a run may be read as: its figures one by one, its
// groups of a thousand, or what stands between spaces.
func parts(run string) []part {
	fields := strings.Fields(narrowPoints.Replace(run))
	single, groups := len(fields) > 1, len(fields) > 1 && len(fields[0]) <= 3
	for i, f := range fields {
		single = single && len(f) == 1
		groups = groups && (i == 0 || len(f) == 3 || i == len(fields)-1 && len(f) > 3 && (f[3] == '.' || f[3] == ','))
	}
	out := []part{}
	if single || groups {
		out = append(out, part{strings.Join(fields, ""), 0})
	}
	if !single {
		at := 0
		for _, f := range fields {
			at += max(0, strings.Index(run[at:], f))
			out = append(out, part{strings.Trim(f, ".,'"), at})
			at = min(at+len(f), len(run))
		}
	}
	return out
}

// number reports what a number may be, as written and backwards.
func (n *numbers) number(text string, start, end int) {
	for _, c := range canonical(text) {
		n.w.around.number(c, strings.ContainsAny(text, ".,"), start, end, n.via)
	}
	n.amount(text, start, end)
	if share := strings.TrimPrefix(strings.Replace(text, ",", ".", 1), "0."); len(share) > 2 && len(share) < len(text) { // 0.295 of 1
		n.tell(share[:2]+"."+share[2:], start, end)
	}
	for _, c := range canonical(backwards(text)) {
		n.w.around.number(c, strings.ContainsAny(text, ".,"), start, end, joinVia(n.via, reversedVia))
	}
}

// reversedVia marks a number that was read from its end. Without decimals it
// counts only where the words around it are turned around too: too many numbers
// read backwards are somebody's.
const reversedVia = "reversed"

// canonical returns the values a number may have in some locale: 1.234 is a
// thousand or one and a bit.
func canonical(text string) []string {
	text = strings.ReplaceAll(text, "'", "")
	dots, commas := strings.Count(text, "."), strings.Count(text, ",")
	switch {
	case dots+commas == 0:
		return []string{decimal(text, "")}
	case dots > 0 && commas > 0:
		i := strings.LastIndexAny(text, ".,")
		return []string{decimal(noPoints.Replace(text[:i]), text[i+1:])}
	case dots+commas > 1:
		return []string{decimal(noPoints.Replace(text), "")}
	}
	i := strings.IndexAny(text, ".,")
	whole, rest := text[:i], text[i+1:]
	out := []string{decimal(whole, rest)}
	if len(rest) == 3 {
		out = append(out, decimal(whole+rest, ""))
	}
	return out
}

// decimal writes a value in one way only.
func decimal(whole, rest string) string {
	whole = strings.TrimLeft(whole, "0")
	if whole == "" {
		whole = "0"
	}
	if rest = strings.TrimRight(rest, "0"); rest != "" {
		return whole + "." + rest
	}
	return whole
}

// close ends the text.
func (n *numbers) close(end int) {
	n.words(' ', end, end)
	n.finish()
	n.unsaid()
	n.counted("", end, end)
}

func (n *numbers) busy() bool {
	return len(n.run)+len(n.said) > 0 || n.tally.words > 1 || n.parts.on && n.parts.joined
}

// hold returns where a number under way starts, or free.
func (n *numbers) hold() int {
	at := free
	if len(n.run) > 0 {
		at = n.start
	}
	if len(n.said) > 0 {
		at = min(at, n.saidStart)
	}
	if n.tally.words > 1 {
		at = min(at, n.tally.start)
	}
	if n.parts.on && n.parts.joined {
		at = min(at, n.parts.start)
	}
	return at
}
