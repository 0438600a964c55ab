package scan

import (
	"slices"
	"sort"
	"strings"

	"ringfence/internal/scan/fact"
	"ringfence/internal/scan/flow"
	"ringfence/internal/scan/js"
	"ringfence/internal/scan/php"
	"ringfence/internal/scan/rule"
)

// judge turns what was read of one component into facts and findings.
type judge struct {
	rules    *rule.Set
	settings Settings
	unit     *unit
	prog     *flow.Program
	scripts  []script
	literals []literal // addresses that stand in the code
	targets  map[*flow.Hit]target
	siteTo   map[*flow.Site]target
	callers  map[*php.Func][]*php.Func
	doors    map[*php.Func][]*flow.Entry
	entries  map[*flow.Entry]*fact.Endpoint
	models   map[*php.Func]*flow.Site    // functions that ask a model
	above    map[*php.Func][]*flow.Entry // doors above a function, found once
	whoBy    map[*flow.Entry]string
	privacy  bool // the component offers text for the shop's privacy page
	out      *result
}

// script is one JavaScript file, or the scripts inside a PHP file's HTML.
type script struct {
	src  *source
	text string
	file *js.File
	line func(pos int) int
}

// literal is an address that stands in the code.
type literal struct {
	place fact.Place
	to    target
}

// result is everything found in one component.
type result struct {
	services  []fact.Service
	calls     []fact.Call
	flows     []fact.Flow
	keys      []fact.Key
	endpoints []fact.Endpoint
	findings  []fact.Finding
}

func (j *judge) run() {
	j.above, j.whoBy = map[*php.Func][]*flow.Entry{}, map[*flow.Entry]string{}
	j.targets, j.siteTo = map[*flow.Hit]target{}, map[*flow.Site]target{}
	j.collectLiterals()
	j.resolve()
	j.graph()
	j.services()
	j.calls()
	j.keys()
	j.endpoints()
	j.flows()
	for _, rule := range findingRules {
		rule(j)
	}
	j.out.dedupe()
}

func (j *judge) place(f *php.File, pos int32) fact.Place {
	return fact.Place{File: f.Path, Line: f.Line(pos)}
}

// resolve decides for every hit, and for every site over all its hits, where it goes.
func (j *judge) resolve() {
	for _, h := range j.prog.Hits {
		t := target{Class: "unknown", Name: "an address not known from the code"}
		for i, u := range h.URLs {
			a := j.address(u)
			switch {
			case i == 0 || weight[a.Class] > weight[t.Class]:
				t = a
			case a.Class == "ai" && !t.names(a.Name):
				t.Also = append(t.Also, a)
			}
		}
		if h.Site.Sink.Way == "ai" {
			t = target{Name: sdkName(h.Site.Sink), Class: "ai"}
		} else if t.Class == "other" || t.Class == "configurable" || t.Class == "unknown" {
			if aiShaped(h, t.Path) && !other(t.Name) || j.talksAI(h, t) {
				if t.Class == "other" {
					t.Class = "relay"
				}
			}
		}
		j.targets[h] = t
	}
	for _, h := range j.prog.Hits {
		if old, ok := j.siteTo[h.Site]; !ok || weight[j.targets[h].Class] > weight[old.Class] {
			j.siteTo[h.Site] = j.targets[h]
		}
	}
	for _, s := range j.prog.Sites {
		if _, ok := j.siteTo[s]; !ok && s.Sink.Way == "ai" {
			j.siteTo[s] = target{Name: sdkName(s.Sink), Class: "ai"}
		}
	}
}

// names tells whether a target already stands for a host.
func (t target) names(host string) bool {
	return t.Name == host || slices.ContainsFunc(t.Also, func(o target) bool { return o.Name == host })
}

// all is the target and what the same call may also reach.
func (t target) all() []target { return append([]target{t}, t.Also...) }

func sdkName(s *rule.Sink) string {
	if s.Note != "" {
		return s.Note
	}
	return s.Name
}

// aiShaped tells a payload or path that only a language model asks for.
func aiShaped(h *flow.Hit, path string) bool {
	score := 0
	for _, k := range h.Keys {
		switch strings.ToLower(k) {
		case "messages", "prompt", "max_tokens", "system_prompt", "max_completion_tokens":
			score += 2
		case "model", "temperature", "role", "embedding", "top_p", "conversation", "conversation_id", "history":
			score++
		}
	}
	path = strings.ToLower(path)
	for _, word := range []string{"/chat", "/completion", "/generate", "/ai/", "/embedding", "/assistant", "/llm", "/gpt", "/prompt"} {
		if strings.Contains(path, word) {
			score += 2
			break
		}
	}
	return score >= 2
}

// talksAI: the component presents itself as AI and sends what a visitor typed, or records, to a host of its own choice.
func (j *judge) talksAI(h *flow.Hit, t target) bool {
	if !namedAI(j.unit) || other(t.Name) || vendored(h.Site.File.Path) {
		return false
	}
	for _, taint := range h.Taint {
		switch {
		case t.Class == "configurable" && taint.Class.Group != "technical":
			return true // the plugin's only purpose is AI, and the address is the shop's to set
		case t.Class == "other" && (taint.Class.Name == "message" || taint.Class.Name == "review"):
			return true
		}
	}
	return false
}

// vendored tells code of a library the component carries along.
func vendored(path string) bool {
	for _, dir := range []string{"/vendor", "vendor", "/freemius/", "freemius/", "/lib/", "/libraries/", "/third-party/", "/packages/"} {
		if strings.HasPrefix(dir, "/") && strings.Contains(path, dir) || strings.HasPrefix(path, dir) {
			return true
		}
	}
	return false
}

// namedAI tells a component that says in its name that it is about AI.
func namedAI(u *unit) bool {
	for _, w := range strings.FieldsFunc(strings.ToLower(u.Name+" "+u.Slug), func(r rune) bool { return r < 'a' || r > 'z' }) {
		switch w {
		case "ai", "gpt", "chatgpt", "chatbot", "llm", "openai", "copilot", "aibot":
			return true
		}
	}
	return false
}

// aiTarget tells whether a target counts as AI for the findings.
func (j *judge) aiTarget(h *flow.Hit) bool {
	t := j.targets[h]
	switch t.Class {
	case "ai":
		return t.Host == nil || !quiet(t.Host)
	case "relay":
		return true
	case "configurable", "unknown":
		return aiShaped(h, t.Path) || j.talksAI(h, t)
	}
	return false
}

// quiet are catalogue kinds that are outside services but no language models: search.
func quiet(h *rule.Host) bool { return h.Kind == "search" }

// graph turns the call edges around, so that the doors above a function can be found.
func (j *judge) graph() {
	j.callers, j.doors = map[*php.Func][]*php.Func{}, map[*php.Func][]*flow.Entry{}
	j.prog.Edges(func(from, to *php.Func) { j.callers[to] = append(j.callers[to], from) })
	for _, e := range j.prog.Entries {
		for _, fn := range e.Callbacks {
			j.doors[fn] = append(j.doors[fn], e)
		}
	}
}

// doorsAbove finds the entries from which fn can be reached, nearest first.
func (j *judge) doorsAbove(fn *php.Func) []*flow.Entry {
	if list, ok := j.above[fn]; ok {
		return list
	}
	list := j.findDoors(fn)
	j.above[fn] = list
	return list
}

func (j *judge) findDoors(fn *php.Func) []*flow.Entry {
	seen := map[*php.Func]bool{fn: true}
	var list []*flow.Entry
	for level := []*php.Func{fn}; len(level) > 0 && len(seen) < 3000; {
		var next []*php.Func
		for _, g := range level {
			list = append(list, j.doors[g]...)
			for _, c := range j.callers[g] {
				if !seen[c] {
					seen[c] = true
					next = append(next, c)
				}
			}
		}
		level = next
	}
	sort.SliceStable(list, func(a, b int) bool { return exposure[j.who(list[a])] > exposure[j.who(list[b])] })
	return list
}

// exposure orders who can set something off.
var exposure = map[string]int{"guest": 7, "customer": 6, "agent": 5, "user": 4, "admin": 3, "cron": 2, "unknown": 1}

// who corrects the kind of a door by the checks behind it.
func (j *judge) who(e *flow.Entry) string {
	w, ok := j.whoBy[e]
	if !ok {
		w = j.judgeWho(e)
		j.whoBy[e] = w
	}
	return w
}

func (j *judge) judgeWho(e *flow.Entry) string {
	if e.Kind == "hook" && j.prog.Crons[e.Name] {
		return "cron"
	}
	if e.Who != "guest" && e.Who != "user" && e.Who != "agent" || e.Kind == "hook" || e.Kind == "shortcode" {
		return e.Who
	}
	who := e.Who
	for _, g := range j.guards(e) {
		switch g.Kind {
		case "capability":
			return "admin"
		case "login":
			who = "user"
		case "signature":
			return "unknown"
		}
	}
	return who
}

// guards are the checks behind a door: in its callbacks and in its permission callback.
func (j *judge) guards(e *flow.Entry) []flow.Guard {
	var list []flow.Guard
	for _, fn := range e.Checks {
		list = append(list, j.prog.GuardsOf(fn, 2)...)
	}
	for _, fn := range e.Callbacks {
		list = append(list, j.prog.GuardsOf(fn, 2)...)
	}
	return list
}

func (j *judge) factGuards(list []flow.Guard) []fact.Guard {
	var out []fact.Guard
	seen := map[string]bool{}
	for _, g := range list {
		if !seen[g.Kind+g.Name] {
			seen[g.Kind+g.Name] = true
			out = append(out, fact.Guard{Kind: g.Kind, Name: g.Name, Place: j.place(g.File, g.Pos)})
		}
	}
	return out
}
