package scan

import (
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"

	"ringfence/internal/scan/fact"
	"ringfence/internal/scan/flow"
	"ringfence/internal/scan/php"
	"ringfence/internal/scan/rule"
)

// collectLiterals finds every address written in the code, PHP strings, inline HTML and scripts.
func (j *judge) collectLiterals() {
	for _, f := range j.prog.Files {
		f.Each(func(n *php.Node) bool {
			switch n.Op {
			case php.Str, php.HTML:
				j.addLiterals(n.Text, func(off int) fact.Place {
					return j.place(f, n.Pos+int32(min(off, max(0, len(f.Src)-int(n.Pos)-1))))
				})
			case php.Interp, php.Concat:
				j.addComposed(skeleton(n), func(int) fact.Place { return j.place(f, n.Pos) })
			case php.Call:
				if n.X.Op == php.Const && strings.EqualFold(n.X.Text, "wp_add_privacy_policy_content") {
					j.privacy = true
				}
			}
			return true
		})
	}
	for _, s := range j.scripts {
		for _, str := range s.file.Strings {
			j.addLiterals(str.Text, func(off int) fact.Place {
				return fact.Place{File: s.src.path, Line: s.line(str.Pos + off)}
			})
		}
	}
	j.dropTables()
}

// dropTables forgets the addresses of files of a library that list hosts by the dozen, as the endpoint
// tables of cloud SDKs do: which of them is meant, the call tells.
func (j *judge) dropTables() {
	names := map[string]map[string]bool{}
	for _, l := range j.literals {
		if vendored(l.place.File) {
			if names[l.place.File] == nil {
				names[l.place.File] = map[string]bool{}
			}
			names[l.place.File][l.to.Name] = true
		}
	}
	j.literals = slices.DeleteFunc(j.literals, func(l literal) bool { return len(names[l.place.File]) > maxListed })
}

// maxListed is how many hosts a file of a library may name and still mean each of them.
const maxListed = 15

// addComposed adds the addresses of a composed string that none of its parts holds alone.
func (j *judge) addComposed(text string, at func(int) fact.Place) {
	for _, a := range addresses(text) {
		_, rest, _ := strings.Cut(a.url, "://")
		host, _, _ := strings.Cut(rest, "/")
		if strings.Contains(host, "{?}") {
			j.addLiterals(a.url, at)
		}
	}
}

// skeleton is the text of a composed string, with {?} for what is put in.
func skeleton(n *php.Node) string {
	var b strings.Builder
	for _, part := range n.List {
		if part.Op == php.Str {
			b.WriteString(part.Text)
		} else {
			b.WriteString("{?}")
		}
	}
	return b.String()
}

func (j *judge) addLiterals(text string, at func(int) fact.Place) {
	if len(text) < 6 || strings.IndexByte(text, '.') < 0 && !strings.Contains(text, "localhost") {
		return
	}
	for _, a := range addresses(text) {
		t := j.address(a.url)
		if t.Class == "ai" || t.Class == "other" || t.Class == "local" {
			j.literals = append(j.literals, literal{at(a.offset), t})
		}
	}
}

// services lists the outside services: everything called, and every AI host that stands in the code.
func (j *judge) services() {
	byHost := map[string]*fact.Service{}
	get := func(t target) *fact.Service {
		s := byHost[t.Name]
		if s == nil {
			s = j.newService(t)
			byHost[t.Name] = s
		}
		return s
	}
	for _, s := range j.prog.Sites {
		switch s.Sink.Way {
		case "log", "browser", "page", "code":
			continue
		}
		j.calledServices(s, get)
	}
	for _, lib := range j.unit.Libraries {
		s := get(target{Name: "library " + lib, Class: "ai"})
		s.Evidence = append(s.Evidence, fact.Place{File: strings.TrimPrefix(j.unit.Path+"/composer.json", "./"), Line: 1})
	}
	for _, l := range j.literals {
		s := byHost[l.to.Name]
		if s == nil && (l.to.Class == "ai" && !quiet(l.to.Host) || l.to.Class == "local" && strings.HasSuffix(l.to.Name, ":11434")) {
			s = get(l.to)
		}
		if s != nil {
			s.Evidence = append(s.Evidence, l.place)
		}
	}
	for _, name := range sortedNames(byHost) {
		s := byHost[name]
		s.Evidence = tidy(s.Evidence)
		j.out.services = append(j.out.services, *s)
		if (s.Class == "ai" || s.Class == "relay") && s.Kind != "search" {
			j.unit.AI = true
		}
	}
}

// calledServices adds the targets of all hits at one site.
func (j *judge) calledServices(site *flow.Site, get func(target) *fact.Service) {
	at := j.place(site.File, site.Pos)
	for _, h := range j.prog.Hits {
		if h.Site != site {
			continue
		}
		for _, u := range h.URLs {
			t := j.address(u)
			if best := j.targets[h]; best.Name == t.Name {
				t = best
			}
			if t.Class == "own" || t.Class == "unknown" || t.Class == "configurable" && !j.aiTarget(h) {
				continue
			}
			s := get(t)
			s.Called = true
			s.Evidence = append(s.Evidence, at)
			if t.Class == "relay" && s.Class == "other" {
				s.Class, s.Kind = "relay", "relay"
			}
		}
	}
	if t := j.siteTo[site]; site.Sink.Way == "ai" {
		s := get(t)
		s.Called = true
		s.Evidence = append(s.Evidence, at)
	}
}

func (j *judge) newService(t target) *fact.Service {
	s := &fact.Service{Component: j.unit.Slug, Host: t.Name, Class: t.Class, Kind: t.Class, Plain: t.Plain}
	if h := t.Host; h != nil {
		s.Vendor, s.Kind, s.Seat, s.Region = h.Vendor, h.Kind, h.Seat, h.Region
		s.Zone = zoneOf(h)
	}
	if t.Name == abilities {
		s.Class, s.Kind = "agent", "agent"
	} else if t.Class == "ai" && t.Host == nil {
		s.Kind = "sdk"
		if strings.Contains(t.Name, "AI client") {
			s.Kind = "core"
		}
	}
	return s
}

// zoneOf is the zone a vendor documents for a host; where it documents none, the zone of its seat at best.
func zoneOf(h *rule.Host) string {
	if z := rule.Zone(h.Region); z != "unknown" {
		return z
	}
	if z := rule.Zone(h.Seat); z != "EEA" {
		return z
	}
	return "unknown"
}

// abilities is the receiver of what an ability answers.
const abilities = "AI agents through abilities"

// calls lists every outbound call.
func (j *judge) calls() {
	for _, s := range j.prog.Sites {
		switch s.Sink.Way {
		case "log", "browser", "page", "code":
			continue
		case "curl", "stream", "socket", "client":
			if t := j.siteTo[s]; t.Class != "own" {
				j.unit.BypassesWPHTTP = true
			}
		case "ai":
			if s.Sink.Note == abilities {
				continue
			}
			if s.Sink.Note != "core AI client" && s.Sink.Note != "AI Services plugin" {
				j.unit.BypassesWPHTTP = true
			}
		}
		c := fact.Call{Component: j.unit.Slug, Place: j.place(s.File, s.Pos), Function: flow.Name(s.Fn), Via: s.Sink.Name, Way: s.Sink.Way, Timeout: s.Timeout, Side: "server"}
		for _, h := range j.prog.Hits {
			if h.Site == s {
				c.To = append(c.To, h.URLs...)
			}
		}
		sort.Strings(c.To)
		c.To = slices.Compact(c.To)
		if len(c.To) > 8 {
			c.To = c.To[:8]
		}
		j.out.calls = append(j.out.calls, c)
	}
}

// keys lists where credentials are stored, and keys written into the code.
func (j *judge) keys() {
	for _, k := range j.prog.Keys {
		storage := k.Storage
		if !strings.HasPrefix(storage, "environment ") && !strings.HasPrefix(storage, "constant ") && !strings.HasPrefix(storage, "meta ") {
			storage = "option " + storage
		}
		j.out.keys = append(j.out.keys, fact.Key{Component: j.unit.Slug, Storage: storage, Place: j.place(k.File, k.Pos)})
	}
}

// endpoints lists the doors a stranger, a customer or an agent can knock on.
func (j *judge) endpoints() {
	j.entries = map[*flow.Entry]*fact.Endpoint{}
	j.models = map[*php.Func]*flow.Site{}
	for _, s := range j.prog.Sites {
		if s.Sink.Way == "ai" {
			j.models[s.Fn] = s
		}
	}
	for _, h := range j.prog.Hits { // the function where the call is known for what it is, not the wrapper all calls go through
		if outbound(h.Site.Sink.Way) && j.aiTarget(h) {
			j.models[h.Root] = h.Site
		}
	}
	j.requestDoors()
	for _, e := range j.prog.Entries {
		if e.Kind == "hook" || j.unresolvedTwin(e) {
			continue
		}
		p := &fact.Endpoint{Component: j.unit.Slug, Kind: e.Kind, Name: e.Name, Who: j.who(e), Permission: e.Permission, Place: j.place(e.File, e.Pos)}
		if e.Kind == "rest" && mcpRoute.MatchString(e.Name) {
			p.Kind = "mcp"
		}
		p.Guards = j.factGuards(j.guards(e))
		for _, fn := range e.Callbacks {
			p.Callback = flow.Name(fn)
			p.ReachesAI = p.ReachesAI || len(j.prog.PathTo(fn, 10, j.isModel)) > 0
		}
		p.Open = open(e, p)
		j.entries[e] = p
		j.out.endpoints = append(j.out.endpoints, *p)
	}
}

// mcpRoute is a REST route that serves AI agents: a segment of its path is mcp.
var mcpRoute = regexp.MustCompile(`(?i)(?:^|[/ -])mcp(?:[/-]|$)`)

func (j *judge) isModel(fn *php.Func) bool { return j.models[fn] != nil }

// unresolvedTwin tells a registration whose name depends on a parameter, when the real names are
// known from the same line or from the callers.
func (j *judge) unresolvedTwin(e *flow.Entry) bool {
	if !strings.Contains(e.Name, "{") {
		return false
	}
	return e.Helper && len(j.callers[e.Fn]) > 0 || j.prog.Specialised(e.Fn) || slices.ContainsFunc(j.prog.Entries, func(o *flow.Entry) bool {
		return o != e && o.File == e.File && o.Pos == e.Pos && !strings.Contains(o.Name, "{")
	})
}

// wayToModel lists the calls from a door to the place where a model is asked.
func (j *judge) wayToModel(e *flow.Entry) []fact.Step {
	for _, fn := range e.Callbacks {
		way := j.prog.PathTo(fn, 10, j.isModel)
		if len(way) == 0 {
			continue
		}
		list := []fact.Step{{Place: j.place(fn.File, fn.Pos), What: "the door leads to " + flow.Name(fn) + "()", Code: fn.File.Excerpt(fn.Pos, 140)}}
		for _, c := range way[1:] {
			list = append(list, fact.Step{Place: j.place(c.File, c.Pos), What: "which calls " + flow.Name(c.To) + "()", Code: c.File.Excerpt(c.Pos, 140)})
		}
		s := j.models[way[len(way)-1].To]
		return append(list, fact.Step{Place: j.place(s.File, s.Pos), What: "and there " + s.Sink.Name, Code: s.File.Excerpt(s.Pos, 140)})
	}
	return nil
}

// open tells a door without any lock.
func open(e *flow.Entry, p *fact.Endpoint) bool {
	switch e.Kind {
	case "rest", "ability", "mcp":
		return (e.Permission == "open" || e.Permission == "missing") && len(locks(p)) == 0
	}
	return forGuests(e) && len(locks(p)) == 0
}

// locks are the checks that keep somebody out or slow him down.
func locks(p *fact.Endpoint) []string {
	var kinds []string
	for _, g := range p.Guards {
		if !slices.Contains(kinds, g.Kind) {
			kinds = append(kinds, g.Kind)
		}
	}
	return kinds
}

// flows lists every data class that reaches an outside address.
func (j *judge) flows() {
	seen := map[string]bool{}
	for _, h := range j.prog.Hits {
		if h.Site.Sink.Way == "log" || h.Site.Sink.Way == "browser" || h.Site.Sink.Way == "page" || h.Site.Sink.Way == "code" {
			continue
		}
		t := j.targets[h]
		if t.Class == "own" || t.Class == "local" {
			continue
		}
		class := t.Class
		if class != "ai" && j.aiTarget(h) {
			class = "relay"
		}
		doors := j.doorsAbove(h.Root)
		for _, x := range h.Taint {
			if x.Class.Group == "secret" || x.Class.Group == "answer" {
				continue
			}
			for _, to := range t.all() {
				f := fact.Flow{Component: j.unit.Slug, Class: x.Class.Name, Origin: x.Origin, To: to.Name, ToClass: class,
					Trigger: j.trigger(doors), Redacted: x.Redacted, Path: j.path(x.Step, h.Site), Entries: j.entryNames(doors)}
				id := f.Class + f.Origin + f.To + f.Trigger + f.Path[0].File + strconv.Itoa(f.Path[0].Line)
				if !seen[id] {
					seen[id] = true
					j.out.flows = append(j.out.flows, f)
				}
			}
		}
	}
}

// path turns the linked steps around and adds the site, if there is one.
func (j *judge) path(s *flow.Step, site *flow.Site) []fact.Step {
	var list []fact.Step
	for ; s != nil; s = s.Before() {
		list = append(list, fact.Step{Place: j.place(s.File, s.Pos), What: s.What, Code: s.File.Excerpt(s.Pos, 140)})
	}
	slices.Reverse(list)
	if site == nil {
		return list
	}
	return append(list, fact.Step{Place: j.place(site.File, site.Pos), What: "sent by " + site.Sink.Name, Code: site.File.Excerpt(site.Pos, 140)})
}

func (j *judge) trigger(doors []*flow.Entry) string {
	if len(doors) == 0 {
		return "unknown"
	}
	return j.who(doors[0])
}

func (j *judge) entryNames(doors []*flow.Entry) []string {
	var list []string
	for _, e := range doors {
		name := e.Kind + " " + e.Name
		if !slices.Contains(list, name) && len(list) < 4 {
			list = append(list, name)
		}
	}
	return list
}

func tidy(list []fact.Place) []fact.Place {
	sort.Slice(list, func(a, b int) bool {
		if list[a].File != list[b].File {
			return list[a].File < list[b].File
		}
		return list[a].Line < list[b].Line
	})
	list = slices.Compact(list)
	return list[:min(len(list), 12)]
}

func sortedNames[T any](m map[string]T) []string {
	names := make([]string, 0, len(m))
	for k := range m {
		names = append(names, k)
	}
	sort.Strings(names)
	return names
}
