package mask

// proof is what a number needs besides its form and its check digit to be taken for what a rule says.
type proof uint8

const (
	alone    proof = iota // nothing
	usual                 // its usual grouping, or a word in front that says so
	labelled              // a word in front that says so
)

// idRule is one kind of number that a state, a bank or a carrier gives. In a form 9 is a digit, A a letter,
// * either; separators do not count. A layout is the sizes of the groups and what stands between them.
type idRule struct {
	name    string
	typ     Type
	form    string
	check   func(body string) bool
	needs   proof
	layouts []string
}

var idRules = []idRule{
	{"id-de-tax", ID, "99999999999", idSteuer, alone, nil},
	{"id-fr-nir", ID, "99999*999999999", idNIR, alone, nil},
	{"id-fr-nir", ID, "999999*99999999", idNIR, alone, nil},
	{"id-nl-bsn", ID, "999999999", idBSN, labelled, nil},
	{"id-es-dni", ID, "99999999A", idDNI, usual, []string{"9", "8-1", "2.3.3-1", "2.3.3 1", "2.3.4", "8 1"}},
	{"id-es-nie", ID, "A9999999A", idNIE, alone, nil},
	{"id-it-fiscale", ID, "AAAAAA**A**A***A", idFiscale, alone, nil},
	{"id-pl-pesel", ID, "99999999999", idPESEL, alone, nil},
	{"id-pl-card", ID, "AAA999999", idDowod, labelled, nil},
	{"id-se-personnummer", ID, "9999999999", idPersonnummer, usual, []string{"6-4", "6+4"}},
	{"id-se-personnummer", ID, "999999999999", idPersonnummer, alone, nil},
	{"id-at-svnr", ID, "9999999999", idSVNR, usual, []string{"4 6", "4-6"}},
	{"id-be-register", ID, "99999999999", idRijksregister, alone, nil},
	{"id-pt-nif", ID, "999999999", idNIF, labelled, nil},
	{"id-dk-cpr", ID, "9999999999", idCPRChecked, usual, []string{"6-4"}},
	{"id-dk-cpr", ID, "9999999999", idCPR, labelled, nil},
	{"id-fi-hetu", ID, "999999999*", idHetu, usual, []string{"6-4", "6+4"}},
	{"id-no-number", ID, "99999999999", idFodselsnummer, alone, nil},
	{"id-ch-ahv", ID, "9999999999999", idAHV, alone, nil},
	{"id-cz-number", ID, "9999999999", idRodne, usual, []string{"6/4"}},
	{"id-cz-number", ID, "999999999", idRodne, usual, []string{"6/3"}},
	{"id-uk-nino", ID, "AA999999A", idNINO, alone, nil},
	{"id-uk-nhs", ID, "9999999999", idNHS, labelled, nil},
	{"id-uk-licence", ID, "AAAAA999999**9AA", idBritishLicence, alone, nil},
	{"id-us-ssn", ID, "999999999", idSSN, usual, []string{"3-2-4"}},
	{"id-ie-pps", ID, "9999999A", idPPS, labelled, nil},
	{"id-ie-pps", ID, "9999999AA", idPPS, labelled, nil},
	{"parcel-post", PARCEL, "AA999999999AA", parcelUPU, alone, nil},
	{"parcel-ups", PARCEL, "9A****************", parcelUPS, alone, nil},
}

// longestID is the length of the longest form.
const longestID = 18

// idRulesBy holds the rules by the length of their form.
var idRulesBy = newIDRulesBy()

func newIDRulesBy() (by [longestID + 1][]*idRule) {
	for i := range idRules {
		r := &idRules[i]
		if r.check != nil {
			by[len(r.form)] = append(by[len(r.form)], r)
		}
	}
	return by
}

// fits says whether a number has the form of a rule.
func (r *idRule) fits(body string) bool {
	for i := range len(body) {
		switch f := r.form[i]; {
		case f == '9' && !isDigit(body[i]), f == 'A' && !isLetter(body[i]), f == 'Z' && body[i] != 'Z':
			return false
		}
	}
	return r.check(body)
}
