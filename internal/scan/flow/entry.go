package flow

import (
	"slices"
	"strings"

	"ringfence/internal/scan/php"
	"ringfence/internal/scan/rule"
)

// Entry is a door into the code: something outside can make a callback run.
type Entry struct {
	Kind       string    // ajax, ajax-nopriv, wc-ajax, wc-api, rest, admin-post, admin-post-nopriv, shortcode, ability, mcp, graphql, block, hook; the judge adds request
	Name       string    // action, route, tag or hook
	Who        string    // guest, customer, admin, cron, or unknown
	Fn         *php.Func // the function that registers it
	File       *php.File
	Pos        int32
	Callbacks  []*php.Func
	Permission string // REST and abilities: open, missing, check
	Checks     []*php.Func
	Helper     bool  // registered by a helper whose callers name the real doors
	site       *Site // of an ability: its answer leaves here
}

// KeyUse is an option, constant or environment variable that holds a credential.
type KeyUse struct {
	Storage string
	File    *php.File
	Pos     int32
}

func (p *Program) keyUse(storage string, file *php.File, pos int32) {
	if p.keyBy[storage] == nil {
		p.keyBy[storage] = &KeyUse{storage, file, pos}
	}
}

// addEntry registers a door once; callbacks of later registrations are added.
func (f *frame) addEntry(kind, name, who string, n *php.Node, callback *Value) *Entry {
	id := kind + " " + name
	e := f.p.entryBy[id]
	if e == nil {
		e = &Entry{Kind: kind, Name: name, Who: who, Fn: f.fn, File: f.file, Pos: n.Pos}
		f.p.entryBy[id] = e
	}
	for _, c := range f.callables(callback) {
		if !slices.Contains(e.Callbacks, c.fn) {
			e.Callbacks = append(e.Callbacks, c.fn)
		}
		f.p.standalone(c)
	}
	return e
}

// standalone makes sure a closure that runs on its own is summed up like a function.
func (p *Program) standalone(c *callable) {
	if c.env != nil && !slices.Contains(p.closures, c.fn) {
		p.closures = append(p.closures, c.fn)
		p.changed = true
	}
}

// addHook is add_action and add_filter.
func addHook(f *frame, n *php.Node, a []*Value) *Value {
	for _, t := range orEmpty(arg(a, 0)).strs {
		name := t.key()
		for _, c := range f.callables(arg(a, 1)) {
			if !slices.ContainsFunc(f.p.hooks[name], func(o *callable) bool { return o.fn == c.fn }) {
				f.p.hooks[name] = append(f.p.hooks[name], c)
				f.p.changed = true
			}
			f.p.standalone(c)
		}
		kind, who := f.p.hookKind(name)
		if kind != "" {
			f.addEntry(kind, strings.TrimPrefix(name, hookPrefix(kind)), who, n, arg(a, 1))
		}
	}
	return nil
}

// loader understands the registry many plugins put before WordPress': $loader->add_action( hook, object, method ).
// The registration is taken at its word here, so that hooks and callbacks do not mix in the registry's list.
func (f *frame) loader(n *php.Node, low string, a []*Value) bool {
	register := map[string]shape{"add_action": addHook, "add_filter": addHook, "add_shortcode": addShortcode}[low]
	if register == nil || len(a) < 3 || a[0].literal() == "" || a[2].literal() == "" || len(f.objectClasses(orEmpty(a[1]))) == 0 {
		return false
	}
	register(f, n, []*Value{a[0], {fields: map[string]*Value{"0": a[1], "1": a[2]}}})
	return true
}

// hookKind tells what door a hook is.
func (p *Program) hookKind(name string) (kind, who string) {
	for _, k := range []struct{ prefix, kind, who string }{
		{"wp_ajax_nopriv_", "ajax-nopriv", "guest"}, {"wp_ajax_", "ajax", "user"}, {"wc_ajax_", "wc-ajax", "guest"}, {"woocommerce_api_", "wc-api", "guest"},
		{"admin_post_nopriv_", "admin-post-nopriv", "guest"}, {"admin_post_", "admin-post", "user"},
	} {
		if strings.HasPrefix(name, k.prefix) {
			return k.kind, k.who
		}
	}
	if h := p.Rules.Hook(name); h != nil {
		return "hook", h.Who
	}
	return "hook", "unknown"
}

func hookPrefix(kind string) string {
	return map[string]string{"ajax-nopriv": "wp_ajax_nopriv_", "ajax": "wp_ajax_", "wc-ajax": "wc_ajax_", "wc-api": "woocommerce_api_",
		"admin-post-nopriv": "admin_post_nopriv_", "admin-post": "admin_post_"}[kind]
}

func addShortcode(f *frame, n *php.Node, a []*Value) *Value {
	for _, name := range arg(a, 0).literals() {
		f.addEntry("shortcode", name, "guest", n, arg(a, 1))
	}
	return nil
}

func blockType(f *frame, n *php.Node, a []*Value) *Value {
	if cb := arg(a, 1).field("render_callback"); cb != nil && len(orEmpty(arg(a, 1)).fields) > 0 {
		f.addEntry("block", strings.Join(arg(a, 0).texts(), " "), "guest", n, cb)
	}
	return nil
}

func schedule(at int) shape {
	return func(f *frame, n *php.Node, a []*Value) *Value {
		for _, name := range arg(a, at).literals() {
			if !f.p.Crons[name] {
				f.p.Crons[name] = true
				f.p.changed = true
			}
		}
		return nil
	}
}

// restRoute is register_rest_route( namespace, route, args ).
func restRoute(f *frame, n *php.Node, a []*Value) *Value {
	name := oneOf(arg(a, 0)) + "/" + strings.TrimPrefix(oneOf(arg(a, 1)), "/")
	args := arg(a, 2)
	if args == nil {
		return nil
	}
	routes := []*Value{}
	if args.fields["callback"] != nil {
		routes = append(routes, args)
	}
	for _, k := range sortedKeys(args.fields) {
		if r := args.fields[k]; r != nil && r.fields["callback"] != nil {
			routes = append(routes, r)
		}
	}
	for _, r := range routes {
		label := name
		if m := strings.Join(r.fields["methods"].texts(), ","); m != "" && !strings.HasPrefix(m, "{") {
			label = m + " " + name
		}
		e := f.addEntry("rest", label, "guest", n, r.fields["callback"])
		e.site = f.site(routeSink, n)
		f.permission(e, r)
	}
	return nil
}

// oneOf names a value that may be a few texts; with more it says that the name is not known.
func oneOf(v *Value) string {
	if l := v.texts(); len(l) > 0 && len(l) <= 3 {
		return strings.Join(l, "|")
	}
	return "{?}"
}

// permission judges the permission callback of a route or an ability.
func (f *frame) permission(e *Entry, args *Value) {
	p, ok := args.fields["permission_callback"]
	switch {
	case !ok || p == nil:
		e.Permission = "missing"
	case slices.Contains(p.literals(), "__return_true"):
		e.Permission = "open"
	default:
		e.Permission = "check"
		for _, c := range f.callables(p) {
			if alwaysTrue(c.fn) {
				e.Permission = "open"
				continue
			}
			e.Checks = append(e.Checks, c.fn)
			f.p.standalone(c)
		}
	}
}

// alwaysTrue tells a callback that does nothing but return true.
func alwaysTrue(fn *php.Func) bool {
	return len(fn.Body) == 1 && fn.Body[0].Op == php.Return && fn.Body[0].X != nil &&
		fn.Body[0].X.Op == php.Const && strings.EqualFold(fn.Body[0].X.Text, "true")
}

// abilitySink is where the answer of an ability leaves: to whichever agent asked.
var abilitySink = &rule.Sink{Name: "wp_register_ability", Way: "ai", Address: rule.Ref{Arg: -1}, Note: "AI agents through abilities"}

// routeSink is where the answer of a REST route leaves: to whoever asked.
var routeSink = &rule.Sink{Name: "register_rest_route", Way: "browser", Address: rule.Ref{Arg: -1}, Note: "answer"}

// ability is wp_register_ability( name, args ): something an AI agent may call.
func ability(f *frame, n *php.Node, a []*Value) *Value {
	args := arg(a, 1)
	if args == nil {
		return nil
	}
	for _, name := range arg(a, 0).texts() {
		e := f.addEntry("ability", name, "agent", n, args.field("execute_callback"))
		e.site = f.site(abilitySink, n)
		f.permission(e, args)
	}
	return nil
}

// applyFilters returns the value handed in, or what a callback makes of it.
func applyFilters(f *frame, n *php.Node, a []*Value) *Value {
	out := arg(a, 1)
	if len(a) > 0 {
		out = join(out, f.fire(n, a))
	}
	return out
}

func doAction(f *frame, n *php.Node, a []*Value) *Value {
	if len(a) > 0 {
		f.fire(n, a)
	}
	return nil
}

func (f *frame) fire(n *php.Node, a []*Value) *Value {
	var out *Value
	for _, name := range a[0].literals() {
		for i, c := range f.p.hooks[name] {
			if i < 16 {
				out = join(out, f.invoke(c.fn, a[1:], n.Pos))
			}
		}
	}
	return out
}

// hookHit is a hit in a callback that WordPress itself calls with arguments we know.
type hookHit struct {
	hit  *hit
	root *php.Func
}

// callHooks calls every callback the way WordPress would.
func (p *Program) callHooks() {
	p.hookHits = nil
	for _, name := range sortedKeys(p.hooks) {
		if h := p.Rules.Hook(name); h != nil && len(h.Types) > 0 {
			for _, c := range p.hooks[name] {
				p.callAs(c.fn, h.Types, name)
			}
		}
	}
	for _, id := range sortedKeys(p.entryBy) {
		e := p.entryBy[id]
		if e.Kind == "rest" {
			for _, fn := range e.Callbacks {
				if ret := p.callAs(fn, []string{"WP_REST_Request"}, e.Name); ret != nil && len(secrets(ret.all())) > 0 {
					p.hookHits = append(p.hookHits, hookHit{&hit{site: e.site, data: carry(secrets(handedOut(fn.File, ret).all()), nil), chain: []*php.Func{fn}}, fn})
				}
			}
		}
		if e.Kind == "ability" || e.Kind == "mcp" {
			for _, fn := range e.Callbacks {
				ret := p.callAs(fn, []string{"@request"}, e.Name)
				if out := answered(ret); out != nil {
					p.hookHits = append(p.hookHits, hookHit{&hit{site: e.site, data: out, chain: []*php.Func{fn}}, fn})
				}
			}
		}
	}
	for _, fn := range p.closures {
		p.summary(fn)
	}
}

// answered is the data in an answer that the one who asked did not bring along himself.
func answered(v *Value) *Value {
	return carryPublic(slices.DeleteFunc(slices.Clone(v.all()), func(t Taint) bool { return t.Origin == "request" || t.Class.Name == "setting" }), nil)
}

// secrets are the credentials among some data.
func secrets(list []Taint) []Taint {
	return slices.DeleteFunc(slices.Clone(list), func(t Taint) bool { return t.Class.Name != "secret" })
}

// callAs applies a callback's summary to arguments of the given types.
func (p *Program) callAs(fn *php.Func, types []string, hook string) *Value {
	s := p.summary(fn)
	root := &summary{fn: fn}
	f := p.frame(fn, root)
	var args []*Value
	for _, t := range types {
		args = append(args, p.hookArg(fn, t, hook))
	}
	ret := f.apply(s, args, fn.Pos)
	for _, h := range root.hits {
		h.chain = h.chain[:len(h.chain)-1] // fn calls itself here only in appearance
		p.hookHits = append(p.hookHits, hookHit{h, fn})
	}
	return ret
}

func (p *Program) hookArg(fn *php.Func, t, hook string) *Value {
	switch t {
	case "orderid", "userid":
		src := &rule.Source{Class: p.Rules.Classes[t], Origin: "hook"}
		return &Value{taint: []Taint{{p.label(src.Class, "hook"), step(fn.File, fn.Pos, "called by hook "+hook, nil)}}}
	case "-":
		return nil
	}
	return p.typed(fn.File, fn.Pos, t)
}
