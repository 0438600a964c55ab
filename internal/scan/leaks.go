package scan

import (
	"sort"
	"strconv"
	"strings"

	"ringfence/internal/scan/fact"
	"ringfence/internal/scan/flow"
	"ringfence/internal/scan/php"
	"ringfence/internal/scan/rule"
)

// findKeys reports keys written into PHP or scripts.
func findKeys(j *judge) {
	report := func(vendor, key string, f *fact.Finding) {
		f.Title = "A key of " + vendor + " stands in the code"
		if vendor == "Google" && !j.unit.AI {
			f.Level = "medium" // such keys are often made for pages, and bound to them
		}
		f.Excerpt = key[:6] + "... (" + strconv.Itoa(len(key)) + " characters, not shown)"
		f.Vendor, f.Data, f.DataClasses = vendor, []string{"keys and passwords"}, []string{"secret"}
		j.out.keys = append(j.out.keys, fact.Key{Component: j.unit.Slug, Storage: "code", Vendor: vendor, Place: f.Place})
		j.add(f, f.File, vendor)
	}
	for _, file := range j.prog.Files {
		file.Each(func(n *php.Node) bool {
			if n.Op == php.Str {
				if vendor, key := rule.FindSecret(n.Text); vendor != "" {
					report(vendor, key, j.newFinding("key-in-code", j.place(file, n.Pos), nil, 0))
				}
			}
			return true
		})
	}
	for _, s := range j.scripts {
		for _, str := range s.file.Strings {
			if vendor, key := rule.FindSecret(str.Text); vendor != "" {
				f := j.newFinding("key-in-browser", fact.Place{File: s.src.path, Line: s.line(str.Pos)}, nil, 0)
				report(vendor, key, f)
			}
		}
	}
}

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
		if tool(s.src.path) || j.unit.Kind == "files" && len(j.prog.Files) == 0 {
			continue // no browser will ever run it
		}
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
	} else if url == "" && handed && (j.unit.AI || namedAI(j.unit)) && outsideName(arg, s.text[max(0, pos-600):pos]) {
		t = target{Class: "relay", Name: "the address in " + clipTo(arg, 40)}
		to = []string{t.Name}
	} else if near := j.nearAI(s, pos); url == "" && near.Class == "ai" {
		t = near
		to = []string{t.Name}
	}
	if t.Class == "own" || t.Class == "local" {
		return
	}
	j.unit.BrowserSide = true
	j.out.calls = append(j.out.calls, fact.Call{Component: j.unit.Slug, Place: at, Via: name, Way: "browser", Side: "browser", To: to})
	if t.Class != "ai" && t.Class != "relay" || t.Host != nil && quiet(t.Host) {
		return
	}
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
	j.add(f, s.src.path, t.Name)
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

// findTLS reports switches that turn certificate checks off: one finding for a component and level,
// with every place.
func findTLS(j *judge) {
	at := map[string]*fact.Finding{}
	for _, file := range j.prog.Files {
		visit := func(n *php.Node) bool {
			name, ok := tlsSwitch(n)
			if !ok {
				return true
			}
			level, condition := j.tlsLevel(file, n)
			f := at[level]
			if f == nil {
				f = j.newFinding("tls-off", j.place(file, n.Pos), file, n.Pos)
				f.Level, f.Conditions = level, condition
				at[level] = f
			}
			f.Path = append(f.Path, fact.Step{Place: j.place(file, n.Pos), What: name + " is off", Code: file.Excerpt(n.Pos, 140)})
			return true
		}
		file.EachFunc(func(_ string, body []*php.Node) {
			for _, n := range body {
				php.Walk(n, visit)
			}
		})
	}
	for _, level := range fact.Levels {
		if f := at[level]; f != nil {
			if n := len(f.Path); n > 1 {
				f.Title += " in " + strconv.Itoa(n) + " places"
			}
			j.add(f, level)
		}
	}
}

// tlsLevel weighs one switch by the call it most likely belongs to.
func (j *judge) tlsLevel(file *php.File, n *php.Node) (level, condition string) {
	level = "high"
	if !j.unit.AI || vendored(file.Path) {
		level = "medium"
	}
	switch t := j.callNear(file, n.Pos); t.Class {
	case "own", "local":
		return "low", "the call seems to go to the shop itself"
	case "other", "unknown":
		level = "medium"
	}
	return level, ""
}

// callNear is the receiver of the call an option most likely belongs to.
func (j *judge) callNear(file *php.File, pos int32) target {
	best, dist := (*flow.Site)(nil), int32(2500)
	for _, s := range j.prog.Sites {
		if s.File == file && outbound(s.Sink.Way) && s.Sink.Name != "curl_init" {
			if d := max(s.Pos-pos, pos-s.Pos); d < dist {
				best, dist = s, d
			}
		}
	}
	if best == nil {
		return target{}
	}
	return j.siteTo[best]
}

// tlsSwitch recognises the spellings of "do not check the certificate".
func tlsSwitch(n *php.Node) (string, bool) {
	off := func(v *php.Node) bool {
		return v != nil && (v.Op == php.Const && strings.EqualFold(v.Text, "false") || v.Op == php.Num && v.Text == "0")
	}
	switch n.Op {
	case php.Item:
		if n.X != nil && off(n.Y) {
			switch {
			case n.X.Op == php.Str && (n.X.Text == "sslverify" || n.X.Text == "verify_peer" || n.X.Text == "verify_peer_name"):
				return n.X.Text, true
			case n.X.Op == php.Str && n.X.Text == "verify" && n.Y.Op == php.Const:
				return "verify", true
			case n.X.Op == php.Const && strings.HasPrefix(strings.ToUpper(n.X.Text), "CURLOPT_SSL_VERIFY"):
				return n.X.Text, true
			}
		}
	case php.Call:
		if n.X.Op == php.Const && strings.EqualFold(n.X.Text, "curl_setopt") && len(n.List) == 3 && n.List[1].X.Op == php.Const &&
			strings.HasPrefix(strings.ToUpper(n.List[1].X.Text), "CURLOPT_SSL_VERIFY") && off(n.List[2].X) {
			return n.List[1].X.Text, true
		}
		if n.X.Op == php.Const && strings.EqualFold(n.X.Text, "add_filter") && len(n.List) >= 2 && n.List[0].X.Op == php.Str &&
			n.List[0].X.Text == "https_ssl_verify" && n.List[1].X.Op == php.Str && n.List[1].X.Text == "__return_false" {
			return "https_ssl_verify", true
		}
	case php.Assign:
		if n.X.Op == php.Index && n.X.Y != nil && n.X.Y.Op == php.Str && n.X.Y.Text == "sslverify" && off(n.Y) {
			return "sslverify", true
		}
	}
	return "", false
}
