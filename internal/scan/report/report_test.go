package report_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"ringfence/internal/scan/fact"
	"ringfence/internal/scan/report"
)

// hostile is what a plugin author may put into names, files and code.
const hostile = "x<script>alert(1)</script>\x1b[31m\u202e'\"&"

func sample() *fact.Report {
	at := fact.Place{File: "a/" + hostile + ".php", Line: 7}
	return &fact.Report{
		Schema:     "ringfence-scan/1",
		Root:       "shop",
		Components: []fact.Component{{Kind: "plugin", Slug: "p", Name: hostile, Version: "1", AI: true}},
		Services:   []fact.Service{{Component: "p", Host: "api.openai.com", Vendor: "OpenAI", Kind: "llm", Class: "ai", Seat: "US", Region: "global", Called: true, Evidence: []fact.Place{at}}},
		Flows:      []fact.Flow{{Component: "p", Class: "email", Origin: "order", To: "api.openai.com", ToClass: "ai", Path: []fact.Step{{Place: at, What: "reads"}}}},
		Findings: []fact.Finding{{ID: "0123456789abcdef", Rule: "personal-data-to-ai", Level: "high", Title: "E-mail " + hostile, Component: "p", Place: at,
			Trigger: "guest", Entry: "ajax-nopriv " + hostile, Path: []fact.Step{{Place: at, What: "reads " + hostile, Code: hostile}, {Place: at, What: "sent"}},
			Guards: []fact.Guard{{Kind: "nonce", Name: hostile, Place: at}}, Why: "why", Do: "do"}},
		Coverage: fact.Coverage{Files: 2, Analysed: 1, Partly: 1, Notes: []fact.FileNote{{File: hostile, Status: "partly", Reason: "line 1"}}},
	}
}

func print(t *testing.T, format string) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.Write(&b, format, sample()); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestStrangersTexts: no format lets a stranger's text steer the reader's terminal or page.
func TestStrangersTexts(t *testing.T) {
	if s := print(t, "text"); strings.ContainsAny(s, "\x1b\u202e") {
		t.Error("control characters reach the terminal")
	}
	if s := print(t, "html"); strings.Contains(s, "<script") || strings.ContainsAny(s, "\x1b\u202e") {
		t.Error("a stranger's markup reaches the page")
	}
	for _, format := range []string{"json", "sarif", "cyclonedx"} {
		if !json.Valid([]byte(print(t, format))) {
			t.Errorf("%s is no JSON", format)
		}
	}
}

func TestText(t *testing.T) {
	s := print(t, "text")
	for _, want := range []string{"HIGH", "anyone on the shop's pages", "checks seen: nonce", "1. a/", "Findings: 1 high.", "partly analysed"} {
		if !strings.Contains(s, want) {
			t.Errorf("missing %q in\n%s", want, s)
		}
	}
}

// TestSARIF: one thread flow per finding, a fingerprint without lines, guards as related locations.
func TestSARIF(t *testing.T) {
	var doc struct {
		Version string
		Runs    []struct {
			Results []struct {
				RuleID              string
				Level               string
				PartialFingerprints map[string]string
				RelatedLocations    []any
				CodeFlows           []struct{ ThreadFlows []struct{ Locations []any } }
			}
		}
	}
	if err := json.Unmarshal([]byte(print(t, "sarif")), &doc); err != nil {
		t.Fatal(err)
	}
	res := doc.Runs[0].Results
	if doc.Version != "2.1.0" || len(res) != 1 || res[0].Level != "error" || res[0].PartialFingerprints["ringfence/v1"] != "0123456789abcdef" ||
		len(res[0].RelatedLocations) != 1 || len(res[0].CodeFlows) != 1 || len(res[0].CodeFlows[0].ThreadFlows[0].Locations) != 2 {
		t.Errorf("%+v", doc)
	}
}

func TestCycloneDX(t *testing.T) {
	s := print(t, "cyclonedx")
	for _, want := range []string{`"bomFormat": "CycloneDX"`, `"specVersion": "1.6"`, `"pkg:generic/p@1"`, `"x-trust-boundary": true`, `"classification": "email"`} {
		if !strings.Contains(s, want) {
			t.Errorf("missing %s", want)
		}
	}
}

// TestPrivacy: the draft names receiver, data and what only a person can fill in; strangers' texts cannot break its table.
func TestPrivacy(t *testing.T) {
	s := print(t, "privacy")
	for _, want := range []string{"## ", "Legal basis: [", "| p | customers and visitors |", "third country"} {
		if !strings.Contains(s, want) {
			t.Errorf("missing %q in\n%s", want, s)
		}
	}
	if strings.ContainsAny(s, "\x1b\u202e") {
		t.Error("control characters reach the reader")
	}
	var b bytes.Buffer
	if err := report.Write(&b, "privacy", &fact.Report{}); err != nil || !strings.Contains(b.String(), "no proof that there is none") {
		t.Errorf("an empty report: %v\n%s", err, b.String())
	}
}

// TestPage: the drawing names who tells whom, in words too, and groups what was found by component.
func TestPage(t *testing.T) {
	s := print(t, "html")
	for _, want := range []string{"<svg", " to api.openai.com (", "Start with ", "1 high", "What to do.", "Files read in part"} {
		if !strings.Contains(s, want) {
			t.Errorf("missing %q", want)
		}
	}
}

func TestUnknownFormat(t *testing.T) {
	if err := report.Write(&bytes.Buffer{}, "pdf", sample()); err == nil {
		t.Error("pdf accepted")
	}
}
