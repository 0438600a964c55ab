package mask

import "strings"

// recordOf returns the name of the record in whose JSON a field stands that begins at i: order for
// {"order":{"id":1}} and {"orders":[{"id":1},{"id":2}]}, "" where it stands in another or in none.
func recordOf(s string, i int) string {
	open := enclosing(s, i, '{')
	if open < 0 {
		return ""
	}
	before := strings.TrimRight(s[:open], " \n\r\t")
	if strings.HasSuffix(before, "[") || strings.HasSuffix(before, ",") {
		if open = enclosing(s, open, '['); open < 0 {
			return ""
		}
		before = strings.TrimRight(s[:open], " \n\r\t")
	}
	for _, record := range []string{"order", "customer"} {
		if strings.HasSuffix(before, `"`+record+`":`) || strings.HasSuffix(before, `"`+record+`s":`) {
			return record
		}
	}
	return ""
}

// maxRecord is how far in front of a field its record may begin.
const maxRecord = 4096

// enclosing returns the bracket of a kind that is open at i, -1 where there is none near.
func enclosing(s string, i int, kind byte) int {
	depth := 0
	for k := i - 1; k >= 0 && i-k < maxRecord; k-- {
		switch s[k] {
		case '}', ']':
			depth++
		case '{', '[':
			if depth == 0 {
				if s[k] == kind {
					return k
				}
				return -1
			}
			depth--
		}
	}
	return -1
}

// recordField says what the field id or number is: that of an order or a customer, or nothing of ours.
func recordField(s string, from int, f field) (field, bool) {
	switch recordOf(s, from) {
	case "order":
		return field{typ: ORDER}, true
	case "customer":
		return field{typ: ACCOUNT}, true
	}
	return f, false
}
