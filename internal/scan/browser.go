package scan

import (
	"regexp"
	"slices"
	"sort"
	"strings"

	"ringfence/internal/scan/fact"
	"ringfence/internal/scan/flow"
	"ringfence/internal/scan/js"
	"ringfence/internal/scan/rule"
)

// findBrowser reports keys handed to pages, and scripts that speak to AI services themselves.
func findBrowser(j *judge) {
	handed := false // an outside address is handed to the scripts
	for _, h := range j.prog.Hits {
		if h.Site.Sink.Way != "browser" {
			continue
		}
		for _, x := range h.Taint {
			if x.Class.Group == "secret" && x.Origin == "option" && !x.Redacted {
				j.reportHandedKey(h, x)
			}
		}
		handed = handed || j.handsAddress(h)
	}
	for _, s := range j.scripts {
		if tool(s.src.path) || onServer(s.text) || j.unit.Kind == "files" && len(j.prog.Files) == 0 {
			continue // no browser will ever run it
		}
		s.ai = j.namesAI(s)
		for i, c := range s.file.Calls {
			if i == maxBrowserCalls {
				s.src.note("partly", "more than 2,000 calls in one script")
				break
			}
			j.browserCall(s, c.Name, c.URL, c.Arg, c.Pos, handed)
		}
		if pos, ok := s.file.Names["dangerouslyAllowBrowser"]; ok {
			f := j.newFinding("browser-side-ai", fact.Place{File: s.src.path, Line: s.line(pos)}, nil, 0)
			f.Title, f.Trigger, f.Surface = "An AI library runs in the browser with the key", "guest", "service"
			j.add(f, s.src.path, "sdk")
			j.unit.BrowserSide = true
		}
		if pos, ok := s.file.Names["algoliasearch"]; ok && !s.src.test {
			j.unit.BrowserSide = true
			j.out.calls = append(j.out.calls, fact.Call{Component: j.unit.Slug, Place: fact.Place{File: s.src.path, Line: s.line(pos)}, Via: "algoliasearch", Way: "browser", Side: "browser", To: []string{"*.algolia.net"}})
		}
	}
}

// maxBrowserCalls bounds the calls judged in one script; real bundles have a few dozen.
const maxBrowserCalls = 2000

// tool tells scripts that build or serve and never reach a page.
func tool(path string) bool {
	base := strings.ToLower(path[strings.LastIndexByte(path, '/')+1:])
	for _, name := range []string{"server.", "gulpfile", "gruntfile", "webpack", "rollup", "vite.config", "babel.config", "jest.config", "playwright", "tailwind.config", "postcss"} {
		if strings.HasPrefix(base, name) {
			return true
		}
	}
	return strings.HasPrefix(path, "bin/") || strings.HasPrefix(path, "scripts/") || strings.Contains(path, "/bin/")
}

// onServer tells scripts that run under Node or as a vendor's worker.
func onServer(text string) bool {
	text = text[:min(len(text), 64<<10)]
	told := strings.Contains(text, "export") && strings.Contains(text, "fetch") // the expression is slow, and most scripts have none of its words
	for _, word := range []string{"#!", "require(", "express", "hono", "node:", "dotenv", "@modelcontextprotocol", "respondWith", "Deno.", "env:"} {
		told = told || strings.Contains(text, word)
	}
	return told && serverScript.MatchString(text)
}

var serverScript = regexp.MustCompile(`(?m)^#!.*\bnode\b|\brequire\(\s*['"](?:express|fs|http|node:\w+|dotenv)['"]|\bfrom\s+['"](?:express|hono|node:\w+|dotenv|@modelcontextprotocol/[\w/.-]+)['"]|export\s+default\s*\{\s*(?:async\s+)?fetch\s*\(|addEventListener\(\s*['"]fetch['"]\s*,[^)]*respondWith|\bDeno\.|\benv:\s*Env\b`)

func (j *judge) reportHandedKey(h *flow.Hit, x flow.Taint) {
	f := j.newFinding("key-in-browser", j.place(h.Site.File, h.Site.Pos), h.Site.File, h.Site.Pos)
	doors := j.doorsAbove(h.Root)
	f.Trigger = j.trigger(doors)
	if len(doors) > 0 {
		f.Entry = doors[0].Kind + " " + doors[0].Name
	}
	if h.Site.Sink.Note == "answer" {
		if f.Trigger != "guest" && f.Trigger != "customer" && f.Trigger != "user" {
			return // staff may read what staff typed
		}
		f.Title = "A key is handed out to whoever asks"
	}
	if !j.unit.AI && !namedAI(j.unit) {
		f.Level = "medium"
	}
	if strings.Contains(strings.ToLower(h.Site.File.Path+f.Entry+flow.Name(h.Root)), "admin") {
		f.Trigger, f.Level = "admin", "medium"
		f.Title = "A key is printed into an admin page"
	}
	f.Path = j.path(x.Step, h.Site)
	f.Data, f.DataClasses = []string{"keys and passwords"}, []string{"secret"}
	j.add(f, flow.Name(h.Site.Fn), h.Site.Sink.Name)
}

// handsAddress tells whether an outside address is among the texts given to a script.
func (j *judge) handsAddress(h *flow.Hit) bool {
	for _, u := range h.URLs {
		switch t := j.address(u); t.Class {
		case "ai", "other", "relay":
			return strings.Contains(u, "://")
		}
	}
	return false
}

// browserCall lists a call of a script, and reports it when it goes to an AI service.
func (j *judge) browserCall(s script, name, url, arg string, pos int, handed bool) {
	at := fact.Place{File: s.src.path, Line: s.line(pos)}
	var to []string
	t := target{Class: "own"}
	if strings.Contains(url, "://") || strings.HasPrefix(url, "//") {
		t = j.address("https:" + strings.TrimPrefix(strings.TrimPrefix(url, "https:"), "http:"))
		to = []string{t.Name}
	} else if url == "" && handed && !j.shopsOwn(arg) && !ownByName(s.text, pos, arg) && (j.unit.AI || namedAI(j.unit)) && outsideName(arg, s.text[max(0, pos-600):pos]) {
		t = target{Class: "relay", Name: "the address in " + clipTo(arg, 40)}
		to = []string{t.Name}
	} else if url == "" && !j.shopsOwn(arg) {
		if t = j.composedAI(s, pos); t.Class != "ai" {
			t = j.nearAI(s, pos)
		}
		to = []string{t.Name}
	}
	if t.Class == "own" || t.Class == "local" || t.Class == "" {
		return
	}
	j.unit.BrowserSide = true
	j.out.calls = append(j.out.calls, fact.Call{Component: j.unit.Slug, Place: at, Via: name, Way: "browser", Side: "browser", To: to})
	if t.Class != "ai" && t.Class != "relay" || t.Host != nil && quiet(t.Host) {
		return
	}
	j.calledByBrowser(t)
	f := j.newFinding("browser-side-ai", at, nil, 0)
	f.Excerpt = clipTo(s.text[pos:min(len(s.text), pos+120)], 120)
	j.address4(f, t)
	f.Trigger, f.Surface = "guest", "service"
	if strings.Contains(s.src.path, "admin") {
		f.Trigger, f.Surface, f.Level = "admin", "admin", "medium"
	}
	if t.Class == "relay" {
		f.Level = "medium"
	}
	j.carried(s, f, t, pos, name)
	j.add(f, s.src.path, t.Name)
}

// carried adds what goes into a call of the browser, as far as the script and what PHP handed it tell.
func (j *judge) carried(s script, f *fact.Finding, t target, pos int, sender string) {
	sent := fact.Step{Place: fact.Place{File: s.src.path, Line: s.line(pos)}, What: "sent by " + sender + " from the browser", Code: f.Excerpt}
	for _, src := range s.follow().Sources(pos) {
		at := fact.Step{Place: fact.Place{File: s.src.path, Line: s.line(src.Pos)}, Code: lineOf(s.text, src.Pos)}
		for _, d := range j.browserData(src) {
			at.What = d.what
			path := append(slices.Clone(d.before), at, sent)
			if !slices.Contains(f.DataClasses, d.class.Name) {
				f.Data, f.DataClasses = append(f.Data, d.class.Title), append(f.DataClasses, d.class.Name)
				if len(f.Path) == 0 || d.class.Group == "personal" {
					f.Path = path
				}
			}
			if d.class.Group != "secret" && !j.hasFlow(d.class.Name, t.Name, path) {
				j.out.flows = append(j.out.flows, fact.Flow{Component: j.unit.Slug, Class: d.class.Name, Origin: "browser", To: t.Name, ToClass: t.Class,
					Trigger: f.Trigger, Path: path})
			}
		}
	}
	if len(f.Data) > 0 {
		f.Title += ": " + strings.Join(f.Data, ", ")
	}
}

// hasFlow tells whether a flow with the same start is listed already.
func (j *judge) hasFlow(class, to string, path []fact.Step) bool {
	return slices.ContainsFunc(j.out.flows, func(f fact.Flow) bool {
		return f.Class == class && f.To == to && f.Path[0].Place == path[0].Place
	})
}

// calledByBrowser marks a service as called.
func (j *judge) calledByBrowser(t target) {
	for i := range j.out.services {
		if s := &j.out.services[i]; s.Host == t.Name {
			s.Called = true
		}
	}
}

// shopsOwn tells an address that leads back to the shop: by its name, or because PHP printed it so.
func (j *judge) shopsOwn(arg string) bool {
	if low := strings.ToLower(arg); strings.Contains(low, "ajax") || strings.Contains(low, "resturl") || strings.Contains(low, "rest_url") {
		return true
	}
	if m := templateBase.FindStringSubmatch(arg); m != nil {
		arg = m[1]
	}
	base, key, ok := strings.Cut(strings.TrimPrefix(arg, "window."), ".")
	return ok && slices.ContainsFunc(j.prog.HandedTexts(base, key), func(s string) bool { return j.address(s).Class == "own" })
}

// ownByName tells a variable that the script itself fills with the shop's REST or AJAX address.
func ownByName(text string, pos int, arg string) bool {
	name := arg[strings.LastIndexByte(arg, '.')+1:]
	if !identifier.MatchString(name) {
		return false
	}
	if name == "url" || name == "endpoint" { // every function has one: the nearest is meant
		text = text[max(0, pos-400):pos]
	}
	for _, m := range regexp.MustCompile(`\b`+name+`\s*[=:][^=;\n]{0,200}`).FindAllString(text, 8) {
		if ownAddress.MatchString(m) {
			return true
		}
	}
	return false
}

var (
	identifier = regexp.MustCompile(`^\w+$`)
	ownAddress = regexp.MustCompile(`(?i)rest_?url|ajax_?url|rest_?base|wp-json`)
)

// templateBase is the variable a template text starts with: `${window.x.api_base}/ask`.
var templateBase = regexp.MustCompile("^`\\$\\{\\s*([\\w.]+)\\s*\\}")

// datum is one kind of data in a call of the browser.
type datum struct {
	class  *rule.Class
	what   string
	before []fact.Step // how PHP came by it
}

// browserData names what a source in a script is.
func (j *judge) browserData(src js.Source) []datum {
	class := func(name string) []datum {
		return []datum{{class: j.rules.Classes[name], what: "reads " + clipTo(src.Name, 60)}}
	}
	switch src.Kind {
	case "field":
		return class(j.fieldClass(src.Name))
	case "form":
		return class("input")
	case "cookie", "storage":
		return class("cookie")
	case "browser":
		return class("agent")
	case "global":
		var list []datum
		for _, x := range j.prog.Handed(src.Name, src.Key) {
			path := j.path(x.Step, nil)
			list = append(list, datum{x.Class, "takes " + src.Name + "." + src.Key + ", which PHP printed into the page", path})
		}
		return list
	}
	return nil
}

// fieldClass tells from a selector what people type into the field.
func (j *judge) fieldClass(selector string) string {
	for _, word := range strings.FieldsFunc(strings.ToLower(selector), func(r rune) bool { return r != '_' && (r < 'a' || r > 'z') && (r < '0' || r > '9') }) {
		if src := j.rules.Meta(word); src != nil && src.Class != nil {
			return src.Class.Name
		}
		if src := j.rules.Key(word); src != nil && src.Class != nil {
			return src.Class.Name
		}
	}
	return "input"
}

// namesAI tells whether the address of an AI service stands in a script.
func (j *judge) namesAI(s script) bool {
	return slices.ContainsFunc(s.file.Strings, func(str js.String) bool {
		return slices.ContainsFunc(addresses(str.Text), func(a found) bool {
			t := j.address(a.url)
			return t.Class == "ai" && !quiet(t.Host)
		})
	})
}

// lineOf is the line of a text an offset stands on, cut short.
func lineOf(text string, pos int) string {
	from := strings.LastIndexByte(text[:pos], '\n') + 1
	to := len(text)
	if i := strings.IndexByte(text[pos:], '\n'); i >= 0 {
		to = pos + i
	}
	return clipTo(text[max(from, pos-60):min(to, pos+100)], 140)
}

// composedAI is the AI service whose address goes into a call through variables.
func (j *judge) composedAI(s script, pos int) target {
	if !s.ai {
		return target{}
	}
	for _, src := range s.follow().Sources(pos) {
		if src.Kind != "text" {
			continue
		}
		for _, a := range addresses(src.Name) {
			if t := j.address(a.url); t.Class == "ai" && !quiet(t.Host) {
				return t
			}
		}
	}
	return target{}
}

// outsideName tells an address variable that names an outside service rather than the shop's own AJAX address.
func outsideName(arg, before string) bool {
	low := strings.ToLower(arg)
	if strings.Contains(low, "ajax") || strings.Contains(low, "rest") || strings.Contains(low, "nonce") || strings.Contains(low, "'") {
		return false
	}
	if low == "url" || low == "endpoint" { // a local variable: what was put into it stands just before
		low = strings.ToLower(before)
	}
	return strings.Contains(low, "apibase") || strings.Contains(low, "apiurl") || strings.Contains(low, "api_url") || strings.Contains(low, "api_base")
}

// nearAI finds an AI address that stands within the code just before a call.
func (j *judge) nearAI(s script, pos int) target {
	list := s.file.Strings // in source order
	from := sort.Search(len(list), func(i int) bool { return list[i].Pos > pos-1500 })
	for _, str := range list[from:] {
		if str.Pos >= pos {
			break
		}
		for _, a := range addresses(str.Text) {
			if t := j.address(a.url); t.Class == "ai" && !quiet(t.Host) {
				return t
			}
		}
	}
	return target{}
}

func clipTo(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	return strings.ToValidUTF8(s[:min(len(s), n)], "")
}
