package catalogue

import (
	"slices"
	"strings"
)

// Vendor is what the vendor documents about where a call to a host is
// processed.
type Vendor struct {
	// Place is a jurisdiction, or "" where nothing can be said.
	Place string
	// Needs names the part of the call that decides and was not given: "path",
	// "model", or a field of the body; "resource" if only the operator of the
	// resource can know.
	Needs string
	// Anywhere says that the vendor may process it in any region.
	Anywhere bool
	// Why says in a few words how the place was found, or why not.
	Why string
}

// Where says what the vendor documents about a call to host. The path's model
// and the body's fields decide at some of them; said returns what the call says
// in a field and whether that is known at all.
func (c *Catalogue) Where(host string, said func(field string) (string, bool)) Vendor {
	s := c.service(host)
	if s == nil {
		return Vendor{Why: "the host is not in the catalogue"}
	}
	home := c.home(s, host)
	decides := slices.ContainsFunc(c.calls, func(r callRule) bool { return r.pattern == s.Pattern })
	if !decides {
		return home
	}
	return c.byCall(s, home, said)
}

// home is the place by the host name alone.
func (c *Catalogue) home(s *Service, host string) Vendor {
	switch {
	case s.Region == "resource":
		return Vendor{Needs: "resource", Why: "neither region nor kind of deployment shows in the name; the operator must declare them"}
	case s.Region == "body":
		return Vendor{Why: "the body decides"}
	case s.Region == "global":
		return Vendor{Anywhere: true, Why: "the vendor may process what comes to this host in any region"}
	case s.Region == "unknown":
		return Vendor{Why: "nothing is known of where the vendor processes what comes to this host"}
	case strings.Contains(s.Region, "/"):
		return Vendor{Why: "the vendor processes in " + s.Region + ", and which does not show"}
	case c.regions[s.Region] != nil:
		place := c.label(s, host)
		if place == "" {
			return Vendor{Why: "no region of " + s.Region + " stands in the name"}
		}
		return vouched(s, place, "the region in the name")
	}
	return vouched(s, s.Region, "the vendor's name for this region")
}

func vouched(s *Service, place, why string) Vendor {
	if !s.Vouched {
		return Vendor{Why: "the vendor does not vouch for the region of this host"}
	}
	return Vendor{Place: place, Why: why}
}

// label finds the one region that stands in the part of the name that the
// pattern leaves open.
func (c *Catalogue) label(s *Service, host string) string {
	p, err := parsePattern(s.Pattern)
	if err != nil {
		return ""
	}
	star, _ := p.match(host)
	place := ""
	for label := range strings.SplitSeq(star, ".") {
		found := c.regions[s.Region][label]
		if found != "" && place != "" && found != place {
			return ""
		}
		if found != "" {
			place = found
		}
	}
	return place
}

func (c *Catalogue) byCall(s *Service, home Vendor, said func(string) (string, bool)) Vendor {
	for _, r := range c.calls {
		if r.pattern != s.Pattern {
			continue
		}
		value, known := said(r.field)
		if !known {
			return Vendor{Needs: r.field, Why: r.field + " decides where this is processed, and it is not known"}
		}
		// Only a model has a prefix; a field is equal or it is not.
		if r.value != "*" && value != r.value && (r.field != "model" || !strings.HasPrefix(value, r.value)) {
			continue
		}
		switch {
		case value == "" || r.jurisdiction == "global":
			return Vendor{Anywhere: true, Why: r.field + " lets the vendor choose any region"}
		case r.jurisdiction == "home":
			return home
		}
		return Vendor{Place: r.jurisdiction, Why: r.field + " says " + r.value}
	}
	return Vendor{Anywhere: true, Why: "nothing keeps this call in one region"}
}
