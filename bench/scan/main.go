// Command scan measures the scanner against plugins whose facts were read by hand.
//
//	go run ./bench/scan -facts plugin-facts.json -corpus DIR
//	go run ./bench/scan -tree DIR [-semgrep PROGRAM] [-profile FILE]
//
// DIR holds one folder per plugin, owner+name, at the commit the facts name. For each kind
// of fact it prints how many of the labelled ones were found (recall), and for AI services
// how many of the reported ones are labelled (precision). A label is found when the report
// names its host, or has something of its kind within three lines of it. Facts list what a
// reader noted, not everything there is: an unlabelled report is printed for reading (-v),
// and counts against precision only for AI services.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"ringfence/internal/scan"
	"ringfence/internal/scan/fact"
)

type label struct {
	Host, What, How, Data, Storage, Issue string
	File, Token                           string
	Line                                  int
}

type plugin struct {
	Repo       string  `json:"repo"`
	Expect     string  `json:"expect"`
	PluginRoot string  `json:"plugin_root"`
	Hosts      []label `json:"external_hosts"`
	Calls      []label `json:"calls"`
	Flows      []label `json:"data_flows"`
	Keys       []label `json:"api_keys"`
	Endpoints  []label `json:"endpoints"`
	Issues     []label `json:"issues"`
	Bypasses   bool    `json:"bypasses_wp_http"`
	Browser    bool    `json:"browser_side_call"`
}

// score counts labels found and missed of one kind.
type score struct{ found, of int }

func (s score) String() string {
	if s.of == 0 {
		return "no labels"
	}
	return fmt.Sprintf("%d of %d (%.2f)", s.found, s.of, float64(s.found)/float64(s.of))
}

type tally struct {
	kinds     map[string]*score
	precision score // AI services
	near      map[string]*score
	high      int
	bytes     int64
	spent     time.Duration
	verbose   bool
}

func main() {
	facts := flag.String("facts", "", "file of labelled facts")
	corpus := flag.String("corpus", os.Getenv("RINGFENCE_PLUGIN_CORPUS"), "folder with the plugins")
	verbose := flag.Bool("v", false, "print what was missed and what is not labelled")
	tree := flag.String("tree", "", "measure throughput on this `folder` instead, with PHP's tokenizer on the same files")
	profile := flag.String("profile", "", "with -tree: write a processor profile to this `file`")
	semgrep := flag.String("semgrep", "", "with -tree: also run this `program`, Semgrep's open-source engine, with the rule in semgrep.yaml")
	flag.Parse()
	if *tree != "" {
		if err := throughput(*tree, *profile, *semgrep); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		return
	}
	if err := run(*facts, *corpus, *verbose); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

func run(facts, corpus string, verbose bool) error {
	raw, err := os.ReadFile(facts)
	if err != nil {
		return err
	}
	var doc struct {
		Plugins []plugin `json:"plugins"`
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		return err
	}
	t := &tally{kinds: map[string]*score{}, near: map[string]*score{"data flows": {}, "open endpoints": {}}, verbose: verbose}
	scanned := 0
	for _, p := range doc.Plugins {
		dir := filepath.Join(corpus, strings.ReplaceAll(p.Repo, "/", "+"))
		if _, err := os.Stat(dir); err != nil {
			fmt.Println("not at hand:", p.Repo)
			continue
		}
		start := time.Now()
		r, err := scan.Run(context.Background(), scan.Options{Dir: dir})
		if err != nil {
			return err
		}
		t.spent += time.Since(start)
		t.bytes += r.Coverage.PHPBytes
		for _, n := range r.Coverage.Notes {
			if strings.HasPrefix(n.Reason, "fault") {
				fmt.Println("  fault of the analyser:", p.Repo, n.File, n.Reason)
				break
			}
		}
		scanned++
		t.compare(p, r)
	}
	t.print(scanned)
	return nil
}

func (t *tally) print(scanned int) {
	fmt.Printf("%d plugins, %.1f MB of PHP, %.1f s\n", scanned, float64(t.bytes)/1e6, t.spent.Seconds())
	for _, kind := range []string{"ai services", "other services", "calls", "data flows", "keys", "endpoints", "issues", "bypass", "browser"} {
		if s := t.kinds[kind]; s != nil {
			fmt.Printf("%-16s recall    %s\n", kind, s)
		}
	}
	fmt.Printf("%-16s precision %s\n", "ai services", t.precision)
	for _, kind := range []string{"data flows", "open endpoints"} {
		fmt.Printf("%-16s findings with a label within three lines of their way: %s\n", kind, t.near[kind])
	}
	fmt.Printf("high findings on plugins without AI: %d\n", t.high)
}

func (t *tally) count(kind string, ok bool, p plugin, l label, text string) {
	s := t.kinds[kind]
	if s == nil {
		s = &score{}
		t.kinds[kind] = s
	}
	s.of++
	if ok {
		s.found++
	} else if t.verbose {
		fmt.Printf("  missed %s: %s %s:%d %s\n", kind, p.Repo, l.File, l.Line, text)
	}
}

// labelled counts the findings a reader's label stands beside. A finding without one is not wrong: readers
// noted examples. What is printed with -v is for reading.
func (t *tally) labelled(p plugin, r *fact.Report) {
	for _, f := range r.Findings {
		kind := ""
		switch {
		case f.Level == "info":
			continue
		case strings.HasSuffix(f.Rule, "-to-ai"):
			kind = "data flows"
		case strings.HasPrefix(f.Rule, "open-"):
			kind = "open endpoints"
		default:
			continue
		}
		ok := beside(p, f)
		t.near[kind].of++
		if ok {
			t.near[kind].found++
		} else if t.verbose {
			fmt.Printf("  no label beside: %s %s %s %s:%d\n", p.Repo, f.Rule, f.Title, f.File, f.Line)
		}
	}
}

// beside tells whether any label stands within three lines of a finding or of a step of its way.
func beside(p plugin, f fact.Finding) bool {
	places := []fact.Place{f.Place}
	for _, s := range f.Path {
		places = append(places, s.Place)
	}
	for _, list := range [][]label{p.Calls, p.Flows, p.Endpoints, p.Issues, p.Hosts} {
		for _, l := range list {
			for _, at := range places {
				if near(at.File, at.Line, l) {
					return true
				}
			}
		}
	}
	return false
}

func (t *tally) compare(p plugin, r *fact.Report) {
	t.services(p, r)
	t.labelled(p, r)
	for _, l := range p.Calls {
		t.count("calls", nearCall(r, l), p, l, l.How)
	}
	for _, l := range p.Flows {
		t.count("data flows", nearFlow(r, l), p, l, l.Data)
	}
	for _, l := range p.Keys {
		t.count("keys", nearKey(r, l), p, l, l.Storage)
	}
	for _, l := range p.Endpoints {
		t.count("endpoints", nearEndpoint(r, l), p, l, l.What)
	}
	for _, l := range p.Issues {
		t.count("issues", nearFinding(r, l), p, l, l.Issue)
	}
	bypass, browser := false, false
	for _, c := range r.Components {
		bypass, browser = bypass || c.BypassesWPHTTP, browser || c.BrowserSide
	}
	if p.Expect != "none" {
		t.count("bypass", bypass == p.Bypasses, p, label{}, fmt.Sprint("said ", bypass))
		t.count("browser", browser == p.Browser, p, label{}, fmt.Sprint("said ", browser))
	}
	for _, f := range r.Findings {
		if f.Level == "high" && p.Expect != "ai" {
			if p.Expect == "none" {
				t.high++
			}
			fmt.Printf("  high on %s (%s): %s %s:%d\n", p.Repo, p.Expect, f.Title, f.File, f.Line)
		}
	}
}

// services compares hosts: recall over the labelled ones, precision over the reported AI services.
func (t *tally) services(p plugin, r *fact.Report) {
	labelled := map[string]label{}
	for _, l := range p.Hosts {
		host, _, _ := strings.Cut(l.Host, " ")
		labelled[host] = l
	}
	reported := map[string]bool{}
	for _, s := range r.Services {
		reported[s.Host] = true
		if s.Class != "ai" && s.Class != "relay" || s.Kind == "sdk" || s.Kind == "core" || s.Kind == "search" {
			continue
		}
		_, ok := labelled[s.Host]
		t.precision.of++
		if ok {
			t.precision.found++
		} else if t.verbose {
			fmt.Printf("  not labelled: %s %s (%s, called %v) %v\n", p.Repo, s.Host, s.Class, s.Called, s.Evidence[:min(len(s.Evidence), 2)])
		}
	}
	kind := "ai services"
	if p.Expect != "ai" {
		kind = "other services"
	}
	for host, l := range labelled {
		t.count(kind, reported[host], p, l, host)
	}
}

func near(file string, line int, l label) bool {
	return file == l.File && line >= l.Line-3 && line <= l.Line+3
}

func nearCall(r *fact.Report, l label) bool {
	for _, c := range r.Calls {
		if near(c.File, c.Line, l) {
			return true
		}
	}
	for _, s := range r.Services { // a library asked for in composer.json
		for _, e := range s.Evidence {
			if e.File == l.File && (e.File == "composer.json" || near(e.File, e.Line, l)) {
				return true
			}
		}
	}
	return false
}

func nearFlow(r *fact.Report, l label) bool {
	for _, f := range r.Flows {
		for _, s := range f.Path {
			if near(s.File, s.Line, l) {
				return true
			}
		}
	}
	return false
}

func nearKey(r *fact.Report, l label) bool {
	token := strings.Trim(l.Token, "'\"")
	for _, k := range r.Keys {
		if near(k.File, k.Line, l) || strings.Contains(k.Storage, token) {
			return true
		}
	}
	for _, f := range r.Findings {
		if strings.HasPrefix(f.Rule, "key-in") && f.File == l.File {
			return true
		}
	}
	return false
}

func nearEndpoint(r *fact.Report, l label) bool {
	for _, e := range r.Endpoints {
		if near(e.File, e.Line, l) || strings.Contains(l.Token, e.Name) && e.File == l.File {
			return true
		}
		for _, g := range e.Guards {
			if near(g.File, g.Line, l) {
				return true
			}
		}
	}
	return false
}

func nearFinding(r *fact.Report, l label) bool {
	for _, f := range r.Findings {
		if f.Level == "info" {
			continue
		}
		if near(f.File, f.Line, l) {
			return true
		}
		for _, s := range f.Path {
			if near(s.File, s.Line, l) {
				return true
			}
		}
		for _, g := range f.Guards {
			if near(g.File, g.Line, l) {
				return true
			}
		}
	}
	return false
}
