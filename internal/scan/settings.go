package scan

import (
	"encoding/json"
	"errors"
	"regexp"
	"strings"

	"ringfence/internal/scan/fact"
)

// Settings are the options of a running shop, by name, as stored.
type Settings map[string]string

// ReadSettings reads the output of "wp option list --format=json".
func ReadSettings(raw []byte) (Settings, error) {
	var rows []struct {
		Name  string `json:"option_name"`
		Value any    `json:"option_value"`
	}
	if err := json.Unmarshal(raw, &rows); err != nil {
		return nil, errors.New("not the output of \"wp option list --format=json\"")
	}
	s := Settings{}
	for _, r := range rows {
		if v, ok := r.Value.(string); ok {
			s[r.Name] = v
		}
	}
	return s, nil
}

// active tells whether a plugin runs; "" when the options do not say.
func (s Settings) active(u *unit) string {
	list, ok := s["active_plugins"]
	switch {
	case u.Kind == "mu-plugin" || u.Kind == "drop-in":
		return "yes"
	case u.Kind == "theme" && s["stylesheet"] != "":
		return yesNo(s["stylesheet"] == u.Slug || s["template"] == u.Slug)
	case u.Kind != "plugin" || !ok:
		return ""
	}
	return yesNo(strings.Contains(list, `"`+u.Slug+"/") || strings.Contains(list, `"`+u.Slug+`.php"`))
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// lookup finds the value of "name" or "name[key]"; PHP's serialised form is searched, not decoded.
func (s Settings) lookup(name string) string {
	base, key, nested := strings.Cut(name, "[")
	v := s[base]
	if !nested {
		return v
	}
	key = strings.TrimSuffix(key, "]")
	m := regexp.MustCompile(`"` + regexp.QuoteMeta(key) + `";s:\d+:"([^"]*)"`).FindStringSubmatch(v)
	if m == nil {
		return ""
	}
	return m[1]
}

// Incomplete tells whether some code could not be read to its end.
func Incomplete(r *fact.Report) bool {
	for _, n := range r.Coverage.Notes {
		if n.Status == "partly" || strings.HasPrefix(n.Reason, "fault") || strings.HasPrefix(n.Reason, "unreadable") || strings.Contains(n.Reason, "larger than") {
			return true
		}
	}
	for _, c := range r.Components {
		if c.Stopped {
			return true
		}
	}
	return false
}
