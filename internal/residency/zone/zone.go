// Package zone knows jurisdictions: which belong to the European Economic
// Area, which have an adequacy decision, and since when.
//
// First step: [Parse] what a store accepts into a [Zone], then ask
// [Zone.Accepts]. Promise: what is not known to be inside is outside. Danger:
// decisions are revoked and expire; [Stale] says when somebody must look again,
// and none of it is legal advice.
package zone

import (
	"bufio"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// A Place is a jurisdiction: an ISO 3166 code, or EU or EEA for anywhere inside.
type Place string

// Places that are more than one country.
const (
	EU  Place = "EU"
	EEA Place = "EEA"
)

// An Adequacy is a decision of the European Commission under Art. 45 GDPR.
type Adequacy struct {
	Place   Place
	Since   time.Time
	CheckBy time.Time // when somebody must have looked again
	Covers  string    // whom, if not everybody
}

type table struct {
	checkBy  time.Time
	part     map[Place]Place // of the Union or only of the Area
	adequate map[Place]Adequacy
	not      map[Place]string
}

//go:embed zone.txt
var text string

var known = sync.OnceValue(func() *table {
	t, err := read(text)
	if err != nil {
		panic("zone.txt: " + err.Error()) // a test reads it
	}
	return t
})

func read(text string) (*table, error) {
	t := &table{part: map[Place]Place{}, adequate: map[Place]Adequacy{}, not: map[Place]string{}}
	section := ""
	for lines := bufio.NewScanner(strings.NewReader(text)); lines.Scan(); {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		if line[0] == '[' {
			section = line
			continue
		}
		if err := t.row(section, line); err != nil {
			return nil, fmt.Errorf("%q: %w", line, err)
		}
	}
	return t, nil
}

func (t *table) row(section, line string) error {
	var col []string
	for c := range strings.SplitSeq(line, "|") {
		col = append(col, strings.TrimSpace(c))
	}
	place := Place(col[0])
	switch {
	case section == "" && strings.HasPrefix(line, "check by: "):
		at, err := time.Parse(time.DateOnly, line[len("check by: "):])
		t.checkBy = at
		return err
	case section == "" && strings.HasPrefix(line, "serial: "):
		return nil
	case section == "[eea]" && len(col) == 2:
		t.part[place] = Place(col[1])
		return nil
	case section == "[not]" && len(col) == 2:
		t.not[place] = col[1]
		return nil
	case section == "[adequate]" && len(col) == 4:
		since, err := time.Parse(time.DateOnly, col[1])
		if err != nil {
			return err
		}
		by, err := time.Parse(time.DateOnly, col[2])
		t.adequate[place] = Adequacy{place, since, by, col[3]}
		return err
	}
	return fmt.Errorf("not a row of %s", section)
}

// Country reads the code of a geo database. A region, an invented code or a
// doubtful one is no country.
func Country(code string) (Place, bool) {
	p := Place(code)
	if len(code) != 2 || strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" || known().not[p] != "" {
		return "", false
	}
	return p, true
}

// Adequate returns the decision about a place.
func Adequate(p Place) (Adequacy, bool) {
	a, ok := known().adequate[p]
	return a, ok
}

// Adequacies lists all decisions.
func Adequacies() []Adequacy {
	var out []Adequacy
	for _, a := range known().adequate {
		out = append(out, a)
	}
	slices.SortFunc(out, func(a, b Adequacy) int { return strings.Compare(string(a.Place), string(b.Place)) })
	return out
}

// Holds says whether all of in lies in p.
func (p Place) Holds(in Place) bool {
	switch {
	case p == in:
		return true
	case p == EEA:
		return in == EU || known().part[in] != ""
	case p == EU:
		return known().part[in] == EU
	}
	return false
}

// Wider returns the wider of two places if one holds the other; then they do
// not contradict each other.
func Wider(a, b Place) (Place, bool) {
	switch {
	case a.Holds(b):
		return a, true
	case b.Holds(a):
		return b, true
	}
	return "", false
}

// Stale says what of this table somebody must have looked at again by now.
func Stale(now time.Time) []string {
	var out []string
	if now.After(known().checkBy) {
		out = append(out, "the table of jurisdictions was to be checked by "+known().checkBy.Format(time.DateOnly)+"; update Ringfence")
	}
	for _, a := range Adequacies() {
		if now.After(a.CheckBy) {
			out = append(out, fmt.Sprintf("the adequacy decision about %s was to be checked by %s", a.Place, a.CheckBy.Format(time.DateOnly)))
		}
	}
	return out
}
