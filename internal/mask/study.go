package mask

import "strings"

// Study learns the values of fields whose names say what they hold, and names behind greetings and the like, so
// that they are masked wherever else the request names them. Call it for every text of a request before hiding
// the first.
func (p *Pass) Study(text string) {
	if len(text) > p.masker.options.MaxText {
		return // Hide will refuse it
	}
	v := p.view(text)
	var who studied
	eachField(v, func(f field, start, end int, _ bool) {
		p.study(&who, f, start, v.s[start:end])
	})
	p.studyRest(&who)
	p.studyProse(v)
	p.studyStore(v)
}

// studyStore learns the parts of the customers' names that the text has in full: then one of them says enough.
func (p *Pass) studyStore(v *view) {
	if p.known == nil {
		return
	}
	for _, f := range p.look(v).found {
		if f.rule != "store-name" || p.people.count >= p.masker.options.MaxLiterals/2 {
			continue
		}
		for _, part := range nameParts(v.s[f.start:f.end]) {
			if letters(part) >= 3 && !isCommon(part) {
				p.learn(part, literal{typ: PERSON, rule: "store-name-part", score: 96, key: f.key, strict: true})
			}
		}
	}
}

// studyProse learns the names that the words around them, or an e-mail address, give away.
func (p *Pass) studyProse(v *view) {
	learn := func(f finding) {
		switch f.typ {
		case PERSON:
			p.seedName(v.s[f.start:f.end], cued)
		case EMAIL:
			p.studyEmail(v.s[f.start:f.end])
		}
	}
	n := namer{v: v, add: learn}
	for i := range v.words {
		n.at(i)
	}
	sc := scanner{p: p, s: v.s, words: v.words, add: learn}
	for i := range len(v.s) {
		if v.s[i] == '@' {
			sc.email(i)
		}
	}
}

// studied is the person whose fields are being read: parts that stand near each other belong together.
type studied struct {
	first, last, postcode, city string
	nameAt, placeAt             int
}

// maxFieldDistance is how far apart, in bytes, the parts of one name or address may stand.
const maxFieldDistance = 400

// study learns the value of one field.
func (p *Pass) study(who *studied, f field, at int, value string) {
	switch f.typ {
	case PERSON:
		p.studyName(who, f, at, value)
	case ADDRESS:
		p.studyPlace(who, f, at, value)
	case EMAIL:
		p.seedEmail(value)
	case PHONE:
		p.seedPhone(value)
	case COMPANY:
		p.seedCompany(value)
	case SECRET:
		p.seedSecret(value)
	}
}

// studyName learns a name when it is complete: its parts may come in any order.
func (p *Pass) studyName(who *studied, f field, at int, value string) {
	if at-who.nameAt > maxFieldDistance || f.part == firstName && who.first != "" || f.part == lastName && who.last != "" {
		p.studyRest(who)
	}
	who.nameAt = at
	switch f.part {
	case firstName:
		who.first = value
	case lastName:
		who.last = value
	default:
		p.seedName(value, given)
	}
	if who.first != "" && who.last != "" {
		p.studyRest(who)
	}
}

// studyRest learns the name read so far, in one or in two parts.
func (p *Pass) studyRest(who *studied) {
	p.seedName(strings.TrimSpace(who.first+" "+who.last), given)
	who.first, who.last = "", ""
}

// studyPlace learns a street at once, a town with its postcode only: alone it is in half of all texts.
func (p *Pass) studyPlace(who *studied, f field, at int, value string) {
	if at-who.placeAt > maxFieldDistance {
		who.postcode, who.city = "", ""
	}
	who.placeAt = at
	switch f.part {
	case street:
		p.seedAddress(value)
	case postcode:
		who.postcode = value
	case city:
		who.city = value
	}
	if who.postcode != "" && who.city != "" {
		p.seedAddress(who.postcode + " " + who.city)
		p.seedAddress(who.city + " " + who.postcode)
		who.postcode, who.city = "", ""
	}
}
