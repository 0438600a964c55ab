package mask

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// storeFinder finds what the store knows: its customers' names as spelled, in other order, inflected, with one
// letter wrong; their companies, address lines and order numbers. What the catalogue names it leaves to
// findings that are sure.
type storeFinder struct{}

func (storeFinder) find(p *Pass, v *view, add func(finding)) {
	if p.known == nil {
		return
	}
	for _, f := range p.look(v).found {
		add(f)
	}
}

// looked is what was found in one text.
type looked struct {
	found     []finding
	catalogue [][2]int
}

// look looks a text up, once in a pass: a text is studied first and hidden later.
func (p *Pass) look(v *view) looked {
	if seen, ok := p.looked[v.orig]; ok {
		p.catalogue = append(p.catalogue[:0], seen.catalogue...)
		return seen
	}
	var out looked
	p.catalogue = p.catalogue[:0]
	l := looker{p: p, v: v, known: p.known, add: func(f finding) { out.found = append(out.found, f) }}
	l.phrases()
	l.names()
	l.numbers()
	out.catalogue = append(out.catalogue, p.catalogue...)
	if p.looked == nil {
		p.looked = map[string]looked{}
	}
	p.looked[v.orig] = out
	return out
}

// looker looks one text up.
type looker struct {
	p       *Pass
	v       *view
	known   Known
	add     func(finding)
	seen    []nameWord
	letters []rune
	buf     []rune
	units   []unit
}

// nameWord is what is known of a word of the text: whether it is a word of some customer's name, and as which.
type nameWord struct {
	hash uint64 // of the name, without the text's ending
	cut  uint8  // bytes of the ending
	is   bool
	mute bool // never a name by itself: hope, rose, may
	also bool // means something else too, as nearly every word does
}

// found reports words i to k as a value.
func (l *looker) found(i, k, cut int, t Type, rule, owner string, score uint8) {
	f := finding{l.v.words[i].start, l.v.words[k].end - cut, t, LayerStore, rule, score, ""}
	if f.key = identify(t, l.v.s[f.start:f.end]); t == PERSON {
		f.key = inOrder(f.key)
	}
	l.p.own(identity{t, f.key}, owner)
	l.add(f)
}

// inOrder puts the words of a name in order: Muster, Anna is Anna Muster.
func inOrder(name string) string {
	words := strings.Fields(name)
	slices.Sort(words)
	return strings.Join(words, " ")
}

// names finds customers' names.
func (l *looker) names() {
	l.seen = l.p.names[:0]
	for i := range l.v.words {
		l.seen = append(l.seen, l.nameWord(i))
	}
	l.p.names = l.seen
	for i := 0; i < len(l.v.words); {
		i = max(i+1, l.nameAt(i))
	}
}

// nameWord looks one word up: as it stands, without a last s, without an ending of a Slavic case.
func (l *looker) nameWord(i int) (n nameWord) {
	w := l.v.words[i]
	size := w.end - w.start
	if w.shape&(hasDigit|hasLetter) != hasLetter || size < 2 || size > 40 || size < 4 && w.shape&firstUpper == 0 && w.on(smallWords) {
		return n
	}
	switch n.is = l.isName(w.hash); {
	case n.is:
		n.hash = w.hash
	case w.stem != 0 && size > 3 && l.isName(w.stem):
		n = nameWord{hash: w.stem, cut: 1, is: true}
	case w.shape&firstUpper != 0 && size > 3:
		n.hash, n.is = l.inflected(w)
	}
	if n.is {
		n.mute, n.also = l.mute(w), everydayWord(w.hash)
	}
	return n
}

func (l *looker) isName(hash uint64) bool {
	d := ofName.digest(hash)
	if !l.known.Near(d) {
		return false
	}
	_, ok := l.known.Whose(d)
	return ok
}

// mute says whether a word is no name by itself, whatever stands around it.
func (l *looker) mute(w word) bool {
	return w.on(notNames) || w.on(smallWords) || w.on(titles) || w.on(months) || w.on(greetings) || isCommon(l.v.s[w.start:w.end])
}

// nameAt finds a name of several words that begins at word i and returns the word behind it; else one word that
// is a name by itself.
func (l *looker) nameAt(i int) (next int) {
	if end, owner, score, rule := l.nameFrom(i); end > i {
		l.found(i, end, int(l.seen[end].cut), PERSON, rule, owner, score)
		return end + 1
	}
	if l.alone(i) {
		owner, _ := l.known.Whose(ofName.digest(l.seen[i].hash))
		l.found(i, i, int(l.seen[i].cut), PERSON, "store-name-alone", owner, 60)
	}
	return i + 1
}

// maxMiddle is how many words between two of a name may be unknown: a second given name, a particle.
const maxMiddle = 3

// nameFrom returns the last word of the name that begins at word i, i for none.
func (l *looker) nameFrom(i int) (end int, owner string, score uint8, rule string) {
	end = i
	comma, strange := false, 0
	for k := i + 1; k < len(l.v.words) && k <= end+1+maxMiddle; k++ {
		gap := l.v.s[l.v.words[k-1].end:l.v.words[k].start]
		isComma := gap == ", "
		if !isComma && !storeGap(gap, l.v.words[k-1]) || isComma && (comma || end > i) {
			break
		}
		comma = comma || isComma
		if who, s, r, ok := l.pair(i, k); ok {
			if end == i || s > score {
				owner, score, rule = who, s, r
			}
			end = k
			continue
		}
		if end > i && l.seen[k].is {
			if who, s, _, ok := l.pair(end, k); ok {
				owner, end = who, k
				score = max(s, score)
				continue
			}
		}
		w := l.v.words[k]
		if w.on(particles) || w.on(titles) || oneLetter(l.v.s, w) {
			continue
		}
		if strange++; strange > 1 || comma || gap == "-" || w.shape&firstUpper == 0 && !l.seen[k].is || l.seen[k].mute {
			break
		}
	}
	return end, owner, score, rule
}

// storeGap says whether a name may go on over what stands between two words.
func storeGap(gap string, before word) bool {
	return nameGap(gap, before) || gap == "\u00a0" || gap == "_" || gap == "." || gap == "  " || gap == " - "
}

// pair says whether words i and k are of one customer's name.
func (l *looker) pair(i, k int) (owner string, score uint8, rule string, ok bool) {
	a, b := l.seen[i], l.seen[k]
	wa, wb := l.v.words[i], l.v.words[k]
	switch {
	case b.is && oneLetter(l.v.s, wa):
		return l.initial(wa, wb, b)
	case a.is && oneLetter(l.v.s, wb):
		return l.initial(wb, wa, a)
	case a.is && b.is:
		if owner, ok = l.known.Whose(namePair(a.hash, b.hash)); ok {
			return owner, 97, "store-name", l.meant(wa, a, wb, b, owner)
		}
	}
	if wa.shape&firstUpper != wb.shape&firstUpper || a.mute && b.mute {
		return "", 0, "", false
	}
	if a.is && l.mayBeWrong(wb, b, a) {
		if owner, ok = l.near(a.hash, wb); ok {
			return owner, 88, "store-name-near", true
		}
	}
	if b.is && l.mayBeWrong(wa, a, b) {
		if owner, ok = l.near(b.hash, wa); ok {
			return owner, 88, "store-name-near", true
		}
	}
	return "", 0, "", false
}

// mayBeWrong says whether a word beside another may be a name with one letter wrong: no everyday word, unless the
// other is none.
func (l *looker) mayBeWrong(w word, n, beside nameWord) bool {
	size := w.end - w.start
	if size < minNear-1 || size > 32 || l.p.touchesCatalogue(w) || w.shape&hasDigit != 0 || n.mute || l.mute(w) {
		return false
	}
	return w.shape&firstUpper != 0 || !beside.also && !beside.mute || !n.also && (n.is || !everydayWord(w.hash))
}

// meant says whether two words of a name are meant as one: two everyday words only with capitals, and what the
// catalogue names only where it is the name of the customer the call is for. A title or a greeting is evidence of
// its own, see contextFinder.
func (l *looker) meant(wa word, a nameWord, wb word, b nameWord, owner string) bool {
	switch capitals := wa.shape & wb.shape & firstUpper; {
	case l.p.inCatalogue(wa.start, wb.end):
		return owner != "" && owner == l.p.subject
	case (a.mute || a.also) && (b.mute || b.also), wa.on(smallWords), wb.on(smallWords):
		return capitals != 0
	}
	return true
}

// initial looks for a name of which one word is only a letter: A. Muster.
func (l *looker) initial(letter, w word, n nameWord) (owner string, score uint8, rule string, ok bool) {
	dotted := letter.end < len(l.v.s) && l.v.s[letter.end] == '.'
	if l.p.touchesCatalogue(letter) || l.p.touchesCatalogue(w) || n.mute && !dotted || letter.shape&firstUpper == 0 || w.shape&firstUpper == 0 {
		return "", 0, "", false
	}
	owner, ok = l.known.Whose(initialOf(l.v.s[letter.start:letter.end], n.hash))
	return owner, 85, "store-initial", ok
}

// alone says whether a word is a name by itself: written as one, no everyday word, no place, nothing of the
// catalogue. Everyday words count where they are a name of the customer the call is for.
func (l *looker) alone(i int) bool {
	n, w := l.seen[i], l.v.words[i]
	if !n.is || w.shape&firstUpper == 0 || w.end-w.start < 3 || l.p.inCatalogue(w.start, w.end) {
		return false
	}
	if w.shape&(restUpper|restLower) == restUpper && w.end-w.start < 5 {
		return false // an abbreviation
	}
	if !runningText(l.v.s, w.start, w.end) || i > 0 && l.v.words[i-1].on(determiners) {
		return false
	}
	if n.mute || n.also || w.city() > 0 {
		owner, _ := l.known.Whose(ofName.digest(n.hash))
		return owner != "" && owner == l.p.subject && !w.on(smallWords) && !l.startsSentence(i)
	}
	return n.cut == 0 || !l.startsSentence(i)
}

// determiners stand in front of things: das Regal, the Ferry.
var determiners = listOf(`das ein eine einen einem einer the a an this that le les un une el los las una il lo gli uno het een
	ett ten ta to`)

func (l *looker) startsSentence(i int) bool {
	n := namer{v: l.v}
	return n.startsSentence(i)
}

// inflected takes an ending of a Slavic case off a name: Kowalskiego, Annie, Nowakiem.
func (l *looker) inflected(w word) (hash uint64, ok bool) {
	switch l.v.s[w.end-1] | 0x20 {
	case 'o', 'u', 'i', 'y', 'e', 'm', 'j', 'a', 0xb9, 0xbb: // ą and ę end in 0x85 and 0x99, or 0x20
	default:
		if l.v.s[w.end-1] < utf8.RuneSelf {
			return 0, false
		}
	}
	l.letters = lettersOf(l.letters[:0], l.v.s[w.start:w.end])
	for _, e := range caseEndings {
		rest, ends := cutEnd(l.letters, e[0])
		if !ends || len(rest) < 2 {
			continue
		}
		if hash = lettersHash(append(rest, []rune(e[1])...)); l.isName(hash) {
			return hash, true
		}
	}
	return 0, false
}

// caseEndings are endings of names in a sentence and what the name ends in by itself.
var caseEndings = [][2]string{{"iego", "i"}, {"iemu", "i"}, {"iej", "a"}, {"ego", ""}, {"emu", ""}, {"owi", ""}, {"iem", ""}, {"kiem", "ek"},
	{"kowi", "ek"}, {"ka", "ek"}, {"em", ""}, {"im", "i"}, {"ie", "a"}, {"ie", ""}, {"y", "a"}, {"i", "a"}, {"e", "a"}, {"o", "a"}, {"ou", "a"},
	{"a", ""}, {"u", ""}, {"e", ""}, {"a", "o"}}

// near says whether a word is, but for one letter, one that stands beside another in a customer's name.
func (l *looker) near(partner uint64, w word) (owner string, ok bool) {
	l.letters = rawLetters(l.letters[:0], l.v.s[w.start:w.end])
	raw := len(l.letters)
	if owner, ok = l.nearLetters(partner); ok {
		return owner, true
	}
	if l.letters = foldLetters(l.letters, 0); len(l.letters) == raw {
		return "", false
	}
	return l.nearLetters(partner)
}

// nearLetters is near for the present letters.
func (l *looker) nearLetters(partner uint64) (owner string, ok bool) {
	try := func(letters []rune) bool {
		owner, ok = l.known.Whose(namePair(partner, lettersHash(letters)))
		return ok
	}
	var spare [40]rune
	if l.known.Near(nearOf(partner, l.letters)) && insertions(l.letters, spare[:0], 0, len(l.letters), try) {
		return owner, true
	}
	l.buf = withoutOne(l.letters, l.buf, func(i int, rest []rune) bool {
		if !l.known.Near(nearOf(partner, rest)) {
			return true
		}
		return !(try(rest) || insertions(rest, spare[:0], max(0, i-1), min(len(rest), i+1), try))
	})
	return owner, ok
}

// insertions tries letters with any one put in at the places from and to.
func insertions(letters, buf []rune, from, to int, try func([]rune) bool) bool {
	for at := from; at <= to; at++ {
		buf = append(append(append(buf[:0], letters[:at]...), 0), letters[at:]...)
		for c := 'a'; c <= 'z'; c++ {
			if buf[at] = c; try(buf) {
				return true
			}
		}
	}
	return false
}

// phrases finds companies, names without spaces, and what the catalogue names, by their first word.
func (l *looker) phrases() {
	for i, w := range l.v.words {
		if d := ofStart.digest(w.hash); l.known.Near(d) {
			if _, ok := l.known.Whose(d); ok {
				l.phraseAt(i)
			}
		}
	}
}

func (l *looker) phraseAt(i int) {
	company, product, whole := ofCompany.digest(), ofProduct.digest(), ofWhole.digest()
	for k := i; k < len(l.v.words) && k-i < maxPhrase; k++ {
		if k > i && !joins(l.v.s[l.v.words[k-1].end:l.v.words[k].start]) {
			return
		}
		h := l.v.words[k].hash
		company, product, whole = company.with(h), product.with(h), whole.with(h)
		if owner, ok := l.known.Whose(company); ok && k > i {
			l.found(i, k, 0, COMPANY, "store-company", owner, 90)
		}
		if owner, ok := l.known.Whose(whole); ok {
			l.found(i, k, 0, PERSON, "store-name", owner, 95)
		}
		if _, ok := l.known.Whose(product); ok {
			l.p.catalogue = append(l.p.catalogue, [2]int{l.v.words[i].start, l.v.words[k].end})
		}
	}
}

// inCatalogue says whether the catalogue names what stands here.
func (p *Pass) inCatalogue(start, end int) bool {
	for _, r := range p.catalogue {
		if r[0] <= start && end <= r[1] {
			return true
		}
	}
	return false
}

// touchesCatalogue says whether a word is part of what the catalogue names.
func (p *Pass) touchesCatalogue(w word) bool { return p.inCatalogue(w.start, w.end) }

// numbers finds address lines and order numbers, around words with digits.
func (l *looker) numbers() {
	for i := 0; i < len(l.v.words); i++ {
		if l.v.words[i].shape&hasDigit != 0 {
			l.line(i)
			l.code(i)
		}
	}
}

// line finds the address line around the number at word i.
func (l *looker) line(i int) {
	from, to := i, i+1
	for from > 0 && i-from < lineBack && lineGap(l.v.s[l.v.words[from-1].end:l.v.words[from].start]) {
		from--
	}
	for to < len(l.v.words) && to-i <= lineBack && lineGap(l.v.s[l.v.words[to-1].end:l.v.words[to].start]) {
		to++
	}
	l.units = lineUnits(l.v, from, to, l.units[:0])
	at := l.v.words[i].start
	for a := range l.units {
		if l.units[a].start > at {
			return
		}
		d := ofLine.digest()
		best, whose := -1, ""
		for b := a; b < len(l.units) && b-a < maxUnits; b++ {
			d = d.with(l.units[b].hash)
			if b == a || l.units[b].end <= at {
				continue
			}
			if owner, ok := l.known.Whose(d); ok {
				best, whose = b, owner
			}
		}
		if best >= 0 {
			f := finding{l.units[a].start, l.units[best].end, ADDRESS, LayerStore, "store-address", 96, ""}
			l.p.own(identity{ADDRESS, identify(ADDRESS, l.v.s[f.start:f.end])}, whose)
			l.add(f)
			return
		}
	}
}

// lineGap says whether an address line may go on.
func lineGap(gap string) bool { return len(gap) <= 3 && strings.Trim(gap, " .,-/'\u00a0’") == "" }

// code finds the order's or parcel's number around the digits at word i.
func (l *looker) code(i int) {
	w := l.v.words[i]
	start, end := w.start, w.end
	for end < len(l.v.s)-1 && end-w.start < maxCode && (isAlnum(l.v.s[end]) || strings.IndexByte("-_/.", l.v.s[end]) >= 0 && isAlnum(l.v.s[end+1])) {
		end++
	}
	if end == len(l.v.s)-1 && isAlnum(l.v.s[end]) {
		end++
	}
	for start > 1 && w.end-start < maxCode && (isAlnum(l.v.s[start-1]) || strings.IndexByte("-_/.", l.v.s[start-1]) >= 0 && isAlnum(l.v.s[start-2])) {
		start--
	}
	if start == 1 && isAlnum(l.v.s[0]) {
		start = 0
	}
	for _, at := range [][2]int{{start, end}, {w.start, w.end}} {
		code := codeOf(l.v.s[at[0]:at[1]])
		for _, k := range []of{ofOrder, ofTracking} {
			owner, ok := l.known.Whose(k.text(code))
			if !ok || k == ofOrder && !l.saysOrder(at[0], code) {
				continue
			}
			t, rule := ORDER, "store-order"
			if k == ofTracking {
				t, rule = PARCEL, "store-parcel"
			}
			l.p.own(identity{t, identify(t, l.v.s[at[0]:at[1]])}, owner)
			l.add(finding{at[0], at[1], t, LayerStore, rule, 97, ""})
			return
		}
	}
}

// saysOrder says whether a number is meant as an order's: it has letters or many digits, or the words before
// call it so. Any number of four digits is some order's.
func (l *looker) saysOrder(start int, code string) bool {
	if len(code) >= 8 || len(code) >= 5 && letters(code) > 0 || start > 0 && l.v.s[start-1] == '#' {
		return true
	}
	sc := scanner{s: l.v.s, words: l.v.words}
	called := false
	sc.wordsBefore(start, func(w word) { called = called || w.on(otherLabels) || w.on(numberLabels) })
	return called
}
