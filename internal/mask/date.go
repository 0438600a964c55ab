package mask

import "strings"

// looksDated knows dates and times written in digits.
func looksDated(s string) bool {
	groups := strings.FieldsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	for _, g := range groups {
		if len(g) == 8 && (isDay(g[:2], g[2:4], g[4:]) || isDay(g[6:], g[4:6], g[:4])) {
			return true
		}
	}
	for i := 0; i+2 < len(groups); i++ {
		if isDay(groups[i], groups[i+1], groups[i+2]) || isDay(groups[i+2], groups[i+1], groups[i]) {
			return true
		}
	}
	return false
}

// isDay says whether day and month, in either order, and a year are a date of our times.
func isDay(day, month, year string) bool {
	if countDigits(day) != len(day) || countDigits(month) != len(month) || countDigits(year) != len(year) {
		return false
	}
	d, m, y := atoi(day), atoi(month), atoi(year)
	return len(year) == 4 && 1 <= d && d <= 31 && 1 <= m && m <= 31 && min(d, m) <= 12 && 1900 <= y && y < 2100
}

// atoi reads a few digits.
func atoi(s string) (n int) {
	if len(s) > 6 || s == "" {
		return -1
	}
	for i := range len(s) {
		n = n*10 + int(s[i]-'0')
	}
	return n
}
