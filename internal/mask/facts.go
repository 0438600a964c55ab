package mask

import (
	_ "embed"
	"strings"
)

// factFinder finds what says something of a person without naming her: ages, dates of birth, nationalities,
// companies by their legal form, own pages and profiles.
type factFinder struct{}

func (factFinder) find(p *Pass, v *view, add func(finding)) {
	f := facts{v: v, add: add, operator: p.operator, hosts: p.masker.options.Hosts, around: scene{v: v, found: p.found}}
	for i := range v.words {
		w := v.words[i]
		switch {
		case w.shape&hasDigit != 0:
			f.age(i)
			f.date(i)
		case w.shape&hasLetter != 0:
			f.word(i)
		}
	}
}

// facts reads one text.
type facts struct {
	v      *view
	add    func(finding)
	around scene
	done   int // words before this are part of a date already

	hosts    []string // the store's own
	operator bool     // the text is the store's own: who works for it is said of the store
}

// word judges a word of letters.
func (f *facts) word(i int) {
	role := f.v.words[i].facts()
	if end := f.v.words[i].end; role == 0 && end-f.v.words[i].start > 2 && (end == len(f.v.s) || f.v.s[end] != '.') {
		return
	}
	switch {
	case role&isFolk != 0 && role&isGroup == 0 && f.v.words[i].shape&firstUpper != 0:
		if f.around.at(i); !f.around.commercial {
			f.report(i, i, GROUP, "nationality", 70)
		}
	case role&isGroup != 0:
		f.group(i)
	}
	if role&isMonthName != 0 {
		f.date(i)
	}
	if role&isWork != 0 && !f.operator {
		f.employer(i)
	}
	if role&isSite != 0 {
		f.site(i)
	}
	if end := f.v.words[i].end; end+2 < len(f.v.s) && f.v.s[end] == '.' && isLetter(f.v.s[end+1]) {
		f.host(i)
	}
	if role&isFirm != 0 || f.v.words[i].end-f.v.words[i].start <= 2 && f.v.words[i].end < len(f.v.s) && f.v.s[f.v.words[i].end] == '.' {
		f.company(i)
	}
}

// group masks a nationality where a person is said to have it: I am German, a Turkish citizen.
func (f *facts) group(i int) {
	w := f.v.words[i]
	if w.shape&firstUpper == 0 && !f.is(i-1, isBe|isArticle) || afterLink(f.v, i) && countryAt(f.v, i) >= 0 {
		return
	}
	before := i - 1
	for before >= 0 && i-before < 4 && f.is(before, isArticle) && !f.is(before, isBe) && f.near(before+1) {
		before--
	}
	said := before >= 0 && f.is(before, isBe) && f.near(before+1) && f.groupEnds(i)
	if said || i+1 < len(f.v.words) && f.near(i+1) && f.is(i+1, isPeople) || w.shape&firstUpper != 0 && f.ofPeople(i) {
		f.report(i, i, GROUP, "nationality", 70)
	}
}

// ofPeople says whether the sentence of word i speaks of a person and not of goods.
func (f *facts) ofPeople(i int) bool {
	f.around.at(i)
	return f.around.personal && !f.around.commercial
}

// groupEnds says whether a nationality is not said of a thing: "is German", not "is German engineering".
func (f *facts) groupEnds(i int) bool {
	if f.v.s[f.v.words[i].end:] == "" || f.v.s[f.v.words[i].end] != ' ' || i+1 == len(f.v.words) {
		return true
	}
	next := f.v.words[i+1]
	return f.is(i+1, isPeople|isBe) || next.on(smallWords) || next.on(particles) || f.person(i)
}

// person says whether the words in front speak of somebody: I am, she is.
func (f *facts) person(i int) bool {
	for k := max(0, i-4); k < i; k++ {
		if f.is(k, isKin) || f.v.words[k].on(iWords) {
			return true
		}
	}
	return false
}

var iWords = listOf("i im ich je j yo io ik ja jag")

// report masks the words first to last.
func (f *facts) report(first, last int, t Type, rule string, score uint8) {
	f.add(finding{f.v.words[first].start, f.v.words[last].end, t, LayerContext, rule, score, ""})
}

func (f *facts) is(i int, role factRole) bool {
	return i >= 0 && i < len(f.v.words) && f.v.words[i].facts()&role != 0
}

// gap returns what stands in front of word i.
func (f *facts) gap(i int) string {
	if i == 0 || i >= len(f.v.words) {
		return "\n"
	}
	return f.v.s[f.v.words[i-1].end:f.v.words[i].start]
}

// near says whether word i follows on the one before without a break.
func (f *facts) near(i int) bool {
	gap := f.gap(i)
	return len(gap) <= 2 && !strings.ContainsAny(gap, "\n.!?;")
}

func (f *facts) text(i int) string { return f.v.s[f.v.words[i].start:f.v.words[i].end] }

// factRole is what a word may do around a fact; one word may have several.
type factRole uint32

const (
	isAge factRole = 1 << iota
	isOld
	isYears
	isHas
	isIAm
	isItIs
	isKin
	isFounded
	isPeople
	isBe
	isArticle
	isGroup
	isMonthName
	isSite
	isFirm
	isOwn
	isFolk
	isTrade
	isWork
	isWorkLink
	isDoing
)

// The lists of data/facts.txt.
var (
	//go:embed data/facts.txt
	factFile string

	factLists  = lists(factFile)
	firmWords  = exactly(factLists["firm"])
	knownHosts = exactly(factLists["known"])
	profiles   = listOf(factLists["profile"])
)

// enterFacts notes what words do around facts, and in which languages they speak of a person.
func enterFacts(by map[string]string) {
	for language, bit := range languageBits {
		for _, h := range hashesOf(by["self-"+language]) {
			entryFor(h).self |= bit
		}
	}
	for name, role := range map[string]factRole{"age": isAge, "old": isOld, "years": isYears, "has": isHas, "iam": isIAm,
		"itis": isItIs, "kin": isKin, "founded": isFounded, "people": isPeople, "be": isBe, "article": isArticle,
		"group": isGroup, "site": isSite, "profile": isSite, "firm": isFirm, "own": isOwn, "folk": isFolk, "trade": isTrade,
		"work": isWork, "worklink": isWorkLink, "doings": isDoing} {
		for _, h := range hashesOf(by[name]) {
			entryFor(h).facts |= role
		}
	}
	for _, h := range hashesOf(labelLists["month"]) {
		entryFor(h).facts |= isMonthName
	}
}
