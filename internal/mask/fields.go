package mask

import (
	_ "embed"
	"strings"
)

// part says which part of a person a field holds; parts found near each other make one name, one address.
type part uint8

const (
	whole part = iota
	firstName
	lastName
	street
	postcode
	city
)

// field is what the name of a field says about its value.
type field struct {
	typ  Type
	part part
	// named: other things have a field of this name too, the value must look like what it says
	named bool
	// record: it says something in the record of an order or a customer only, see recordOf
	record bool
	// data: people write it in sentences too, where it is left alone
	data bool
}

//go:embed data/fields.txt
var fieldFile string

// fieldNames are folded: lower case, without underscores, hyphens and spaces, and without fieldPrefixes.
var fieldNames = newFieldNames(fieldFile)

var partNames = map[string]part{"first": firstName, "last": lastName, "street": street, "postcode": postcode, "city": city}

// newFieldNames reads data/fields.txt.
func newFieldNames(file string) map[string]field {
	m := map[string]field{}
	for line := range strings.Lines(wordList(file)) {
		head, names, _ := strings.Cut(line, ":")
		typ, remarks, _ := strings.Cut(head, " ")
		f := field{typ: Type(typ)}
		for remark := range strings.FieldsSeq(remarks) {
			f.named = f.named || remark == "named"
			f.record = f.record || remark == "record"
			f.data = f.data || remark == "data"
			f.part = max(f.part, partNames[remark])
		}
		for name := range strings.FieldsSeq(names) {
			m[name] = f
		}
	}
	return m
}

// secretEnds end the names of fields that hold secrets, whatever stands before: DB_PASSWORD, stripe_secret_key.
var secretEnds = []string{"password", "passwd", "passwort", "secret", "secretkey", "accesskey", "apikey", "privatekey",
	"accesstoken", "authtoken", "apitoken"}

var fieldPrefixes = []string{"billing", "shipping", "customer", "user", "account", "delivery", "rechnung",
	"liefer", "wc", "contact", "sender", "recipient", "buyer", "payer"}

// fieldOf returns what a field name says, if it says anything to us. name is as written, without quotes.
func fieldOf(name string) (f field, ok bool) {
	var buf [64]byte
	b := buf[:0]
	for i := 0; i < len(name); i++ {
		c := name[i]
		if c == '_' || c == '-' || c == ' ' || c == '.' || c == '/' || c == '[' || c == ']' || c == '*' || c == ')' || c == '(' {
			continue
		}
		if len(b) == len(buf) {
			return f, false
		}
		b = append(b, lower(name, i))
	}
	if f, ok := fieldNames[string(b)]; ok {
		return f, true
	}
	for folded := b; ; {
		rest := withoutPrefix(folded)
		if len(rest) == len(folded) {
			break
		}
		if f, ok := fieldNames[string(rest)]; ok {
			return f, true
		}
		folded = rest
	}
	if endsSecret(b) {
		return field{typ: SECRET}, true
	}
	return f, false
}

func withoutPrefix(name []byte) []byte {
	for _, prefix := range fieldPrefixes {
		if len(name) > len(prefix) && string(name[:len(prefix)]) == prefix {
			return name[len(prefix):]
		}
	}
	return name
}

func endsSecret(name []byte) bool {
	for _, end := range secretEnds {
		if len(name) > len(end) && string(name[len(name)-len(end):]) == end {
			return true
		}
	}
	return false
}
