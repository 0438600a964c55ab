package mask

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Person is somebody the call is about. All fields are optional.
type Person struct {
	Name, Email, Phone, Address, Company string
	// Subject is the customer's id in the store: what is found of this person belongs to that customer.
	Subject string
}

// Seed makes people known: their names, addresses and numbers are masked wherever this pass meets them.
func (p *Pass) Seed(people ...Person) {
	for _, who := range people {
		p.seeding = who.Subject
		p.seedName(who.Name, given)
		p.seedEmail(who.Email)
		p.seedPhone(who.Phone)
		p.seedAddress(who.Address)
		p.seedCompany(who.Company)
	}
	p.seeding = ""
}

// seedCompany makes a company known, with and without its legal form. Without it, one word alone would say too
// little: Apple.
func (p *Pass) seedCompany(name string) {
	name = clean(name)
	words := splitWords(name, nil)
	if letters(name) < 3 || isCommon(name) {
		return
	}
	known := literal{typ: COMPANY, rule: "seeded-company", key: identify(COMPANY, name)}
	p.learn(name, known)
	for len(words) > 2 && words[len(words)-1].on(firmEnds) {
		words = words[:len(words)-1]
		p.learn(name[:words[len(words)-1].end], known)
	}
}

// seedSecret makes a password or a key known, exactly as it is.
func (p *Pass) seedSecret(value string) {
	if value = clean(value); len(value) >= 6 && mixed(value) && len(p.people.secrets) < maxSecrets {
		p.people.secrets = append(p.people.secrets, value)
	}
}

// maxSecrets bounds the secrets of one request that are looked for elsewhere in it: each costs a search.
const maxSecrets = 16

// learn adds one spelling of a value, or notes that there are too many: then nothing more is hidden.
func (p *Pass) learn(text string, l literal) {
	if p.people.count >= p.masker.options.MaxLiterals {
		p.full = true
		return
	}
	p.own(identity{l.typ, l.key}, p.seeding)
	p.people.learn(text, l)
}

// recall makes a value of an earlier request known again.
func (p *Pass) recall(id identity, written string) {
	if letters(written) >= 3 && !isCommon(written) {
		p.learn(written, literal{typ: id.typ, rule: "conversation-" + strings.ToLower(string(id.typ)), key: id.key, score: 97})
	}
}

// evidence is how a value became known.
type evidence struct {
	rule  string
	score uint8
	parts bool // each part of the name is evidence too
}

var (
	given = evidence{"seeded-name", 98, true}
	// cued names were found behind a greeting or the like, elsewhere in the request.
	cued = evidence{"studied-name", 70, true}
	// mailed names are guesses from the words of an e-mail address.
	mailed = evidence{"studied-name", 70, false}
)

// seedName makes a person's name known: whole, in either order, run together, and each part that is no
// common word.
func (p *Pass) seedName(name string, by evidence) {
	name = clean(name)
	parts := nameParts(name)
	if len(parts) == 0 {
		return
	}
	key := identify(PERSON, name)
	learn := func(rule, spelling string, strict bool) {
		if letters(spelling) >= 3 && !isCommon(spelling) {
			p.learn(spelling, literal{typ: PERSON, rule: rule, score: by.score, key: key, strict: strict})
		}
	}
	straight, sorted := nameOrders(parts)
	for _, spelling := range straight {
		learn(by.rule, spelling, true)
	}
	for _, spelling := range sorted {
		learn(by.rule, spelling, false)
	}
	if len(parts) == 1 || !by.parts {
		return
	}
	for _, part := range parts {
		learn(by.rule+"-part", part, true)
	}
}

// isCommon says whether a spelling is one word that also means something else.
func isCommon(spelling string) bool { return commonWords[strings.ToLower(spelling)] }

// nameParts splits a name into its words, titles left out.
func nameParts(name string) (parts []string) {
	var room [12]word
	for _, w := range splitWords(name, room[:0]) {
		if !w.on(titles) {
			parts = append(parts, name[w.start:w.end])
		}
	}
	return parts
}

// maxNameParts bounds the names whose orders are tried. Of longer ones the whole and the parts are known.
const maxNameParts = 8

// nameOrders returns the ways to write a name of these parts: as it is spoken, and sorted by family. Where the
// family name begins only its bearer knows, so any part may go first.
func nameOrders(parts []string) (straight, sorted []string) {
	straight = append(make([]string, 0, 3*len(parts)), strings.Join(parts, " "))
	if len(parts) == 1 || len(parts) > maxNameParts {
		return straight, nil
	}
	first, end := parts[0], parts[len(parts)-1]
	_, size := utf8.DecodeRuneInString(first)
	initial := first[:size]
	for k := 1; k < len(parts); k++ {
		given, family := strings.Join(parts[:k], " "), strings.Join(parts[k:], " ")
		straight = append(straight, initial+" "+family)
		sorted = append(sorted, family+" "+given, family+" "+initial)
		if k > 1 { // else they are there
			straight, sorted = append(straight, first+" "+family), append(sorted, family+" "+first)
		}
	}
	for _, joined := range []string{first + end, end + first, initial + end} {
		if letters(joined) >= 6 {
			straight = append(straight, joined)
		}
	}
	return straight, sorted
}

// seedEmail makes an e-mail address known, also with its @ spelled out.
func (p *Pass) seedEmail(email string) {
	email = clean(email)
	if at := strings.IndexByte(email, '@'); at > 0 && at < len(email)-1 {
		p.learn(email, literal{typ: EMAIL, rule: "seeded-email", key: identify(EMAIL, email)})
		at := strings.Replace(email, "@", " at ", 1)
		p.learn(at, literal{typ: EMAIL, rule: "seeded-email", key: identify(EMAIL, email)})
	}
}

// seedPhone makes a number known by its digits, in every way to dial it.
func (p *Pass) seedPhone(phone string) {
	var digits []byte
	for _, b := range []byte(norm.NFKC.String(phone)) {
		if isDigit(b) {
			digits = append(digits, b)
		}
	}
	if len(digits) < minPhoneDigits || len(digits) > maxPhoneDigits {
		return
	}
	all := string(digits)
	key := p.phoneKey(clean(phone), all)
	p.own(identity{PHONE, key}, p.seeding)
	for _, way := range []string{all, strings.TrimLeft(all, "0"), strings.TrimPrefix(key, "+")} {
		if len(way) >= minPhoneDigits {
			p.people.phones[way] = key
		}
	}
	for _, r := range p.masker.regions {
		if rest, ok := strings.CutPrefix(key, "+"+strconv.Itoa(r.call)); ok && len(rest) >= minPhoneDigits {
			p.people.phones[rest] = key
		}
	}
}

// phoneKey returns the number in E.164 where it can be read, else its digits.
func (p *Pass) phoneKey(phone, digits string) string {
	if strings.HasPrefix(phone, "+") || strings.HasPrefix(digits, "00") {
		if key := international(strings.TrimLeft(digits, "0")); key != "" {
			return key
		}
		return digits
	}
	for i := range p.masker.regions {
		if key := p.masker.regions[i].national(digits, true); key != "" {
			return key
		}
	}
	return digits
}

// seedAddress makes an address known: whole, each of its lines, and the street and the town in it.
func (p *Pass) seedAddress(address string) {
	v := newView(address)
	v.s = strings.TrimSpace(v.s)
	if letters(v.s) < 3 {
		return
	}
	p.learn(v.s, literal{typ: ADDRESS, rule: "seeded-address", key: identify(ADDRESS, v.s)})
	for _, line := range strings.FieldsFunc(v.s, func(r rune) bool { return r == '\n' || r == ',' || r == ';' }) {
		p.seedAddressLine(strings.TrimSpace(line))
	}
	v.words = splitWords(v.s, nil)
	a := addresser{v: v, add: func(f finding) {
		if f.typ == ADDRESS {
			p.seedAddressLine(v.s[f.start:f.end])
		}
	}}
	for i := range v.words {
		a.at(i)
	}
}

// seedAddressLine makes one line of an address known, its street word written in full and short.
func (p *Pass) seedAddressLine(line string) {
	if letters(line) < 3 || len(splitWords(line, nil)) < 2 {
		return // a town or a country alone
	}
	for _, spelling := range streetSpellings(line) {
		p.learn(spelling, literal{typ: ADDRESS, rule: "seeded-address-line", key: identify(ADDRESS, line)})
	}
}

// clean returns a value without what nobody sees and without space around it.
func clean(s string) string { return strings.TrimSpace(newView(s).s) }

// letters counts letters, for values too short to be looked for. A character that is a word counts twice.
func letters(s string) (n int) {
	for _, r := range s {
		switch {
		case r < 0x80:
			if isLetter(byte(r)) {
				n++
			}
		case unicode.In(r, unspaced...):
			n += 2
		case isWordRune(r):
			n++
		}
	}
	return n
}
