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
	if f.word {
		return !quoted && startsLine(s, from) && looksNamed(value)
	}
	if quoted {
		return letters(value) > 0 || strings.ContainsAny(value, "0123456789")
	}
	structured := strings.IndexByte(s[from:start], '_') >= 0 || s[start-1] == '='
	switch f.typ {
	case PERSON, COMPANY:
		return structured || looksNamed(value)
	case EMAIL, IP, ORDER, CARD:
		return structured && letters(value) > 0 || strings.ContainsAny(value, "@.0123456789")
	case ADDRESS:
		return structured || f.part == city && looksNamed(value) || strings.ContainsAny(value, "0123456789")
	}
	return strings.ContainsAny(value, "0123456789")
}

// acceptsSecret knows "password: hunter2" from "password: please reset it".
func (f field) acceptsSecret(value string, quoted, alone bool) bool {
	if f.word {
		return len(value) >= 8 && mixed(value)
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
		if w.shape&firstUpper == 0 && !particles[w.hash] {
			return false
		}
	}
	return !notNames[words[0].hash]
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
