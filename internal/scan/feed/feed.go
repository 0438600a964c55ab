// Package feed reads lists of versions known to be vulnerable, as the shop's owner got them from
// Wordfence, WPScan or wpvulnerability, and tells which of them a component matches.
//
// Start with Read, then Match. No list is shipped or fetched: their licences belong to whoever asked
// for them. Versions compare as PHP's version_compare does, which is what WordPress goes by.
//
// A list is a stranger's text: titles and links are printed, never followed.
package feed

import (
	"encoding/json"
	"errors"
	"sort"
	"strings"
)

// Entry is one vulnerability of one component.
type Entry struct {
	Kind  string // plugin, theme, core or "" when the list does not say
	Slug  string
	Title string
	ID    string // CVE if there is one, else the list's own number
	Score string // CVSS, as written
	Fixed string // the first version without it, if known
	From  Bound
	To    Bound
}

// Bound is one end of a range of versions; an empty version or * is no bound.
type Bound struct {
	Version   string
	Inclusive bool
}

// Read understands the shapes of the three lists. What it does not understand it refuses as a whole.
func Read(raw []byte) ([]Entry, error) {
	var top map[string]json.RawMessage
	if err := json.Unmarshal(raw, &top); err != nil {
		return nil, errors.New("not a JSON object")
	}
	var list []Entry
	if data, ok := top["data"]; ok {
		list = readWPVulnerability(data)
	} else {
		for name, record := range top {
			list = append(list, readWordfence(record)...)
			list = append(list, readWPScan(name, record)...)
		}
	}
	if len(list) == 0 && len(top) > 0 {
		return nil, errors.New("in none of the known shapes (Wordfence, WPScan, wpvulnerability)")
	}
	sort.Slice(list, func(i, j int) bool {
		return list[i].Slug+"\x00"+list[i].ID+list[i].Title < list[j].Slug+"\x00"+list[j].ID+list[j].Title
	})
	return list, nil
}

// readWordfence reads one record of the Wordfence feed, which is keyed by its own number.
func readWordfence(raw json.RawMessage) (list []Entry) {
	var r struct {
		ID, Title, CVE string
		CVSS           struct{ Score json.Number }
		Software       []struct {
			Type, Slug string
			Affected   map[string]struct {
				From          string `json:"from_version"`
				FromInclusive bool   `json:"from_inclusive"`
				To            string `json:"to_version"`
				ToInclusive   bool   `json:"to_inclusive"`
			} `json:"affected_versions"`
			Patched []string `json:"patched_versions"`
		}
	}
	if json.Unmarshal(raw, &r) != nil {
		return nil
	}
	for _, s := range r.Software {
		for _, a := range s.Affected {
			e := Entry{Kind: s.Type, Slug: s.Slug, Title: r.Title, ID: first(r.CVE, r.ID), Score: r.CVSS.Score.String(),
				From: Bound{a.From, a.FromInclusive}, To: Bound{a.To, a.ToInclusive}}
			if len(s.Patched) > 0 {
				e.Fixed = s.Patched[len(s.Patched)-1]
			}
			list = append(list, e)
		}
	}
	return list
}

// readWPScan reads the answer for one plugin, theme or version of WordPress, which is keyed by its name.
func readWPScan(name string, raw json.RawMessage) (list []Entry) {
	var r struct {
		Vulnerabilities []struct {
			ID         json.RawMessage
			Title      string
			FixedIn    string `json:"fixed_in"`
			Introduced string `json:"introduced_in"`
			CVSS       struct{ Score json.Number }
			References struct{ CVE []string }
		}
	}
	if json.Unmarshal(raw, &r) != nil {
		return nil
	}
	for _, v := range r.Vulnerabilities {
		e := Entry{Slug: name, Title: v.Title, ID: strings.Trim(string(v.ID), `"`), Score: v.CVSS.Score.String(), Fixed: v.FixedIn,
			From: Bound{v.Introduced, true}, To: Bound{v.FixedIn, false}}
		if len(v.References.CVE) > 0 {
			e.ID = "CVE-" + strings.TrimPrefix(v.References.CVE[0], "CVE-")
		}
		list = append(list, e)
	}
	return list
}

// readWPVulnerability reads the answer for one component.
func readWPVulnerability(raw json.RawMessage) (list []Entry) {
	var r struct {
		Plugin, Theme, Slug string
		Vulnerability       []struct {
			UUID, Name string
			Operator   struct {
				Min   string `json:"min_version"`
				MinOp string `json:"min_operator"`
				Max   string `json:"max_version"`
				MaxOp string `json:"max_operator"`
			}
			Source []struct{ ID string }
			Impact struct{ CVSS struct{ Score string } }
		}
	}
	if json.Unmarshal(raw, &r) != nil {
		return nil
	}
	for _, v := range r.Vulnerability {
		e := Entry{Slug: first(r.Plugin, r.Theme, r.Slug), Title: v.Name, ID: v.UUID, Score: v.Impact.CVSS.Score,
			From: Bound{v.Operator.Min, v.Operator.MinOp != "gt"}, To: Bound{v.Operator.Max, v.Operator.MaxOp == "le"}}
		if v.Operator.MaxOp == "lt" {
			e.Fixed = v.Operator.Max
		}
		for _, s := range v.Source {
			if strings.HasPrefix(s.ID, "CVE-") {
				e.ID = s.ID
			}
		}
		list = append(list, e)
	}
	return list
}

func first(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

// Match lists the entries a component's version falls under. A component without a version matches nothing:
// nobody could act on "perhaps".
func Match(list []Entry, kind, slug, version string) []Entry {
	var out []Entry
	for _, e := range list {
		if version != "" && e.Slug == slug && (e.Kind == "" || e.Kind == kind || kind == "mu-plugin" && e.Kind == "plugin") && e.covers(version) {
			out = append(out, e)
		}
	}
	return out
}

func (e *Entry) covers(version string) bool {
	if v := e.From.Version; v != "" && v != "*" {
		if c := Compare(version, v); c < 0 || c == 0 && !e.From.Inclusive {
			return false
		}
	}
	if v := e.To.Version; v != "" && v != "*" {
		if c := Compare(version, v); c > 0 || c == 0 && !e.To.Inclusive {
			return false
		}
	}
	return true
}
