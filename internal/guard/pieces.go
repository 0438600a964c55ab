package guard

import "strings"

// assembled reads payloads that are handed over in parts: a="ig"; b="nore";
// then a+b, and "ig" + "nore". It returns the text with the sums put together,
// and all quoted parts in a row.
func assembled(s string) (string, bool) {
	parts := quoted(s)
	if len(parts) < 2 {
		return "", false
	}
	var row strings.Builder
	values := map[string]string{}
	for _, p := range parts {
		row.WriteString(p.text)
		if p.name != "" {
			values[p.name] = p.text
		}
	}
	text, joined := sums(s, parts, values)
	return text + "\n" + row.String(), joined > 0
}

// fragment is a short quoted text, and the name it is given.
type fragment struct {
	name, text string
	start, end int // with the quotes
}

const (
	maxParts = 64
	longPart = 80 // bytes
)

// quoted returns the short quoted texts of s.
func quoted(s string) (parts []fragment) {
	for i := 0; i < len(s) && len(parts) < maxParts; i++ {
		if s[i] != '"' && s[i] != '\'' && s[i] != '`' || i > 0 && alphanumeric(s[i-1]) {
			continue
		}
		end := strings.IndexByte(s[i+1:min(len(s), i+1+longPart)], s[i])
		if end <= 0 {
			continue
		}
		parts = append(parts, fragment{nameBefore(s, i), s[i+1 : i+1+end], i, i + end + 2})
		i += end + 1
	}
	return parts
}

// nameBefore returns the name that a value is given: that of "name = value",
// "name: value" and "name is value", when it is short.
func nameBefore(s string, at int) string {
	before := strings.TrimRight(s[max(0, at-24):at], " \t")
	for _, sign := range []string{":=", "=", ":", " is", " be"} {
		if rest, ok := strings.CutSuffix(before, sign); ok {
			rest = strings.TrimRight(rest, " \t")
			from := len(rest)
			for from > 0 && (alphanumeric(rest[from-1]) || rest[from-1] == '_') {
				from--
			}
			return rest[from:]
		}
	}
	return ""
}

// sums returns the text that sums of parts and names make, and how many there
// are; other text parts them.
func sums(s string, parts []fragment, values map[string]string) (string, int) {
	var out strings.Builder
	joined := 0
	add := func(v string, end int) int {
		out.WriteString(v)
		next, ok := plus(s, end)
		if ok {
			joined++
		} else {
			out.WriteByte(' ')
		}
		return next
	}
	next := 0
	for i := 0; i < len(s); {
		for next < len(parts) && parts[next].start < i {
			next++
		}
		if next < len(parts) && parts[next].start == i {
			i = add(parts[next].text, parts[next].end)
			continue
		}
		if c := s[i]; alphanumeric(c) {
			end := i
			for end < len(s) && (alphanumeric(s[end]) || s[end] == '_') {
				end++
			}
			word := s[i:end]
			if v, ok := values[word]; ok && !strings.HasPrefix(strings.TrimLeft(s[end:], " "), "=") {
				i = add(v, end)
				continue
			}
			out.WriteString(word)
			i = end
			continue
		}
		out.WriteByte(s[i])
		i++
	}
	return out.String(), joined
}

// plus returns where a sum goes on after at, if it does.
func plus(s string, at int) (next int, ok bool) {
	rest := strings.TrimLeft(s[at:], " \t\n")
	for _, sign := range []string{"+", "..", "&", "."} { // of most languages
		if after, ok := strings.CutPrefix(rest, sign); ok {
			after = strings.TrimLeft(after, " \t\n")
			if after != "" && (after[0] == '"' || after[0] == '\'' || after[0] == '`' || alphanumeric(after[0])) && (sign != "." || after[0] == '"' || after[0] == '\'') {
				return len(s) - len(after), true
			}
		}
	}
	return at, false
}
