package mask

import "strings"

// unit returns the last word of a flat, a suite or a floor at word k, -1 if there is none: Apt. 4, scala B, Suite 12B,
// 3. OG links, 34th Floor, 3º B, bajo izquierda.
func (a *addresser) unit(k int) int {
	switch w := &a.v.words[k]; {
	case w.on(flatWords) && k+1 < len(a.v.words) && unitDots(a.gap(k+1)) && a.unitCode(k+1):
		return a.side(k + 1)
	case w.on(flatSides):
		return a.side(k)
	case a.v.words[k].shape&hasDigit == 0 || k == 0:
		return -1
	case k+1 < len(a.v.words) && len(a.text(k)) <= 5 && a.v.words[k+1].on(floorWords) && floorGap(a.gap(k+1)):
		return a.side(k + 1)
	case k+1 < len(a.v.words) && a.gap(k+1) == "." && countDigits(a.text(k)) == len(a.text(k)) && len(a.text(k)) <= 2 && ordinalLetter[a.text(k+1)]:
		return a.side(k + 1) // 5.º C
	case a.numeral(k):
		return a.side(k)
	}
	return -1
}

// units returns the last word of the flats and floors behind word last, which is last where there are none.
func (a *addresser) units(last int) int {
	for range 4 {
		if last+1 >= len(a.v.words) || !a.unitGap(last+1) {
			return last
		}
		next := a.unit(last + 1)
		if next < 0 {
			return last
		}
		last = next
	}
	return last
}

// unitsBefore returns the first word of the flats and floors that stand, between commas, in front of word i.
func (a *addresser) unitsBefore(i int) int {
	for range 3 {
		k := i - 1
		for k > a.done && i-k < 4 && !strings.ContainsAny(a.gap(k), ",\n") {
			k--
		}
		if k <= a.done || a.unit(k) != i-1 || !strings.ContainsAny(a.gap(i), ",\n") {
			return i
		}
		i = k
	}
	return i
}

// unitGap says whether an address may go on with word i: behind an abbreviation, or a number, over a full stop too.
func (a *addresser) unitGap(i int) bool {
	gap := a.gap(i)
	if before := a.v.words[i-1]; len(gap) > 1 && gap[0] == '.' && (before.on(flatSides) || before.on(floorWords) || before.shape&hasDigit != 0 && gap[1] != ' ') {
		gap = gap[1:] // utca 48., H-9792
	}
	return addressGap(gap)
}

// unitDots says whether a number may follow the word for a flat over what stands in between: Apt. #4, nave 7.
func unitDots(gap string) bool { return len(gap) <= 3 && strings.Trim(gap, " .:#º°-") == "" }

func floorGap(gap string) bool { return len(gap) <= 3 && strings.Trim(gap, " .-º°ª") == "" }

// unitCode says whether word k is the number of a flat: 4, 12B, A02, II, B.
func (a *addresser) unitCode(k int) bool {
	w := a.v.words[k]
	size := w.end - w.start
	switch {
	case w.shape&hasDigit != 0:
		return size <= 6
	case size == 1:
		return w.shape&firstUpper != 0 || a.closes(k)
	}
	return w.shape&firstUpper != 0 && w.on(romanNumerals)
}

// numeral knows 3º, 2ª, 1a, 4n: a floor in Spain and its neighbours.
func (a *addresser) numeral(k int) bool {
	s := a.text(k)
	if n := countDigits(s); n == 0 || n > 2 || len(s) > 4 || !isDigit(s[0]) {
		return false
	}
	end := a.v.words[k].end
	switch s = strings.TrimLeft(s, "0123456789"); s {
	case "º", "ª", "a", "o", "n", "r", "t", "è":
		return true
	case "":
		rest := a.v.s[end:]
		return strings.HasPrefix(rest, "º") || strings.HasPrefix(rest, "ª") || strings.HasPrefix(rest, ".º") || strings.HasPrefix(rest, ".ª") ||
			strings.HasPrefix(rest, "°") && (k+1 == len(a.v.words) || len(a.text(k+1)) == 1)
	}
	return false
}

// ordinalLetter are the ends of Spanish numbers as the view has them: º is o there.
var ordinalLetter = map[string]bool{"o": true, "a": true, "er": true}

// side steps over what follows a floor: links, izq., B.
func (a *addresser) side(k int) int {
	if k+1 >= len(a.v.words) || len(a.gap(k+1)) > 5 || strings.Trim(a.gap(k+1), " .,º°ª") != "" {
		return k
	}
	w := a.v.words[k+1]
	switch {
	case w.on(flatSides):
		return k + 1
	case w.end-w.start == 1 && w.shape&firstUpper != 0 && !strings.Contains(a.gap(k+1), ", "):
		return k + 1
	}
	return k
}
