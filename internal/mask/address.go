package mask

import "strings"

// Street words by where they stand. A German street is one word ("Hauptstraße 5"), a French one is a phrase
// behind its number ("12, rue de la Paix"), and so on; nine rules cover the eight languages.
var (
	// streetEnds end the word of a street, and a house number follows: German, Dutch, Swedish.
	streetEnds = strings.Fields(`straße strasse str weg allee gasse platz ring damm ufer chaussee steig stieg pfad
		graben wall kai promenade twiete
		straat laan plein gracht kade singel dijk dreef steeg plantsoen burgwal
		gatan vägen gränd torget stigen backen allén leden`)
	// streetStarts begin a street, its name and a house number follow: Spanish, Italian, Polish.
	streetStarts = hashes(`calle avenida avda plaza paseo carrer camino ronda travesía carretera
		via viale piazza piazzale corso largo vicolo lungomare contrada
		ul ulica al aleja aleje pl plac osiedle`)
	// streetMiddles stand between a house number and the name: French.
	streetMiddles = hashes(`rue avenue av boulevard bd bld place chemin impasse allée quai route cours passage
		faubourg square voie ruelle villa résidence`)
	// streetTails close a street that begins with its number: English.
	streetTails = hashes(`street st road rd avenue ave lane ln drive dr court ct square sq terrace close crescent way
		gardens row boulevard blvd parkway pkwy mews grove highway`)
)

// addresser finds streets with house numbers, and the postcode and city behind them.
type addresser struct {
	v    *view
	add  func(finding)
	done int
}

func (a *addresser) at(i int) {
	if i < a.done {
		return
	}
	w := a.v.words[i]
	first, last := -1, -1
	switch {
	case w.shape&(hasLetter|hasDigit) == hasLetter && a.numberAt(i+1) && a.endsStreet(i):
		first, last = a.compound(i)
	case streetStarts[w.hash] || strings.EqualFold(a.text(i), "c") && strings.HasPrefix(a.gap(i+1), "/"):
		first, last = i, a.named(i)
	case w.shape&hasDigit != 0 && isHouseNumber(a.text(i)):
		first, last = i, a.numbered(i)
	}
	if first >= 0 && last > first {
		a.report(first, last, "street")
		return
	}
	if w.shape&hasDigit != 0 {
		a.alone(i)
	}
}

// numberAt says whether word i is a house number.
func (a *addresser) numberAt(i int) bool {
	return i < len(a.v.words) && a.v.words[i].shape&hasDigit != 0 && isHouseNumber(a.text(i))
}

func (a *addresser) text(i int) string { return a.v.s[a.v.words[i].start:a.v.words[i].end] }

func (a *addresser) gap(i int) string {
	if i == 0 || i >= len(a.v.words) {
		return "\n"
	}
	return a.v.s[a.v.words[i-1].end:a.v.words[i].start]
}

// report masks words first to last, and the postcode and city behind them.
func (a *addresser) report(first, last int, rule string) {
	a.done = last + 1
	a.add(finding{a.v.words[first].start, a.v.words[last].end, ADDRESS, LayerContext, rule, 75, ""})
	if from, to := a.place(last + 1); from > 0 {
		a.add(finding{a.v.words[from].start, a.v.words[to].end, ADDRESS, LayerContext, "postcode-city", 75, ""})
		a.done = to + 1
	}
}

// compound reads a street that is one word or ends in one, and its house number.
func (a *addresser) compound(i int) (first, last int) {
	number := i + 1
	if a.gap(number) == ". " || a.gap(number) == "." || isBlank(a.gap(number)) {
		if a.numberAt(number) {
			first = i
			for first > 0 && i-first < 3 && a.extends(first, i) {
				first--
			}
			if first == i && isStreetWord(a.text(i)) {
				return -1, -1
			}
			return first, a.numberEnd(number)
		}
	}
	return -1, -1
}

// extends says whether the word before first belongs to the street that ends with word i: Kaiser-Wilhelm-Ring,
// Berliner Straße, but not Album Platz 3.
func (a *addresser) extends(first, i int) bool {
	before, w := a.text(first-1), a.v.words[first-1]
	if !joinsStreet(a.gap(first)) {
		return false
	}
	if w.shape&firstUpper == 0 {
		return particles[w.hash] && first > 1 && streetFirsts[a.v.words[first-2].hash]
	}
	if a.gap(first) == "-" || streetFirsts[w.hash] {
		return true
	}
	return isStreetWord(a.text(i)) && (len(a.text(i)) > 5 || strings.HasSuffix(before, "er") || len(a.text(i)) == 3)
}

// named reads a street word, a name of capitalised words and a house number.
func (a *addresser) named(i int) int {
	capital := false
	for k := i + 1; k < len(a.v.words) && k-i < 8; k++ {
		w, gap := a.v.words[k], a.gap(k)
		if len(gap) > 3 || strings.Trim(gap, " .,/'’-º") != "" {
			return -1
		}
		switch {
		case capital && isHouseNumber(a.text(k)):
			return a.numberEnd(k)
		case w.shape&firstUpper != 0 && (a.mixedCase(k) || !a.mixedCase(i)): // via Roma, VIA ROMA; not via DHL
			capital = true
		case w.shape.digits() && k == i+1, particles[w.hash], houseWords[w.hash]:
		default:
			return -1
		}
	}
	return -1
}

// mixedCase says whether word k has small letters, or is so short that this says nothing.
func (a *addresser) mixedCase(k int) bool {
	w := a.v.words[k]
	return w.shape&restUpper == 0 || w.shape&restLower != 0 || w.end-w.start <= 3 && romanNumerals[w.hash]
}

var romanNumerals = hashes("ii iii iv vi vii viii ix xi xii xx")

var houseWords = hashes("n nº no nr num número numero numer")

// numbered reads a house number and the street behind it, French or English.
func (a *addresser) numbered(i int) int {
	k := i + 1
	for k < len(a.v.words) && k-i < 3 && (houseSuffixes[a.v.words[k].hash] || k == i+1 && a.gap(k) == "-" && isHouseNumber(a.text(k))) {
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
	capital := 0
	for j := k; j < len(a.v.words) && j-k < 4 && (j == k || joinsStreet(a.gap(j))); j++ {
		w := a.v.words[j]
		if capital > 0 && streetTails[w.hash] {
			return j
		}
		if w.shape&firstUpper == 0 {
			return -1
		}
		capital++
	}
	return -1
}

var houseSuffixes = hashes("bis ter quater a b c")

// nameEnd returns the last word of the street name that begins at word k.
func (a *addresser) nameEnd(k int) int {
	end := -1
	for j := k; j < len(a.v.words) && j-k < 7 && joinsStreet(a.gap(j)); j++ {
		w := a.v.words[j]
		switch {
		case w.shape&firstUpper != 0:
			end = j
		case particles[w.hash] || w.shape.digits() && j == k:
		default:
			return end
		}
	}
	return end
}

// numberEnd steps over what follows a house number: 5 a, 5-7, 5/12.
func (a *addresser) numberEnd(k int) int {
	if k+1 >= len(a.v.words) {
		return k
	}
	w, gap := a.v.words[k+1], a.gap(k+1)
	switch {
	case (gap == "-" || gap == "/" || gap == "–") && isHouseNumber(a.text(k+1)):
		return k + 1
	case gap == " " && w.end-w.start == 1 && w.shape&hasLetter != 0 && w.shape&firstUpper == 0 && a.gap(k+2) != " ":
		return k + 1
	}
	return k
}

// alone finds a postcode without a street in front of it: a British one, or any with a town we know.
func (a *addresser) alone(i int) {
	end := a.postcodeEnd(i)
	if end < 0 || i > 0 && strings.IndexByte(".,-/", a.v.s[a.v.words[i].start-1]) >= 0 {
		return
	}
	if town := end + 1; town < len(a.v.words) && a.inTown(i, end, town) && joinsStreet(a.gap(town)) &&
		a.v.words[town].shape&firstUpper != 0 {
		end = a.townEnd(town)
	} else if !a.british(i) {
		return
	}
	a.done = end + 1
	a.add(finding{a.v.words[i].start, a.v.words[end].end, ADDRESS, LayerContext, "postcode-city", 70, ""})
}

// inTown says whether the postcode from word i to end may be one of the town at word k.
func (a *addresser) inTown(i, end, k int) bool {
	digits := cities[a.v.words[k].hash]
	s := a.text(i)
	if i == end && len(s) == 4 && countDigits(s) == 4 {
		return digits == 4 && s[:2] != "19" && s[:2] != "20" // rather a year
	}
	return digits > 0
}

// british knows SW1A 1AA, in capitals.
func (a *addresser) british(i int) bool {
	s := a.text(i)
	if i+1 >= len(a.v.words) || a.gap(i+1) != " " || len(s) < 2 || len(s) > 4 || !isUpper(s[0]) || !isAlnum(s[len(s)-1]) {
		return false
	}
	in := a.text(i + 1)
	return countDigits(s) > 0 && len(in) == 3 && isDigit(in[0]) && isUpper(in[1]) && isUpper(in[2])
}

// place reads a postcode and a city at word k, behind a street.
func (a *addresser) place(k int) (from, to int) {
	if k >= len(a.v.words) || len(a.gap(k)) > 6 || strings.Trim(a.gap(k), " ,\r\n-|·") != "" {
		return 0, 0
	}
	code := a.postcodeEnd(k)
	if code < 0 {
		return 0, 0
	}
	if code+1 < len(a.v.words) && joinsStreet(a.gap(code+1)) && a.v.words[code+1].shape&firstUpper != 0 {
		return k, a.townEnd(code + 1)
	}
	return k, code
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
		switch capital := w.shape&firstUpper != 0; {
		case capital && (a.gap(j) != " " || j > end+1 || a.phraseEnds(j)):
			end = j
		case !particles[w.hash] && !townParticles[w.hash]:
			return end
		}
	}
	return end
}

var townParticles = hashes("am an im in ob bei sur en sous nad aan")

// phraseEnds says whether something other than a space follows word j.
func (a *addresser) phraseEnds(j int) bool {
	end := a.v.words[j].end
	return end == len(a.v.s) || a.v.s[end] != ' '
}

// postcodeEnd returns the last word of the postcode at word k, or -1.
func (a *addresser) postcodeEnd(k int) int {
	s := a.text(k)
	digits := countDigits(s)
	next := ""
	if k+1 < len(a.v.words) && len(a.gap(k+1)) == 1 {
		next = a.text(k + 1)
	}
	switch {
	case digits == 4 && len(s) == 4 && len(next) == 2 && isUpper(next[0]) && isUpper(next[1]): // 1234 AB
		return k + 1
	case digits == 4 && len(s) == 6 && isUpper(s[4]) && isUpper(s[5]): // 1234AB
		return k
	case digits == 3 && len(s) == 3 && countDigits(next) == 2 && len(next) == 2: // 114 55
		return k + 1
	case digits == 2 && len(s) == 2 && countDigits(next) == 3 && len(next) == 3 && a.gap(k+1) == "-": // 00-950
		return k + 1
	case (digits == 4 || digits == 5) && len(s) == digits:
		return k
	case len(s) <= 4 && isUpper(s[0]) && digits > 0 && len(next) == 3 && isDigit(next[0]): // SW1A 1AA
		return k + 1
	case len(s) <= 2 && isUpper(s[0]) && countDigits(next) == len(next) && len(next) >= 4: // D-10115
		return k + 1
	}
	return -1
}

func countDigits(s string) (n int) {
	for i := range len(s) {
		if isDigit(s[i]) {
			n++
		}
	}
	return n
}

// endsStreet says whether word i ends as streets do. Short endings are those of other words too: there a
// capital is asked for.
func (a *addresser) endsStreet(i int) bool {
	s := strings.ToLower(a.text(i))
	capital := a.v.words[i].shape&firstUpper != 0
	for _, end := range streetEnds {
		if strings.HasSuffix(s, end) && (len(s) > len(end)+1 || s == end) && (capital || len(end) > 4) {
			return !roads[a.v.words[i].hash]
		}
	}
	return false
}

// streetFirsts stand in front of a street that is one word: Norra Strandgatan, Burgemeester de Vlugtlaan.
var streetFirsts = hashes(`norra södra östra västra gamla nya stora lilla övre nedre
	alte neue große kleine obere untere lange hohe breite hintere vordere innere äußere
	nieuwe oude grote kleine korte lange burgemeester professor prof dokter dr sint st pastoor`)

// roads have numbers of their own: Bundesstraße 4.
var roads = hashes("bundesstraße landesstraße landstraße kreisstraße staatsstraße reichsstraße europastraße rijksweg")

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

// isHouseNumber knows 5, 12a, 221B.
func isHouseNumber(s string) bool {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return 1 <= n && n <= 4 && (n == len(s) || n+1 == len(s) && isLetter(s[n]))
}

func isBlank(gap string) bool { return len(gap) <= 2 && strings.Trim(gap, " ,") == "" }

func joinsStreet(gap string) bool {
	return gap == " " || gap == "-" || gap == "'" || gap == "’" || gap == ". "
}

// streetSpellings returns an address line as it stands and with its street word written the other way.
func streetSpellings(line string) []string {
	out := []string{line}
	for _, pair := range streetAbbreviations {
		for k := range pair {
			if i := indexFold(line, pair[k]); i >= 0 {
				out = append(out, line[:i]+pair[1-k]+line[i+len(pair[k]):])
				return out
			}
		}
	}
	return out
}

var streetAbbreviations = [][2]string{{"straße", "str."}, {"strasse", "str."}, {"straat", "str."}, {"street", "st"},
	{"avenue", "ave"}, {"road", "rd"}, {"boulevard", "bd"}, {"ulica", "ul."}, {"platz", "pl."}}

// indexFold finds a word's ending, whatever its case.
func indexFold(s, sub string) int {
	i := strings.Index(strings.ToLower(s), sub)
	if i < 0 || len(strings.ToLower(s)) != len(s) || i+len(sub) < len(s) && isAlnum(s[i+len(sub)]) {
		return -1
	}
	return i
}
