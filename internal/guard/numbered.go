package guard

import (
	"strconv"
	"strings"
)

// figureRun is a number in figures, and what stands before it.
type figureRun struct {
	value, digits int
	gap           string
}

// minNumbers is how many numbers in a row may be letters.
const minNumbers = 8

// byNumber adds what numbers spell that stand in a row: codes of characters in
// decimal or octal, places in the alphabet, rows and columns of a square.
func (r *readings) byNumber(from reading, s string) {
	var best []figureRun
	var run []figureRun
	end, at := 0, 0
	flush := func() {
		if len(run) > len(best) {
			best = append(best[:0], run...)
		}
		run = run[:0]
	}
	for at < len(s) {
		if s[at] < '0' || s[at] > '9' {
			at++
			continue
		}
		f := figureRun{gap: s[end:at]}
		for ; at < len(s) && '0' <= s[at] && s[at] <= '9'; at++ {
			if f.digits++; f.digits <= 4 {
				f.value = f.value*10 + int(s[at]-'0')
			}
		}
		end = at
		if !partsNumbers(f.gap) || f.digits > 4 {
			flush()
		}
		if f.digits <= 4 {
			run = append(run, f)
		}
	}
	flush()
	if len(best) < minNumbers {
		return
	}
	for _, d := range numberings {
		if text, ok := spellNumbers(best, d.spell); ok {
			r.add(from, d.kind, text)
			return
		}
	}
}

// partsNumbers reports whether a gap may stand between two numbers of a row.
func partsNumbers(gap string) bool {
	letters := 0
	for i := range len(gap) {
		if letterByte(gap[i]) {
			letters++
		}
	}
	return len(gap) <= 8 && (letters == 0 || gapCalls(gap))
}

// gapCalls reports whether the letters between two numbers are those of a
// function that makes a character of one.
func gapCalls(gap string) bool {
	gap = strings.ToLower(gap)
	return strings.Contains(gap, "chr") || strings.Contains(gap, "char") || strings.Contains(gap, "0o")
}

// numberings are the ways to spell with numbers; wide ones tell words apart by
// wider gaps.
var numberings = []struct {
	kind  string
	spell func(f figureRun) (c byte, wide bool)
}{
	{"octal", func(f figureRun) (byte, bool) {
		v := f.value/100*64 + f.value/10%10*8 + f.value%10
		if f.digits < 2 || f.value%10 > 7 || f.value/10%10 > 7 || f.value > 176 {
			return 0, false
		}
		return printable(v), false
	}},
	{"decimal", func(f figureRun) (byte, bool) { return printable(f.value), false }},
	{"polybius", func(f figureRun) (byte, bool) {
		row, column := f.value/10, f.value%10
		if f.digits != 2 || row < 1 || row > 5 || column < 1 || column > 5 {
			return 0, true
		}
		return "abcdefghiklmnopqrstuvwxyz"[5*row+column-6], true
	}},
	{"numbered", func(f figureRun) (byte, bool) {
		if f.value < 1 || f.value > 26 {
			return 0, true
		}
		return byte('a' + f.value - 1), true
	}},
}

func printable(v int) byte {
	if v < ' ' || v > '~' {
		return 0
	}
	return byte(v)
}

// spellNumbers returns what numbers spell, if nearly all of it is letters.
func spellNumbers(run []figureRun, spell func(figureRun) (byte, bool)) (string, bool) {
	var out strings.Builder
	letters, wrong, usual := 0, 0, 0
	wide := false
	for i, f := range run {
		c, w := spell(f)
		wide = w
		if i > 0 && w {
			if usual == 0 {
				usual = narrowest(run[1:])
			}
			if len(f.gap) > usual {
				out.WriteByte(' ')
			}
		}
		switch {
		case c == 0:
			wrong++
			out.WriteString(strconv.Itoa(f.value))
		case letterByte(c) || c == ' ':
			letters++
			fallthrough
		default:
			out.WriteByte(c)
		}
	}
	if wide && wrong*8 > len(run) {
		return "", false
	}
	return out.String(), letters >= minNumbers && letters*10 >= len(run)*8
}

// narrowest returns the length of the shortest gap.
func narrowest(run []figureRun) int {
	n := 8
	for _, f := range run {
		n = min(n, len(f.gap))
	}
	return max(n, 1)
}
