package guard

import (
	"strconv"
	"strings"
	"unicode/utf8"
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
	for _, d := range numberCodes {
		if text, ok := codedNumbers(best, d.value); ok {
			r.add(from, d.kind, text)
			return
		}
	}
	for _, d := range numberings {
		if text, ok := spellNumbers(best, d.spell); ok {
			r.add(from, d.kind, text)
			return
		}
	}
}

// numberCodes are the ways to write bytes as numbers; a value is -1 for none.
var numberCodes = []struct {
	kind  string
	value func(f figureRun) int
}{
	{"octal", func(f figureRun) int {
		if f.digits < 2 || f.value%10 > 7 || f.value/10%10 > 7 || f.value > 377 {
			return -1
		}
		return f.value/100*64 + f.value/10%10*8 + f.value%10
	}},
	{"decimal", func(f figureRun) int { return f.value }},
}

// codedNumbers returns the text whose bytes the numbers are.
func codedNumbers(run []figureRun, value func(figureRun) int) (string, bool) {
	out, letters := make([]byte, 0, len(run)), 0
	for _, f := range run {
		v := value(f)
		if v < '\n' || v > 0xFF || v > '\n' && v < ' ' {
			return "", false
		}
		if b := byte(v); alphanumeric(b) || b == ' ' || v >= utf8.RuneSelf {
			letters++
		}
		out = append(out, byte(v))
	}
	text, ok := sentence(out)
	return text, ok && letters*20 >= len(run)*9
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

// numberings are the ways to spell with numbers.
var numberings = []struct {
	kind  string
	spell func(f figureRun) byte
}{
	{"polybius", func(f figureRun) byte {
		row, column := f.value/10, f.value%10
		if f.digits != 2 || row < 1 || row > 5 || column < 1 || column > 5 {
			return 0
		}
		return "abcdefghiklmnopqrstuvwxyz"[5*row+column-6]
	}},
	{"numbered", func(f figureRun) byte {
		if f.value < 1 || f.value > 26 {
			return 0
		}
		return byte('a' + f.value - 1)
	}},
}

// spellNumbers returns what numbers spell, if it is words. Wider gaps part them.
func spellNumbers(run []figureRun, spell func(figureRun) byte) (string, bool) {
	var out strings.Builder
	usual, wrong := narrowest(run[1:]), 0
	for i, f := range run {
		if i > 0 && len(f.gap) > usual {
			out.WriteByte(' ')
		}
		if c := spell(f); c != 0 {
			out.WriteByte(c)
			continue
		}
		wrong++
		out.WriteString(strconv.Itoa(f.value))
	}
	if wrong*8 > len(run) || !words().says(out.String()) {
		return "", false
	}
	return out.String(), true
}

// narrowest returns the length of the shortest gap.
func narrowest(run []figureRun) int {
	n := 8
	for _, f := range run {
		n = min(n, len(f.gap))
	}
	return max(n, 1)
}
