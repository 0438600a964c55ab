package mask

import (
	_ "embed"
	"strings"
)

// placeFinder finds countries, states and regions in sentences that speak of no goods. What the model finds
// besides is its own affair.
type placeFinder struct{}

func (placeFinder) find(p *Pass, v *view, add func(finding)) {
	around := scene{v: v, found: p.found}
	for i := 0; i < len(v.words); i++ {
		w := v.words[i]
		if w.shape&firstUpper == 0 {
			continue
		}
		last := max(countryAt(v, i), regionAt(v, i))
		if last < 0 {
			if around.town(i) {
				add(finding{w.start, w.end, PLACE, LayerContext, "town", 55, ""})
			}
			continue
		}
		if around.at(i); !around.commercial {
			add(finding{w.start, v.words[last].end, PLACE, LayerContext, "country", 60, ""})
		}
		i = last
	}
}

// town says whether word i is a large town somebody is, lives or was in: behind a word that leads to places, in a sentence about
// a person and no goods.
func (s *scene) town(i int) bool {
	if w := &s.v.words[i]; !afterLink(s.v, i) || w.city() == 0 && !w.on(largeTowns) {
		return false
	}
	s.at(i)
	return s.personal && !s.commercial
}

// afterLink says whether a word that leads to places stands in front of word i.
func afterLink(v *view, i int) bool {
	return i > 0 && v.words[i-1].on(placeLinks) && v.words[i].start-v.words[i-1].end == 1
}

var placeLinks = listOf("in from to at near of aus nach bei en à au aux dans vers depuis naar uit a desde hacia da dal verso w z do ze i från till på through across visiting")

// countryAt returns the last word of the country whose name begins with word i, -1 if none does.
func countryAt(v *view, i int) int { return nameAt(v, i, &countryNames) }

// regionAt returns the last word of the state or region whose name begins with word i, -1 if none does.
func regionAt(v *view, i int) int { return nameAt(v, i, &regionNames) }

// nameAt returns the last word of the longest of some names that begins with word i, -1 if none does.
func nameAt(v *view, i int, names *byWord[[][]uint64]) int {
	last := -1
next:
	for _, name := range names.at(&v.words[i]) {
		if i+len(name) > len(v.words) || len(name) <= last-i {
			continue
		}
		for k, h := range name {
			if v.words[i+k].hash != h || k > 0 && v.words[i+k].start-v.words[i+k-1].end != 1 {
				continue next
			}
		}
		last = i + len(name) - 1
	}
	return last
}

var (
	//go:embed data/countries.txt
	countryFile string
	//go:embed data/towns.txt
	townFile string
	// largeTowns are towns besides those of cities.
	largeTowns = listOf(wordList(townFile))
	//go:embed data/regions.txt
	regionFile string
	// countryNames holds the words of names by the first; regionNames those of states and regions.
	countryNames = newCountryNames(countryFile)
	regionNames  = newCountryNames(regionFile)
	// countryEnds are the last words of countries' names.
	countryEnds = newCountryEnds(countryNames)
)

func newCountryNames(file string) byWord[[][]uint64] {
	m := map[uint64][][]uint64{}
	for line := range strings.Lines(wordList(file)) {
		for name := range strings.SplitSeq(strings.TrimSpace(line), "|") {
			var words []uint64
			for _, w := range splitWords(name, nil) {
				words = append(words, w.hash)
			}
			m[words[0]] = append(m[words[0]], words)
		}
	}
	return newByWord(m)
}

func newCountryEnds(by byWord[[][]uint64]) wordlist {
	var ends []uint64
	for _, names := range by.of {
		for _, words := range names {
			ends = append(ends, words[len(words)-1])
		}
	}
	return newList(ends...)
}
