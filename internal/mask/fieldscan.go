package mask

import (
	"strings"
	"unicode/utf8"
)

// fieldFinder masks the values of fields whose names say what they hold: WooCommerce orders and customers
// as JSON, whole or cut off, JSON in JSON, PHP dumps and serialized PHP, XML, forms, and lines such as
// "Vorname: Anna".
type fieldFinder struct{}

func (fieldFinder) find(p *Pass, v *view, add func(finding)) {
	eachField(v, func(f field, start, end int, quoted bool) {
		rule := "field-" + strings.ToLower(string(f.typ))
		score := uint8(99)
		if !quoted {
			score = 90
		}
		add(finding{start, end, f.typ, LayerField, rule, score, ""})
	})
}

const (
	maxFieldName  = 48
	maxFieldValue = 512  // bytes, without quotes around it
	maxQuoted     = 4096 // with quotes
)

// eachField calls yield for the value of every field known by its name, in offsets of v.s.
func eachField(v *view, yield func(f field, start, end int, quoted bool)) {
	s := v.s
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '<':
			if i+1 < len(s) && s[i+1] == '/' { // the end of <th>Name</th>
				v.field(i, yield)
			}
		case '>':
			if i > 0 && s[i-1] != '=' { // an arrow was met at its beginning
				v.field(i, yield)
			}
		case ':', '=':
			v.field(i, yield)
		}
	}
	eachCell(s, func(f field, start, end int) { yield(f, start, end, true) })
}

// field yields the value behind the separator at i, if a field name stands in front of it.
func (v *view) field(i int, yield func(f field, start, end int, quoted bool)) {
	name, from := nameBefore(v.s, i)
	f, ok := fieldOf(name)
	if name == "" || !ok || f.data && !isData(v.s, from, i) {
		return
	}
	if f.record {
		if f, ok = recordField(v.s, from, f); !ok {
			return
		}
	}
	start, end, quoted := v.valueAfter(i, from)
	if start < end && !quoted {
		end = start + f.extent(v.s[start:end], isStructured(v.s, from, start))
	}
	if start < end && f.accepts(v.s, from, start, end, quoted) {
		yield(f, start, end, quoted)
	}
}

// isData says whether the name of a field is written as programs write it.
func isData(s string, from, i int) bool {
	return from > 0 && (s[from-1] == '"' || s[from-1] == '\'') || strings.IndexByte(s[from:i], '_') >= 0
}

// nameBefore returns the field name in front of the separator at i and where it begins.
func nameBefore(s string, i int) (name string, from int) {
	end := i
	for end > 0 && i-end < 8 && strings.IndexByte(" \t\"'=-*])", s[end-1]) >= 0 {
		end--
	}
	if s[i] == '>' && end == i && i+1 < len(s) && s[i+1] == '=' {
		return "", 0
	}
	from = end
	for from > 0 && end-from < maxFieldName {
		c := s[from-1]
		if !isAlnum(c) && c != '_' && c != '-' && c != '.' && c != '/' && c < 0x80 &&
			!(c == ' ' && from > 1 && (isAlnum(s[from-2]) || s[from-2] >= 0x80)) {
			break
		}
		from--
	}
	for from < end && !utf8.RuneStart(s[from]) {
		from++
	}
	name = s[from:end]
	if name == "value" || name == "s" {
		return metaName(s, from)
	}
	// Labels follow other words in a sentence: only the last words of a long one may be a name.
	for strings.Count(name, " ") > 2 {
		k := strings.IndexByte(name, ' ') + 1
		name, from = name[k:], from+k
	}
	for name != "" {
		if _, ok := fieldOf(name); ok {
			return name, from
		}
		k := strings.IndexByte(name, ' ')
		if k < 0 {
			return "", 0
		}
		name, from = name[k+1:], from+k+1
	}
	return "", 0
}

// metaName reads the field name in {"key":"_billing_email","value":...} and in serialized PHP,
// s:13:"billing_email";s:...
func metaName(s string, at int) (name string, from int) {
	end := at
	for end > 0 && at-end < 8 && strings.IndexByte(`,;"' `, s[end-1]) >= 0 {
		end--
	}
	from = end
	for from > 0 && end-from < maxFieldName && (isAlnum(s[from-1]) || s[from-1] == '_' || s[from-1] == '-') {
		from--
	}
	if from == 0 || s[from-1] != '"' && s[from-1] != '\'' {
		return "", 0
	}
	return s[from:end], from
}

// valueAfter returns the value behind the separator at i of a field whose name begins at from.
func (v *view) valueAfter(i, from int) (start, end int, quoted bool) {
	s := v.s
	start = i + 1
	if s[i] == ':' || s[i] == '=' {
		for start < len(s) && start-i < 8 && strings.IndexByte(" \t>=*", s[start]) >= 0 {
			start++
		}
	}
	for start < len(s) && start-i < 40 && s[i] == ':' && isDigit(s[start]) && isSerialized(s, i) {
		for start < len(s) && (isDigit(s[start]) || s[start] == ':') {
			start++
		}
	}
	switch s[i] {
	case ':':
		start = skipTags(s, start)
	case '<':
		start = skipTags(s, i)
	}
	if start >= len(s) {
		return 0, 0, false
	}
	limit := runeStart(s, min(len(s), start+maxFieldValue))
	switch q := s[start]; {
	case q == '"' || q == '\'' && quotedLine(s[start+1:limit]):
		return start + 1, v.closingQuote(start, runeStart(s, min(len(s), start+maxQuoted))), true
	case s[i] == '>' && from > 0 && (s[from-1] == '<'):
		if k := strings.IndexByte(s[start:limit], '<'); k > 0 {
			return start, start + k, true
		}
		return 0, 0, false
	case s[i] == '>':
		return 0, 0, false
	}
	return start, bareEnd(s, start, limit), false
}

// quotedLine says whether a single quote closes on the line: else it is an apostrophe.
func quotedLine(s string) bool {
	k := strings.IndexAny(s, "'\n")
	return k > 0 && s[k] == '\''
}

// skipTags steps over the tags, and spaces between them, at i.
func skipTags(s string, i int) int {
	for n := 0; n < 4 && i < len(s) && s[i] == '<'; n++ {
		k := strings.IndexByte(s[i:min(len(s), i+64)], '>')
		if k < 0 {
			return i
		}
		for i += k + 1; i < len(s) && isSpace(s[i]); {
			i++
		}
	}
	return i
}

// runeStart returns i, or the start of the character it is inside of.
func runeStart(s string, i int) int {
	for i < len(s) && i > 0 && !utf8.RuneStart(s[i]) {
		i--
	}
	return i
}

// isSerialized says whether the colon at i is that of s:13:"...".
func isSerialized(s string, i int) bool {
	return i > 0 && s[i-1] == 's' && (i == 1 || !isAlnum(s[i-2]))
}

// closingQuote returns where the value behind the quote at open ends: at the next quote escaped no deeper,
// or where the text was cut off.
func (v *view) closingQuote(open, limit int) int {
	depth := v.width(open)
	for k := open + 1; k < limit; k++ {
		if v.s[k] == v.s[open] && v.width(k) <= depth {
			return k
		}
	}
	return limit
}

// width returns the bytes of the original that the byte at an offset was written in.
func (v *view) width(at int) int {
	from, to := v.original(at, at+1)
	return to - from
}

// bareEnd returns where a value without quotes ends: with its line, or before the next field on the line.
func bareEnd(s string, start, limit int) int {
	end := start
	for end < limit && strings.IndexByte("\n\r\"<>{}&|;\t", s[end]) < 0 {
		if s[end] == ',' && fieldFollows(s, end+1) {
			break
		}
		end++
	}
	for end > start && strings.IndexByte(" ,.", s[end-1]) >= 0 {
		end--
	}
	return end
}

// fieldFollows says whether a name and a separator stand at i.
func fieldFollows(s string, i int) bool {
	for k := i; k < len(s) && k-i < maxFieldName; k++ {
		switch b := s[k]; {
		case b == ':' || b == '=':
			return k > i
		case !isAlnum(b) && b != '_' && b != ' ' && b != '-' && b != '"' && b < 0x80:
			return false
		}
	}
	return false
}
