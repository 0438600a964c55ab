package guard

import (
	"crypto/rand"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"ringfence/internal/guard/known"
)

// Fact is a value the store keeps to itself.
type Fact struct {
	// Kind: canary; name, email, phone, address, order of a customer; or what
	// is confidential: cost_price, supplier, margin, coupon, product; any other
	// word counts as "confidential".
	Kind  string
	Value string
	Near  []string // names of what it is about; a small number counts beside one of them only
	Owner string   // the subject whose it is; "" for nobody's
}

// The kinds, as they are kept. Entries show their names and nothing else of a
// fact.
const (
	kindCanary uint8 = iota
	kindName
	kindEmail
	kindPhone
	kindAddress
	kindOrder
	kindCost
	kindSupplier
	kindMargin
	kindCoupon
	kindProduct
	kindOther
	kindNear
	kindLabel
	kindUnit
)

var kindNames = [...]string{"canary", "name", "email", "phone", "address", "order",
	"cost_price", "supplier", "margin", "coupon", "product", "confidential", "near", "label", "unit"}

// kindOf maps the words people use to a kind.
func kindOf(kind string) uint8 {
	kind = strings.ToLower(strings.ReplaceAll(kind, "-", "_"))
	for i, n := range kindNames[:kindNear] {
		if n == kind {
			return uint8(i)
		}
	}
	for _, alias := range []struct {
		part string
		kind uint8
	}{{"margin", kindMargin}, {"markup", kindMargin}, {"cost", kindCost}, {"purchase", kindCost}, {"wholesale", kindCost}, {"price", kindCost},
		{"supplier", kindSupplier}, {"vendor", kindSupplier}, {"coupon", kindCoupon}, {"voucher", kindCoupon}, {"discount", kindCoupon}, {"product", kindProduct}} {
		if strings.Contains(kind, alias.part) {
			return alias.kind
		}
	}
	return kindOther
}

// personal reports whether a kind is a customer's.
func personal(kind uint8) bool { return kindName <= kind && kind <= kindOrder }

// Notes of a known value.
const noteContext = 1 // it is short: it counts beside a name or a label only

// Known holds facts as keyed hashes. It is safe for concurrent use.
type Known struct {
	mu       sync.RWMutex
	key      known.Key
	set      *known.Set
	anywhere bool // values may begin within a word
}

// NewKnown returns an empty Known. Records of one key mean nothing to another.
func NewKnown(key [16]byte) *Known { return &Known{key: key, set: known.New(key)} }

// newMarks returns a Known for random marks of one call.
func newMarks(marks []string) *Known {
	var key known.Key
	rand.Read(key[:])
	k := NewKnown(key)
	k.anywhere = true
	for _, m := range marks {
		if s, _ := squeezed(m); len(s) >= minCanary {
			k.Put(k.Compile(Fact{Kind: "canary", Value: m}))
		}
	}
	return k
}

// minCanary are the letters of a mark; a shorter one would stand in honest
// answers.
const minCanary = 6

// Record is a fact as it is kept and stored: hashes only.
type Record struct {
	Words []RecordWord `json:"w,omitempty"`
	Marks []RecordMark `json:"m,omitempty"`
	Owner uint64       `json:"o,omitempty"`
}

// RecordWord is one way to write a value.
type RecordWord struct {
	known.Word
	Kind  uint8 `json:"k"`
	Notes uint8 `json:"c,omitempty"`
}

// RecordMark ties a number to what it is about.
type RecordMark struct {
	Mark uint64 `json:"h"`
	Kind uint8  `json:"k"`
}

// Check says what is wrong with a fact, or nil.
func (f Fact) Check() error {
	s, _ := squeezed(f.Value)
	switch {
	case len(s) == 0:
		return fmt.Errorf("a fact of kind %q has no value", f.Kind)
	case len(s) < known.Shortest && !isNumber(f.Value):
		return fmt.Errorf("a fact of kind %q is too short to be found: give four letters or more", f.Kind)
	}
	return nil
}

// Compile makes the record of a fact.
func (k *Known) Compile(f Fact) Record {
	kind := kindOf(f.Kind)
	r := Record{Owner: k.owner(f.Owner)}
	add := func(text string, kind, notes uint8) (sum uint64) {
		s, _ := squeezed(text)
		if w, ok := k.key.Compile(s); ok {
			r.Words = append(r.Words, RecordWord{w, kind, notes})
			return w.Sum
		}
		return 0
	}
	if fields := strings.Fields(f.Value); kind == kindName && len(fields) > 1 {
		first, last := folded(fields[0]), folded(fields[len(fields)-1])
		r.Marks = append(r.Marks, RecordMark{k.pair(first, last), kind}, RecordMark{k.pair(first[:1], last), kind})
	}
	number := isNumber(f.Value)
	if !number || kind == kindPhone || len(figuresOf(f.Value)) >= longNumber {
		for _, v := range spellings(kind, f.Value) {
			notes := uint8(0)
			if s, _ := squeezed(v); len(s) < 6 && kind != kindCanary || kind == kindOrder {
				notes = noteContext
			}
			add(v, kind, notes)
		}
	}
	if number && kind != kindPhone {
		r.Marks = append(r.Marks, k.numberMarks(kind, f, add)...)
	} else {
		for _, near := range f.Near {
			if sum := add(near, kindNear, 0); sum != 0 {
				add(backwards(near), kindNear, 0)
				s, _ := squeezed(f.Value)
				r.Marks = append(r.Marks, RecordMark{k.key.Mark("near", string(s), markText(sum)), kind})
			}
		}
	}
	return r
}

// longNumber are the figures of a number that says enough by itself.
const longNumber = 7

// numberMarks tie a number to its kind and to the names it stands beside.
func (k *Known) numberMarks(kind uint8, f Fact, add func(string, uint8, uint8) uint64) (marks []RecordMark) {
	for _, c := range canonical(numberIn(f.Value)) {
		marks = append(marks, RecordMark{k.key.Mark("number", c), kind}, RecordMark{k.key.Mark("label", kindNames[kind], c), kind})
		for _, near := range f.Near {
			for _, text := range []string{near, backwards(near)} {
				if sum := add(text, kindNear, 0); sum != 0 {
					marks = append(marks, RecordMark{k.key.Mark("near", c, markText(sum)), kind})
				}
			}
		}
	}
	return marks
}

func markText(mark uint64) string { return strconv.FormatUint(mark, 36) }

// owner hashes a subject.
func (k *Known) owner(subject string) uint64 {
	if subject == "" {
		return 0
	}
	return k.key.Mark("owner", subject)
}

// Put adds a record.
func (k *Known) Put(r Record) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, w := range r.Words {
		k.set.Put(w.Word, known.End{Owner: r.Owner, Kind: w.Kind, Notes: w.Notes})
	}
	for _, m := range r.Marks {
		k.set.PutMark(m.Mark, known.End{Owner: r.Owner, Kind: m.Kind})
	}
}

// Replace puts these records in place of all others.
func (k *Known) Replace(records []Record) {
	fresh := NewKnown(k.key)
	for _, r := range records {
		fresh.Put(r)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.set = fresh.set
}

// Len returns how many hashes are kept.
func (k *Known) Len() int {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.set.Len()
}

// spellings returns how a value may be written, apart from what the readings of
// an answer undo.
func spellings(kind uint8, value string) []string {
	var out []string
	switch kind {
	case kindName:
		fields := strings.Fields(value)
		if len(fields) < 2 {
			return nil // a first name alone is nobody's
		}
		last := len(fields) - 1
		out = append(out, value, fields[last]+" "+strings.Join(fields[:last], " "))
		if last > 1 {
			out = append(out, fields[0]+" "+fields[last])
		}
		turned := make([]string, len(fields))
		for i, f := range fields {
			turned[i] = backwards(f)
		}
		out = append(out, strings.Join(turned, " "))
		if two := twoLetters.Replace(value); two != value {
			out = append(out, two)
		}
		if one := oneLetter.Replace(value); one != value {
			out = append(out, one)
		}
	case kindEmail:
		value = strings.TrimSpace(value)
		local, host, _ := strings.Cut(value, "@")
		out = append(out, value, local+" "+host, local+" at "+strings.ReplaceAll(host, ".", " dot "), local+" at "+host,
			local+" (at) "+strings.ReplaceAll(host, ".", " punkt "))
	case kindPhone:
		out = phoneForms(value)
	case kindAddress:
		out = addressParts(value)
	default:
		out = []string{value}
	}
	if len(out) > 0 {
		out = append(out, backwards(out[0]))
		if kind == kindEmail {
			out = append(out, backwards(out[1]))
		}
	}
	if local, _, ok := strings.Cut(value, "@"); kind == kindEmail && ok && figuresOf(local) != "" {
		if s, _ := squeezed(local); len(s) >= minLocal {
			out = append(out, local) // it names the person as well
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// minLocal are the letters of a mail box that is nobody else's, if a figure is
// among them.
const minLocal = 8

// Umlauts are written with two letters, too.
var (
	twoLetters = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "Ä", "Ae", "Ö", "Oe", "Ü", "Ue", "å", "aa", "ø", "oe", "Å", "Aa", "Ø", "Oe", "æ", "ae")
	oneLetter  = strings.NewReplacer("ae", "a", "oe", "o", "ue", "u", "Ae", "A", "Oe", "O", "Ue", "U")
)

// phoneForms returns the digits of a number with and without its country code.
func phoneForms(value string) []string {
	d := figuresOf(value)
	if len(d) < 6 {
		return nil
	}
	out := []string{d}
	plus := strings.HasPrefix(strings.TrimSpace(value), "+")
	if d2, ok := strings.CutPrefix(d, "00"); ok && !plus {
		d, plus = d2, true
		out = append(out, d)
	}
	if !plus {
		return out
	}
	out = append(out, "00"+d)
	for _, n := range []int{1, 2, 3} {
		if len(d)-n < 6 || n != countryCode(d) {
			continue
		}
		local := strings.TrimPrefix(d[n:], "0")
		out = append(out, "0"+local, local, d[:n]+"0"+local, d[:n]+local)
	}
	return out
}

// countryCode returns how many digits a country's code has.
func countryCode(d string) int {
	switch {
	case d[0] == '1' || d[0] == '7':
		return 1
	case strings.Contains(" 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98 ", " "+d[:2]+" "):
		return 2
	}
	return 3
}

// addressParts returns an address and its street with the number of the house:
// a town alone is nobody's.
func addressParts(value string) []string {
	out := []string{value}
	for f := range strings.FieldsFuncSeq(value, func(r rune) bool { return r == ',' || r == '\n' || r == ';' }) {
		f = street(f)
		if s, _ := squeezed(f); len(s) >= 6 && houseNumber(f) {
			out = append(out, f)
		}
	}
	for _, f := range out {
		low := strings.ToLower(f)
		for _, p := range [][2]string{{"straße", "str."}, {"strasse", "str."}, {"str.", "straße"}, {" street", " st"}, {" road", " rd"}, {" avenue", " ave"}, {"straat", "str."}, {"calle ", "c/ "}, {"avenida ", "avda. "}, {"avenue ", "av. "}, {"via ", "v. "}, {"gatan", "g."}, {"vägen", "v."}, {"plaza ", "pza. "}, {"piazza ", "p.za "}, {"aleja ", "al. "}, {"ul. ", "ulica "}} {
			if strings.Contains(low, p[0]) {
				out = append(out, strings.ReplaceAll(low, p[0], p[1]))
			}
		}
	}
	return out
}

// street cuts a postcode, and what follows it, off a line.
func street(line string) string {
	fields := strings.Fields(line)
	for i, w := range fields {
		if d := figuresOf(w); i > 1 && len(d) >= 4 && len(d) == len(w) {
			return strings.Join(fields[:i], " ")
		}
	}
	return strings.Join(fields, " ")
}

// houseNumber reports whether a line of an address has a street: letters, and a
// number that is no postcode.
func houseNumber(line string) bool {
	letters, number := false, false
	for i, w := range strings.Fields(line) {
		d := figuresOf(w)
		switch {
		case d == "":
			letters = letters || len([]rune(w)) > 2
		case len(d) <= 3 || i > 0 && len(d) == 4 && letters:
			number = true
		}
	}
	return letters && number
}

func figuresOf(s string) string {
	var b []byte
	for _, r := range s {
		if '0' <= r && r <= '9' {
			b = append(b, byte(r))
		}
	}
	return string(b)
}

// isNumber reports whether a value is a number, perhaps with a unit.
func isNumber(s string) bool {
	n := numberIn(s)
	if n == "" {
		return false
	}
	rest := strings.ToLower(strings.TrimFunc(strings.Replace(s, n, "", 1), func(r rune) bool { return unicode.IsSpace(r) || unicode.IsPunct(r) || unicode.IsSymbol(r) }))
	return rest == "" || slices.Contains([]string{"eur", "euro", "usd", "gbp", "chf", "sek", "pln", "kr", "zł", "percent", "prozent"}, rest)
}

// numberIn returns the first number of a text.
func numberIn(s string) string {
	i := strings.IndexAny(s, "0123456789")
	if i < 0 {
		return ""
	}
	j := i
	for j < len(s) && strings.IndexByte("0123456789.,'", s[j]) >= 0 {
		j++
	}
	return strings.TrimRight(s[i:j], ".,'")
}

// backwards turns a text around.
func backwards(s string) string {
	r := []rune(s)
	slices.Reverse(r)
	return string(r)
}
