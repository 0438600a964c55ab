package mask

import (
	"strings"
	"unicode/utf8"

	"github.com/nyaruka/phonenumbers"
)

// region is a country whose numbers may be written without country code.
type region struct {
	code  string
	call  int    // calling code
	trunk string // what is dialled before the area code inside the country, mostly 0
}

func newRegions(codes []string) (regions []region) {
	for _, code := range codes {
		code = strings.ToUpper(code)
		if call := phonenumbers.GetCountryCodeForRegion(code); call != 0 {
			regions = append(regions, region{code, call, phonenumbers.GetNddPrefixForRegion(code, true)})
		}
	}
	return regions
}

const (
	maxPhoneDigits = 17 // 15 by ITU-T E.164, and a trunk zero or two people leave in
	minPhoneDigits = 7
	// maxPhoneTries bounds the numbers of one text that the number plans are asked about. Beyond it a
	// candidate is taken for a phone number unasked: rather too much masked than time without end.
	maxPhoneTries = 5000
)

// phoneText is a candidate: its digits and where each ends.
type phoneText struct {
	digits [maxPhoneDigits + 1]byte
	ends   [maxPhoneDigits + 1]int
	n      int
	plus   bool
	spaced int // separators between groups
	called int // what the words before say: 1 a phone number, -1 something else, 0 nothing
	zero   int // index of a trunk zero in brackets, as in +49 (0)30, or -1
}

// phone judges the phone number that may begin at i, with a plus or a digit.
func (sc *scanner) phone(i int) {
	if i < sc.doneTo[byPhone] || sc.s[i] == '+' && !isDigitAt(sc.s, i+1) && !strings.HasPrefix(sc.s[i+1:], "(") {
		return
	}
	var t phoneText
	sc.readPhone(i, &t)
	if t.n < minPhoneDigits-1 {
		return
	}
	start := i
	for start > 0 && (sc.s[start-1] == '(' || sc.s[start-1] == '+') {
		start--
	}
	if key, end := sc.p.people.phone(sc.s, &t); key != "" {
		sc.add(finding{start, end, PHONE, LayerPeople, "seeded-phone", 99, key})
		sc.doneTo[byPhone] = end
		return
	}
	if !sc.phoneMayStart(start, i) {
		return
	}
	if !t.plus {
		t.called = sc.calledPhone(start)
	}
	for k, tries := t.n, 0; k >= minPhoneDigits && tries < 3; k-- {
		if !sc.numberEnds(&t, k) {
			continue
		}
		tries++
		if key, score := sc.judgePhone(start, &t, k); key != "" {
			sc.found(byPhone, start, t.ends[k-1], PHONE, "phone", score, key)
			return
		}
	}
	if k := sc.loosePhone(start, &t); k > 0 {
		sc.found(byPhone, start, t.ends[k-1], PHONE, "phone-unplanned", 70, string(t.digits[:k]))
	}
}

// numberEnds says whether a group of digits and a word end behind the first k digits.
func (sc *scanner) numberEnds(t *phoneText, k int) bool {
	return !isDigitAt(sc.s, t.ends[k-1]) && sc.wordEnds(t.ends[k-1])
}

// loosePhone finds a number that no number plan knows but that is clearly meant as one: with a plus and a
// calling code, called a phone number, or grouped 3-3-4 as in America. It returns how many digits it has.
func (sc *scanner) loosePhone(start int, t *phoneText) int {
	for k := min(t.n, 15); k >= minPhoneDigits; k-- {
		if !sc.numberEnds(t, k) {
			continue
		}
		digits := string(t.digits[:k])
		switch {
		case allSame(digits) || looksDated(sc.s[start:t.ends[k-1]]):
			return 0
		case t.plus && k > 8 && hasCallingCode(digits), t.called > 0 && (k > 7 || t.spaced > 0):
			return k
		case t.called == 0 && strings.HasPrefix(digits, "00") && k > 10 && t.spaced > 0 && hasCallingCode(digits[2:]) &&
			sc.standsAlone(start, t.ends[k-1]):
			return k
		case t.called == 0 && k == 10 && t.spaced == 2 && t.american(sc.s) && sc.standsAlone(start, t.ends[k-1]):
			return k
		}
	}
	return 0
}

// american says whether ten digits are grouped 3-3-4, with more than a space between them.
func (t *phoneText) american(s string) bool {
	after := func(k int) byte { return s[t.ends[k-1]] }
	return !isDigit(after(3)) && !isDigit(after(6)) && after(6) != ' ' && after(6) != '/'
}

func hasCallingCode(digits string) bool {
	return callingCodes[atoi(digits[:1])] || callingCodes[atoi(digits[:2])] || callingCodes[atoi(digits[:3])]
}

// phoneMayStart rejects the middle of other things: words, decimals, paths, ranges.
func (sc *scanner) phoneMayStart(start, i int) bool {
	if !sc.wordStarts(start) {
		return false
	}
	if start == 0 {
		return true
	}
	switch b := sc.s[start-1]; b {
	case '.', ',', '-', '/', '_', '#', '$', '=':
		return b == '=' || start > 1 && !isAlnum(sc.s[start-2]) && b != '#' && b != '$'
	}
	return sc.s[i] != '0' || i+1 >= len(sc.s) || sc.s[i+1] != '.' && sc.s[i+1] != ','
}

// readPhone reads digits in groups, with the separators people put between them.
func (sc *scanner) readPhone(i int, t *phoneText) {
	t.zero = -1
	if sc.s[i] == '+' {
		t.plus = true
		i++
	}
	for gap := 0; i < len(sc.s) && t.n <= maxPhoneDigits; i++ {
		b := sc.s[i]
		if isDigit(b) {
			if gap > 0 && t.n > 0 {
				t.spaced++
			}
			if b == '0' && sc.s[i-min(i, 1)] == '(' && i+1 < len(sc.s) && sc.s[i+1] == ')' && t.n > 0 {
				t.zero = t.n
			}
			t.digits[t.n], t.ends[t.n] = b, i+1
			t.n++
			gap = 0
			continue
		}
		if gap++; gap > 3 || strings.IndexByte(" -./()\t", b) < 0 {
			return
		}
	}
	if t.n > maxPhoneDigits && isDigitAt(sc.s, i) {
		t.n = 0 // too long for any number plan
	}
}

// judgePhone says whether the first k digits are a phone number and returns it in E.164.
func (sc *scanner) judgePhone(start int, t *phoneText, k int) (key string, score uint8) {
	digits := string(t.digits[:k])
	if t.zero > 0 && t.zero < k {
		digits = digits[:t.zero] + digits[t.zero+1:]
	}
	if allSame(digits) {
		return "", 0
	}
	if sc.phoneTry++; sc.phoneTry > maxPhoneTries {
		return digits, 50
	}
	if t.plus || strings.HasPrefix(digits, "00") {
		return international(strings.TrimPrefix(digits, "00")), 95
	}
	if t.called < 0 || t.called == 0 && !sc.plausible(start, t, k) {
		return "", 0
	}
	usual := t.spaced >= 2 && k >= 2*(t.spaced+1)
	for i := range sc.p.masker.regions {
		r := &sc.p.masker.regions[i]
		if key := r.national(digits, t.called > 0 || usual); key != "" {
			return key, 85
		}
	}
	return "", 0
}

// standsAlone says whether no more digits stand before or behind, as in a longer number of another kind.
func (sc *scanner) standsAlone(start, end int) bool {
	const between = " -./"
	if start > 1 && strings.IndexByte(between, sc.s[start-1]) >= 0 && isDigit(sc.s[start-2]) {
		return false
	}
	return end >= len(sc.s) || strings.IndexByte(between, sc.s[end]) < 0 || !isDigitAt(sc.s, end+1)
}

// international reads digits that begin with a calling code.
func international(digits string) string {
	for n := 1; n <= 3 && n < len(digits); n++ {
		call := atoi(digits[:n])
		if !callingCodes[call] {
			continue
		}
		national := digits[n:]
		if call != 39 { // only Italy dials its zero from abroad
			national = strings.TrimPrefix(national, "0")
		}
		return validPhone(call, national)
	}
	return ""
}

var callingCodes = phonenumbers.GetSupportedCallingCodes()

// national reads digits as dialled inside a country. Where nothing is dialled before the area code, digits
// alone say little: there they need a label or the usual spacing.
func (r *region) national(digits string, sure bool) string {
	switch {
	case r.call == 39 && (digits[0] == '0' && len(digits) >= 9 || sure):
		return validPhone(r.call, digits)
	case r.trunk == "0" && digits[0] == '0':
		return validPhone(r.call, digits[1:])
	case r.trunk == "0" || !sure || digits[0] == '0':
		return ""
	case r.trunk != "" && strings.HasPrefix(digits, r.trunk) && r.call != 1:
		return validPhone(r.call, digits[len(r.trunk):])
	}
	return validPhone(r.call, digits)
}

// validPhone asks the number plan and returns the number in E.164, or nothing.
func validPhone(call int, national string) string {
	if len(national) < 4 || len(national) > 15 {
		return ""
	}
	n := phonenumbers.PhoneNumber{}
	code, number := int32(call), uint64(0)
	for _, d := range []byte(national) {
		number = number*10 + uint64(d-'0')
	}
	n.CountryCode, n.NationalNumber = &code, &number
	if national[0] == '0' {
		zero, zeros := true, int32(len(national)-len(strings.TrimLeft(national, "0")))
		n.ItalianLeadingZero, n.NumberOfLeadingZeros = &zero, &zeros
	}
	if !phonenumbers.IsValidNumber(&n) {
		return ""
	}
	return phonenumbers.Format(&n, phonenumbers.E164)
}

// plausible says whether digits that nothing calls a phone number stand as one.
func (sc *scanner) plausible(start int, t *phoneText, k int) bool {
	least := 10 - min(t.spaced, 2)
	end := t.ends[k-1]
	return k >= least && sc.standsAlone(start, end) && !looksDated(sc.s[start:end])
}

// calledPhone looks at the three words in front of a number: 1 if the nearest that says anything calls it a
// phone number, -1 if it calls it something else, 0 if none does.
func (sc *scanner) calledPhone(start int) int {
	if strings.HasSuffix(strings.TrimRight(sc.s[max(0, start-3):start], " "), "#") {
		return -1
	}
	call := 0
	sc.wordsBefore(start, func(w word) {
		switch {
		case phoneLabels[w.hash]:
			call = 1
		case otherLabels[w.hash]:
			call = -1
		case numberLabels[w.hash] && call == 0:
			call = 1
		}
	})
	return call
}

// wordsBefore calls yield with the last three words in front of a number on its line, the nearest last.
func (sc *scanner) wordsBefore(start int, yield func(word)) {
	at := max(0, start-labelReach)
	if k := strings.LastIndexByte(sc.s[at:start], '\n'); k >= 0 {
		at += k + 1
	}
	for at > 0 && at < start && (isAlnum(sc.s[at-1]) || !utf8.RuneStart(sc.s[at])) {
		at++ // not into the middle of a word
	}
	var ring [3]word
	n := 0
	for at < start {
		w := readWord(sc.s[:start], at)
		if w.end == at {
			_, size := utf8.DecodeRuneInString(sc.s[at:])
			at += size
			continue
		}
		ring[n%3], at = w, w.end
		n++
	}
	for k := max(0, n-3); k < n; k++ {
		yield(ring[k%3])
	}
}

// labelReach is how far in front of a number, in bytes, a word may say what it is.
const labelReach = 48

// Words in front of a phone number, in front of numbers that are none, and in front of either.
var (
	numberLabels = hashes("nummer numer numéro número numero number nr")
	phoneLabels  = hashes(`tel telefon telefono teléfono téléphone telephone telefoon phone mobil mobile móvil cell
		cellphone handy fon fone gsm fax whatsapp tfn tlf ruf rufen ruft call calling ring ringen appeler appelez
		llamar llame chiamare chiami bellen bel zadzwoń dzwonić rufnummer telefonnummer telefoonnummer
		handynummer mobilnummer mobiel komórka cellulare portable mob contact anrufen erreichbar erreichen reach`)
	otherLabels = hashes(`order bestellung bestellnummer auftrag auftragsnummer rechnung rechnungsnummer invoice artikel
		artikelnummer art sku ean gtin isbn upc tracking trackingnummer sendung sendungsnummer sendungsverfolgung paket
		paketnummer commande facture pedido factura ordine fattura bestelling factuur zamówienie zamówienia faktura
		beställning id kundennummer ref referenz reference konto kontonummer account steuernummer policy police claim
		ssn confirmation booking buchung versicherung vertrag contract serial seriennummer model modell zip plz version
		transaction transaktion passport ausweis license mitgliedsnummer vorgang vorgangsnummer ticket case amount
		betrag iban bic blz`)
)

// looksDated knows dates and times written in digits.
func looksDated(s string) bool {
	groups := strings.FieldsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	for _, g := range groups {
		if len(g) == 8 && (isDay(g[:2], g[2:4], g[4:]) || isDay(g[6:], g[4:6], g[:4])) {
			return true
		}
	}
	for i := 0; i+2 < len(groups); i++ {
		if isDay(groups[i], groups[i+1], groups[i+2]) || isDay(groups[i+2], groups[i+1], groups[i]) {
			return true
		}
	}
	return false
}

// isDay says whether day and month, in either order, and a year are a date of our times.
func isDay(day, month, year string) bool {
	if countDigits(day) != len(day) || countDigits(month) != len(month) || countDigits(year) != len(year) {
		return false
	}
	d, m, y := atoi(day), atoi(month), atoi(year)
	return len(year) == 4 && 1 <= d && d <= 31 && 1 <= m && m <= 31 && min(d, m) <= 12 && 1900 <= y && y < 2100
}

func allSame(s string) bool { return strings.Count(s, s[:1]) == len(s) }

// atoi reads a few digits.
func atoi(s string) (n int) {
	if len(s) > 6 || s == "" {
		return -1
	}
	for i := range len(s) {
		n = n*10 + int(s[i]-'0')
	}
	return n
}
