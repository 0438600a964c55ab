package mask

import "strings"

// identify returns what makes a value the same value when it is written differently: case, spacing and
// punctuation do not count.
func identify(t Type, value string) string {
	switch t {
	case PHONE, IBAN, CARD, VAT:
		return strings.ToUpper(strings.Map(keepAlnum, value))
	case EMAIL, IP:
		return strings.ToLower(value)
	case SECRET, ORDER, LITERAL:
		return value
	}
	var b strings.Builder
	for i, w := range splitWords(value, nil) {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(strings.ToLower(value[w.start:w.end]))
	}
	if b.Len() == 0 {
		return value
	}
	return b.String()
}

// keepAlnum drops what is neither letter nor digit.
func keepAlnum(r rune) rune {
	if r < 0x80 && !isAlnum(byte(r)) {
		return -1
	}
	return r
}

// formOf returns a value as it was written and as it reads. What HTML or a URL hides because it would be
// markup stays hidden.
func formOf(raw string) form {
	if strings.IndexByte(raw, '\\') < 0 && strings.IndexByte(raw, '&') < 0 && strings.IndexByte(raw, '%') < 0 {
		return form{raw, raw}
	}
	var b strings.Builder
	for i := 0; i < len(raw); {
		as, n := unescape(raw[i:])
		switch {
		case n == 0:
			b.WriteByte(raw[i])
			i++
			continue
		case as == "<" || as == ">" || as == "&" || as == "\ufffd":
			return form{raw, raw}
		}
		b.WriteString(as)
		i += n
	}
	return form{raw, b.String()}
}
