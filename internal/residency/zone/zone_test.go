package zone_test

import (
	"strings"
	"testing"
	"time"

	"ringfence/internal/residency/zone"
)

func TestAccepts(t *testing.T) {
	for _, c := range []struct {
		words     string
		place     zone.Place
		certified bool
		kind      string
		ok        bool
	}{
		{"EEA", "DE", false, "eea", true}, {"EEA", "NO", false, "eea", true}, {"EEA", "EU", false, "eea", true}, {"EEA", "EEA", false, "eea", true},
		{"EEA", "RE", false, "eea", true}, {"EEA", "NC", false, "nc", false}, {"EEA", "GL", false, "gl", false}, {"EEA", "SJ", false, "sj", false},
		{"EEA", "CH", false, "adequate", false}, {"EEA", "GB", false, "adequate", false}, {"EEA", "US", true, "dpf", false}, {"EEA", "", false, "unknown", false},
		{"EU", "NO", false, "eea", false}, {"EU", "FR", false, "eea", true}, {"EU", "EEA", false, "eea", false}, {"DE", "EU", false, "eea", false}, {"DE", "DE", false, "eea", true},
		{"EEA ADEQUATE", "CH", false, "adequate", true}, {"EEA ADEQUATE", "US", true, "dpf", false}, {"EEA ADEQUATE", "US", false, "us", false}, {"EEA ADEQUATE", "CN", false, "cn", false},
		{"EEA DPF", "US", true, "dpf", true}, {"EEA DPF", "US", false, "us", false}, {"DPF", "DE", true, "eea", false}, {"US", "US", false, "us", true}, {"CH", "CH", false, "adequate", true},
		{"", "DE", false, "eea", false},
	} {
		z, err := zone.Parse(strings.Fields(c.words))
		if err != nil {
			t.Fatal(err)
		}
		if kind, ok := z.Accepts(c.place, c.certified); ok != c.ok || kind != c.kind {
			t.Errorf("%s accepts %s (%v): %s %v", c.words, c.place, c.certified, kind, ok)
		}
	}
	for _, bad := range []string{"UK", "SJ", "eea", "Germany", "ZZ", "", "T1", "E U"} {
		if _, err := zone.Parse([]string{bad}); err == nil {
			t.Errorf("%q is a zone", bad)
		}
	}
}

func TestCountry(t *testing.T) {
	for _, code := range []string{"DE", "CH", "FO", "GL"} {
		if p, ok := zone.Country(code); !ok || string(p) != code {
			t.Errorf("%s is no country", code)
		}
	}
	for _, code := range []string{"EU", "AP", "UK", "A1", "A2", "T1", "??", "", "de", "DEU", "ZZ", "SJ", "EEA"} {
		if p, ok := zone.Country(code); ok || p != "" {
			t.Errorf("%q is the country %q", code, p)
		}
	}
}

func TestWider(t *testing.T) {
	for _, c := range []struct{ a, b, want zone.Place }{
		{"DE", "DE", "DE"}, {"EU", "DE", "EU"}, {"DE", "EU", "EU"}, {"NO", "EEA", "EEA"}, {"EU", "EEA", "EEA"}, {"DE", "FR", ""}, {"EU", "NO", ""}, {"EU", "GB", ""}, {"EEA", "CH", ""},
	} {
		if got, ok := zone.Wider(c.a, c.b); got != c.want || ok != (c.want != "") {
			t.Errorf("%s and %s: %s", c.a, c.b, got)
		}
	}
}

// The table has the numbers of countries that the treaties and the Commission's
// list have, and each decision will be looked at again.
func TestTable(t *testing.T) {
	members := 0
	for _, c := range strings.Fields("AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE") {
		if !zone.EU.Holds(zone.Place(c)) {
			t.Errorf("%s is not in the Union", c)
		}
		members++
	}
	if members != 27 || len(zone.Adequacies()) != 16 {
		t.Errorf("%d members, %d decisions", members, len(zone.Adequacies()))
	}
	for _, a := range zone.Adequacies() {
		if a.Since.IsZero() || !a.CheckBy.After(a.Since) || zone.EEA.Holds(a.Place) {
			t.Errorf("%+v", a)
		}
	}
	day := func(s string) time.Time {
		at, _ := time.Parse(time.DateOnly, s)
		return at
	}
	if got := zone.Stale(day("2026-11-28")); len(got) != 0 {
		t.Error(got)
	}
	if got := strings.Join(zone.Stale(day("2027-03-01")), "; "); !strings.Contains(got, "US") || !strings.Contains(got, "GB") || strings.Contains(got, "CH") {
		t.Error(got)
	}
	if got := zone.Stale(day("2028-01-01")); len(got) != 17 {
		t.Error(got)
	}
}
