package mask

import "strings"

// vatFormat is a country's VAT number: its form behind the country code, and its check. In a form, 9 is a
// digit, A a letter, * either; any other character stands for itself. Forms and checks follow the European
// Commission's VIES documentation and the national tax offices.
type vatFormat struct {
	forms []string
	check func(body string) bool
}

var vatFormats = map[string]vatFormat{
	"AT":  {[]string{"U99999999"}, vatAT},
	"BE":  {[]string{"0999999999", "1999999999"}, vatBE},
	"BG":  {[]string{"999999999", "9999999999"}, vatBG},
	"CY":  {[]string{"99999999A"}, vatCY},
	"CZ":  {[]string{"99999999", "9999999999"}, vatCZ},
	"DE":  {[]string{"999999999"}, vatISO7064},
	"DK":  {[]string{"99999999"}, weighted("27654321", 11, 0)},
	"EE":  {[]string{"999999999"}, weighted("371371371", 10, 0)},
	"EL":  {[]string{"999999999"}, vatEL},
	"ES":  {[]string{"A99999999", "A9999999A", "99999999A"}, vatES},
	"FI":  {[]string{"99999999"}, vatFI},
	"FR":  {[]string{"**999999999"}, vatFR},
	"HR":  {[]string{"99999999999"}, vatISO7064},
	"HU":  {[]string{"99999999"}, weighted("97319731", 10, 0)},
	"IE":  {[]string{"9999999A", "9999999AA"}, vatIE},
	"IT":  {[]string{"99999999999"}, digitsLuhn},
	"LT":  {[]string{"999999999", "999999999999"}, vatLT},
	"LU":  {[]string{"99999999"}, vatLU},
	"LV":  {[]string{"99999999999"}, vatLV},
	"MT":  {[]string{"99999999"}, vatMT},
	"NL":  {[]string{"999999999B99"}, vatNL},
	"PL":  {[]string{"9999999999"}, vatPL},
	"PT":  {[]string{"999999999"}, vatPT},
	"RO":  {[]string{"99", "999", "9999", "99999", "999999", "9999999", "99999999", "999999999", "9999999999"}, vatRO},
	"SE":  {[]string{"999999999901"}, vatSE},
	"SI":  {[]string{"99999999"}, vatSI},
	"SK":  {[]string{"9999999999"}, vatSK},
	"GB":  {[]string{"999999999", "999999999999", "GD999", "HA999"}, vatGB},
	"XI":  {[]string{"999999999", "999999999999"}, vatGB},
	"CHE": {[]string{"999999999", "999999999MWST", "999999999TVA", "999999999IVA"}, vatCH},
	"NO":  {[]string{"999999999MVA"}, vatNO},
}

// vat judges the VAT number whose first digit stands at i; letters in front of it begin at token. The
// country code may stand apart, as in CHE-100.155.212.
func (sc *scanner) vat(token, i int) {
	if token < sc.doneTo[byVAT] {
		return
	}
	if i-token >= 2 && sc.vatAt(token, min(3, i-token)) {
		return
	}
	if sc.nationalVAT(token) {
		return
	}
	apart := token - 1
	if apart < 2 || i-token > 2 || sc.s[apart] != ' ' && sc.s[apart] != '-' && sc.s[apart] != '.' {
		return
	}
	if start := sc.tokenStart(apart); apart-start == 2 || apart-start == 3 {
		sc.vatAt(start, apart-start)
	}
}

// nationalVAT judges the number at token if a word in front says in which country it is one: those who write
// to their own tax office leave the country code out.
func (sc *scanner) nationalVAT(token int) bool {
	end := token
	for end > 0 && token-end < 4 && strings.IndexByte(" :.-", sc.s[end-1]) >= 0 {
		end--
	}
	start := end
	for start > 0 && end-start < 12 && (isLetter(sc.s[start-1]) || sc.s[start-1] == '.') {
		start--
	}
	code := nationalLabels[hashLetters(sc.s[start:end])]
	if code == "" || end == token {
		return false
	}
	f := vatFormats[code]
	for _, form := range f.forms {
		if body, end := sc.form(token, form); end != 0 && f.check(body) {
			sc.found(byVAT, token, end, VAT, "vat", 97, code+body)
			return true
		}
	}
	return false
}

var nationalLabels = map[uint64]string{hashWord("nip"): "PL", hashWord("nif"): "ES", hashWord("cif"): "ES",
	hashWord("iva"): "IT", hashWord("piva"): "IT", hashWord("btw"): "NL", hashWord("uid"): "AT",
	hashWord("tva"): "FR", hashWord("cvr"): "DK", hashWord("oib"): "HR"}

// hashLetters hashes a word, the dots of an abbreviation left out.
func hashLetters(s string) uint64 {
	f := folder{hash: hashStart}
	for i := range len(s) {
		if isLetter(s[i]) {
			f.add(s[i] | 0x20)
		}
	}
	return f.hash
}

// vatAt judges the VAT number whose country code is the n letters at token, or the first two of them.
func (sc *scanner) vatAt(token, n int) bool {
	if !sc.wordStarts(token) {
		return false
	}
	code := strings.ToUpper(sc.s[token : token+n])
	if code != "CHE" {
		code = code[:2]
	}
	f, ok := vatFormats[code]
	if !ok {
		return false
	}
	for _, form := range f.forms {
		body, end := sc.form(token+len(code), form)
		if end == 0 || !f.check(body) || len(form) < 8 && !sc.labelledVAT(token) {
			continue // a number that short has a check that says little
		}
		sc.found(byVAT, token, end, VAT, "vat", 97, code+body)
		return true
	}
	return sc.mistypedVAT(token, code, f)
}

// mistypedVAT takes a number of the right form whose check digit is wrong if it is called a VAT number: a
// typing error does not make it anybody else's.
func (sc *scanner) mistypedVAT(token int, code string, f vatFormat) bool {
	if !sc.labelledVAT(token) {
		return false
	}
	for _, form := range f.forms {
		if body, end := sc.form(token+len(code), form); end != 0 {
			sc.found(byVAT, token, end, VAT, "vat-labelled", 80, code+body)
			return true
		}
	}
	return false
}

// endsInLabel says whether the text in front of a number ends in one of the words.
func endsInLabel(before string, labels []string) bool {
	before = strings.TrimRight(before, " :.-=\"'(\t")
	for _, w := range labels {
		if !strings.HasSuffix(before, w) {
			continue
		}
		if rest := before[:len(before)-len(w)]; rest == "" || !isAlnum(rest[len(rest)-1]) && rest[len(rest)-1] < 0x80 {
			return true
		}
	}
	return false
}

var vatLabels = strings.Fields(`ust-id ust-idnr ust-id-nr ustid ustidnr umsatzsteuer-id umsatzsteuer-identifikationsnummer
	uid uid-nummer uid-nr vat vat-id vat-no vat-nr id number no nr nummer tva intracommunautaire btw btw-nummer
	btw-nr iva p.iva nif cif nip moms momsnr momsregistreringsnummer vat-nummer tax-id mwst-nr`)

// labelledVAT says whether the text in front calls a number a VAT number.
func (sc *scanner) labelledVAT(at int) bool {
	return endsInLabel(strings.ToLower(sc.s[max(0, at-40):at]), vatLabels)
}

// form reads a number of a form at i, over single spaces, dots and hyphens, and returns it without them, in
// upper case.
func (sc *scanner) form(i int, form string) (body string, end int) {
	var b [16]byte
	for n := 0; n < len(form); {
		if i >= len(sc.s) {
			return "", 0
		}
		c := sc.s[i]
		if (c == ' ' || c == '.' || c == '-') && i+1 < len(sc.s) && isAlnum(sc.s[i+1]) {
			i++
			c = sc.s[i]
		}
		if isLetter(c) {
			c &^= 0x20
		}
		switch want := form[n]; {
		case want == '9' && isDigit(c), want == 'A' && isLetter(c), want == '*' && isAlnum(c), want == c && want != '9':
		default:
			return "", 0
		}
		b[n] = c
		n, i = n+1, i+1
	}
	if !sc.wordEnds(i) || i+1 < len(sc.s) && (sc.s[i] == '.' || sc.s[i] == '-') && isDigit(sc.s[i+1]) {
		return "", 0
	}
	return string(b[:len(form)]), i
}
