package mask

import "strings"

// A German street is one word ("Hauptstraße 5"), a French one is a phrase behind its number ("12, rue de la
// Paix"), an Italian one a phrase in front of it ("Via Roma 12"): four grammars cover the eight languages.

// street returns the first and last word of the street at word i; last is -1 if there is none.
func (a *addresser) street(i int) (first, last int) {
	w := a.v.words[i]
	switch {
	case w.shape&(hasLetter|hasDigit) == hasLetter && a.houseNumber(i+1) && a.endsStreet(i):
		return a.compound(i)
	case streetPosts[w.hash] && i > 0 && a.capital(i-1) && a.gap(i) == " " && a.houseNumber(i+1) && a.gap(i+1) == " " && !a.capital(i):
		for first = i - 1; first > 0 && i-first < 3 && a.capital(first-1) && joinsStreet(a.gap(first)) && !livesWords[a.v.words[first-1].hash]; {
			first--
		}
		return first, a.numberEnd(i + 1)
	case streetStarts[w.hash] || strings.EqualFold(a.text(i), "c") && strings.HasPrefix(a.gap(i+1), "/") || a.text(i) == "C" && a.gap(i+1) == ". ":
		return i, a.named(i)
	case a.houseNumber(i):
		return i, a.numbered(i)
	}
	return i, -1
}

// compound reads a street that is one word or ends in one, and its house number.
func (a *addresser) compound(i int) (first, last int) {
	gap := a.gap(i + 1)
	if gap != "." && gap != ". " && (len(gap) > 2 || strings.Trim(gap, " ,\n") != "") {
		return i, -1
	}
	for first = i; first > 0 && i-first < 3 && a.extends(first, i); {
		first--
	}
	if first == i && isStreetWord(a.text(i)) {
		return i, -1 // "Platz 5" is a rank
	}
	return first, a.numberEnd(i + 1)
}

// extends says whether the word before first belongs to the street that ends with word i: Kaiser-Wilhelm-Ring,
// Berliner Straße, but not Album Platz 3.
func (a *addresser) extends(first, i int) bool {
	before, gap := a.text(first-1), a.gap(first)
	if !joinsStreet(gap) {
		return false
	}
	if !a.capital(first - 1) {
		return particles[a.v.words[first-1].hash] && first > 1 && streetFirsts[a.v.words[first-2].hash]
	}
	if gap == "-" || streetFirsts[a.v.words[first-1].hash] {
		return true
	}
	word := a.text(i)
	return isStreetWord(word) && (len(word) > 5 || len(word) == 3 || strings.HasSuffix(before, "er"))
}

// endsStreet says whether word i ends as streets do. Short endings are those of other words too: there a
// capital is asked for.
func (a *addresser) endsStreet(i int) bool {
	s := strings.ToLower(a.text(i))
	for _, end := range streetEnds {
		if strings.HasSuffix(s, end) && (len(s) > len(end)+1 || s == end) && (a.capital(i) || len(end) > 4) {
			return !roads[a.v.words[i].hash]
		}
	}
	return false
}

// isStreetWord says whether a word is nothing but a street word.
func isStreetWord(s string) bool {
	s = strings.ToLower(s)
	for _, end := range streetEnds {
		if s == end {
			return true
		}
	}
	return false
}

// named reads a street word, a name of capitalised words and a house number; it returns the last word.
func (a *addresser) named(i int) int {
	capital := false
	for k := i + 1; k < len(a.v.words) && k-i < 8; k++ {
		w, gap := a.v.words[k], a.gap(k)
		if len(gap) > 3 || strings.Trim(gap, " .,/'’-º") != "" {
			return -1
		}
		switch {
		case capital && a.houseNumber(k):
			return a.numberEnd(k)
		case a.capital(k) && (a.mixedCase(k) || !a.mixedCase(i)): // via Roma, VIA ROMA; not via DHL
			capital = true
		case w.shape.digits() && k == i+1, particles[w.hash], numberWords[w.hash], capital && firmAnds[w.hash]:
		default:
			return -1
		}
	}
	return -1
}

// mixedCase says whether word k has small letters, or is a Roman number, where this says nothing.
func (a *addresser) mixedCase(k int) bool {
	w := a.v.words[k]
	return w.shape&restUpper == 0 || w.shape&restLower != 0 || romanNumerals[w.hash]
}

var romanNumerals = hashes("ii iii iv vi vii viii ix xi xii xx")

// numbered reads a house number and the street behind it, French or English; it returns the last word.
func (a *addresser) numbered(i int) int {
	k := i + 1
	for k < len(a.v.words) && k-i < 3 && (houseSuffixes[a.v.words[k].hash] || k == i+1 && a.gap(k) == "-" && a.houseNumber(k)) {
		k++
	}
	if k >= len(a.v.words) || strings.Trim(a.gap(k), " ,") != "" || len(a.gap(k)) > 2 {
		return -1
	}
	if streetMiddles[a.v.words[k].hash] {
		if end := a.nameEnd(k + 1); end > k {
			return end
		}
	}
	for j := k; j < len(a.v.words) && j-k < 4 && (j == k || joinsStreet(a.gap(j))); j++ {
		if j > k && streetTails[a.v.words[j].hash] || j > k && softTails[a.v.words[j].hash] && a.capital(j) && a.closes(j) {
			return a.flatEnd(a.suffix(j))
		}
		if !a.capital(j) && !(j == k && isOrdinal(a.text(j))) {
			return -1
		}
	}
	return -1
}

// closes says whether an address goes on, or the line ends, behind word j.
func (a *addresser) closes(j int) bool {
	if j+1 >= len(a.v.words) || strings.ContainsAny(a.gap(j+1), ",\n") {
		return true
	}
	return flatWords[a.v.words[j+1].hash] && j+2 < len(a.v.words) && a.v.words[j+2].shape&hasDigit != 0
}

// suffix steps over a direction behind a street: 12 Main Street NW.
func (a *addresser) suffix(j int) int {
	if j+1 < len(a.v.words) && len(a.gap(j+1)) <= 2 && directions[a.text(j+1)] {
		return j + 1
	}
	return j
}

var directions = exactly("N S E W NE NW SE SW North South East West")

// isOrdinal knows 5th and 42nd.
func isOrdinal(s string) bool {
	n := countDigits(s)
	if n == 0 || n > 3 || len(s) != n+2 {
		return false
	}
	switch s[n:] {
	case "st", "nd", "rd", "th":
		return true
	}
	return false
}

// numberless masks a street without a number whose street word stands first, if a postcode and a town follow: rue de
// Mercier, 33983 Dupuy.
func (a *addresser) numberless(i int) bool {
	if !streetMiddles[a.v.words[i].hash] && !streetStarts[a.v.words[i].hash] {
		return false
	}
	end := a.nameEnd(i + 1)
	if end > 0 && end+1 < len(a.v.words) && strings.Trim(a.gap(end+1), " ,") == "" && a.houseNumber(end+1) && a.postcodeEnd(end+1) != end+1 {
		end++ // rue Fontaine 6, as in Switzerland
	}
	if end < 0 || end+2 >= len(a.v.words) || !strings.ContainsAny(a.gap(end+1), ",\n") || a.postcodeEnd(end+1) < 0 {
		return false
	}
	if from, to := a.place(end + 1); to <= a.postcodeEnd(from) {
		return false
	}
	a.whole(i, end, "street")
	a.above(i)
	return true
}

// nameEnd returns the last word of the street name that begins at word k, -1 if there is none.
func (a *addresser) nameEnd(k int) int {
	end := -1
	for j := k; j < len(a.v.words) && j-k < 7 && joinsStreet(a.gap(j)); j++ {
		w := a.v.words[j]
		switch {
		case a.capital(j):
			end = j
		case particles[w.hash] || w.shape.digits() && j == k:
		default:
			return end
		}
	}
	return end
}

// numberEnd steps over what follows a house number: 5 a, 5-7, 5/12, 5 m. 3.
func (a *addresser) numberEnd(k int) int {
	if k+1 >= len(a.v.words) {
		return k
	}
	w, gap := a.v.words[k+1], a.gap(k+1)
	switch {
	case (gap == "-" || gap == "/" || gap == "–") && a.houseNumber(k+1):
		k++
	case gap == " " && w.end-w.start == 1 && w.shape&hasLetter != 0 && a.gap(k+2) != " " && !flatWords[w.hash]:
		k++
	}
	return a.flatEnd(k)
}

// flatEnd steps over the number of a flat behind word k.
func (a *addresser) flatEnd(k int) int {
	if k+2 < len(a.v.words) && flatWords[a.v.words[k+1].hash] && len(a.gap(k+1)) <= 2 && !strings.Contains(a.gap(k+1), ";") && len(a.gap(k+2)) <= 2 &&
		a.v.words[k+2].shape&hasDigit != 0 {
		return k + 2
	}
	return k
}

// houseNumber says whether word i is 5, 12a, 221B.
func (a *addresser) houseNumber(i int) bool {
	if i >= len(a.v.words) || a.v.words[i].shape&hasDigit == 0 {
		return false
	}
	s := a.text(i)
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return 1 <= n && n <= 5 && (n == len(s) || n+1 == len(s) && isLetter(s[n]))
}

func joinsStreet(gap string) bool {
	return gap == " " || gap == "-" || gap == "'" || gap == "’" || gap == ". "
}

// streetSpellings returns an address line as it stands and with its street word written the other way.
func streetSpellings(line string) []string {
	for _, pair := range streetAbbreviations {
		for k := range pair {
			if i := indexFold(line, pair[k]); i >= 0 {
				return []string{line, line[:i] + pair[1-k] + line[i+len(pair[k]):]}
			}
		}
	}
	return []string{line}
}

var streetAbbreviations = [][2]string{{"straße", "str."}, {"strasse", "str."}, {"straat", "str."}, {"street", "st"},
	{"avenue", "ave"}, {"road", "rd"}, {"boulevard", "bd"}, {"ulica", "ul."}, {"platz", "pl."}}

// indexFold finds a word's ending, whatever its case.
func indexFold(s, sub string) int {
	folded := strings.ToLower(s)
	i := strings.Index(folded, sub)
	if i < 0 || len(folded) != len(s) || i+len(sub) < len(s) && isAlnum(s[i+len(sub)]) {
		return -1
	}
	return i
}
