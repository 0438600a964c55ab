package mask

import (
	"strings"
	"unicode/utf8"
)

// accepts says whether a value can be what the name of its field says. In structured data the name decides;
// in running text, where "city: none" and "Name: see below" are sentences, the value must look the part.
func (f field) accepts(s string, from, start, end int, quoted bool) bool {
	value := strings.TrimSpace(s[start:end])
	if value == "" || isNothing(value) {
		return false
	}
	if f.typ == SECRET {
		rest := strings.TrimLeft(s[end:], " \t")
		return f.acceptsSecret(value, quoted, rest == "" || rest[0] == '\n' || rest[0] == '\r')
	}
	if f.named {
		return f.acceptsNamed(s, from, start, end, quoted)
	}
	digits := countDigits(value)
	if quoted {
		return letters(value)+digits > 0
	}
	structured := isStructured(s, from, start)
	switch f.typ {
	case PERSON, COMPANY:
		return structured || startsClause(s, from) && looksNamed(value)
	case PHONE:
		return digits >= 5
	case ADDRESS:
		return digits >= 3 || letters(value) > 0 && (structured || startsClause(s, from) && (digits > 0 || f.part == city && looksNamed(value)))
	case EMAIL, ORDER:
		return structured && len(value) > 2 || strings.ContainsAny(value, "@0123456789")
	}
	return digits > 1
}

// acceptsNamed judges the value of a field such as "name", which products have too: it must look like a
// person's, and a person must be what is described around it.
func (f field) acceptsNamed(s string, from, start, end int, quoted bool) bool {
	value := s[start:end]
	switch {
	case !looksNamed(value):
		return false
	case quoted:
		return strings.IndexByte(value, ' ') > 0 && objectOfPerson(s, from, end)
	}
	return (startsLine(s, from) || from > 0 && s[from-1] == '>') && nearPerson(s, from, end)
}

// objectOfPerson says whether the JSON object around a field has an e-mail address or a phone number too.
func objectOfPerson(s string, from, to int) bool {
	depth := 0
	for i := from; i > 0 && from-i < 400; i-- {
		switch s[i-1] {
		case '}':
			depth++
		case '{':
			depth--
		}
		if depth < 0 {
			break
		}
		if depth == 0 && namesContact(s[i:]) {
			return true
		}
	}
	depth = 0
	for i := to; i < len(s) && i-to < 400 && depth >= 0; i++ {
		switch s[i] {
		case '{':
			depth++
		case '}':
			depth--
		}
		if depth == 0 && namesContact(s[i:]) {
			return true
		}
	}
	return false
}

// namesContact says whether the name of a field for e-mail or phone begins s.
func namesContact(s string) bool {
	if s[0]|0x20 != 'e' && s[0]|0x20 != 'p' && s[0]|0x20 != 't' {
		return false
	}
	c := cursor{s: s, final: true}
	return c.takeAny(contactFields)
}

var contactFields = []string{`email"`, "email_", `e-mail"`, `phone"`, `telephone"`, `telefon"`}

// nearPerson says whether the lines around a field are about a person and not, say, a product.
func nearPerson(s string, from, to int) bool {
	around := strings.ToLower(s[max(0, from-200):min(len(s), to+200)])
	for _, sign := range personSigns {
		if strings.Contains(around, sign) {
			return true
		}
	}
	return false
}

var personSigns = strings.Fields(`@ mail tel: telef phone mobil addr adres straße strasse plz postcode kunde customer
	client klant klient cliente tél indirizzo dirección ulica nachricht message`)

// isStructured says whether a field is written as programs write them: billing_email, email=.
func isStructured(s string, from, start int) bool {
	return strings.IndexByte(s[from:start], '_') >= 0 || strings.IndexByte(s[from:start], '=') >= 0
}

// extent returns how much of a line can be the value of a field without quotes.
func (f field) extent(line string, structured bool) int {
	line = strings.TrimRight(line, " ")
	switch f.typ {
	case SECRET, EMAIL, IP, ORDER:
		if k := strings.IndexAny(line, " \t"); k >= 0 {
			line = line[:k]
		}
		return len(strings.TrimRight(line, ".,;)]"))
	case PHONE:
		n := 0
		for n < len(line) && strings.IndexByte("0123456789 +-/().", line[n]) >= 0 {
			n++
		}
		return len(strings.TrimRight(line[:n], " -/(."))
	case PERSON, COMPANY:
		if !structured {
			return namedExtent(line)
		}
	case ADDRESS:
		if !structured && f.part == city {
			return namedExtent(line)
		}
		return addressExtent(line)
	}
	return len(line)
}

// addressExtent returns the length of the address at the beginning of a line: up to an e-mail address or the
// next sentence.
func addressExtent(line string) int {
	words := splitWords(line, nil)
	for i := 1; i < len(words); i++ {
		switch gap := line[words[i-1].end:words[i].start]; {
		case strings.IndexByte(gap, '@') >= 0:
			return len(strings.TrimRight(line[:words[i-1].start], " ,.;"))
		case gap == ". " && words[i].shape&firstUpper != 0 && words[i-1].end-words[i-1].start > 3 && !endsShort(line[:words[i-1].end]):
			return words[i-1].end
		}
	}
	return len(line)
}

// endsShort says whether a line ends in a street word that is shortened with a full stop.
func endsShort(line string) bool {
	line = strings.ToLower(line)
	for _, short := range []string{"str", "avda", "blvd", "pzza"} {
		if strings.HasSuffix(line, short) {
			return true
		}
	}
	return false
}

// namedExtent returns the length of the proper name at the beginning of a line.
func namedExtent(line string) (n int) {
	for _, w := range splitWords(line[:min(len(line), 100)], nil) {
		switch gap := line[n:w.start]; {
		case n > 0 && (len(gap) > 3 || strings.Trim(gap, " -'’.&") != ""):
			return n
		case w.shape&firstUpper != 0:
			n = w.end
		case !w.on(particles) || n == 0:
			return n
		}
	}
	return n
}

// acceptsSecret knows "password: hunter2" from "password: please reset it".
func (f field) acceptsSecret(value string, quoted, alone bool) bool {
	if f.named {
		return len(value) >= 8 && countDigits(value) > 0 && letters(value) > 0 && strings.IndexByte(value, ' ') < 0
	}
	return quoted && len(value) > 1 || len(value) >= 4 && (alone || mixed(value))
}

// mixed says whether a token has characters of two kinds, as secrets have and words have not.
func mixed(token string) bool {
	var digit, upper, lowered, other bool
	for i := range len(token) {
		switch b := token[i]; {
		case isDigit(b):
			digit = true
		case isUpper(b):
			upper = upper || i > 0
		case isLetter(b):
			lowered = true
		case b < 0x80 && i < len(token)-1:
			other = true
		}
	}
	return digit && (upper || lowered || other) || upper && lowered || other && lowered
}

// isNothing knows the ways to say that there is no value.
func isNothing(value string) bool {
	switch strings.ToLower(value) {
	case "null", "none", "n/a", "na", "-", "false", "true", "[]", "{}", "undefined", "nil", "unknown", "unbekannt",
		"string", "required", "optional", "text", "integer", "number", "object", "array":
		return true
	}
	return value[0] == '{' || value[0] == '['
}

// looksNamed says whether a value has the form of a proper name: up to five words, each with a capital or a
// particle.
func looksNamed(value string) bool {
	if len(value) > 80 || strings.ContainsAny(value, "?!:") {
		return false
	}
	words := splitWords(value, nil)
	if len(words) == 0 || len(words) > 6 {
		return false
	}
	for _, w := range words {
		if w.shape&firstUpper == 0 && !w.on(particles) {
			return false
		}
	}
	return !words[0].on(notNames)
}

// startsClause says whether a sentence, a list or a part of one starts at i.
func startsClause(s string, i int) bool {
	for i > 0 && strings.IndexByte(" \t*\"'", s[i-1]) >= 0 {
		i--
	}
	return i > 0 && strings.IndexByte(",;|({[.!?-/:>", s[i-1]) >= 0 || startsLine(s, i)
}

// startsLine says whether only list marks stand between the start of the line and i.
func startsLine(s string, i int) bool {
	for i > 0 && strings.IndexByte(" \t*-#>\"'•", s[i-1]) >= 0 {
		i--
	}
	if i == 0 {
		return true
	}
	r, _ := utf8.DecodeLastRuneInString(s[:i])
	return r == '\n' || r == '\r' || r == '•'
}
