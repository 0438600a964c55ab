package report

import (
	"sort"

	"ringfence/internal/scan/fact"
)

// SARIF 2.1.0 (OASIS), the part of it we use. One thread flow per path; guards are related locations.

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool        sarifTool     `json:"tool"`
	Results     []sarifResult `json:"results"`
	Invocations []invocation  `json:"invocations"`
	ColumnKind  string        `json:"columnKind"`
}

type invocation struct {
	ExecutionSuccessful bool           `json:"executionSuccessful"`
	Notifications       []notification `json:"toolExecutionNotifications,omitempty"`
}

type notification struct {
	Level     string     `json:"level"`
	Message   sarifText  `json:"message"`
	Locations []location `json:"locations,omitempty"`
}

type sarifTool struct {
	Driver driver `json:"driver"`
}

type driver struct {
	Name  string      `json:"name"`
	Rules []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID    string    `json:"id"`
	Short sarifText `json:"shortDescription"`
	Help  sarifText `json:"help"`
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifResult struct {
	RuleID       string            `json:"ruleId"`
	RuleIndex    int               `json:"ruleIndex"`
	Level        string            `json:"level"`
	Message      sarifText         `json:"message"`
	Locations    []location        `json:"locations"`
	Related      []location        `json:"relatedLocations,omitempty"`
	CodeFlows    []codeFlow        `json:"codeFlows,omitempty"`
	Fingerprints map[string]string `json:"partialFingerprints"`
	Baseline     string            `json:"baselineState,omitempty"`
	Suppressions []suppression     `json:"suppressions,omitempty"`
}

type suppression struct {
	Kind          string `json:"kind"`
	Justification string `json:"justification,omitempty"`
}

type codeFlow struct {
	ThreadFlows []threadFlow `json:"threadFlows"`
}

type threadFlow struct {
	Locations []flowLocation `json:"locations"`
}

type flowLocation struct {
	Location location `json:"location"`
}

type location struct {
	ID       int        `json:"id,omitempty"`
	Physical physical   `json:"physicalLocation"`
	Message  *sarifText `json:"message,omitempty"`
}

type physical struct {
	Artifact artifact `json:"artifactLocation"`
	Region   *region  `json:"region,omitempty"`
}

type artifact struct {
	URI string `json:"uri"`
}

type region struct {
	StartLine int `json:"startLine"`
}

func sarif(r *fact.Report) *sarifLog {
	run := sarifRun{Tool: sarifTool{driver{Name: "ringfence scan"}}, ColumnKind: "unicodeCodePoints", Results: []sarifResult{}}
	index := map[string]int{}
	for _, f := range r.Findings {
		index[f.Rule] = 0
	}
	names := make([]string, 0, len(index))
	for name := range index {
		names = append(names, name)
	}
	sort.Strings(names)
	run.Tool.Driver.Rules = make([]sarifRule, len(names))
	for i, name := range names {
		index[name] = i
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		n := index[f.Rule]
		run.Tool.Driver.Rules[n] = sarifRule{f.Rule, sarifText{f.Why}, sarifText{f.Do}}
		run.Results = append(run.Results, sarifOf(f, n))
	}
	inv := invocation{ExecutionSuccessful: true}
	for _, n := range r.Coverage.Notes {
		if n.Status == "partly" {
			inv.Notifications = append(inv.Notifications, notification{"warning", sarifText{"partly analysed: " + n.Reason}, []location{at(fact.Place{File: n.File}, "")}})
		}
	}
	run.Invocations = []invocation{inv}
	return &sarifLog{"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json", "2.1.0", []sarifRun{run}}
}

func sarifOf(f *fact.Finding, rule int) sarifResult {
	res := sarifResult{RuleID: f.Rule, RuleIndex: rule, Message: sarifText{f.Title}, Locations: []location{at(f.Place, "")},
		Level:        map[string]string{"high": "error", "medium": "warning", "low": "note", "info": "none"}[f.Level],
		Fingerprints: map[string]string{"ringfence/v1": f.ID}}
	for i, g := range f.Guards {
		l := at(g.Place, g.Kind+": "+g.Name)
		l.ID = i + 1
		res.Related = append(res.Related, l)
	}
	if len(f.Path) > 0 {
		var t threadFlow
		for _, s := range f.Path {
			t.Locations = append(t.Locations, flowLocation{at(s.Place, s.What)})
		}
		res.CodeFlows = []codeFlow{{[]threadFlow{t}}}
	}
	switch f.State {
	case "new":
		res.Baseline = "new"
	case "known":
		res.Baseline = "unchanged"
	case "worse":
		res.Baseline = "updated"
	case "suppressed":
		res.Suppressions = []suppression{{"external", f.Reason}}
	}
	return res
}

func at(p fact.Place, message string) location {
	l := location{Physical: physical{Artifact: artifact{p.File}}}
	if p.Line > 0 {
		l.Physical.Region = &region{p.Line}
	}
	if message != "" {
		l.Message = &sarifText{message}
	}
	return l
}
