package mask

import "strings"

// alone finds a postcode without a street in front of it: a British one, or any with a town we know.
func (a *addresser) alone(i int) {
	if a.numberFirst(i) {
		return
	}
	abroad := i > a.done && a.gap(i) == "-" && postalCountries[a.text(i-1)]
	if abroad {
		i-- // D-79100 Freiburg
	}
	end := a.postcodeEnd(i)
	if (end < 0 || !a.capital(end+1)) && a.small(i) {
		return
	}
	if end < 0 || i > 0 && strings.IndexByte(".,-/", a.v.s[a.v.words[i].start-1]) >= 0 {
		return
	}
	first := i
	switch town := end + 1; {
	case a.capital(town) && joinsStreet(a.gap(town)) && (!abroad && a.weak(i) < i || a.inTown(i, end, town)):
		end = a.townEnd(town)
	case a.british(i):
		first = a.front(a.before(i))
	case a.american(i):
		first = a.front(a.before(i - 1))
	case a.dutch(i, end) && a.capital(town) && addressGap(a.gap(town)):
		a.weak(i)
		end = a.townEnd(town)
	default:
		return
	}
	if last := a.tail(end + 1); last > end {
		end = last
	}
	a.mask(first, end, "postcode-city", 70)
	a.done = end + 1
}

// postalCountries stand, as cars have them, in front of postcodes.
var postalCountries = exactly("A B CH CZ D DK E F FIN H I L N NL P PL S SK")

// american knows IL 62704 and IL 62704-1234.
func (a *addresser) american(i int) bool {
	s := a.text(i)
	return i > 1 && len(s) == 5 && countDigits(s) == 5 && a.gap(i) == " " && stateCodes[a.text(i-1)] && a.capital(i-2) &&
		len(a.gap(i-1)) <= 2
}

// dutch knows the postcode 1234 AB, or 1234AB, from word i to end, on a line of its own or between commas.
func (a *addresser) dutch(i, end int) bool {
	return strings.ContainsAny(a.gap(i), ",\n") && (end == i && len(a.text(i)) == 6 || end == i+1 && len(a.text(i)) == 4 && len(a.text(end)) == 2)
}

// inTown says whether the postcode from word i to end may be one of the town at word k.
func (a *addresser) inTown(i, end, k int) bool {
	digits := a.v.words[k].city()
	s := a.text(i)
	if i == end && len(s) == 4 && countDigits(s) == 4 {
		return digits == 4 && s[:2] != "19" && s[:2] != "20" // rather a year
	}
	return digits > 0
}

// british knows SW1A 1AA, in capitals.
func (a *addresser) british(i int) bool {
	if i+1 >= len(a.v.words) || a.gap(i+1) != " " {
		return false
	}
	out, in := a.text(i), a.text(i+1)
	return 2 <= len(out) && len(out) <= 4 && isUpper(out[0]) && countDigits(out) > 0 &&
		len(in) == 3 && isDigit(in[0]) && isUpper(in[1]) && isUpper(in[2])
}

// place returns the words of the postcode and town at word k, behind a street, in either order; to is -1 if
// there is none.
func (a *addresser) place(k int) (from, to int) {
	if k >= len(a.v.words) || len(a.gap(k)) > 6 || strings.Trim(a.gap(k), " ,\r\n-|·") != "" && !a.unitGap(k) {
		return k, -1
	}
	code := a.postcodeEnd(k)
	if code < 0 {
		return k, a.townFirst(k)
	}
	if a.capital(code+1) && (joinsStreet(a.gap(code+1)) || a.gap(code+1) == ", " || a.gap(code+1) == "\n" && a.dutch(k, code)) {
		return k, a.province(a.townEnd(code + 1))
	}
	return k, code
}

// province steps over the code of an Italian province in brackets behind the town that ends with word k: Cloz (TN).
func (a *addresser) province(k int) int {
	if s := strings.TrimPrefix(a.v.s[a.v.words[k].end:], "'"); len(s) >= 5 && s[:2] == " (" && isUpper(s[2]) && isUpper(s[3]) && s[4] == ')' && k+1 < len(a.v.words) {
		return k + 1
	}
	if k+1 < len(a.v.words) && a.gap(k+1) == " (" && a.capital(k+1) && strings.HasPrefix(a.v.s[a.v.words[k+1].end:], ")") {
		return k + 1 // Mijas Costa (Málaga)
	}
	return k
}

// townFirst returns the last word of a town and the code behind it, British or American: London NW1 6XE,
// Springfield, IL 62704.
func (a *addresser) townFirst(k int) int {
	for j := k; j < len(a.v.words) && j-k < 4 && (j == k || len(a.gap(j)) <= 2); j++ {
		if j > k && a.british(j) {
			return j + 1
		}
		if j > k && j+1 < len(a.v.words) && len(a.gap(j+1)) <= 2 && stateCodes[a.text(j)] {
			if code := a.postcodeEnd(j + 1); code > 0 {
				return code
			}
			return j
		}
		if code := a.postcodeEnd(j); j > k && code >= j && (len(a.text(j)) > 2 || code > j) {
			return code // Springfield 62704, Toronto M5V 2T6
		}
		if s := a.text(j); j > k && len(s) == 6 && countDigits(s) == 6 {
			return j // Mumbai 400001
		}
		if !a.capital(j) {
			return -1
		}
	}
	return -1
}

// townEnd returns the last word of the name of the town at word k: over hyphens and particles, and one more
// word where the line or the phrase ends behind it. In German any noun that follows has a capital.
func (a *addresser) townEnd(k int) int {
	end := k
	for j := k + 1; j < len(a.v.words) && j-k < 5 && joinsStreet(a.gap(j)); j++ {
		w := a.v.words[j]
		if a.gap(j) == ". " && len(a.text(j-1)) > 3 {
			return end // a sentence, not St. Gallen
		}
		switch {
		case a.gap(j) == "'" || a.gap(j) == "’":
			end = j // Brec'h
		case a.capital(j) && (a.gap(j) != " " || j > end+1 || a.phraseEnds(j) || a.province(j) > j || j == end+1 && a.town(j) && !w.on(titles)):
			end = j
		case a.gap(j) == "-":
			end = j // Cossy-près-Alber
		case !w.on(particles) && !w.on(townParticles):
			return end
		}
	}
	return end
}

// phraseEnds says whether something other than a space follows word j.
func (a *addresser) phraseEnds(j int) bool {
	end := a.v.words[j].end
	return end == len(a.v.s) || a.v.s[end] != ' '
}

// postcodeEnd returns the last word of the postcode at word k, or -1.
func (a *addresser) postcodeEnd(k int) int {
	s, next := a.text(k), ""
	if k+1 < len(a.v.words) && len(a.gap(k+1)) == 1 {
		next = a.text(k + 1)
	}
	digits, more := countDigits(s), countDigits(next)
	capitals := func(s string) bool { return len(s) == 2 && isUpper(s[0]) && isUpper(s[1]) }
	switch {
	case digits == 4 && len(s) == 4 && capitals(next): // 1234 AB
		return k + 1
	case digits == 4 && len(s) == 6 && capitals(s[4:]): // 1234AB
		return k
	case digits == 3 && len(s) == 3 && more == 2 && len(next) == 2: // 114 55
		return k + 1
	case digits == 2 && len(s) == 2 && more == 3 && len(next) == 3 && a.gap(k+1) == "-": // 00-950
		return k + 1
	case (digits == 4 || digits == 5) && len(s) == digits && more == 3 && len(next) == 3 && a.gap(k+1) == "-": // 1000-205, 68145-384
		return k + 1
	case irish(s, next):
		return k + 1
	case digits == 5 && len(s) == 5 && more == 4 && len(next) == 4 && a.gap(k+1) == "-": // 62704-1234
		return k + 1
	case canadian(s, next):
		return k + 1
	case len(s) == 6 && canadian(s[:3], s[3:]): // K1A0B1
		return k
	case (digits == 4 || digits == 5) && len(s) == digits: // 10115
		return k
	case len(s) <= 2 && isUpper(s[0]) && more == len(next) && more >= 4: // D-10115
		return k + 1
	case a.british(k):
		return k + 1
	}
	return -1
}

// irish knows D02 AF30.
func irish(s, next string) bool {
	return len(s) == 3 && len(next) == 4 && isUpper(s[0]) && isDigit(s[1]) && (isDigit(s[2]) || s[2] == 'W') &&
		isUpper(next[0]) && strings.ToUpper(next) == next
}

// canadian knows K1A 0B1.
func canadian(s, next string) bool {
	return len(s) == 3 && len(next) == 3 && isUpper(s[0]) && isDigit(s[1]) && isUpper(s[2]) && isDigit(next[0]) && isUpper(next[1]) &&
		isDigit(next[2])
}

func countDigits(s string) (n int) {
	for i := range len(s) {
		if isDigit(s[i]) {
			n++
		}
	}
	return n
}
