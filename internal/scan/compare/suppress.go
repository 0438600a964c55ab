package compare

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"

	"ringfence/internal/scan/fact"
)

// rule is one line of a suppression file.
type rule struct {
	id, by, reason string
	until          time.Time
	line           int
	used           bool
}

// Suppress reads a file of accepted findings and marks those in r. A line reads
//
//	281b6fd719340069 until=2027-06-30 by=anna the key is a public search key
//
// Empty lines and lines starting with # are skipped. What is past its date or names no
// finding is noted in the report.
func Suppress(r *fact.Report, file io.Reader, today time.Time) error {
	rules, err := parse(file)
	if err != nil {
		return err
	}
	for i := range rules {
		s := &rules[i]
		expired := !today.Before(s.until.AddDate(0, 0, 1))
		for j := range r.Findings {
			f := &r.Findings[j]
			if f.ID != s.id {
				continue
			}
			s.used = true
			if expired {
				r.Notes = append(r.Notes, fmt.Sprintf("suppression of %s ended on %s: the finding counts again", s.id, s.until.Format(time.DateOnly)))
				continue
			}
			f.State, f.Reason = "suppressed", s.reason+" ("+s.by+", until "+s.until.Format(time.DateOnly)+")"
		}
		if !s.used {
			r.Notes = append(r.Notes, fmt.Sprintf("suppression of %s (line %d) names no finding: remove it", s.id, s.line))
		}
	}
	return nil
}

func parse(file io.Reader) ([]rule, error) {
	var rules []rule
	sc := bufio.NewScanner(file)
	for n := 1; sc.Scan(); n++ {
		text := strings.TrimSpace(sc.Text())
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		r, err := parseLine(text)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		r.line = n
		rules = append(rules, r)
	}
	return rules, sc.Err()
}

func parseLine(text string) (rule, error) {
	f := strings.Fields(text)
	r := rule{id: f[0]}
	for _, w := range f[1:] {
		key, value, ok := strings.Cut(w, "=")
		switch {
		case ok && key == "until" && r.reason == "":
			t, err := time.Parse(time.DateOnly, value)
			if err != nil {
				return r, fmt.Errorf("until=%s is no date such as 2027-06-30", value)
			}
			r.until = t
		case ok && key == "by" && r.reason == "":
			r.by = value
		default:
			r.reason = strings.TrimSpace(r.reason + " " + w)
		}
	}
	switch {
	case r.until.IsZero():
		return r, fmt.Errorf("%s has no end: add until=YYYY-MM-DD", r.id)
	case r.by == "":
		return r, fmt.Errorf("%s says nobody: add by=NAME", r.id)
	case r.reason == "":
		return r, fmt.Errorf("%s has no reason", r.id)
	}
	return r, nil
}
