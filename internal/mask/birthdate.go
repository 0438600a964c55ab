package mask

import "strings"

// date masks the date that begins at word i if it is somebody's birthday: a word of birth stands in front of it,
// or it is so long ago that hardly anything else is meant by a full date.
func (f *facts) date(i int) {
	if i < f.done {
		return
	}
	last, year := f.readDate(i)
	if last < 0 {
		return
	}
	switch {
	case f.ofBirth(i):
		f.report(i, last, DATE, "birth-date", 80)
	case oldestYear <= year && year <= youngestYear && !f.ofCompany(i):
		f.report(i, last, DATE, "old-date", 65)
	case f.ofPeople(i) && !f.doing() && f.dated(i, last):
		f.report(i, last, DATE, "date-said", 60)
	default:
		return
	}
	f.done = last + 1
}

// dated says whether a date has a month in words or a year.
func (f *facts) dated(i, last int) bool {
	return last > i && (f.is(i, isMonthName) || f.is(i+1, isMonthName) || f.is(i+2, isMonthName) && last >= i+2 || f.v.words[i+1].shape&hasDigit != 0)
}

// Years of birth of those who may buy without their parents. Full dates of these years are rarely anything else
// in a shop.
const (
	oldestYear   = 1905
	youngestYear = 2010
)

// readDate returns the last word of the date at word i and its year, 0 if it has none; -1 where no date is.
func (f *facts) readDate(i int) (last, year int) {
	switch {
	case f.v.words[i].shape&hasDigit != 0 && i+2 < len(f.v.words) && f.v.words[i+1].shape&hasDigit != 0:
		return f.readNumbers(i)
	case f.v.words[i].shape&hasDigit != 0:
		return f.readDayFirst(i)
	case i+1 < len(f.v.words):
		return f.readMonthFirst(i)
	}
	return -1, 0
}

// readNumbers reads 3.2.1980, 3/2/80, 1980-02-03.
func (f *facts) readNumbers(i int) (last, year int) {
	g, h := f.gap(i+1), f.gap(i+2)
	if len(g) > 2 || strings.Trim(g, "./- ") != "" || strings.Trim(h, "./- ") != "" || len(h) > 2 || g == " " || f.glued(i, i+2) {
		return -1, 0
	}
	a, b, c := f.text(i), f.text(i+1), f.text(i+2)
	if k := strings.IndexByte(c, 'T'); k == 2 {
		c = c[:2] // 1980-02-03T00:00
	}
	switch {
	case isDay(a, b, c):
		return i + 2, atoi(c)
	case isDay(b, c, a):
		return i + 2, atoi(a)
	case len(c) == 2 && len(a) <= 2 && len(b) <= 2 && isDay(a, b, "19"+c):
		return i + 2, 0
	}
	return -1, 0
}

// glued says whether digits go on at either end.
func (f *facts) glued(first, last int) bool {
	start, end := f.v.words[first].start, f.v.words[last].end
	const more = "./-"
	return start > 1 && strings.IndexByte(more, f.v.s[start-1]) >= 0 && isDigit(f.v.s[start-2]) ||
		end+1 < len(f.v.s) && strings.IndexByte(more, f.v.s[end]) >= 0 && isDigit(f.v.s[end+1])
}

// readDayFirst reads 3. Februar 1980, 3rd of February 1980, 3 de febrero de 1980.
func (f *facts) readDayFirst(i int) (last, year int) {
	if day := dayOf(f.text(i)); day == 0 {
		return -1, 0
	}
	m := i + 1
	for m < len(f.v.words) && m-i < 3 && f.v.words[m].on(dateParticles) {
		m++
	}
	if !f.is(m, isMonthName) || len(f.gap(m)) > 2 {
		return -1, 0
	}
	return f.readYear(m)
}

// readMonthFirst reads February 3, 1980.
func (f *facts) readMonthFirst(i int) (last, year int) {
	if dayOf(f.text(i+1)) == 0 || len(f.gap(i+1)) > 2 || f.v.words[i].shape&firstUpper == 0 {
		return -1, 0
	}
	return f.readYear(i + 1)
}

// readYear reads the year behind the rest of a date, which ends with word m.
func (f *facts) readYear(m int) (last, year int) {
	y := m + 1
	if y < len(f.v.words) && f.v.words[y].on(dateParticles) {
		y++
	}
	if y < len(f.v.words) && len(f.gap(y)) <= 2 && !strings.Contains(f.gap(y), "\n") {
		if s := f.text(y); len(s) == 4 && countDigits(s) == 4 && atoi(s) >= 1900 && atoi(s) < 2100 {
			return y, atoi(s)
		}
	}
	return m, 0
}

var dateParticles = listOf("of de del di den the")

// dayOf reads 3, 03, 3rd; 0 for what is no day.
func dayOf(s string) int {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	switch s[n:] {
	case "", "st", "nd", "rd", "th", "er", "e", "a", "º", "ro":
	default:
		return 0
	}
	if d := atoi(s[:n]); n <= 2 && 1 <= d && d <= 31 {
		return d
	}
	return 0
}

// ofBirth says whether one of the words in front of a date speaks of birth.
func (f *facts) ofBirth(i int) bool {
	for k := i - 1; k >= 0 && i-k <= 6 && f.v.words[i].start-f.v.words[k].end < 48; k-- {
		if f.v.words[k].on(birthWords) {
			return true
		}
		if gap := f.gap(k + 1); strings.ContainsAny(gap, "!?;\n") && k < i-1 {
			return false
		}
	}
	return false
}

// ofCompany says whether a date is that of a founding or a release.
func (f *facts) ofCompany(i int) bool {
	for k := max(0, i-4); k < i; k++ {
		if f.is(k, isFounded) || f.v.words[k].on(otherLabels) {
			return true
		}
	}
	return false
}
