package rule

import "strings"

// Host is one row of the catalogue of AI services.
type Host struct {
	Pattern string
	Vendor  string
	Kind    string   // llm, broker, speech, search, assistant, ...
	Seat    string   // ISO code of the vendor's country, ?? if unknown
	Region  string   // where requests are processed as the vendor documents it: EU, US, global, by-name, by-resource, unknown
	Paths   []string // for hosts that also serve other things: one of these must be in the path
}

func (s *Set) addHost(c []string) error {
	s.Hosts = append(s.Hosts, Host{Pattern: c[0], Vendor: c[1], Kind: c[2], Seat: c[3], Region: c[4], Paths: strings.Fields(c[5])})
	return nil
}

// Host finds the catalogue row for a host name and path; nil when it is no AI service known to us.
// Exact rows win over patterns.
func (s *Set) Host(name, path string) *Host {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	var found *Host
	for i := range s.Hosts {
		h := &s.Hosts[i]
		if h.Pattern == name {
			found = h
			break
		}
		if found == nil && matchHost(h.Pattern, name) {
			found = h
		}
	}
	if found == nil || !found.servesAI(path) {
		return nil
	}
	return found
}

func (h *Host) servesAI(path string) bool {
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

// matchHost matches a pattern with one *, which stands for at least one character.
func matchHost(pattern, name string) bool {
	head, tail, star := strings.Cut(pattern, "*")
	return star && len(name) > len(head)+len(tail) && strings.HasPrefix(name, head) && strings.HasSuffix(name, tail)
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
