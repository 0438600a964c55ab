package mask

// Rule is one way to find personal data. Its cases, what it must catch and what it must leave alone, stand
// under its name in testdata/mask.
type Rule struct {
	Name  string
	Type  Type
	Layer Layer
	Finds string
}

// Rules returns all rules. Every span names one of them.
func Rules() []Rule {
	all := append([]Rule(nil), rules...)
	named := map[string]bool{}
	for _, r := range secrets {
		if !named[r.name] {
			all = append(all, Rule{r.name, r.typ, LayerStructure, "keys that begin with " + r.prefix})
		}
		named[r.name] = true
	}
	for _, r := range idRules {
		if !named[r.name] {
			all = append(all, Rule{r.name, r.typ, LayerStructure, "a number of this form with the right check digit"})
		}
		named[r.name] = true
	}
	for i := range secretForms {
		all = append(all, Rule{secretForms[i].rule, SECRET, LayerStructure, "a key in the form of this service, or what its documents call a key beside it"})
	}
	all = append(all, Rule{untriedSecret, SECRET, LayerStructure, "a long token near the name of a service, in a text with too many such names to try their forms"})
	for category := range sensitiveCount {
		all = append(all, Rule{"article9-" + category, SENSITIVE, LayerContext, "words for " + category + " in a sentence about a person, where the policy is to mask them"})
	}
	return all
}

var rules = []Rule{
	{"placeholder-lookalike", LITERAL, LayerLiteral, "text that could be taken for one of our placeholders"},

	{"store-name", PERSON, LayerStore, "a customer's name, in any order"},
	{"store-name-near", PERSON, LayerStore, "a customer's name with one letter wrong"},
	{"store-name-part", PERSON, LayerStore, "one part of a customer's name, where the whole stands elsewhere in the request"},
	{"store-name-alone", PERSON, LayerStore, "one part of some customer's name, written as a name, that is no everyday word"},
	{"store-initial", PERSON, LayerStore, "a customer's name with one part as a letter"},
	{"store-address", ADDRESS, LayerStore, "a line of a customer's address"},
	{"store-company", COMPANY, LayerStore, "a customer's company"},
	{"store-order", ORDER, LayerStore, "the number of an order of the store"},
	{"store-parcel", PARCEL, LayerStore, "the number of a parcel of the store"},

	{"seeded-name", PERSON, LayerPeople, "a known person's name in any order and spelling"},
	{"seeded-name-part", PERSON, LayerPeople, "one part of a known person's name, if it is no common word"},
	{"studied-name", PERSON, LayerPeople, "a name that a greeting or the like gave away elsewhere in the request"},
	{"studied-name-part", PERSON, LayerPeople, "one part of such a name"},
	{"conversation-person", PERSON, LayerPeople, "a name masked in this conversation before"},
	{"conversation-address", ADDRESS, LayerPeople, "an address masked in this conversation before"},
	{"conversation-company", COMPANY, LayerPeople, "a company masked in this conversation before"},
	{"seeded-email", EMAIL, LayerPeople, "a known address, also spelled out"},
	{"seeded-phone", PHONE, LayerPeople, "a known number by its digits, however grouped"},
	{"seeded-address", ADDRESS, LayerPeople, "a known address, whole"},
	{"seeded-address-line", ADDRESS, LayerPeople, "one line of a known address"},
	{"seeded-company", COMPANY, LayerPeople, "a known company's name"},

	{"seeded-secret", SECRET, LayerPeople, "a password or key that a field elsewhere in the request holds"},

	{"field-person", PERSON, LayerField, "the value of a field named as a person's name"},
	{"field-email", EMAIL, LayerField, "the value of a field named e-mail"},
	{"field-phone", PHONE, LayerField, "the value of a field named phone"},
	{"field-address", ADDRESS, LayerField, "the value of a field named street, postcode, city"},
	{"field-company", COMPANY, LayerField, "the value of a field named company"},
	{"field-ip", IP, LayerField, "the value of a field named IP address"},
	{"field-vat", VAT, LayerField, "the value of a field named VAT or tax number"},
	{"field-iban", IBAN, LayerField, "the value of a field named bank account"},
	{"field-date", DATE, LayerField, "the value of a field named date of birth"},
	{"field-secret", SECRET, LayerField, "the value of a field named password, key or token"},
	{"field-order", ORDER, LayerField, "an order's key, id or number in data"},
	{"field-card", CARD, LayerField, "the value of a field named card number"},
	{"field-account", ACCOUNT, LayerField, "the customer's number in data"},
	{"field-parcel", PARCEL, LayerField, "the parcel's number in data"},

	{"email", EMAIL, LayerStructure, "an address with a top-level domain"},
	{"email-spelled", EMAIL, LayerStructure, "an address with (at) or at and dot in words"},
	{"phone", PHONE, LayerStructure, "a number that its country's number plan knows"},
	{"phone-unplanned", PHONE, LayerStructure, "a number in no number plan, but with a plus, a label or grouped as in America"},
	{"iban", IBAN, LayerStructure, "an account number of its country's length with the right check digits"},
	{"iban-labelled", IBAN, LayerStructure, "one with wrong check digits that is called IBAN"},
	{"card", CARD, LayerStructure, "an issuer's range and the right check digit"},
	{"card-labelled", CARD, LayerStructure, "digits of a card's length that are called a card"},
	{"ip4", IP, LayerStructure, "an IPv4 address"},
	{"ip6", IP, LayerStructure, "an IPv6 address"},
	{"vat", VAT, LayerStructure, "a country's VAT number with the right check digit"},
	{"vat-labelled", VAT, LayerStructure, "one with a wrong check digit that is called VAT number"},
	{"id-called", ID, LayerContext, "a number behind passport, tax number, driving licence and the like"},
	{"account-called", ACCOUNT, LayerContext, "a number behind account, sort code, customer number, and the code of a bank"},
	{"parcel-called", PARCEL, LayerContext, "a number behind tracking number and the like"},
	{"device-called", DEVICE, LayerContext, "a number behind IMEI or MAC"},
	{"url-credentials", SECRET, LayerStructure, "user and password in a URL"},
	{"url-token", SECRET, LayerStructure, "a key or token in the query of a URL"},

	{"name-greeting", PERSON, LayerContext, "a name behind a greeting"},
	{"name-introduction", PERSON, LayerContext, `a name behind "my name is"`},
	{"name-label", PERSON, LayerContext, "a name behind words such as attn, account holder, in the name of"},
	{"name-closing", PERSON, LayerContext, "a name below a letter"},
	{"name-honorific", PERSON, LayerContext, "a family name behind Mrs or Frau"},
	{"name-mailbox", PERSON, LayerContext, "a name in front of its e-mail address"},
	{"secret-said", SECRET, LayerContext, `what follows "my password is"`},
	{"birth-date", DATE, LayerContext, "a date behind a word of birth"},
	{"old-date", DATE, LayerContext, "a full date of a year in which customers were born"},
	{"date-said", DATE, LayerContext, "any date in a sentence about a person that speaks of no goods and no doings of a shop"},
	{"title", TITLE, LayerContext, "Mrs, Herr or Dr. in front of a name"},
	{"age", AGE, LayerContext, "how old somebody is"},
	{"nationality", GROUP, LayerContext, "a nationality that a person is said to have"},
	{"company-form", COMPANY, LayerContext, "a name in front of GmbH, Ltd and the like"},
	{"employer", COMPANY, LayerContext, "a name behind words such as \"I work at\""},
	{"own-page", URL, LayerContext, "somebody's own website"},
	{"host", URL, LayerContext, "a host or link where neither goods nor doings of a shop are spoken of, but for those that are everybody's"},
	{"profile", URL, LayerContext, "a profile in a social network"},
	{"name-above-street", PERSON, LayerContext, "a name on the line above a street, as on an envelope"},
	{"company-above-street", COMPANY, LayerContext, "a company's name there"},
	{"street", ADDRESS, LayerContext, "a street with a house number"},
	{"model-name", PERSON, LayerModel, "what a trained model takes for a person's name"},
	{"model-place", PLACE, LayerModel, "what a trained model takes for a place that is said of a person"},
	{"country", PLACE, LayerContext, "a country in a sentence about a person"},
	{"town", PLACE, LayerContext, "a large town behind \"in\" and the like, in a sentence about a person and no goods"},
	{"model-company", COMPANY, LayerModel, "what a trained model takes for somebody's employer or the like"},
	{"street-said", ADDRESS, LayerContext, "a number and a name behind \"I live at\" or \"my address is\""},
	{"area", ADDRESS, LayerContext, "an estate, a hamlet or the like in front of a street or a postcode with its town"},
	{"small-letters", ADDRESS, LayerContext, "a street and a number in front of a postcode, all in small letters"},
	{"street-alone", ADDRESS, LayerContext, "a street without a number in a sentence about a person"},
	{"street-guess", ADDRESS, LayerContext, "a name and a number behind a word that leads to places, in a sentence about a person"},
	{"order-form", ORDER, LayerStructure, "a number in a form of mask.orders"},
	{"parcel-form", PARCEL, LayerStructure, "a number in a form of mask.parcels"},
	{"base64", ID, LayerStructure, "all of what is written in base64 and holds personal data, as the type that is surest in it"},
	{"outside", SENSITIVE, LayerOutside, "what the outside detector of mask.detector finds, as the type it names"},
	{"post-box", ADDRESS, LayerContext, "a post office box"},
	{"postcode-city", ADDRESS, LayerContext, "a postcode with its city"},
}
