package compare_test

import (
	"strings"
	"testing"
	"time"

	"ringfence/internal/scan/compare"
	"ringfence/internal/scan/fact"
)

func finding(id, level string, classes ...string) fact.Finding {
	return fact.Finding{ID: id, Rule: "r", Level: level, Title: "t", Component: "p", DataClasses: classes, Key: "r | p | " + id}
}

func TestBaseline(t *testing.T) {
	old := &fact.Report{Findings: []fact.Finding{finding("same", "high", "email"), finding("more", "low", "email"), finding("up", "low"), finding("gone", "high"), finding("moved", "low")}}
	old.Findings[4].Line = 1
	now := &fact.Report{Findings: []fact.Finding{finding("same", "high", "email"), finding("more", "low", "email", "phone"), finding("up", "high"), finding("new", "low"), finding("moved", "low")}}
	now.Findings[4].Line = 900
	compare.Baseline(now, old)
	var got []string
	for _, f := range now.Findings {
		got = append(got, f.ID+"="+f.State)
	}
	if s := strings.Join(got, " "); s != "same=known more=worse up=worse new=new moved=known" {
		t.Error(s)
	}
	if len(now.Notes) != 1 || !strings.Contains(now.Notes[0], "gone") {
		t.Error(now.Notes)
	}
}

// TestBaselineLostGuard: the same finding with a check less is worse.
func TestBaselineLostGuard(t *testing.T) {
	old := &fact.Report{Findings: []fact.Finding{finding("a", "low")}}
	old.Findings[0].Guards = []fact.Guard{{Kind: "nonce"}}
	now := &fact.Report{Findings: []fact.Finding{finding("a", "low")}}
	if compare.Baseline(now, old); now.Findings[0].State != "worse" {
		t.Error(now.Findings[0].State)
	}
}

func TestDiff(t *testing.T) {
	at := []fact.Step{{Place: fact.Place{File: "a.php", Line: 3}}}
	old := &fact.Report{Components: []fact.Component{{Slug: "p-1.0"}},
		Services:  []fact.Service{{Component: "p-1.0", Host: "a.example-ai.com", Class: "ai", Called: true}},
		Flows:     []fact.Flow{{Component: "p-1.0", Class: "email", Origin: "order", To: "a.example-ai.com", ToClass: "ai", Path: at}},
		Endpoints: []fact.Endpoint{{Component: "p-1.0", Kind: "rest", Name: "p/v1/x", Guards: []fact.Guard{{Kind: "nonce"}}}}}
	now := &fact.Report{Components: []fact.Component{{Slug: "p-2.0"}},
		Services:  []fact.Service{{Component: "p-2.0", Host: "a.example-ai.com", Class: "ai", Called: true}, {Component: "p-2.0", Host: "b.example-ai.com", Class: "ai"}},
		Flows:     []fact.Flow{{Component: "p-2.0", Class: "email", Origin: "order", To: "a.example-ai.com", ToClass: "ai", Path: []fact.Step{{Place: fact.Place{File: "z.php", Line: 99}}}}, {Component: "p-2.0", Class: "phone", Origin: "order", To: "a.example-ai.com", ToClass: "ai", Path: at}},
		Endpoints: []fact.Endpoint{{Component: "p-2.0", Kind: "rest", Name: "p/v1/x", Open: true}}}
	var got []string
	for _, c := range compare.Diff(old, now) {
		if !c.Grave {
			t.Errorf("not grave: %+v", c)
		}
		got = append(got, c.State+" "+c.Kind)
	}
	if s := strings.Join(got, ", "); s != "worse door, new flow, new service" {
		t.Error(s)
	}
	if c := compare.Diff(now, now); len(c) != 0 {
		t.Errorf("a report differs from itself: %v", c)
	}
}

func TestSuppress(t *testing.T) {
	day := time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC)
	r := &fact.Report{Findings: []fact.Finding{finding("aaa", "high"), finding("bbb", "high")}}
	file := "# accepted\naaa until=2026-06-30 by=anna a public search key\nbbb until=2026-06-29 by=ben was fine\nccc until=2027-01-01 by=ben gone\n"
	if err := compare.Suppress(r, strings.NewReader(file), day); err != nil {
		t.Fatal(err)
	}
	if r.Findings[0].State != "suppressed" || !strings.Contains(r.Findings[0].Reason, "anna") || r.Findings[1].State != "" || len(r.Notes) != 2 {
		t.Errorf("%+v %v", r.Findings, r.Notes)
	}
	for _, bad := range []string{"aaa by=anna no end", "aaa until=2027-01-01 nobody", "aaa until=2027-01-01 by=anna", "aaa until=soon by=anna x"} {
		if err := compare.Suppress(r, strings.NewReader(bad), day); err == nil {
			t.Errorf("accepted: %s", bad)
		}
	}
}

// FuzzSuppress: a file of accepted findings is read or refused; only the findings it names are accepted, and none past its date.
func FuzzSuppress(f *testing.F) {
	for _, s := range []string{"281b6fd719340069 until=2027-06-30 by=anna public key\n", "# nothing\n\n", "281b6fd719340069 by=anna\n", "281b6fd719340069 until=0000-00-00 by=x y\n", strings.Repeat("x", 70_000)} {
		f.Add(s)
	}
	today := time.Date(2026, 11, 28, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		r := &fact.Report{Findings: []fact.Finding{{ID: "281b6fd719340069"}, {ID: "0000000000000000"}}}
		if compare.Suppress(r, strings.NewReader(text), today) != nil {
			return
		}
		for _, x := range r.Findings {
			if x.State == "suppressed" && !strings.Contains(text, x.ID) {
				t.Errorf("%s is accepted and not named", x.ID)
			}
		}
	})
}
