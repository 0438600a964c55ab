package flow

import (
	"slices"
	"strings"

	"ringfence/internal/scan/php"
)

// callable is a function that is passed around as a value.
type callable struct {
	fn  *php.Func
	env *env // variables a closure sees, nil for named functions
}

// args evaluates the arguments of a call; a spread fills the rest.
func (f *frame) args(list []*php.Node) []*Value {
	vals := make([]*Value, 0, len(list))
	old := f.check
	defer func() { f.check = old }()
	f.check = check{}
	for _, a := range list {
		v := f.expr(a.X)
		if a.Text == "..." && v != nil {
			for i := 0; i < 8; i++ {
				vals = append(vals, v.field(string(rune('0'+i))))
			}
			break
		}
		vals = append(vals, v)
	}
	return vals
}

// named puts named arguments where the function wants them.
func named(fn *php.Func, list []*php.Node, vals []*Value) []*Value {
	if !slices.ContainsFunc(list, func(a *php.Node) bool { return a.Text != "" && a.Text != "..." }) {
		return vals
	}
	out := make([]*Value, max(len(fn.Params), len(vals)))
	for i, a := range list {
		if i >= len(vals) {
			break
		}
		at := i
		if a.Text != "" {
			if j := slices.IndexFunc(fn.Params, func(p php.Param) bool { return p.Name == a.Text }); j >= 0 {
				at = j
			}
		}
		out[at] = vals[i]
	}
	return out
}

// invoke calls a function of the program.
func (f *frame) invoke(fn *php.Func, args []*Value, pos int32) *Value {
	f.edge(fn, pos)
	var out *Value
	if s := f.special(fn, args); s != nil {
		out = f.apply(s, args, pos)
		for _, h := range s.hits {
			f.addHit(&hit{site: h.site, url: h.url, data: h.data, keys: h.keys, chain: append(slices.Clone(h.chain), f.fn)})
		}
	} else {
		out = f.apply(f.p.summary(fn), args, pos)
	}
	if len(fn.Types) == 1 {
		switch fn.Types[0] {
		case "bool", "void", "never":
			return nil
		case "int", "float":
			return numeric(out)
		}
	}
	return join(out, f.p.declaredReturn(fn))
}

func (f *frame) edge(fn *php.Func, pos int32) {
	if !slices.ContainsFunc(f.sum.calls, func(e edge) bool { return e.to == fn }) {
		f.sum.calls = append(f.sum.calls, edge{fn, pos})
	}
}

// call evaluates name(...) and $f(...).
func (f *frame) call(n *php.Node) *Value {
	if n.X.Op != php.Const {
		return f.callValue(f.expr(n.X), f.args(n.List), n.Pos)
	}
	name := strings.ToLower(n.X.Text)
	if fn := f.findFunc(name); fn != nil {
		vals := f.args(n.List)
		f.guard(n, name, vals, false)
		return f.redacting(name, f.invoke(fn, named(fn, n.List, vals), n.Pos))
	}
	name = name[strings.LastIndexByte(name, '\\')+1:]
	if v, ok := f.higherOrder(name, n); ok {
		return v
	}
	if v, ok := f.language(name, n); ok {
		return v
	}
	return f.external(name, n, f.args(n.List))
}

// findFunc looks a function up in its namespace, then globally.
func (f *frame) findFunc(name string) *php.Func {
	if f.fn.Space != "" {
		if fn := f.p.funcs[strings.ToLower(f.fn.Space)+"\\"+name]; fn != nil {
			return fn
		}
	}
	return f.p.funcs[name]
}

// callValue calls whatever callables a value may be.
func (f *frame) callValue(v *Value, args []*Value, pos int32) *Value {
	var out *Value
	for _, c := range f.callables(v) {
		out = join(out, f.callOne(c, args, pos))
	}
	if v != nil && len(v.funcs) == 0 && out == nil {
		for _, a := range args {
			out = join(out, a.flat())
		}
	}
	return out
}

// callOne calls one callable; a closure runs in place, on the variables it was made with.
func (f *frame) callOne(c *callable, args []*Value, pos int32) *Value {
	if c.env == nil {
		return f.invoke(c.fn, args, pos)
	}
	if f.nest > maxEval/4 {
		return nil
	}
	return f.inline(c, args)
}

// inline evaluates the body of a closure inside this frame.
func (f *frame) inline(c *callable, args []*Value) *Value {
	env, ret, fn, loops, returns := f.env, f.sum.ret, f.fn, f.loops, f.sum.returns
	f.env, f.sum.ret, f.loops = newEnv(c.env), nil, 1
	old := f.check
	f.check = check{}
	f.nest += 20
	for i := range c.fn.Params {
		a := &c.fn.Params[i]
		var v *Value
		if i < len(args) {
			v = args[i]
		}
		for _, t := range f.p.paramTypes(c.fn, a) {
			v = join(v, f.p.typed(f.file, c.fn.Pos, t))
		}
		f.env.vars[a.Name] = v
	}
	f.block(c.fn.Body)
	out := f.sum.ret
	f.env, f.sum.ret, f.fn, f.loops, f.sum.returns = env, ret, fn, loops, returns
	f.check = old
	f.nest -= 20
	return out
}

// closure is a function value. Its body is read at once, so that what it does is seen even
// when nobody is seen calling it.
func (f *frame) closure(n *php.Node) *Value {
	c := f.closureOf(n)
	if f.nest < maxEval/4 {
		f.inline(c, nil)
	}
	return &Value{funcs: []*callable{c}}
}

func (f *frame) closureOf(n *php.Node) *callable {
	f.capture(n.Func)
	return &callable{fn: n.Func, env: f.env}
}

// capture remembers what a closure sees, for the time it is called by a hook.
func (f *frame) capture(fn *php.Func) {
	seen := map[string]*Value{}
	names := fn.Uses
	if fn.Arrow {
		php.Walk(fn.Body[0], func(n *php.Node) bool {
			if n.Op == php.Var && n.Text != "" {
				names = append(names, n.Text)
			}
			return true
		})
	}
	for _, name := range names {
		if v := f.env.get(name); v != nil {
			seen[name] = v.concrete(0)
		}
	}
	f.p.captured[fn] = seen
}

// callables are the functions a value stands for: closures, names, and [object, method] pairs.
func (f *frame) callables(v *Value) []*callable {
	if v == nil {
		return nil
	}
	list := slices.Clone(v.funcs)
	for _, s := range v.literals() {
		if class, method, ok := strings.Cut(s, "::"); ok {
			if c := f.p.classes[strings.ToLower(strings.TrimPrefix(class, "\\"))]; c != nil {
				if m := c.findMethod(strings.ToLower(method)); m != nil {
					list = append(list, &callable{fn: m})
				}
			}
		} else if fn := f.findFunc(strings.ToLower(strings.TrimPrefix(s, "\\"))); fn != nil {
			list = append(list, &callable{fn: fn})
		}
	}
	if m := v.fields["1"].literals(); len(m) > 0 && v.fields["0"] != nil {
		for _, c := range f.objectClasses(v.fields["0"]) {
			for _, name := range m {
				for _, fn := range f.p.targets(c, strings.ToLower(name)) {
					list = append(list, &callable{fn: fn})
				}
			}
		}
	}
	return list
}

// objectClasses are the program's classes a value may be an instance of, or the name of.
func (f *frame) objectClasses(v *Value) []*class {
	var list []*class
	for _, t := range append(v.typeNames(), v.literals()...) {
		low := strings.ToLower(strings.TrimPrefix(t, "\\"))
		if low == "self" || low == "static" {
			low = "\x00"
			if f.cls != nil {
				low = f.cls.name
			}
		}
		if c := f.p.classes[low]; c != nil && !slices.Contains(list, c) {
			list = append(list, c)
		}
	}
	return list
}

// targets are the methods a call on an object of class c may run.
func (p *Program) targets(c *class, low string) []*php.Func {
	var list []*php.Func
	if m := c.findMethod(low); m != nil {
		list = append(list, m)
	}
	if len(list) == 0 || len(list[0].Body) == 0 || c.Kind != "class" || c.Abstract {
		for _, m := range c.overrides(low, 8, map[*class]bool{c: true}) {
			if !slices.Contains(list, m) {
				list = append(list, m)
			}
		}
	}
	return list
}
