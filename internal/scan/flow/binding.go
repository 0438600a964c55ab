package flow

import (
	"slices"
	"strings"

	"ringfence/internal/scan/php"
)

// apply is the effect of calling a summarised function with args at pos of f.
func (f *frame) apply(s *summary, args []*Value, pos int32) *Value {
	c := &binding{f: f, fn: s.fn, args: args, pos: pos}
	f.p.steps += s.cost() // what a call brings along is work too
	for _, h := range s.hits {
		if c.moves(h) {
			f.addHit(&hit{site: h.site, url: c.subst(h.url, 0), data: c.subst(h.data, 0), keys: h.keys, chain: append(slices.Clone(h.chain), f.fn)})
		}
	}
	for _, w := range s.writes {
		f.writeCell(w.cell, c.subst(w.val, 0))
	}
	c.register(s.regs)
	if s.done && !s.returns && len(s.fn.Body) > 0 {
		f.env.dead = true // such as a function that answers and ends the request
	}
	return c.subst(s.ret, 0)
}

// cost is roughly how many values a call of the function touches.
func (s *summary) cost() int {
	n := len(s.hits) + s.ret.weight()/4
	for _, w := range s.writes {
		n += 1 + w.val.weight()/4
	}
	return n
}

// binding maps the parameters of a callee to the values of one call.
type binding struct {
	f    *frame
	fn   *php.Func
	args []*Value
	pos  int32
	ways map[passage]*Step // the same data goes into what is returned, stored and sent
}

// passage is some data on its way through a parameter: how it came, and how it goes on inside.
type passage struct {
	came, goes *Step
	param      int
}

// moves tells whether a hit depends on the parameters, so that the caller has more to say about it.
func (c *binding) moves(h *hit) bool {
	return len(h.chain) < 12 && (len(h.data.allSyms()) > 0 || h.url.hasParam())
}

// arg returns the value of parameter i, variadic rest and default included.
func (c *binding) arg(i int) *Value {
	if i < len(c.fn.Params) && c.fn.Params[i].Variadic {
		var v *Value
		for j := i; j < len(c.args); j++ {
			v = join(v, c.args[j])
		}
		return v
	}
	if i < len(c.args) {
		return c.args[i]
	}
	if i < len(c.fn.Params) && c.fn.Params[i].Default != nil {
		g := &frame{p: c.f.p, fn: c.fn, file: c.fn.File, sum: &summary{fn: c.fn}, env: newEnv(nil)}
		g.cls = c.f.p.classFor(c.fn)
		return c.f.p.remember(c.fn.Params[i].Default, g.expr)
	}
	return nil
}

// subst replaces parameters by the arguments of the call.
func (c *binding) subst(v *Value, depth int) *Value {
	if v == nil || depth > maxNest+1 {
		return nil
	}
	if v.settled(depth) {
		return v
	}
	taint := c.rebase(v.taint)
	if len(v.syms) == 0 && len(v.fields) == 0 && !v.hasParam() {
		if len(taint) == 0 || &taint[0] == &v.taint[0] {
			return v
		}
		w := *v
		w.taint, w.inside = taint, nil
		return &w
	}
	out := &Value{taint: taint, types: v.types, funcs: v.funcs, vague: v.vague}
	var whole *Value
	for _, t := range v.strs {
		if len(t) == 1 && t[0].kind == pParam {
			whole = join(whole, c.arg(t[0].param).path(t[0].s))
			continue
		}
		out.strs = joinTexts(out.strs, c.substText(t))
	}
	if len(v.syms) > 0 {
		g := gathering{taint: out.taint}
		for _, s := range v.syms {
			c.substSym(&g, s)
		}
		out.taint, out.syms = g.taint, g.syms
	}
	if len(v.fields) > 0 {
		out.fields = make(map[string]*Value, len(v.fields))
		for k, w := range v.fields {
			if w = c.subst(w, depth+1); w != nil {
				out.fields[k] = w
			}
		}
	}
	if whole != nil {
		out = join(out, &Value{strs: whole.strs, types: whole.types, fields: whole.fields, funcs: whole.funcs, vague: whole.vague})
	}
	return out
}

// rebase puts the way of an argument before the way of what was read from a parameter of its type.
func (c *binding) rebase(list []Taint) []Taint {
	changed := false
	for i, t := range list {
		r := t.Step.root
		if r.fn != c.fn {
			continue
		}
		a := c.arg(int(r.arg))
		if a == nil || len(a.taint) == 0 || a.taint[0].Step.root.fn == c.fn {
			continue
		}
		if !changed {
			list, changed = slices.Clone(list), true
		}
		list[i].Step = t.Step.onto(step(c.f.file, c.pos, c.passed(int(r.arg)), a.taint[0].Step))
	}
	return list
}

// gathering is what the parameters of a value bring along, in lists of its own once it changes them.
type gathering struct {
	taint []Taint
	own   bool // taint may be changed
	syms  []sym
}

func (g *gathering) add(t Taint) {
	if !g.own {
		g.own = true
		g.taint = append(make([]Taint, 0, len(g.taint)+4), g.taint...)
	}
	g.taint = addTaint(g.taint, t)
}

func (c *binding) substSym(out *gathering, s sym) {
	a := c.element(c.arg(s.param), s.path)
	if a == nil {
		return
	}
	what := "" // made once it is needed: most arguments carry nothing new
	here := func(prev *Step) *Step {
		if what == "" {
			what = c.passed(s.param)
		}
		k := passage{prev, s.step, s.param}
		way, ok := c.ways[k]
		if !ok {
			way = s.step.after(step(c.f.file, c.pos, what, prev))
			if c.ways == nil {
				c.ways = map[passage]*Step{}
			}
			c.ways[k] = way
		}
		return way
	}
	for _, t := range a.all() {
		if s.redacted {
			t = t.redacted()
		}
		if s.address && !addressable(t) {
			continue
		}
		if surplus(out.taint, t) {
			continue
		}
		t.Step = here(t.Step)
		out.add(t)
	}
	for _, up := range a.allSyms() {
		up.redacted, up.address = up.redacted || s.redacted, up.address || s.address
		if len(out.syms) >= maxSyms || hasSym(out.syms, up) {
			continue
		}
		up.step = here(up.step)
		out.syms = append(out.syms, up)
	}
}

// element follows a path into an argument, reading the keys the way the code of the caller would:
// a key of a request or of a record says what it is.
func (c *binding) element(v *Value, path string) *Value {
	for _, k := range strings.Split(strings.Trim(path, "/"), "/") {
		switch {
		case k == "" || v == nil:
		case v.is("@request") || v.is("wp_rest_request"):
			if w, ok := v.fields[k]; ok {
				v = w
			} else {
				v = c.f.requestKey(k, v, c.pos, "reads request input "+k)
			}
		default:
			v = c.f.elementKey(v.field(k), v, k, c.pos)
		}
	}
	return v
}

func (c *binding) passed(param int) string {
	if param >= len(c.fn.Params) {
		return "passed to " + funcName(c.fn) + "() as its argument"
	}
	words := c.f.p.passedAs[c.fn]
	if words == nil {
		words = make([]string, len(c.fn.Params))
		for i := range words {
			words[i] = "passed to " + funcName(c.fn) + "() as $" + c.fn.Params[i].Name
		}
		c.f.p.passedAs[c.fn] = words
	}
	return words[param]
}

// substText fills parameters into one text.
func (c *binding) substText(t text) []text {
	out := []text{nil}
	for _, p := range t {
		parts := []text{{p}}
		if p.kind == pParam {
			parts = nil
			if a := c.arg(p.param).path(p.s); a != nil {
				parts = a.strs
			}
			if len(parts) == 0 {
				parts = []text{{{kind: pUnknown}}}
			}
		}
		var next []text
		for _, o := range out {
			for _, q := range parts {
				if len(next) < maxTexts {
					next = append(next, o.plus(q))
				}
			}
		}
		out = next
	}
	return out
}
