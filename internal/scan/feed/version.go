package feed

import "strings"

// Compare orders two versions the way PHP's version_compare does: -1, 0 or 1. Parts are split at
// dots, dashes, pluses and between digits and letters; numbers beat words, and the words dev, alpha,
// beta, RC and pl have an order of their own.
func Compare(a, b string) int {
	x, y := parts(a), parts(b)
	for i := 0; i < len(x) && i < len(y); i++ {
		if c := comparePart(x[i], y[i]); c != 0 {
			return c
		}
	}
	switch {
	case len(x) > len(y):
		return surplus(x[len(y)])
	case len(y) > len(x):
		return -surplus(y[len(x)])
	}
	return 0
}

// surplus is the weight of a part the other version does not have: a number makes it later, a word
// such as beta earlier.
func surplus(part string) int {
	if digit(part[0]) {
		return 1
	}
	return comparePart(part, "#N#")
}

func comparePart(a, b string) int {
	switch {
	case digit(a[0]) && digit(b[0]):
		return compareNumbers(a, b)
	case digit(a[0]):
		return compareWords("#N#", b)
	case digit(b[0]):
		return compareWords(a, "#N#")
	}
	return compareWords(a, b)
}

func compareNumbers(a, b string) int {
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	if len(a) != len(b) {
		return sign(len(a) - len(b))
	}
	return strings.Compare(a, b)
}

// compareWords orders known words; a word nobody knows comes before all of them.
func compareWords(a, b string) int { return sign(order(a) - order(b)) }

func order(word string) int {
	for i, w := range []string{"dev", "alpha", "a", "beta", "b", "RC", "rc", "c", "#", "pl", "p"} {
		if strings.HasPrefix(word, w) {
			return []int{0, 1, 1, 2, 2, 3, 3, 3, 4, 5, 5}[i]
		}
	}
	return -1
}

func sign(n int) int {
	switch {
	case n < 0:
		return -1
	case n > 0:
		return 1
	}
	return 0
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// parts splits a version where its kind of character changes.
func parts(v string) []string {
	var out []string
	from := 0
	flush := func(to int) {
		if to > from {
			out = append(out, v[from:to])
		}
	}
	for i := range len(v) {
		switch c := v[i]; {
		case c == '.' || c == '-' || c == '_' || c == '+':
			flush(i)
			from = i + 1
		case i > from && digit(c) != digit(v[i-1]):
			flush(i)
			from = i
		}
	}
	flush(len(v))
	return out
}
