package zone

import (
	"fmt"
	"slices"
	"strings"
)

// A Zone is a set of jurisdictions that a store accepts.
type Zone struct{ words []string }

// The words of a zone besides ISO 3166 codes.
const (
	wordEEA      = "EEA"
	wordAdequate = "ADEQUATE" // any adequacy decision that covers everybody it names
	wordDPF      = "DPF"      // United States, recipients certified under the Data Privacy Framework
)

// Parse reads the words of a zone: EEA, ADEQUATE, DPF, or codes as DE or CH.
// The United States are never part of ADEQUATE: DPF names them, for those who
// are certified, and US for all others.
func Parse(words []string) (Zone, error) {
	for _, w := range words {
		if slices.Contains([]string{wordEEA, wordAdequate, wordDPF, string(EU)}, w) {
			continue
		}
		if _, ok := Country(w); !ok {
			if why := known().not[Place(w)]; why != "" {
				return Zone{}, fmt.Errorf("%s names no jurisdiction: %s", w, why)
			}
			return Zone{}, fmt.Errorf("must be EEA, ADEQUATE, DPF or a country code of two capitals, as in DE")
		}
	}
	return Zone{slices.Clone(words)}, nil
}

// String is the zone as it was written.
func (z Zone) String() string { return strings.Join(z.words, ", ") }

// Empty says that the zone accepts nothing.
func (z Zone) Empty() bool { return len(z.words) == 0 }

// Accepts says whether all of p is inside, by which word, and in which kind of
// zone p is: eea, adequate, dpf or the code. Certified says that the recipient
// is certified under the Data Privacy Framework.
func (z Zone) Accepts(p Place, certified bool) (kind string, ok bool) {
	for _, w := range z.words {
		switch w {
		case wordEEA:
			ok = EEA.Holds(p)
		case wordAdequate:
			_, has := Adequate(p)
			ok = has && p != "US"
		case wordDPF:
			ok = p == "US" && certified
		default:
			ok = Place(w).Holds(p)
		}
		if ok {
			return Kind(p, certified), true
		}
	}
	return Kind(p, certified), false
}

// Kind says in which kind of zone a place is.
func Kind(p Place, certified bool) string {
	_, adequate := Adequate(p)
	switch {
	case EEA.Holds(p):
		return "eea"
	case p == "US" && certified:
		return "dpf"
	case adequate && p != "US":
		return "adequate"
	case p == "":
		return "unknown"
	}
	return strings.ToLower(string(p))
}
