package guard

import "strings"

// The shapes of an order to carry data away in a URL: a rule names one in its
// "shape" line.
const (
	imageData  = "image_data"  // an image whose address has a place to fill in
	imageQuery = "image_query" // an image whose address has a query
	linkData   = "link_data"   // another address with a place to fill in
)

// shapes returns the hits of shapes in a text.
func shapes(rs *rules, text string, ts []token) (hits []hit) {
	next, pos := 0, int32(0)
	for at := 0; ; {
		i := strings.Index(text[at:], "://")
		if i < 0 {
			return hits
		}
		start := at + i
		at = start + len("://")
		end := at
		for end < len(text) && !urlEnd(text[end]) {
			end++
		}
		id, ok := rs.shapeOf[shape(text, start, text[at:end])]
		at = end
		if !ok {
			continue
		}
		for ; next < len(ts) && ts[next].start <= start; next++ {
			pos = ts[next].pos
		}
		hits = append(hits, hit{id, pos, start, end})
	}
}

// shape names the shape of the address that follows start.
func shape(text string, start int, address string) string {
	before := text[max(0, start-64):start]
	image := strings.Contains(before, "![") && strings.Contains(before, "](") || strings.Contains(strings.ToLower(before), "<img")
	_, query, asks := strings.Cut(address, "?")
	switch {
	case image && fillIn(address):
		return imageData
	case image && asks && query != "":
		return imageQuery
	case asks && fillIn(query):
		return linkData
	}
	return ""
}

// fillIn reports whether an address leaves a place for something else: {x},
// [x], <x>, $x, or a name in capitals.
func fillIn(address string) bool {
	capitals := 0
	for i := range len(address) {
		switch c := address[i]; {
		case c == '{' || c == '[' || c == '<' || c == '$':
			return true
		case 'A' <= c && c <= 'Z' || c == '_':
			if capitals++; capitals >= 4 && (i+1 == len(address) || !alphanumeric(address[i+1])) {
				return true
			}
		default:
			capitals = 0
		}
	}
	return false
}

func alphanumeric(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

// urlEnd reports whether a URL in running text ends before c. Square and curly
// brackets do not end it: orders write places to fill in with them.
func urlEnd(c byte) bool { return c <= ' ' || strings.IndexByte("\"'`)\\", c) >= 0 }
