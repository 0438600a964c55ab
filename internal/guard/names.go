package guard

import (
	"regexp"
	"slices"
	"strings"
)

// nameOf finds what names a thing and says nothing: the keys of JSON, and the
// placeholders of masking. An order of the store is made of them, and a name
// for an address asks nobody for one. Rules see them all the same.
var nameOf = regexp.MustCompile(`"[A-Za-z0-9_]{1,40}"\s*:|\[[A-Z]{2,12}_[0-9]{1,4}[A-Z]?\]`)

// spoken returns the words of a text but for such names.
func spoken(text string, ts []token) []token {
	if !strings.ContainsAny(text, `"[`) {
		return ts
	}
	names := nameOf.FindAllStringIndex(text, -1)
	out, next := make([]token, 0, len(ts)), 0
	for _, t := range ts {
		for next < len(names) && names[next][1] <= t.start {
			next++
		}
		if next == len(names) || t.start < names[next][0] {
			out = append(out, t)
		}
	}
	return slices.Clip(out)
}
