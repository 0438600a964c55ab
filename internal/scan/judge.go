package scan

import (
	"regexp"
	"slices"
	"sort"
	"strings"

	"ringfence/internal/scan/fact"
	"ringfence/internal/scan/feed"
	"ringfence/internal/scan/flow"
	"ringfence/internal/scan/js"
	"ringfence/internal/scan/php"
	"ringfence/internal/scan/rule"
)

// judge turns what was read of one component into facts and findings.
type judge struct {
	rules    *rule.Set
	known    []feed.Entry // vulnerabilities of this version
	sums     []*Sums
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
	through  map[*php.Func]map[*php.Func]int32 // see wayThrough
	direct   bool                              // see speaksToAI
	privacy  bool                              // the component offers text for the shop's privacy page
	out      *result
}

// script is one JavaScript file, or the scripts inside a PHP file's HTML.
type script struct {
	src  *source
	text string
	file *js.File
	line func(pos int) int

	follow func() *js.Flow // reads it closely, once
	ai     bool            // the address of an AI service stands in it
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
	j.above, j.whoBy, j.through = map[*php.Func][]*flow.Entry{}, map[*flow.Entry]string{}, map[*php.Func]map[*php.Func]int32{}
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
		j.targets[h] = j.receiver(h)
	}
	j.direct = j.speaksToAI()
	for _, h := range j.prog.Hits {
		t := j.targets[h]
		if t.Class == "other" && t.Host == nil && (aiShaped(h, t.Path) && !other(t.Name) || j.vendorServer(h, t)) {
			t.Class = "relay"
			j.targets[h] = t
		}
		if old, ok := j.siteTo[h.Site]; !ok || weight[t.Class] > weight[old.Class] {
			j.siteTo[h.Site] = t
		}
	}
	for _, s := range j.prog.Sites {
		if _, ok := j.siteTo[s]; !ok && s.Sink.Way == "ai" {
			j.siteTo[s] = target{Name: sdkName(s.Sink), Class: "ai"}
		}
	}
}

// receiver is the weightiest address of a hit, with the other AI services it may go to.
func (j *judge) receiver(h *flow.Hit) target {
	if h.Site.Sink.Way == "ai" {
		return target{Name: sdkName(h.Site.Sink), Class: "ai"}
	}
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
	return t
}

// speaksToAI tells whether the component reaches AI by an address or library of its own.
func (j *judge) speaksToAI() bool {
	for _, t := range j.targets {
		if t.Class == "ai" && t.Name != abilities && (t.Host == nil || !quiet(t.Host)) {
			return true
		}
	}
	return len(j.unit.Libraries) > 0 || slices.ContainsFunc(j.prog.Sites, func(s *flow.Site) bool { return s.Sink.Way == "ai" && s.Sink.Note != abilities }) ||
		slices.ContainsFunc(j.literals, func(l literal) bool { return l.to.Class == "ai" && !quiet(l.to.Host) && !vendored(l.place.File) })
}

// vendorServer tells the plugin vendor's own server that stands between the shop and a model: the
// component calls itself AI, speaks to no AI service itself, and sends something there that is no
// housekeeping. A plugin of that kind has nowhere else to get its answers from.
func (j *judge) vendorServer(h *flow.Hit, t target) bool {
	if j.direct || t.Host != nil || !namedAI(j.unit) || other(t.Name) || vendored(h.Site.File.Path) || housekeeping(h, t) {
		return false
	}
	return len(h.Keys) > 0 || len(h.Taint) > 0
}

// housekeeping tells calls for licences, updates, statistics and the like.
func housekeeping(h *flow.Hit, t target) bool {
	text := strings.ToLower(t.Name + t.Path + " " + flow.Name(h.Site.Fn) + " " + flow.Name(h.Root))
	for _, w := range []string{"licen", "telemetr", "track", "updat", "feedback", "survey", "deactivat", "activat", "subscri", "promo", "newsletter",
		"notice", "uninstall", "register_", "auto_register", "signup", "sign_up", "account", "credit", "analytics", "event", "changelog", "download", "webhook", "ipaddress", "geoip", "currency", "stock_image"} {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
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
	if aiPath.MatchString(path) {
		score += 2
	}
	for _, word := range []string{"/chat", "/completion", "/generate", "/ai/", "/embedding", "/assistant", "/llm", "/gpt", "/prompt"} {
		if strings.Contains(path, word) {
			score += 2
			break
		}
	}
	return score >= 2
}

// aiPath is a path with a segment that is just "ai", as in /api/ai.php.
var aiPath = regexp.MustCompile(`/ai(?:[/.?]|$)`)

// talksAI: the component presents itself as AI and sends data to an address the shop configures.
func (j *judge) talksAI(h *flow.Hit, t target) bool {
	if t.Class != "configurable" || !namedAI(j.unit) || vendored(h.Site.File.Path) || housekeeping(h, t) {
		return false
	}
	return slices.ContainsFunc(h.Taint, func(x flow.Taint) bool { return x.Class.Group != "technical" })
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
		case "ai", "gpt", "chatgpt", "chatbot", "llm", "openai", "copilot", "aibot", "claude", "deepseek":
			return true
		}
	}
	return aboutAI.MatchString(u.purpose) && !aboutCrawlers.MatchString(u.purpose)
}

// aboutCrawlers are the words of plugins that serve or ward off other people's AI.
var aboutCrawlers = regexp.MustCompile(`(?i)llms?\.txt|llms-full|\bcrawl|\bbots?\b`)

// aboutAI are the words a plugin describes itself with when it brings AI, not when it wards AI off.
var aboutAI = regexp.MustCompile(`(?i)\b(?:AI[- ](?:powered|generated|driven|based|assisted|chat\w*|writ\w+|content)|(?:powered by|using|uses|with|through|via) (?:AI|artificial intelligence|ChatGPT|GPT|OpenAI))\b`)

// aiTarget tells whether a target counts as AI for the findings.
func (j *judge) aiTarget(h *flow.Hit) bool {
	t := j.targets[h]
	switch t.Class {
	case "ai":
		return t.Host == nil || !quiet(t.Host) && !bookkeeping(t.Path)
	case "relay":
		return !bookkeeping(t.Path)
	case "configurable", "unknown":
		return aiShaped(h, t.Path) || j.talksAI(h, t)
	}
	return false
}

// bookkeeping tells the paths of an AI service that no text goes to: signing in, lists of models, bills.
func bookkeeping(path string) bool {
	path, _, _ = strings.Cut(strings.ToLower(path), "?")
	parts := strings.Split(strings.Trim(path, "/"), "/")
	for _, p := range parts {
		switch p {
		case "usage", "billing", "credits", "credit", "licenses", "license":
			return true
		}
	}
	if strings.Contains(parts[len(parts)-1], "credential") || strings.HasPrefix(parts[len(parts)-1], "check-") {
		return true
	}
	switch parts[len(parts)-1] {
	case "token", "oauth", "authorize", "balance", "models", "register", "login", "logout", "verify", "validate", "verify-key", "validate-key",
		"me", "account", "subscription", "plans", "quota", "status", "health", "ping", "connect", "disconnect", "activate", "deactivate", "tags", "version":
		return true
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
	j.nearest(list)
	return list
}

// nearest puts the doors with the most strangers before them first. A hook every request runs comes last:
// it builds the plugin's objects, and seldom is what sets a call off.
func (j *judge) nearest(list []*flow.Entry) {
	rank := func(e *flow.Entry) int {
		if e.Kind == "hook" && boot[e.Name] {
			return 0
		}
		return exposure[j.who(e)]
	}
	sort.SliceStable(list, func(a, b int) bool { return rank(list[a]) > rank(list[b]) })
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
			if e.Kind == "rest" || e.Kind == "wc-api" {
				return "unknown" // another server; in the shop's own pages a token only ties a visitor to his session
			}
		}
	}
	return who
}

// guards are the checks behind a door: in its callbacks and in its permission callback. A check
// that guards only a part of a function counts when the way to the model runs through that part.
func (j *judge) guards(e *flow.Entry) []flow.Guard {
	var list []flow.Guard
	for _, fn := range e.Checks {
		list = append(list, j.prog.GuardsOf(fn, 2, func(*php.Func, *flow.Guard) bool { return true })...)
	}
	for _, fn := range e.Callbacks {
		way := j.wayThrough(fn)
		list = append(list, j.prog.GuardsOf(fn, 2, func(in *php.Func, g *flow.Guard) bool {
			pos, on := way[in]
			return on && g.Covers(pos) || len(way) == 0 && g.To > 0
		})...)
	}
	return list
}

// wayThrough tells, for the functions on the shortest way from fn to a model, at which position
// each is left. It is empty when there is no way.
func (j *judge) wayThrough(fn *php.Func) map[*php.Func]int32 {
	if way, ok := j.through[fn]; ok {
		return way
	}
	out := map[*php.Func]int32{}
	way := j.prog.PathTo(fn, 10, j.isModel)
	for i := 1; i < len(way); i++ {
		out[way[i-1].To] = way[i].Pos
	}
	if len(way) > 0 {
		last := way[len(way)-1].To
		out[last] = j.models[last].Pos
		if site := j.models[last]; site.Fn != last { // the call is further down, in a wrapper
			if down := j.prog.PathTo(last, 6, func(f *php.Func) bool { return f == site.Fn }); len(down) > 1 {
				out[last] = down[1].Pos
			}
		}
	}
	j.through[fn] = out
	return out
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
