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
	if i < a.done {
		return
	}
	if first, last := a.street(i); last >= 0 {
		a.report(first, last)
		return
	}
	if a.v.words[i].shape&hasDigit != 0 {
		a.alone(i)
	}
}

// report masks the street from word first to last, and what belongs to it.
func (a *addresser) report(first, last int) {
	a.done = last + 1
	a.mask(first, last, "street", 75)
	a.above(first)
	if from, to := a.place(last + 1); to >= 0 {
		a.mask(from, to, "postcode-city", 75)
		a.done = to + 1
	}
}

// mask reports the words first to last.
func (a *addresser) mask(first, last int, rule string, score uint8) {
	a.add(finding{a.v.words[first].start, a.v.words[last].end, ADDRESS, LayerContext, rule, score, ""})
}

// above masks the name, and the company, on the lines above a street that begins its line, as on an envelope.
func (a *addresser) above(first int) {
	end := strings.LastIndexByte(a.v.s[:a.v.words[first].start], '\n')
	if end < 0 || strings.Trim(a.v.s[end:a.v.words[first].start], " \t\r\n>*-") != "" {
		return
	}
	for range 2 {
		start := strings.LastIndexByte(a.v.s[:end], '\n') + 1
		line := strings.TrimSpace(a.v.s[start:end])
		from := start + strings.Index(a.v.s[start:end], line)
		words := splitWords(line, nil)
		switch {
		case len(words) < 2 || len(line) > 60 || strings.HasSuffix(line, ":") || countDigits(line) > 0 || !looksNamed(line):
			return
		case firmEnds[words[len(words)-1].hash]:
			a.add(finding{from, from + len(line), COMPANY, LayerContext, "company-above-street", 70, ""})
		default:
			a.add(finding{from, from + len(line), PERSON, LayerContext, "name-above-street", 70, ""})
			return
		}
		if end = start - 1; end < 0 {
			return
		}
	}
}

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
	streetStarts  = hashes(streetLists["starts"])
	streetMiddles = hashes(streetLists["middles"])
	streetTails   = hashes(streetLists["tails"])
	streetFirsts  = hashes(streetLists["firsts"])
	roads         = hashes(streetLists["roads"])
	numberWords   = hashes(streetLists["number"])
	houseSuffixes = hashes(streetLists["suffix"])
	flatWords     = hashes(streetLists["flat"])
	townParticles = hashes(streetLists["town"])
	firmEnds      = hashes(streetLists["firm"])
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
