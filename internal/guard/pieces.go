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
	return sums(s, parts, values) + "\n" + row.String(), true
}

// part is a short quoted text, and the name it is given.
type part struct {
	name, text string
	start, end int // with the quotes
}

const (
	maxParts = 64
	longPart = 80 // bytes
)

// quoted returns the short quoted texts of s.
func quoted(s string) (parts []part) {
	for i := 0; i < len(s) && len(parts) < maxParts; i++ {
		if s[i] != '"' && s[i] != '\'' && s[i] != '`' || i > 0 && alphanumeric(s[i-1]) {
			continue
		}
		end := strings.IndexByte(s[i+1:min(len(s), i+1+longPart)], s[i])
		if end <= 0 {
			continue
		}
		parts = append(parts, part{nameBefore(s, i), s[i+1 : i+1+end], i, i + end + 2})
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

// sums returns the text that sums of parts and names make; other text parts
// them.
func sums(s string, parts []part, values map[string]string) string {
	var out strings.Builder
	next := 0
	for i := 0; i < len(s); {
		for next < len(parts) && parts[next].start < i {
			next++
		}
		if next < len(parts) && parts[next].start == i {
			out.WriteString(parts[next].text)
			i = plus(s, parts[next].end, &out)
			continue
		}
		if c := s[i]; alphanumeric(c) {
			end := i
			for end < len(s) && (alphanumeric(s[end]) || s[end] == '_') {
				end++
			}
			word := s[i:end]
			if v, ok := values[word]; ok && !strings.HasPrefix(strings.TrimLeft(s[end:], " "), "=") {
				out.WriteString(v)
				i = plus(s, end, &out)
				continue
			}
			out.WriteString(word)
			i = end
			continue
		}
		out.WriteByte(s[i])
		i++
	}
	return out.String()
}

// plus skips a sum's sign after at, or writes a space where there is none.
func plus(s string, at int, out *strings.Builder) int {
	rest := strings.TrimLeft(s[at:], " \t\n")
	for _, sign := range []string{"+", "..", "&", "."} {
		if after, ok := strings.CutPrefix(rest, sign); ok {
			after = strings.TrimLeft(after, " \t\n")
			if after != "" && (after[0] == '"' || after[0] == '\'' || after[0] == '`' || alphanumeric(after[0])) && (sign != "." || after[0] == '"' || after[0] == '\'') {
				return len(s) - len(after)
			}
		}
	}
	out.WriteByte(' ')
	return at
}
