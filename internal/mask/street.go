package mask

import "strings"

// A German street is one word ("Hauptstraße 5"), a French one is a phrase behind its number ("12, rue de la
// Paix"), an Italian one a phrase in front of it ("Via Roma 12"): four grammars cover the eight languages.

// street returns the first and last word of the street at word i; last is -1 if there is none.
func (a *addresser) street(i int) (first, last int) {
	if !a.mayAddress(i) {
		return i, -1
	}
	w := a.v.words[i]
	switch {
	case w.shape&(hasLetter|hasDigit) == hasLetter && a.houseNumber(i+1) && a.endsStreet(i):
		return a.compound(i)
	case w.on(streetPosts) && i > 0 && a.capital(i-1) && a.gap(i) == " " && a.houseNumber(i+1) && a.gap(i+1) == " " && !a.capital(i):
		for first = i - 1; first > 0 && i-first < 3 && a.capital(first-1) && joinsStreet(a.gap(first)) && !a.v.words[first-1].on(livesWords); {
			first--
		}
		return first, a.numberEnd(i + 1)
	case w.on(streetOf) && (w.shape&firstUpper != 0 || i > 0 && a.v.words[i-1].on(livesWords)) && i+1 < len(a.v.words) && a.v.words[i+1].on(ofWords) && a.gap(i+1) == " ":
		return i, a.named(i)
	case granHash == w.hash && i+1 < len(a.v.words) && a.v.words[i+1].hash == viaHash && a.houseNumber(i+2):
		return i, a.numberEnd(i + 2)
	case a.text(i) == "Po" && a.v.words[min(i+1, len(a.v.words)-1)].on(particles): // Pº, as the view has it
		return i, a.named(i)
	case a.text(i) == "Av" && strings.HasPrefix(a.gap(i+1), ". "):
		return i, a.named(i)
	case w.on(shortEnds) && i > a.done && a.gap(i) == "." && len(a.text(i-1)) == 1 && !isDigit(a.text(i - 1)[0]):
		return i - 1, a.named(i)
	case w.on(startsDotted) && !strings.HasPrefix(a.gap(i+1), "."):
		return i, -1 // al Cliente
	case w.on(streetStarts) || strings.EqualFold(a.text(i), "c") && strings.HasPrefix(a.gap(i+1), "/") || a.text(i) == "C" && a.gap(i+1) == ". ":
		return i, a.named(i)
	case a.houseNumber(i):
		return i, a.numbered(i)
	case (w.on(streetTails) || w.on(softTails)) && a.houseNumber(i+1) && a.gap(i+1) == " " && i > 0 && a.capital(i) && a.capital(i-1):
		return a.tailed(i)
	case w.on(streetMiddles) && w.end-w.start > 2 && !w.on(softMiddles):
		return i, a.romance(i)
	case a.capital(i) && a.gap(i+2) == "/" && a.houseNumber(i+1) && a.polish(i):
		return i, a.numberEnd(i + 1)
	}
	return i, -1
}

// tailed reads an English street with its number behind it, if a town follows: Awarua Road 72, Birdtown.
func (a *addresser) tailed(i int) (first, last int) {
	last = a.numberEnd(i + 1)
	if !a.townFollows(last) && !(a.v.words[i].on(homeTails) && a.closes(last)) {
		return i, -1
	}
	for first = i; first > a.done && i-first < 3 && a.capital(first-1) && (a.gap(first) == " " || a.gap(first) == "-") && !a.v.words[first-1].on(notNames); {
		first--
	}
	return first, last
}

// townFollows says whether a name of a town, none of its words an everyday one, stands behind word k.
func (a *addresser) townFollows(k int) bool {
	return k+1 < len(a.v.words) && addressGap(a.gap(k+1)) && (a.capital(k+1) && a.townRun(k+1) > k || a.gap(k+1) != " " && a.unit(k+1) > k)
}

// town says whether word k may be a town's name.
func (a *addresser) town(k int) bool {
	w := a.v.words[k]
	return w.shape&hasDigit == 0 && !w.on(notNames) && !w.on(cues.words) && (w.city() > 0 || !everydayWord(w.hash))
}

// romance reads a French street with its number behind it, as in Belgium: rue Berthelot 28, Fleury. It returns the last
// word.
func (a *addresser) romance(i int) int {
	end := a.nameEnd(i + 1)
	if end < 0 || end+1 >= len(a.v.words) || a.gap(end+1) != " " && a.gap(end+1) != ", " || !a.houseNumber(end+1) || a.postcodeEnd(end+1) == end+1 {
		return -1
	}
	if last := a.numberEnd(end + 1); a.closes(last) || a.townFollows(last) {
		return last
	}
	return -1
}

// polish says whether word i is the name of a street as Polish ones end, without the word for it: Zbożowa 36/12.
func (a *addresser) polish(i int) bool {
	s := a.text(i)
	for _, end := range []string{"ego", "iej", "ska", "cka", "owa", "wna", "żna", "ych"} {
		if len(s) > len(end)+3 && strings.HasSuffix(s, end) {
			return a.townFollows(a.numberEnd(i + 1))
		}
	}
	return false
}

// softMiddles are words for French streets that mean something else too.
var softMiddles = listOf("place cours route passage côte cité square voie villa parvis av bd")

var (
	// streetOf begin a street that is a phrase, where one of ofWords follows: Straße des 17. Juni 135, Laan van Meerdervoort 501.
	streetOf = listOf("straße strasse platz weg allee ring ufer laan plein weg kade singel hof dreef park")
	ofWords  = listOf("der des am zum zur an van")
	// startsDotted begin a street only with a full stop behind them.
	startsDotted = listOf("al os pl")
	// shortEnds end an Italian word for a street, behind its first letter and a full stop: C.so, P.zza, V.le, L.go.
	shortEnds = listOf("so zza le go lo")
	granHash  = hashWord("gran")
	viaHash   = hashWord("vía")
)

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
		return a.v.words[first-1].on(particles) && first > 1 && a.v.words[first-2].on(streetFirsts)
	}
	if gap == "-" || a.v.words[first-1].on(streetFirsts) {
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
			return !a.v.words[i].on(roads)
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
		case capital && a.noNumber(k) > 0:
			return a.units(a.noNumber(k))
		case capital && a.houseNumber(k):
			return a.numberEnd(k)
		case a.capital(k) && (a.mixedCase(k) || !a.mixedCase(i)): // via Roma, VIA ROMA; not via DHL
			capital = true
		case w.shape.digits() && (k == i+1 || a.v.words[k-1].on(ofWords)), w.on(particles), w.on(numberWords), capital && w.on(firmAnds), w.on(streetInside), w.on(ofWords):
		default:
			return -1
		}
	}
	return -1
}

// noNumber returns the last word of what is said where a house has no number, s/n and snc; 0 where it is not said.
func (a *addresser) noNumber(k int) int {
	switch s := a.text(k); {
	case s == "snc" || s == "SNC":
		return k
	case (s == "s" || s == "S") && a.gap(k+1) == "/" && strings.EqualFold(a.text(k+1), "n"):
		return k + 1
	}
	return 0
}

// mixedCase says whether word k has small letters, or is a Roman number, where this says nothing.
func (a *addresser) mixedCase(k int) bool {
	w := a.v.words[k]
	return w.shape&restUpper == 0 || w.shape&restLower != 0 || w.on(romanNumerals)
}

var romanNumerals = listOf("ii iii iv vi vii viii ix xi xii xx")

// numbered reads a house number and the street behind it, French or English; it returns the last word.
func (a *addresser) numbered(i int) int {
	k := i + 1
	for k < len(a.v.words) && k-i < 3 && (a.v.words[k].on(houseSuffixes) || k == i+1 && a.gap(k) == "-" && a.houseNumber(k)) {
		k++
	}
	if k >= len(a.v.words) || strings.Trim(a.gap(k), " ,") != "" || len(a.gap(k)) > 2 {
		return -1
	}
	if a.v.words[k].on(streetMiddles) {
		if end := a.nameEnd(k + 1); end > k {
			return end
		}
	}
	for j := k; j < len(a.v.words) && j-k < 4 && (j == k || joinsStreet(a.gap(j))); j++ {
		if j > k && a.v.words[j].on(streetTails) || j > k && a.v.words[j].on(softTails) && a.capital(j) && (a.closes(j) || a.ledTo(i) || len(a.text(i)) > 1 && a.townFollows(j)) {
			return a.flatEnd(a.suffix(j))
		}
		if !a.capital(j) && !(j <= k+1 && isOrdinal(a.text(j))) {
			return -1
		}
	}
	return -1
}

// closes says whether an address goes on, or the line ends, behind word j.
func (a *addresser) closes(j int) bool {
	if j+1 >= len(a.v.words) || strings.ContainsAny(a.gap(j+1), ",\n") || strings.HasPrefix(a.gap(j+1), ". ") {
		return true
	}
	return a.v.words[j+1].on(flatWords) && j+2 < len(a.v.words) && a.v.words[j+2].shape&hasDigit != 0
}

// ledTo says whether "at" or "to" stands in front of the house number at word i, of two digits at least.
func (a *addresser) ledTo(i int) bool {
	return i > 0 && len(a.text(i)) > 1 && a.gap(i) == " " && a.v.words[i-1].on(leadsTo)
}

var leadsTo = listOf("at to")

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
	if !a.v.words[i].on(streetMiddles) && !a.v.words[i].on(streetStarts) {
		return false
	}
	end := a.nameEnd(i + 1)
	if end > 0 && end+1 < len(a.v.words) && strings.Trim(a.gap(end+1), " ,") == "" && a.houseNumber(end+1) && a.postcodeEnd(end+1) != end+1 {
		end++ // rue Fontaine 6, as in Switzerland
	}
	if end > 0 {
		end = a.units(end)
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
		case w.on(particles) || w.shape.digits() && j == k:
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
	case (gap == "-" || gap == "/" || gap == "–") && (a.houseNumber(k+1) || w.end-w.start == 1 && w.shape&firstUpper != 0 || w.on(romanNumerals) || w.on(flatSides)):
		k++
		if a.gap(k+1) == "/" && a.houseNumber(k+1) {
			k++ // Stephansplatz 3/12/5
		}
	case gap == " " && w.end-w.start == 1 && w.shape&hasLetter != 0 && a.gap(k+2) != " " && !w.on(flatWords):
		k++
	}
	return a.flatEnd(k)
}

// flatEnd steps over the numbers of flats and floors behind word k.
func (a *addresser) flatEnd(k int) int { return a.units(k) }

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
