package rule

import (
	"strings"

	"ringfence/internal/residency/catalogue"
)

// Host is a service of the catalogue, as code is read for it.
type Host struct {
	Pattern string
	Vendor  string
	Kind    string // as in the catalogue: llm, broker, search, ..., analytics, marketing
	AI      bool
	Seat    string   // ISO code of the vendor's country, ?? if unknown
	Region  string   // where requests are processed as the vendor documents it: EU, US, global, by-name, by-resource, by-call, unknown
	Paths   []string // one of these must be in the path, for hosts whose name stands on pages for people too
}

// Host finds the service of a host name and path; nil when none is known to us.
func (s *Set) Host(name, path string) *Host {
	m, ok := catalogue.Builtin().Lookup(strings.ToLower(strings.TrimSuffix(name, ".")), "")
	if !ok || m.Kind == catalogue.Resolver {
		return nil
	}
	h := &Host{Pattern: m.Pattern, Vendor: m.Vendor, Kind: string(m.Kind), AI: m.Kind.AI(), Seat: m.Seat, Region: region(m.Region), Paths: s.pages[m.Pattern]}
	if !h.serves(path) {
		return nil
	}
	return h
}

// region puts the catalogue's schemes into the words of a report.
func region(scheme string) string {
	switch scheme {
	case "aws", "gcp", "azure", "ibm", "oci":
		return "by-name"
	case "resource":
		return "by-resource"
	case "body":
		return "by-call"
	}
	return scheme
}

func (h *Host) serves(path string) bool {
	if len(h.Paths) == 0 {
		return true
	}
	for _, p := range h.Paths {
		if strings.Contains(path, p) {
			return true
		}
	}
	return false
}

func (s *Set) addPages(c []string) error {
	s.pages[c[0]] = strings.Fields(c[1])
	return nil
}

// eea are the countries of the European Economic Area.
const eea = " AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE IS LI NO "

// adequate are countries with an adequacy decision of the European Commission (US apart: only certified companies).
const adequate = " AD AR CA FO GG IL IM JP JE NZ KR CH UY GB BR "

// Zone says in plain words what a country means for a transfer: "EEA", "adequate",
// "US" (only companies certified under the Data Privacy Framework), "third country" or "unknown".
func Zone(country string) string {
	code := " " + country + " "
	switch {
	case country == "EU" || strings.Contains(eea, code):
		return "EEA"
	case strings.Contains(adequate, code):
		return "adequate"
	case country == "US":
		return "US"
	case len(country) == 2 && country != "??":
		return "third country"
	}
	return "unknown"
}
