package guard

import (
	"encoding/json"
	"strings"
)

// Recognised is a part of a text that is data of the store by its shape.
type Recognised struct {
	Start, End int // bytes
	Origin     Origin
}

// maxRecognised bounds what is looked for in one text, and minData how short
// data may be.
const (
	maxRecognised = 16
	minData       = 20
)

// Recognise finds JSON as WooCommerce and WordPress write it within a text:
// reviews, products, orders and notes. Plugins paste it between words of their
// own without saying where it comes from.
func Recognise(s string) (out []Recognised) {
	tries := 0
	for i := 0; i < len(s) && len(out) < maxRecognised && tries < 2*maxRecognised; {
		n := strings.IndexAny(s[i:], "{[")
		if n < 0 {
			return out
		}
		start := i + n
		end := balanced(s, start)
		if end-start < minData {
			if end == start { // not closed: the whole rest was read for it
				tries++
			}
			i = max(start+1, end)
			continue
		}
		tries++
		if o := shapeOf(s[start:end]); o != "" {
			out = append(out, Recognised{start, end, o})
			i = end
			continue
		}
		i = start + 1
		if line := strings.IndexByte(s[i:], '\n'); line >= 0 && end > i+line {
			i += line // a bracket in prose must not hide data of later lines
		}
	}
	return out
}

// balanced returns where the brackets that open at start are closed, or start
// if they are not.
func balanced(s string, start int) int {
	depth, quoted := 0, false
	for i := start; i < len(s); i++ {
		switch c := s[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return start
}

// shapeOf says what JSON is by the names of its members; "" for nothing known.
func shapeOf(s string) Origin {
	var v any
	if json.Unmarshal([]byte(s), &v) != nil {
		return ""
	}
	for range 3 { // a list, or an object around the one that matters
		switch t := v.(type) {
		case []any:
			if len(t) == 0 {
				return ""
			}
			v = t[0]
		case map[string]any:
			if o := membersOf(t); o != "" || len(t) != 1 {
				return o
			}
			for _, inner := range t {
				v = inner
			}
		default:
			return ""
		}
	}
	return ""
}

// membersOf knows an object of the store by its members.
func membersOf(m map[string]any) Origin {
	has := func(names ...string) bool {
		for _, n := range names {
			if _, ok := m[n]; ok {
				return true
			}
		}
		return false
	}
	switch {
	case has("review", "comment_content") && has("rating", "reviewer", "reviewer_email", "comment_author", "product_id"):
		return Review
	case has("billing", "order_key", "line_items", "shipping_lines", "customer_note", "payment_method_title"):
		return Document
	case has("note", "content") && has("author", "customer_note", "comment_author", "date_created"):
		return Document
	case has("description", "short_description", "name", "title") && has("sku", "price", "regular_price", "stock_status", "permalink", "product_type"):
		return Catalog
	}
	return ""
}

// Folded returns the form in which a character is compared; "" for one that a
// reader does not see.
func Folded(r rune) string {
	var b [12]byte
	return string(fold(b[:0], r))
}
