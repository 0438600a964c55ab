package flow

import (
	"slices"
	"sort"
	"strconv"
	"strings"

	"ringfence/internal/scan/php"
	"ringfence/internal/scan/rule"
)

// Site is one place in the code where data can leave.
type Site struct {
	Sink    *rule.Sink
	File    *php.File
	Pos     int32
	Fn      *php.Func
	Timeout string // as far as the code says; "" when it says nothing
	URLs    []string
}

type siteKey struct {
	file *php.File
	pos  int32
	name string
}

func (s *Site) before(o *Site) bool {
	if s.File.Path != o.File.Path {
		return s.File.Path < o.File.Path
	}
	if s.Pos != o.Pos {
		return s.Pos < o.Pos
	}
	return s.Sink.Name < o.Sink.Name
}

// hit is data on its way to a site, seen from one function.
type hit struct {
	site  *Site
	url   *Value
	data  *Value
	keys  []string
	chain []*php.Func // functions from the site outwards
	id    string      // see name
}

// Hit is data that reaches a site.
type Hit struct {
	Site  *Site
	Root  *php.Func // where the data is known; the site is here or below
	Chain []*php.Func
	Taint []Taint
	URLs  []string // possible addresses; parts that are not literal stand in braces
	Keys  []string // keys of the payload
}

// site registers a place once.
func (f *frame) site(sink *rule.Sink, n *php.Node) *Site {
	k := siteKey{f.file, n.Pos, sink.Name}
	s := f.p.sites[k]
	if s == nil {
		s = &Site{Sink: sink, File: f.file, Pos: n.Pos, Fn: f.fn}
		f.p.sites[k] = s
	}
	return s
}

// reach handles a call of a sink and returns what comes back from it.
func (f *frame) reach(sink *rule.Sink, n *php.Node, a []*Value, recv *Value) *Value {
	if sink.Way == "stream" && !remote(a) {
		return f.localRead(a, n)
	}
	h := &hit{url: f.address(sink, a, recv)}
	h.data, h.keys = payload(f.file, sink, a)
	if sink.Way == "browser" {
		h.url = handedURLs(sink, a)
		f.hand(sink, a)
	}
	switch sink.Way {
	case "log", "browser":
		if h.data == nil && sink.Way == "log" {
			return nil
		}
	}
	h.site = f.site(sink, n)
	for _, r := range sink.Payload {
		if t := arg(a, r.Arg).path("timeout").literal(); t != "" {
			h.site.Timeout = t
		}
	}
	if h.url != nil && sink.Way != "ai" {
		h.data = join(h.data, inAddress(h.url))
	}
	f.addHit(h)
	if sink.Way == "browser" || sink.Way == "log" {
		return nil
	}
	return f.answer(n.Pos)
}

// hand remembers what a script is given under which name.
func (f *frame) hand(sink *rule.Sink, a []*Value) {
	if sink.Name != "wp_localize_script" {
		return
	}
	for _, name := range arg(a, 1).literals() {
		f.p.handed[name] = join(f.p.handed[name], arg(a, 2).concrete(0))
	}
}

// Handed is the data PHP prints into the page as name.key for scripts.
func (p *Program) Handed(name, key string) []Taint { return p.handed[name].field(key).all() }

// HandedTexts are the texts PHP prints into the page as name.key.
func (p *Program) HandedTexts(name, key string) []string { return p.handed[name].field(key).texts() }

// handedURLs are the addresses among the texts given to a script.
func handedURLs(sink *rule.Sink, a []*Value) *Value {
	var out *Value
	for _, r := range sink.Payload {
		v := arg(a, r.Arg)
		for _, k := range sortedKeys(orEmpty(v).fields) {
			for _, t := range orEmpty(v.fields[k]).strs {
				if s := t.key(); strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://") {
					out = join(out, &Value{strs: []text{t}})
				}
			}
		}
	}
	return out
}

// address is the text of the address argument, with the base of a client put before it.
func (f *frame) address(sink *rule.Sink, a []*Value, recv *Value) *Value {
	if sink.Address.Arg < 0 {
		return nil
	}
	v := arg(a, sink.Address.Arg).path(sink.Address.Path)
	if recv != nil {
		if base, ok := recv.fields["base_uri"]; ok {
			return concat(base, v)
		}
	}
	return v
}

// answer is what an outside service sent back.
func (f *frame) answer(pos int32) *Value {
	return f.sourceOf("answer", "service", pos, "answer of the service")
}

// remote tells a URL from a file name, as far as the code shows it.
func remote(a []*Value) bool {
	for _, t := range orEmpty(arg(a, 0)).strs {
		k := t.key()
		if strings.HasPrefix(k, "http://") || strings.HasPrefix(k, "https://") {
			return true
		}
		if strings.HasPrefix(k, "{") && len(a) > 2 && a[2] != nil && len(a[2].fields) > 0 {
			return true // an unknown address with a stream context is no local file
		}
	}
	return false
}

// localRead is file_get_contents and fopen on something that is no URL.
func (f *frame) localRead(a []*Value, n *php.Node) *Value {
	if arg(a, 0).literal() == "php://input" {
		return f.p.typed(f.file, n.Pos, "@request")
	}
	if file := arg(a, 0).flat(); file != nil {
		return &Value{taint: file.taint, syms: file.syms} // what a file of the shop's holds is as sensitive as its name says
	}
	return nil
}

// payload gathers what is sent. Credentials in headers go where they belong and are left out.
func payload(file *php.File, sink *rule.Sink, a []*Value) (*Value, []string) {
	var data *Value
	keys := map[string]bool{}
	for _, r := range sink.Payload {
		whole := arg(a, r.Arg)
		v := whole.path(r.Path)
		if r.Path == "" {
			v = whole
		}
		if strings.HasSuffix(r.Path, "headers") || strings.HasSuffix(r.Path, "header") {
			v = v.flat()
		}
		if sink.Way == "browser" {
			data = join(data, handedOut(file, v))
		} else if sink.Way == "log" {
			data = join(data, v.flat())
		} else {
			data = join(data, carryPublic(v.all(), v.allSyms()))
		}
		v.keyNames(keys, 0)
	}
	return data, sortedSet(keys)
}

// handedOut is what a page is given. A credential counts under a key that says so, or when it came the
// short way: what reached a list of texts through the whole program is seldom what stands there.
func handedOut(file *php.File, v *Value) *Value {
	if v == nil {
		return nil
	}
	keep := func(key string, list []Taint) []Taint {
		return slices.DeleteFunc(slices.Clone(list), func(t Taint) bool {
			return t.Class.Name == "secret" && (public(key) || !rule.KeyName(key) && (t.Step.n > 2 || t.Step.root.File != file))
		})
	}
	out := carry(keep("", v.taint), v.allSyms())
	for _, k := range sortedKeys(v.fields) {
		if e := v.fields[k]; e != nil {
			if len(e.fields) > 0 {
				out = join(out, handedOut(file, e))
			} else {
				out = join(out, carry(keep(k, e.taint), nil))
			}
		}
	}
	return out
}

// public tells keys that are made to stand in a page.
func public(key string) bool {
	key = strings.ToLower(key)
	for _, w := range []string{"public", "publishable", "site", "map", "captcha", "turnstile", "client_id", "clientid", "nonce", "vapid"} {
		if strings.Contains(key, w) {
			return true
		}
	}
	return false
}

// carryPublic leaves credentials out.
func carryPublic(t []Taint, s []sym) *Value {
	return carry(slices.DeleteFunc(slices.Clone(t), func(x Taint) bool { return x.Class.Name == "secret" }), s)
}

// inAddress is the data woven into an address. That the shop configures the address itself is no data.
func inAddress(v *Value) *Value {
	syms := slices.Clone(v.allSyms())
	for i := range syms {
		syms[i].address = true
	}
	return carry(slices.DeleteFunc(slices.Clone(v.all()), func(x Taint) bool { return !addressable(x) }), syms)
}

// addressable tells data that an address gives away. The number of a page, a model's name or the address itself do not count.
func addressable(x Taint) bool {
	switch x.Class.Name {
	case "secret", "input", "site", "setting", "answer":
		return false
	}
	return true
}

func (v *Value) keyNames(keys map[string]bool, depth int) {
	if v == nil || depth > 2 {
		return
	}
	for k, w := range v.fields {
		if k != "*" {
			keys[k] = true
		}
		w.keyNames(keys, depth+1)
	}
}

func sortedSet(m map[string]bool) []string { return sortedKeys(m) }

// addHit records a hit in the summary unless the same is already there.
func (f *frame) addHit(h *hit) {
	if h.chain == nil {
		h.chain = []*php.Func{f.fn}
	}
	if len(f.sum.hits) >= maxHits {
		return
	}
	h.id = h.name()
	for _, o := range f.sum.hits {
		if o.site == h.site && o.id == h.id {
			return
		}
	}
	f.sum.hits = append(f.sum.hits, h)
}

// name tells hits of one site apart: by what reaches it and where it goes.
func (h *hit) name() string {
	var parts []string
	for _, t := range h.data.all() {
		parts = append(parts, t.Label.key)
	}
	for _, s := range h.data.allSyms() {
		parts = append(parts, strconv.Itoa(s.param)+s.path)
	}
	sort.Strings(parts)
	return strings.Join(h.url.texts(), "|") + "#" + strings.Join(parts, ",")
}

// texts renders what a value may be, for people.
func (v *Value) texts() []string {
	if v == nil {
		return nil
	}
	var list []string
	for _, t := range v.strs {
		if k := t.key(); k != "" && k != "null" {
			list = append(list, k)
		}
	}
	sort.Strings(list)
	return slices.Compact(list)
}

// output is something printed: it matters when it is a model's answer nobody cleaned.
func (f *frame) output(n *php.Node, v *Value) {
	if n == nil || v == nil {
		return
	}
	for _, t := range v.all() {
		if t.Class.Group == "answer" {
			site := f.site(echoSink, n)
			f.addHit(&hit{site: site, data: &Value{taint: []Taint{t}}})
			return
		}
	}
}

func (f *frame) evalCode(n *php.Node, v *Value) {
	if v != nil && len(v.all()) > 0 {
		f.addHit(&hit{site: f.site(evalSink, n), data: v.flat()})
	}
}

var (
	echoSink = &rule.Sink{Name: "echo", Way: "page", Address: rule.Ref{Arg: -1}}
	evalSink = &rule.Sink{Name: "eval", Way: "code", Address: rule.Ref{Arg: -1}}
)

// aiSink finds the sink an AI library's object came from.
func (p *Program) aiSink(name string) *rule.Sink {
	if s := p.Rules.SinkCall(name); s != nil {
		return s
	}
	if class, method, ok := strings.Cut(name, "::"); ok {
		return p.Rules.SinkStatic(class, method)
	}
	return nil
}

// sdkRoot tells a call on a library's own entry class from a call on one of its many helpers.
func (p *Program) sdkRoot(class string) bool {
	last := class[strings.LastIndexByte(class, '\\')+1:]
	switch last {
	case "tool", "client", "openai", "prism", "agent", "rag", "aiclient", "ai_client", "translator", "bedrockruntimeclient", "anthropic", "gemini":
		return true
	}
	return false
}

// collectHits gathers what is final: hits that depend on no parameter, and those nobody calls.
func (p *Program) collectHits() {
	called := map[*php.Func]bool{}
	for _, s := range p.sums {
		for _, e := range s.calls {
			called[e.to] = true
		}
	}
	doors := map[*php.Func]bool{} // doors have callers nobody sees
	for _, e := range p.entryBy {
		for _, fn := range e.Callbacks {
			doors[fn] = true
		}
	}
	p.eachFunc(func(fn *php.Func) {
		s := p.sums[fn]
		if s == nil {
			return
		}
		for _, h := range s.hits {
			open := len(h.data.allSyms()) > 0 || h.url.hasParam()
			if open && called[fn] && !doors[fn] {
				continue
			}
			p.Hits = append(p.Hits, p.final(h, fn))
		}
	})
	for _, r := range p.hookHits {
		p.Hits = append(p.Hits, p.final(r.hit, r.root))
	}
}

func (p *Program) final(h *hit, root *php.Func) *Hit {
	return &Hit{Site: h.site, Root: root, Chain: h.chain, Taint: h.data.all(), URLs: h.url.texts(), Keys: h.keys}
}

// eachFunc visits every function in source order.
func (p *Program) eachFunc(visit func(*php.Func)) {
	for _, f := range p.Files {
		visit(f.Main)
		for _, fn := range f.Funcs {
			visit(fn)
		}
		for _, c := range f.Classes {
			for _, m := range c.Methods {
				visit(m)
			}
		}
	}
	for _, fn := range p.closures {
		visit(fn)
	}
}
