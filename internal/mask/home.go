package mask

import "strings"

// homeFinder finds streets without a number, and numbers behind names that no list knows as streets, where a person is
// spoken of and no goods are: "I live in Lindenstraße", "he moved to Hlidarvegur 12".
type homeFinder struct{}

func (homeFinder) find(p *Pass, v *view, add func(finding)) {
	h := homes{addresser: addresser{v: v, add: add}, around: scene{v: v, found: p.found}}
	for i := range v.words {
		if w := v.words[i]; i >= h.done && w.shape&hasLetter != 0 && (w.shape&firstUpper != 0 || w.on(homeStarts)) {
			h.at(i)
		}
	}
}

// homes reads one text.
type homes struct {
	addresser
	around scene
}

func (h *homes) at(i int) {
	first, last, rule := h.street(i)
	if last < 0 || first < h.done || h.inLink(first, last) {
		return
	}
	if h.around.at(i); !h.around.personal || h.around.commercial {
		return
	}
	h.mask(first, last, rule, 55)
	h.done = last + 1
}

// street returns the street at word i, or that ends there, last is -1 if there is none.
func (h *homes) street(i int) (first, last int, rule string) {
	w := h.v.words[i]
	switch {
	case w.on(homeTails) && i > 0 && h.capital(i-1) && h.gap(i) == " " && w.shape&firstUpper != 0:
		for first = i - 1; first > h.done && i-first < 3 && (h.capital(first-1) || isOrdinal(h.text(first-1))) && h.gap(first) == " " && !h.opens(first-1); {
			first--
		}
		if first > 0 && h.gap(first) == " " && h.v.words[first-1].on(homeLinks) {
			return first, i, "street-alone"
		}
	case w.on(homeStarts):
		if end := h.nameEnd(i + 1); end > i && i > 0 && h.mixedCase(end) && h.v.words[i+1].shape&hasDigit == 0 {
			return i, end, "street-alone"
		}
	case h.homeEnd(i) && i > 0:
		return i, i, "street-alone"
	case i > 0 && h.v.words[i-1].on(homeLinks) && h.gap(i) == " ":
		return h.numbered(i)
	}
	return i, -1, ""
}

// opens says whether word i begins a sentence with a capital that says nothing.
func (h *homes) opens(i int) bool {
	return h.v.words[i].on(notNames) || h.v.words[i].on(smallWords)
}

// homeEnd says whether word i ends as only streets do: Lindenstraße, Kerkstraat, Storgatan.
func (h *homes) homeEnd(i int) bool {
	s := h.text(i)
	if len(s) < 8 {
		return false
	}
	for _, end := range homeEnds {
		if strings.HasSuffix(s, end) && len(s) > len(end)+2 {
			return !h.v.words[i].on(roads) && !h.v.words[i].on(noStreets)
		}
	}
	return false
}

// numbered reads a name and a house number behind a word that leads to places, at word i.
func (h *homes) numbered(i int) (first, last int, rule string) {
	k := i
	for k < len(h.v.words) && k-i < 3 && h.capital(k) && (k == i || h.gap(k) == " " || h.gap(k) == "-" || h.gap(k) == ". ") {
		if everydayWord(h.v.words[k].hash) && !h.v.words[k].on(particles) || h.v.words[k].shape&restUpper != 0 && h.v.words[k].shape&restLower == 0 {
			return i, -1, ""
		}
		k++
	}
	if k == i || k >= len(h.v.words) || h.gap(k) != " " && h.gap(k) != ", " || !h.houseNumber(k) || len(h.text(k)) > 4 || h.v.words[k-1].end-h.v.words[k-1].start < 4 || !h.closesPhrase(k) {
		return i, -1, ""
	}
	return i, h.units(k), "street-guess"
}

// inLink says whether words are part of a link or an address of mail.
func (h *homes) inLink(first, last int) bool {
	return !runningText(h.v.s, h.v.words[first].start, h.v.words[last].end)
}

var (
	homeTails  = listOf(streetLists["hometail"])
	homeStarts = listOf(streetLists["homestart"])
	homeEnds   = strings.Fields(streetLists["homeend"])
	homeLinks  = listOf(streetLists["homelink"])
	noStreets  = listOf("einbahnstraße sackgasse milchstraße wasserstraße seitenstraße nebenstraße seidenstraße landstraße weinstraße")
)
