package flow

import (
	"strings"

	"ringfence/internal/scan/php"
)

func (f *frame) constant(n *php.Node) *Value {
	switch low := strings.ToLower(n.Text); low {
	case "true", "false", "null":
		return f.p.literal(low)
	}
	name := n.Text
	if f.p.consts[name] == nil {
		name = name[strings.LastIndexByte(name, '\\')+1:]
	}
	if v := f.p.memo("const:"+name, func() *Value {
		if x := f.p.consts[name]; x != nil {
			return f.elsewhere(f.p.constIn[name], nil).expr(x)
		}
		return nil
	}); v != nil {
		return v
	}
	return &Value{strs: []text{{{kind: pOption, s: "constant " + name}}}}
}

// elsewhere is a frame for an expression that belongs to another place, such as a default value.
func (f *frame) elsewhere(fn *php.Func, c *class) *frame {
	g := &frame{p: f.p, fn: fn, file: fn.File, cls: c, sum: &summary{fn: fn}, env: newEnv(nil), nest: f.nest}
	return g
}

// literal is the value of a text in the code. The same few texts stand everywhere.
func (p *Program) literal(s string) *Value {
	v := p.literals[s]
	if v == nil {
		v = lit(s)
		p.literals[s] = v
	}
	return v
}

var emptyText = lit("")

// remember evaluates the default of a parameter once, unless constants that depend on each other are
// being worked out just now.
func (p *Program) remember(n *php.Node, eval func(*php.Node) *Value) *Value {
	if v, ok := p.defaults[n]; ok {
		return v
	}
	v := eval(n)
	if len(p.busy) == 0 && !p.Stopped {
		p.defaults[n] = v
	}
	return v
}

// memo computes a constant once; a constant that needs itself is unknown.
func (p *Program) memo(key string, compute func() *Value) *Value {
	if v, ok := p.constVal[key]; ok {
		return v
	}
	if p.busy[key] {
		return nil
	}
	p.busy[key] = true
	v := compute()
	delete(p.busy, key)
	p.constVal[key] = v
	return v
}

func (f *frame) magic(n *php.Node) *Value {
	switch {
	case n.Text == "__CLASS__" && f.cls != nil:
		return lit(f.cls.Name)
	case n.Text == "__FUNCTION__":
		return lit(f.fn.Name)
	case n.Text == "__NAMESPACE__":
		return lit(f.fn.Space)
	}
	return nil
}

func (f *frame) classConst(n *php.Node) *Value {
	if n.Text == "class" {
		if n.X.Op == php.Name {
			if c := f.classOf(n.X.Text); c != nil {
				return lit(c.Name)
			}
			return lit(n.X.Text)
		}
		return nil
	}
	var out *Value
	for _, c := range f.classesOf(n.X) {
		out = join(out, f.p.classConstOf(f, c, n.Text, n.X.Text == "static" || n.X.Op != php.Name))
	}
	return out
}

// classConstOf is a class constant, with the values classes below may give it when the class is not fixed.
func (p *Program) classConstOf(f *frame, c *class, name string, open bool) *Value {
	var out *Value
	c.lineage(func(k *class) bool {
		if x := k.cons[name]; x != nil {
			out = p.memo(k.name+"::"+name, func() *Value { return f.elsewhere(k.File.Main, k).expr(x) })
			return true
		}
		return false
	})
	if open {
		for i, s := range c.subs {
			if i < 12 && s != c && s.cons[name] != nil {
				out = join(out, p.memo(s.name+"::"+name, func() *Value { return f.elsewhere(s.File.Main, s).expr(s.cons[name]) }))
			}
		}
	}
	return out
}
