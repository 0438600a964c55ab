package mask

import "strings"

// small masks an address that is written in small letters, as in chats, in front of the postcode at word i: rosenweg 3 in
// 79098 freiburg, 27 ferndale crescent, uxbridge ub8 2ax. A house number must stand there, and a word for a street where
// the code is nothing but digits.
func (a *addresser) small(i int) bool {
	end, sure := a.smallCode(i)
	if gap := a.gap(i); end < 0 || i-1 <= a.done || gap != " " && gap != ", " {
		return false
	}
	first, street := a.smallStreet(i)
	if first < 0 || !street && !sure {
		return false
	}
	if town := end + 1; town < len(a.v.words) && !a.britishSmall(i) && len(a.gap(town)) <= 2 && addressGap(a.gap(town)) {
		w := a.v.words[town]
		if w.shape&hasDigit == 0 && w.end-w.start > 2 && !w.on(smallWords) && !w.on(particles) {
			end = town
		}
	}
	a.mask(first, end, "small-letters", 65)
	a.done = end + 1
	return true
}

// smallCode returns the last word of a postcode at word i in small letters or digits, -1 if there is none, and whether hardly
// anything else looks like it.
func (a *addresser) smallCode(i int) (end int, sure bool) {
	s := a.text(i)
	digits := countDigits(s)
	switch {
	case i > 0 && a.gap(i) == " " && len(a.text(i-1)) >= 4 && countDigits(a.text(i-1)) == len(a.text(i-1)):
		return -1, false // the groups of a card
	case a.britishSmall(i):
		return i + 1, true
	case i+1 < len(a.v.words) && len(a.gap(i+1)) <= 1 && digits == 4 && len(s) == 4 && s[0] != '0':
		if next := a.text(i + 1); s[:2] != "19" && s[:2] != "20" && len(next) == 2 && countDigits(next) == 0 && a.gap(i+1) == " " && !a.v.words[i+1].on(smallWords) && !a.v.words[i+1].on(particles) {
			return i + 1, true // 5613 ab
		}
	case digits == 4 && len(s) == 6 && countDigits(s[:4]) == 4 && s[0] != '0':
		return i, true // 5613ab
	case digits == 5 && len(s) == 5:
		return i, false
	}
	if next := a.nextDigits(i); digits == 2 && len(s) == 2 && next == 3 && a.gap(i+1) == "-" {
		return i + 1, true // 18-400
	} else if digits == 3 && len(s) == 3 && next == 2 && a.gap(i+1) == " " {
		return i + 1, false // 113 32
	}
	return -1, false
}

// nextDigits returns how many digits the word behind word i is made of.
func (a *addresser) nextDigits(i int) int {
	if i+1 < len(a.v.words) && countDigits(a.text(i+1)) == len(a.text(i+1)) {
		return len(a.text(i + 1))
	}
	return 0
}

// britishSmall knows ub8 2ax.
func (a *addresser) britishSmall(i int) bool {
	if i+1 >= len(a.v.words) || a.gap(i+1) != " " {
		return false
	}
	out, in := a.text(i), a.text(i+1)
	return 2 <= len(out) && len(out) <= 4 && isLetter(out[0]) && isDigit(out[len(out)-1]) && countDigits(out) <= 2 &&
		len(in) == 3 && isDigit(in[0]) && isLetter(in[1]) && isLetter(in[2])
}

// smallStreet returns the first word of the street with its number in front of the postcode at word i, -1 if there is none,
// and whether a word for a street is among its words.
func (a *addresser) smallStreet(i int) (first int, street bool) {
	first = -1
	number := -1
	for k := i - 1; k >= a.done && i-k <= 9 && a.smallGap(k+1); k-- {
		w := a.v.words[k]
		switch {
		case w.shape&hasDigit != 0:
			if !a.houseNumber(k) && !a.numeral(k) && !isOrdinal(a.text(k)) {
				return first, street
			}
			if number > k && !street {
				first = -1 // that was a flat
			}
			number = k
			if street || first < 0 && i-k >= 3 {
				first = k // 27 ferndale crescent
			}
		case a.smallStreetWord(k):
			street = true
			if number > k {
				first = k // rosenweg 3, calle del pez 8
			} else if k > 0 && k > a.done && a.houseNumber(k-1) && len(a.gap(k)) <= 2 {
				return k - 1, true // 25 avenue jean jaurès
			}
			if number > k && (w.on(streetStarts) || w.on(streetMiddles)) {
				return first, true
			}
		case w.on(livesWords) || w.on(streetStop):
			return first, street
		case number == k+1 && first < 0 && !w.on(smallWords) && !w.on(particles):
			first = k // korenbloem 17
		case first == k+1 && number > k && !street && w.on(smallArticles):
			first = k // de korenbloem
		case first == k+1 && number > k && !street && (w.on(particles) || w.end-w.start > 3) && !w.on(smallWords) && !w.on(livesFiller):
			first = k // wojska polskiego 23
		}
	}
	if number < 0 {
		return -1, false
	}
	return first, street
}

// streetStop are words in front of an address that are no part of it.
var streetStop = listOf("wohn wohnt wohne an nach to at ship send parcel went paket pakje colis paquete pacco paczka paketet adres adress adresse address dirección indirizzo direccion poszła gick")

var smallArticles = listOf("de het den la el las los les le der die")

// smallGap says whether an address in small letters goes on over what stands in front of word i.
func (a *addresser) smallGap(i int) bool {
	gap := a.gap(i)
	if gap == "." && a.v.words[i-1].shape&hasDigit != 0 {
		return false // a date
	}
	return len(gap) <= 3 && strings.Trim(gap, " ,/-'’.º") == "" && (strings.IndexByte(gap, '.') < 0 || len(a.text(i-1)) <= 5)
}

// smallStreetWord says whether word k is, or ends as, a word for a street.
func (a *addresser) smallStreetWord(k int) bool {
	w := &a.v.words[k]
	if w.on(streetStarts) || w.on(streetMiddles) || w.on(streetTails) {
		if w.on(startsDotted) && !strings.HasPrefix(a.gap(k+1), ".") {
			return false // al 91 555
		}
		return w.end-w.start > 1
	}
	s := strings.ToLower(a.text(k))
	for _, end := range streetEnds {
		if len(end) >= 3 && len(s) > len(end)+2 && strings.HasSuffix(s, end) {
			return true
		}
	}
	return false
}
