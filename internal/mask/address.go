package mask

import (
	_ "embed"
	"strings"
)

// addresser finds streets with house numbers, the postcode and town behind them, and the name above them.
type addresser struct {
	v    *view
	add  func(finding)
	done int // words before this are part of an address already
}

// at judges the address that may begin at word i, or whose street ends there.
func (a *addresser) at(i int) {
	if i < a.done || !a.mayAddress(i) {
		return
	}
	if first, last := a.street(i); last >= 0 {
		a.report(first, last)
		return
	}
	if a.box(i) || a.v.words[i].on(areaWords) && a.capital(i) && a.area(i) || a.numberless(i) || a.v.words[i].on(livesWords) && a.lives(i) {
		return
	}
	if a.v.words[i].shape&hasDigit != 0 {
		a.alone(i)
	}
}

// mayAddress says whether word i is one that addresses are made of, or a number is in it or behind it: nothing else is looked at.
func (a *addresser) mayAddress(i int) bool {
	w := &a.v.words[i]
	return w.shape&hasDigit != 0 || w.on(addressWords) || i+1 < len(a.v.words) && a.v.words[i+1].shape&hasDigit != 0
}

// addressWords are all that a street, a box or an area can be told by where there is no number.
var addressWords = anyOf(streetPosts, streetOf, shortEnds, startsDotted, streetStarts, streetTails, softTails, streetMiddles, boxWords,
	areaWords, livesWords, newList(granHash, boxHash), listOf("Po Av C BP"))

// report masks the street from word first to last, and what belongs to it.
func (a *addresser) report(first, last int) {
	first = a.areaBefore(a.front(first))
	a.whole(first, last, "street")
	a.above(first)
}

// front steps from the first word of an address over the numbers of a flat and a house in front of it: Flat 3, 12 High
// Street, 979/11 Wells Road, Studio 5 on the line above.
func (a *addresser) front(first int) int {
	if first > a.done && a.v.words[first].shape&hasDigit != 0 && a.v.words[first-1].on(flatWords) && len(a.gap(first)) <= 2 {
		first--
	}
	for range 3 {
		k := first - 1
		if k < a.done {
			return first
		}
		gap := a.gap(first)
		if floor := a.floorBefore(first); floor < first {
			first = floor
			continue
		}
		if a.v.words[k].shape&hasDigit == 0 {
			if a.v.words[k].on(numberWords) && len(gap) <= 3 && a.v.words[first].shape&hasDigit != 0 && len(a.text(k)) > 1 {
				first = k
			}
			return first
		}
		switch {
		case k > a.done && a.v.words[k-1].on(flatWords) && addressGap(gap) && len(a.gap(k)) <= 2 && len(a.text(k)) <= 6:
			first = k - 1
		case a.houseNumber(k) && (gap == "/" || gap == " " && (k == a.done || a.v.words[k-1].shape&hasDigit == 0)): // not the groups of an IBAN
			first = k
		default:
			return first
		}
	}
	return first
}

// floorBefore returns the first word of a floor that stands, with a comma behind it, in front of word first: 3e étage, 42
// cours de Vincennes. It is first if none does.
func (a *addresser) floorBefore(first int) int {
	k := first - 1
	if k <= a.done || !strings.ContainsAny(a.gap(first), ",\n") || !addressGap(a.gap(first)) {
		return first
	}
	switch {
	case a.v.words[k].on(floorWords) && a.v.words[k-1].shape&hasDigit != 0 && floorGap(a.gap(k)):
		return k - 1
	case a.v.words[k-1].on(flatWords) && unitDots(a.gap(k)) && a.unitCode(k):
		return k - 1
	}
	return first
}

// mask reports the words first to last.
func (a *addresser) mask(first, last int, rule string, score uint8) {
	a.add(finding{a.v.words[first].start, a.v.words[last].end, ADDRESS, LayerContext, rule, score, ""})
}

// above masks the name, and the company, on the lines above a street that begins its line, as on an envelope.
func (a *addresser) above(first int) {
	top := max(0, a.v.words[first].start-longestHead) // no further back, so that time stays linear
	end := top + strings.LastIndexByte(a.v.s[top:a.v.words[first].start], '\n')
	if end < top || strings.Trim(a.v.s[end:a.v.words[first].start], " \t\r\n>*-") != "" {
		return
	}
	for range 2 {
		start := top + strings.LastIndexByte(a.v.s[top:end], '\n') + 1
		line := strings.TrimSpace(a.v.s[start:end])
		from := start + strings.Index(a.v.s[start:end], line)
		words := splitWords(line, nil)
		switch {
		case len(words) < 2 || len(line) > 60 || strings.HasSuffix(line, ":") || countDigits(line) > 0 || !looksNamed(line):
			return
		case words[len(words)-1].on(firmEnds):
			a.add(finding{from, from + len(line), COMPANY, LayerContext, "company-above-street", 70, ""})
		default:
			a.add(finding{from, from + len(line), PERSON, LayerContext, "name-above-street", 70, ""})
			return
		}
		if end = start - 1; end < top {
			return
		}
	}
}

// longestHead bounds what stands above a street, in bytes.
const longestHead = 240

func (a *addresser) text(i int) string { return a.v.s[a.v.words[i].start:a.v.words[i].end] }

// gap returns what stands in front of word i.
func (a *addresser) gap(i int) string {
	if i == 0 || i >= len(a.v.words) {
		return "\n"
	}
	return a.v.s[a.v.words[i-1].end:a.v.words[i].start]
}

// capital says whether word i exists and begins with a capital.
func (a *addresser) capital(i int) bool {
	return i < len(a.v.words) && a.v.words[i].shape&firstUpper != 0
}

// The lists of data/streets.txt.
var (
	//go:embed data/streets.txt
	streetFile string

	streetLists   = lists(streetFile)
	streetEnds    = strings.Fields(streetLists["ends"])
	streetStarts  = listOf(streetLists["starts"])
	streetMiddles = listOf(streetLists["middles"])
	streetTails   = listOf(streetLists["tails"])
	streetPosts   = listOf(streetLists["posts"])
	livesWords    = listOf(streetLists["lives"])
	livesFiller   = listOf(streetLists["filler"])
	streetFirsts  = listOf(streetLists["firsts"])
	roads         = listOf(streetLists["roads"])
	numberWords   = listOf(streetLists["number"])
	houseSuffixes = listOf(streetLists["suffix"])
	flatWords     = listOf(streetLists["flat"])
	flatSides     = listOf(streetLists["side"])
	floorWords    = listOf(streetLists["floor"])
	streetInside  = listOf(streetLists["inside"])
	townParticles = listOf(streetLists["town"])
	firmEnds      = listOf(streetLists["firm"])
)

// lists reads a data file of named lists; a name may have several lines.
func lists(file string) map[string]string {
	m := map[string]string{}
	for line := range strings.Lines(wordList(file)) {
		if name, words, ok := strings.Cut(line, ":"); ok {
			m[name] += words
		}
	}
	return m
}
