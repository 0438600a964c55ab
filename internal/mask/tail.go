package mask

import "strings"

// tail returns the last word of what belongs to the address behind word k-1, a street, and k-1 if nothing does:
// flats, districts, towns, states, postcodes, countries, divided by commas or on lines of their own. What has
// no number and is no name of a state or country counts only if a postcode comes behind it or the line ends.
func (a *addresser) tail(k int) int {
	end := a.parts(k)
	if end >= k && a.british(end) {
		end++
	}
	return end
}

// parts returns the last word of the parts that follow each other, at word k.
func (a *addresser) parts(k int) int {
	end := k - 1
	for range 6 {
		from := end + 1
		if from >= len(a.v.words) || !a.unitGap(from) {
			return end
		}
		if next := a.unit(from); next > 0 {
			end = next
			continue
		}
		if from, to := a.place(from); to >= from && (to > from || !a.digitsFollow(to)) {
			end = to
			continue
		}
		next := max(a.segment(from), a.unbroken(from))
		if next < 0 {
			return end
		}
		end = next
	}
	return end
}

// digitsFollow says whether a number goes on behind word i: then it is no postcode.
func (a *addresser) digitsFollow(i int) bool {
	return i+1 < len(a.v.words) && len(a.gap(i+1)) == 1 && a.v.words[i+1].shape&hasDigit != 0
}

// addressGap says whether an address may go on over what stands between two words.
func addressGap(gap string) bool {
	if len(gap) > 8 || strings.Count(gap, "\n") > 1 {
		return false
	}
	return strings.Trim(gap, " ,\r\n-") == ""
}

// segment returns the last word of a district, town, state or country at word k, -1 if there is none: words with
// capitals and numbers between commas or line ends.
func (a *addresser) segment(k int) int {
	if stateCodes[a.text(k)] || isoCodes[a.text(k)] && a.gap(k) != " " {
		return k
	}
	if a.capital(k) {
		if last := max(countryAt(a.v, k), regionAt(a.v, k)); last >= 0 {
			return last
		}
	}
	if !strings.ContainsAny(a.gap(k), ",\n") || a.v.words[k].on(notNames) || a.v.words[k].on(cues.words) {
		return -1
	}
	end := k
	for end < len(a.v.words) && end-k < 5 && (end == k || joinsStreet(a.gap(end))) && a.segmentWord(end, k) {
		end++
	}
	if end--; end < k || !a.capital(end) && a.v.words[end].shape&hasDigit == 0 {
		return -1
	}
	if a.v.words[k].city() == 0 && !a.closesPhrase(end) {
		if end = a.townRun(k); end < k {
			return -1
		}
	}
	for i := k; i <= end; i++ {
		if _, last := a.street(i); last >= 0 {
			return -1 // another address
		}
	}
	return end
}

// unbroken returns the last word of a town and what follows it where nothing but spaces divides them, -1 if there is
// none: a run of words with capitals that ends with a postcode or a country, or with the phrase.
func (a *addresser) unbroken(k int) int {
	if a.gap(k) != " " {
		return -1
	}
	last := -1
	for end := k; end < len(a.v.words) && end-k < 8 && (end == k || joinsStreet(a.gap(end))) && a.segmentWord(end, k); end++ {
		switch {
		case a.v.words[end].on(countryEnds), stateCodes[a.text(end)]:
			last = end
		case end > k && a.postcodeEnd(end) >= end && len(a.text(end)) > 1:
			last = a.postcodeEnd(end)
		case end-k < 3 && a.capital(end) && a.closesPhrase(end):
			last = end
		}
		if next := max(countryAt(a.v, end), regionAt(a.v, end)); a.capital(end) && next >= 0 {
			last = max(last, next)
		}
	}
	if last < 0 {
		last = a.townRun(k)
	}
	return last
}

// townRun returns the last word of a town's name at word k by its words alone, in front of what goes on in small letters: a
// few words with capitals, none of them an everyday one but for North, New and the like. It is k-1 if there is none.
func (a *addresser) townRun(k int) int {
	end := k
	for end < len(a.v.words) && end-k < 3 && (end == k || a.gap(end) == " " || a.gap(end) == "-") && a.capital(end) && a.v.words[end].shape&restUpper == 0 {
		if !a.town(end) && !(end == k && a.v.words[end].on(townFirsts)) {
			return k - 1
		}
		end++
	}
	if end--; end == k && a.v.words[k].on(townFirsts) {
		return k - 1
	}
	return end
}

// closesPhrase says whether a phrase ends behind word i.
func (a *addresser) closesPhrase(i int) bool {
	return i+1 >= len(a.v.words) || strings.ContainsAny(a.gap(i+1), ",\n.!?;)\"")
}

// segmentWord says whether word i may be part of the segment that begins at word k.
func (a *addresser) segmentWord(i, k int) bool {
	w := a.v.words[i]
	return a.capital(i) || w.shape&hasDigit != 0 && w.end-w.start <= 8 || i > k && (w.on(particles) || w.on(townParticles))
}

// box masks a post office box: Postfach 12 34 56, P.O. Box 12.
func (a *addresser) box(i int) bool {
	h := a.v.words[i].hash
	first, k := i, i+1
	switch {
	case a.v.words[i].on(boxWords):
		for k < len(a.v.words) && (a.v.words[k].on(boxPairs) || a.v.words[k].on(particles)) {
			k++
		}
	case h == boxHash && i > 1 && a.text(i-1) == "O" && a.text(i-2) == "P":
		first = i - 2
	case h == boxHash && i > 0 && strings.EqualFold(a.text(i-1), "po"):
		first = i - 1
	case a.text(i) == "BP":
	default:
		return false
	}
	if k >= len(a.v.words) || len(a.gap(k)) > 2 || a.v.words[k].shape&hasDigit == 0 {
		return false
	}
	for k+1 < len(a.v.words) && a.gap(k+1) == " " && len(a.text(k+1)) <= 3 && countDigits(a.text(k+1)) == len(a.text(k+1)) {
		k++
	}
	a.whole(a.front(first), k, "post-box")
	return true
}

var (
	boxHash    = hashWord("box")
	boxWords   = listOf(streetLists["box"])
	boxPairs   = listOf(streetLists["boxpair"])
	stateCodes = exactly(streetLists["state"])
	isoCodes   = exactly(streetLists["iso"])
	townFirsts = listOf(streetLists["townfirst"])
	softTails  = listOf(streetLists["softtails"])
)

// whole masks words first to last, and the towns behind them.
func (a *addresser) whole(first, last int, rule string) {
	last = a.units(last)
	a.mask(first, last, rule, 75)
	a.done = last + 1
	if end := a.tail(last + 1); end > last {
		a.mask(last+1, end, "postcode-city", 75)
		a.done = end + 1
	}
}

// weak masks a street without any street word in front of the postcode and town at word i: Domkloster 4, 50667 Köln.
// It returns its first word, i if there is none.
func (a *addresser) weak(i int) int {
	number := a.unitsBefore(i) - 1
	if number < 1 || !strings.ContainsAny(a.gap(i), ",\n") || !addressGap(a.gap(i)) || number < a.done {
		return i
	}
	if !a.houseNumber(number) && a.v.words[number].end-a.v.words[number].start == 1 {
		number-- // 12 a
	}
	if number < 1 || !a.houseNumber(number) || len(a.gap(number)) > 2 || strings.ContainsAny(a.gap(number), "\n;:") {
		return i
	}
	first := i
	for k := number - 1; k >= a.done && number-k <= 5; k-- {
		if a.capital(k) {
			first = k
		} else if !a.v.words[k].on(particles) && !a.v.words[k].on(townParticles) {
			break
		}
		if !joinsStreet(a.gap(k)) {
			break
		}
	}
	if first == i {
		return i
	}
	if first > a.done && a.text(first-1) == "t" {
		first-- // 't Zand
	}
	a.mask(first, i-1, "street", 65)
	a.above(first)
	return first
}

// before returns the first word of what stands in front of a British postcode at word i on its line, divided by
// commas, and on up to three short lines above: Rose Cottage, Mill Lane, Ambridge. It is i if nothing does.
func (a *addresser) before(i int) int {
	first := i
	for range 4 {
		k := first - 1
		if k < a.done || !strings.ContainsAny(a.gap(first), ", \n") || !addressGap(a.gap(first)) {
			return first
		}
		start := first
		for k >= a.done && first-k <= 4 && (a.capital(k) || a.v.words[k].shape&hasDigit != 0 && len(a.text(k)) <= 4) {
			start = k
			if gap := a.gap(k); gap != " " && gap != "-" && gap != "'" && gap != "’" {
				break
			}
			k--
		}
		if start == first || strings.Contains(a.gap(first), "\n") && !a.wholeLine(start) {
			return first
		}
		first = start
		if !strings.ContainsAny(a.gap(first), ",\n") {
			return first
		}
	}
	return first
}

// wholeLine says whether a line or a part between commas begins with word i and is no greeting.
func (a *addresser) wholeLine(i int) bool {
	return i > 0 && strings.ContainsAny(a.gap(i), ",\n") && !a.v.words[i].on(cues.words) && !a.v.words[i].on(notNames)
}

// numberFirst masks a house number and a name at word i that no street word ends, if a town with its postcode
// follows: 4921 Some Thing, Springfield, IL 62704.
func (a *addresser) numberFirst(i int) bool {
	if i > 1 && a.houseNumber(i-1) && a.postcodeEnd(i) >= 0 && strings.ContainsAny(a.gap(i), ",\n") && a.capital(i-2) && !a.v.words[i-2].on(flatWords) {
		return false // a postcode behind a house number
	}
	if !a.houseNumber(i) || i+2 >= len(a.v.words) || a.gap(i+1) != " " && a.gap(i+1) != ", " || !a.capital(i+1) {
		return false
	}
	end := a.capitals(i+1) - 1
	for end > i+1 && a.v.words[end].on(flatWords) {
		end-- // its number follows
	}
	if end+1 < len(a.v.words) && a.gap(end+1) == " " && a.houseNumber(end+1) {
		end++ // 6750 Koskikatu 25
	}
	if end = a.units(end); end+1 >= len(a.v.words) || !strings.ContainsAny(a.gap(end+1), ",\n") {
		return false
	}
	last := a.tail(end + 1)
	for k := i + 1; k <= min(last, end+1); k++ {
		if w := &a.v.words[k]; w.facts()&(isTrade|isDoing) != 0 || w.on(notNames) {
			return false // 200 Tabletten, Packung 12345
		}
	}
	for k := end + 1; k <= last; k++ {
		if a.postcodeEnd(k) >= 0 && len(a.text(k)) > 2 || stateCodes[a.text(k)] || a.v.words[k].on(countryEnds) {
			first := a.front(i)
			a.whole(first, end, "street")
			a.above(first)
			return true
		}
	}
	return false
}
