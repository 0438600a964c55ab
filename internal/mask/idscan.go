package mask

import (
	_ "embed"
	"strings"
)

// idFinder finds numbers that states, banks and carriers give to people and parcels: by their form and check
// digit, or by the word in front of them.
type idFinder struct{}

func (idFinder) find(_ *Pass, v *view, add func(finding)) {
	x := ider{v: v, add: add}
	for i := range v.words {
		w := v.words[i]
		switch size := w.end - w.start; {
		case w.shape&hasDigit != 0, i+1 < len(v.words) && v.words[i+1].shape&hasDigit != 0:
			x.at(i)
		case (size == 8 || size == 11) && w.shape&(restUpper|restLower) == restUpper:
			x.at(i) // the code of a bank
		}
	}
}

// ider reads the numbers of one text.
type ider struct {
	v    *view
	add  func(finding)
	done int // words before this are part of a number already
}

// idText is a candidate: letters and digits without separators, up to each of its groups.
type idText struct {
	body   [longestID + 8]byte
	n      int
	layout [24]byte // sizes of groups and what stands between them
	width  int
}

// at judges the number that may begin with word i. The longest that a rule knows counts.
func (x *ider) at(i int) {
	w := x.v.words[i]
	if i < x.done || w.shape&firstUpper == 0 && w.shape&hasDigit == 0 || x.glued(w.start) {
		return
	}
	label := x.label(i)
	var t idText
	best, last := finding{}, i
	for k := i; k < len(x.v.words) && k-i < 7 && x.joins(k, i) && t.take(x.v.s, x.v.words[k], x.between(k, i)); k++ {
		if x.ends(k) {
			if f, ok := x.judge(&t, label); ok {
				f.start, f.end = w.start, x.v.words[k].end
				best, last = f, k
			}
		}
	}
	if best.end == 0 {
		best, last = x.called(i, label)
	}
	if best.end > 0 {
		x.add(best)
		x.done = last + 1
	}
}

// judge asks the rules about the groups read so far.
func (x *ider) judge(t *idText, label label) (finding, bool) {
	if t.n > longestID || len(idRulesBy[t.n]) == 0 || t.dotted() { // dotted: rather an IP address
		return finding{}, false
	}
	body := string(t.body[:t.n])
	for _, r := range idRulesBy[t.n] {
		if !r.fits(body) || allSame(body) || !r.shown(t, label) {
			continue
		}
		return finding{typ: r.typ, layer: LayerStructure, rule: r.name, score: 96, key: body}, true
	}
	return finding{}, false
}

// shown says whether a number comes with the proof its rule needs.
func (r *idRule) shown(t *idText, l label) bool {
	switch {
	case l.words > 0 && l.typ == r.typ:
		return true
	case l.words > 0 && l.typ == "" && r.form[0] == '9' && r.typ == ID:
		return false // called something else
	case r.needs == alone:
		return true
	case r.needs == usual:
		layout := string(t.layout[:t.width])
		for _, want := range r.layouts {
			if layout == want {
				return true
			}
		}
	}
	return false
}

// take adds a word and what stands in front of it.
func (t *idText) take(s string, w word, between byte) bool {
	size := w.end - w.start
	if t.n+size > len(t.body) || t.width+4 > len(t.layout) {
		return false
	}
	for i := w.start; i < w.end; i++ {
		if !isAlnum(s[i]) {
			return false
		}
		b := s[i]
		if isLetter(b) {
			b &^= 0x20
		}
		t.body[t.n] = b
		t.n++
	}
	if between != 0 {
		t.layout[t.width] = between
		t.width++
	}
	if size > 9 {
		t.layout[t.width] = byte('0' + size/10)
		t.width++
	}
	t.layout[t.width] = byte('0' + size%10)
	t.width++
	return true
}

// dotted says whether four groups of at most three stand between dots.
func (t *idText) dotted() bool {
	l := t.layout[:t.width]
	return len(l) == 7 && l[1] == '.' && l[3] == '.' && l[5] == '.' && max(l[0], l[2], l[4], l[6]) <= '3'
}

// joins says whether word k goes on with the number that begins at word i.
func (x *ider) joins(k, first int) bool {
	if k == first {
		return true
	}
	w := x.v.words[k]
	return w.start-x.v.words[k-1].end == 1 && strings.IndexByte(" -./+\u00a0", x.v.s[w.start-1]) >= 0 &&
		(w.shape&hasDigit != 0 || w.end-w.start <= 3 && w.shape&firstUpper != 0)
}

func (x *ider) between(k, first int) byte {
	if k == first {
		return 0
	}
	return x.v.s[x.v.words[k].start-1]
}

// glued says whether what begins at i goes on with something in front of it.
func (x *ider) glued(i int) bool {
	if i == 0 {
		return false
	}
	switch b := x.v.s[i-1]; b {
	case '_', '@', '=', '&', '%', '#', '$', '\\':
		return b != '=' && b != '#' || i < 2
	case '-', '.', '/', ',', '+':
		return i > 1 && isAlnum(x.v.s[i-2])
	}
	return false
}

// ends says whether the number may end with word k.
func (x *ider) ends(k int) bool {
	end := x.v.words[k].end
	if end+1 >= len(x.v.s) {
		return true
	}
	switch x.v.s[end] {
	case '_', '@', '=', '%', '\\':
		return false
	case '-', '.', '/', ',', ':':
		return !isDigit(x.v.s[end+1])
	}
	return true
}

// label is what a word in front of a number says of it.
type label struct {
	typ   Type // "": it is nobody's
	words int  // how far in front; 0: there is none
}

// label returns what the nearest word that says anything calls the number at word i, a label of no words if none does.
func (x *ider) label(i int) label {
	for k := i - 1; k >= 0 && i-k <= labelWords; k-- {
		before := x.v.words[k]
		gap := x.v.s[before.end:x.v.words[k+1].start]
		if strings.ContainsAny(gap, "\n!?;") || len(gap) > 8 || strings.HasPrefix(gap, ". ") && before.end-before.start > 3 {
			return label{} // another sentence; but not behind "No."
		}
		if w := &x.v.words[k]; w.on(idLabels.words) {
			return label{idLabels.at(w), i - k}
		}
		if x.v.words[k].shape&hasDigit != 0 {
			return label{}
		}
	}
	return label{}
}

// labelWords is how many words in front of a number may say what it is.
const labelWords = 5

// leastDigits says how many digits a number needs that only the word in front of it gives away.
var leastDigits = map[Type]int{ID: 4, ACCOUNT: 5, PARCEL: 5, DEVICE: 8}

// called takes a number for what the word in front calls it, whatever its form.
func (x *ider) called(i int, l label) (f finding, last int) {
	if l.words == 0 || leastDigits[l.typ] == 0 || l.words > 4 || x.v.words[i].shape&hasDigit == 0 && !x.isBIC(i, l) && !(i+1 < len(x.v.words) && x.joins(i+1, i)) {
		return f, i
	}
	last = i
	for last+1 < len(x.v.words) && last-i < 6 && x.joins(last+1, i) && x.v.words[last+1].shape&hasDigit != 0 {
		last++
	}
	start, end := x.v.words[i].start, x.v.words[last].end
	value := x.v.s[start:end]
	digits := countDigits(value)
	if digits < leastDigits[l.typ] && !x.isBIC(i, l) || len(value) > 40 || l.typ == PARCEL && len(value) < 8 || looksDated(value) || x.money(end) || !x.ends(last) {
		return f, i
	}
	return finding{start, end, l.typ, LayerContext, calledRules[l.typ], 75, strings.ToUpper(strings.Map(keepAlnum, value))}, last
}

var calledRules = map[Type]string{ID: "id-called", ACCOUNT: "account-called", PARCEL: "parcel-called", DEVICE: "device-called"}

// isBIC says whether word i is the code of a bank: four letters, a country, two or five more.
func (x *ider) isBIC(i int, l label) bool {
	w := x.v.words[i]
	s := x.v.s[w.start:w.end]
	return l.typ == ACCOUNT && (len(s) == 8 || len(s) == 11) && w.shape&restLower == 0 && ibanLength[[2]byte{s[4], s[5]}] > 0
}

// money says whether a sum goes on, or is named, behind i.
func (x *ider) money(i int) bool {
	rest := strings.TrimLeft(x.v.s[i:min(len(x.v.s), i+8)], " \u00a0")
	for _, unit := range [...]string{"€", "$", "£", "EUR", "eur", "euro", "Euro", "USD", "GBP", "zł", "PLN", "kr", "SEK", "%", "km", "kg", "ml", "g "} {
		if strings.HasPrefix(rest, unit) {
			return true
		}
	}
	return false
}

// The lists of data/ids.txt.
var (
	//go:embed data/ids.txt
	idFile   string
	idLabels = newIDLabels(lists(idFile))
)

// newIDLabels gives each word the type of what it calls a number; "" for what is nobody's.
func newIDLabels(by map[string]string) byWord[Type] {
	m := map[uint64]Type{}
	for _, list := range []struct { // a word that is on two counts as the later says
		name string
		typ  Type
	}{{"other", ""}, {"device", DEVICE}, {"parcel", PARCEL}, {"account", ACCOUNT}, {"id", ID}} {
		for _, w := range strings.Fields(by[list.name]) {
			m[hashWord(w)] = list.typ
		}
	}
	return newByWord(m)
}
