package flow

import (
	"strings"

	"ringfence/internal/scan/php"
)

// classOf finds a class by the name written in the code.
func (f *frame) classOf(name string) *class {
	switch low := strings.ToLower(name); low {
	case "self", "static":
		return f.cls
	case "parent":
		if f.cls != nil {
			return f.p.classes[strings.ToLower(f.cls.Parent)]
		}
		return nil
	default:
		return f.p.classes[low]
	}
}

// classFor is the class a function stands in, nil for none.
func (p *Program) classFor(fn *php.Func) *class {
	if fn.Class == nil {
		return nil
	}
	c, ok := p.classBy[fn.Class]
	if !ok {
		c = p.classes[strings.ToLower(fn.Class.Name)]
		p.classBy[fn.Class] = c
	}
	return c
}

// classesOf finds the classes an expression before :: may stand for.
func (f *frame) classesOf(n *php.Node) []*class {
	if n.Op == php.Name {
		if c := f.classOf(n.Text); c != nil {
			return []*class{c}
		}
		return nil
	}
	v := f.expr(n)
	var list []*class
	for _, t := range append(v.typeNames(), v.literals()...) {
		if c := f.p.classes[strings.ToLower(strings.TrimPrefix(t, "\\"))]; c != nil {
			list = append(list, c)
		}
	}
	return list
}

func (v *Value) typeNames() []string {
	if v == nil {
		return nil
	}
	return append([]string(nil), v.types...)
}

// className is the full name behind a Name node, for classes the program does not declare.
func (f *frame) className(n *php.Node) string {
	if n.Op != php.Name {
		return ""
	}
	if c := f.classOf(n.Text); c != nil {
		return c.name
	}
	switch n.Text {
	case "parent":
		if f.cls != nil {
			return strings.ToLower(f.cls.Parent)
		}
	}
	return strings.ToLower(n.Text)
}

// declaredReturn is what a function's declared or documented return type says.
func (p *Program) declaredReturn(fn *php.Func) *Value {
	v, ok := p.declared[fn]
	if !ok {
		v = p.declaredValue(fn)
		p.declared[fn] = v
	}
	return v
}

func (p *Program) declaredValue(fn *php.Func) *Value {
	types := fn.Types
	if len(types) == 0 && fn.Doc != "" {
		types = docTypes(fn.Doc, "@return", "")
	}
	var out *Value
	for _, t := range types {
		switch low := strings.ToLower(t); low {
		case "self", "static", "$this":
			if fn.Class != nil {
				out = join(out, &Value{types: []string{strings.ToLower(fn.Class.Name)}})
			}
		default:
			if !scalar[low] {
				if low = p.resolveDoc(fn, low); p.classes[strings.TrimPrefix(low, "[]")] != nil || p.Rules.Type(strings.TrimPrefix(low, "[]")) != nil {
					out = join(out, p.typed(fn.File, fn.Pos, low))
				}
			}
		}
	}
	return out
}

// resolveDoc tries a documented name in the function's own namespace first.
func (p *Program) resolveDoc(fn *php.Func, low string) string {
	if fn.Space != "" && p.classes[strings.ToLower(fn.Space)+"\\"+low] != nil {
		return strings.ToLower(fn.Space) + "\\" + low
	}
	return low
}
