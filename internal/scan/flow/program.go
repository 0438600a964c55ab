// Package flow follows data through the PHP of one plugin or theme: from where it comes
// (orders, customers, requests) to where it leaves (HTTP calls, AI clients, logs, pages).
//
// Start with Analyse. Every function is summed up once: what it returns and which sinks
// it reaches, in terms of its parameters; a call then applies the summary to its own
// arguments, so that a wrapper like request($url, $body) is solved per call site. Hooks
// are call edges; options, properties and meta are cells that join all writes. A second
// pass reads what the first one wrote.
//
// The analysis promises an end: it counts steps, not seconds, so the same tree gives the
// same result on any machine. Past the budget it stops following and says so in
// Program.Stopped. It is neither sound nor complete: code run through eval, variable
// functions and names built at run time are out of its sight.
package flow

import (
	"context"
	"sort"
	"strings"

	"ringfence/internal/scan/php"
	"ringfence/internal/scan/rule"
)

// Program is one plugin or theme and everything found in it.
type Program struct {
	Rules   *rule.Set
	Files   []*php.File
	Stopped bool // the step budget ran out: what was found stands, more may exist
	Unknown int  // method calls whose target could not be told

	Sites   []*Site         // every outbound call, log and page sink, in source order
	Hits    []*Hit          // what reaches them
	Entries []*Entry        // doors into the code
	Keys    []*KeyUse       // options and constants that hold credentials
	Crons   map[string]bool // hooks run by a schedule

	funcs          map[string]*php.Func
	classes        map[string]*class
	methods        map[string][]*php.Func
	props          map[string][]*class
	consts         map[string]*php.Node
	constIn        map[string]*php.Func
	cells          map[string]*Value
	handed         map[string]*Value // by the name of the object in the page
	hooks          map[string][]*callable
	hookHits       []hookHit
	closures       []*php.Func
	php, wordpress map[string]shape
	specials       map[*php.Func]map[string]*summary
	sizes          map[*php.Func]int
	contracts      map[string][]*php.Func // see contract
	nestSpecial    int
	sums           map[*php.Func]*summary
	sites          map[siteKey]*Site
	entryBy        map[string]*Entry
	keyBy          map[string]*KeyUse
	captured       map[*php.Func]map[string]*Value
	constVal       map[string]*Value
	busy           map[string]bool
	labels         map[string]*Label
	literals       map[string]*Value
	params         map[*php.Func][]*Value // see paramValues
	passedAs       map[*php.Func][]string // see binding.passed
	declared       map[*php.Func]*Value   // see declaredReturn
	defaults       map[*php.Node]*Value   // see remember
	classBy        map[*php.Class]*class
	ctx            context.Context
	steps          int
	budget         int
	changed        bool // a cell or hook changed in this pass
	depth          int
}

// class is a declared class with what it inherits from inside the program.
type class struct {
	*php.Class
	name    string // lower case
	parents []*class
	subs    []*class // classes that extend, implement or use it
	method  map[string]*php.Func
	prop    map[string]*php.Property
	cons    map[string]*php.Node
}

// Analyse follows all data in the files. budget bounds the steps; 0 means one that fits the size of the code. When ctx
// ends, it stops early: what it returns then is good for nothing.
func Analyse(ctx context.Context, rules *rule.Set, files []*php.File, budget int) *Program {
	p := &Program{ctx: ctx, contracts: map[string][]*php.Func{}, sizes: map[*php.Func]int{}, php: phpTable(), wordpress: wordpressTable(), Rules: rules, Files: files, budget: budget, Crons: map[string]bool{},
		funcs: map[string]*php.Func{}, classes: map[string]*class{}, methods: map[string][]*php.Func{},
		props: map[string][]*class{}, consts: map[string]*php.Node{}, constIn: map[string]*php.Func{},
		cells: map[string]*Value{}, handed: map[string]*Value{}, hooks: map[string][]*callable{}, sites: map[siteKey]*Site{},
		entryBy: map[string]*Entry{}, keyBy: map[string]*KeyUse{}, captured: map[*php.Func]map[string]*Value{},
		constVal: map[string]*Value{}, busy: map[string]bool{}, labels: map[string]*Label{}, literals: map[string]*Value{}, params: map[*php.Func][]*Value{}, passedAs: map[*php.Func][]string{},
		declared: map[*php.Func]*Value{}, defaults: map[*php.Node]*Value{}, classBy: map[*php.Class]*class{}}
	if p.budget == 0 {
		p.budget = 2_000_000
		for _, f := range files {
			p.budget += 20 * len(f.Src)
		}
	}
	p.declare()
	for range 2 {
		p.changed = false
		p.pass()
		if !p.changed || p.Stopped {
			break
		}
	}
	p.finish()
	return p
}

// pass sums up every function anew.
func (p *Program) pass() {
	p.sums = map[*php.Func]*summary{}
	p.specials = map[*php.Func]map[string]*summary{}
	for _, f := range p.Files {
		p.summary(f.Main)
		for _, fn := range f.Funcs {
			p.summary(fn)
		}
		for _, c := range f.Classes {
			for _, m := range c.Methods {
				p.summary(m)
			}
		}
	}
	p.callHooks()
}

// declare fills the symbol tables.
func (p *Program) declare() {
	for _, f := range staleLast(p.Files) {
		for _, fn := range f.Funcs {
			name := strings.ToLower(fn.Name)
			if fn.Space != "" {
				name = strings.ToLower(fn.Space) + "\\" + name
			}
			if p.funcs[name] == nil {
				p.funcs[name] = fn
			}
		}
		for _, c := range f.Classes {
			p.declareClass(c)
		}
		p.declareConsts(f.Main, f.Main.Body)
	}
	for _, name := range sortedKeys(p.classes) {
		p.link(p.classes[name])
	}
}

func (p *Program) declareClass(d *php.Class) {
	name := strings.ToLower(d.Name)
	if p.classes[name] != nil {
		return
	}
	c := &class{Class: d, name: name, method: map[string]*php.Func{}, prop: map[string]*php.Property{}, cons: map[string]*php.Node{}}
	p.classes[name] = c
	for _, m := range d.Methods {
		low := strings.ToLower(m.Name)
		c.method[low] = m
		p.methods[low] = append(p.methods[low], m)
	}
	for i := range d.Props {
		c.prop[d.Props[i].Name] = &d.Props[i]
		p.props[d.Props[i].Name] = append(p.props[d.Props[i].Name], c)
	}
	for _, k := range d.Consts {
		c.cons[k.Name] = k.Value
	}
}

// link connects a class to what it builds on.
func (p *Program) link(c *class) {
	for _, names := range [][]string{c.Traits, {c.Parent}, c.Interfaces} {
		for _, n := range names {
			if up := p.classes[strings.ToLower(n)]; up != nil && up != c {
				c.parents = append(c.parents, up)
				up.subs = append(up.subs, c)
			}
		}
	}
}

// declareConsts finds define() and const at file level and inside plain blocks.
func (p *Program) declareConsts(fn *php.Func, list []*php.Node) {
	for _, n := range list {
		switch {
		case n.Op == php.Block:
			p.declareConsts(fn, n.List)
		case n.Op == php.If:
			p.declareConsts(fn, []*php.Node{n.Y})
		case n.Op == php.DefConst:
			p.defineConst(n.Text, n.X, fn)
		case n.Op == php.Call && n.X.Op == php.Const && strings.EqualFold(n.X.Text, "define") && len(n.List) >= 2:
			if k := n.List[0].X; k != nil && k.Op == php.Str {
				p.defineConst(k.Text, n.List[1].X, fn)
			}
		}
	}
}

func (p *Program) defineConst(name string, v *php.Node, fn *php.Func) {
	if p.consts[name] == nil {
		p.consts[name], p.constIn[name] = v, fn
	}
}

// finish sorts what was found, so that the order of the passes does not show.
func (p *Program) finish() {
	for _, s := range p.sites {
		p.Sites = append(p.Sites, s)
	}
	sort.Slice(p.Sites, func(i, j int) bool { return p.Sites[i].before(p.Sites[j]) })
	p.collectHits()
	for _, k := range sortedKeys(p.entryBy) {
		p.Entries = append(p.Entries, p.entryBy[k])
	}
	for _, k := range sortedKeys(p.keyBy) {
		p.Keys = append(p.Keys, p.keyBy[k])
	}
}

// lineage visits a class and everything it builds on, nearest first.
func (c *class) lineage(visit func(*class) bool) bool {
	return c.lineageAt(visit, 0)
}

func (c *class) lineageAt(visit func(*class) bool, depth int) bool {
	if depth > 20 {
		return false
	}
	if visit(c) {
		return true
	}
	for _, up := range c.parents {
		if up.lineageAt(visit, depth+1) {
			return true
		}
	}
	return false
}

// findMethod looks a method up in a class and its ancestors.
func (c *class) findMethod(low string) (found *php.Func) {
	c.lineage(func(k *class) bool {
		found = k.method[low]
		return found != nil
	})
	return found
}

// overrides lists the implementations of a method in classes below c, at most max.
func (c *class) overrides(low string, max int, seen map[*class]bool) []*php.Func {
	var list []*php.Func
	for _, s := range c.subs {
		if seen[s] || len(list) >= max {
			continue
		}
		seen[s] = true
		if m := s.method[low]; m != nil {
			list = append(list, m)
		}
		list = append(list, s.overrides(low, max-len(list), seen)...)
	}
	return list
}
