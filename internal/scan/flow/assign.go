package flow

import (
	"strconv"

	"ringfence/internal/scan/php"
)

func (f *frame) assignment(n *php.Node) *Value {
	var v *Value
	if f.check.as == checkIdle {
		f.within(check{as: checkDecides}, func() { v = f.expr(n.Y) })
	} else {
		v = f.expr(n.Y)
	}
	switch n.Text {
	case "=", "=&":
	case ".=":
		v = concat(f.expr(n.X), v)
	case "??=":
		v = join(f.expr(n.X), v)
	case "+=":
		old := f.expr(n.X)
		if old != nil && old.fields != nil || v != nil && v.fields != nil {
			v = join(old, v)
		} else {
			v = numeric(join(old, v))
		}
	default:
		v = numeric(join(f.expr(n.X), v))
	}
	f.assign(n.X, v)
	return v
}

// assign stores a value in a variable, element, property or list of them.
func (f *frame) assign(target *php.Node, v *Value) {
	if target == nil || f.nest > maxEval {
		return
	}
	f.nest++
	defer func() { f.nest-- }()
	switch target.Op {
	case php.Var:
		if target.X == nil {
			f.setVar(target.Text, v)
		}
	case php.Index:
		key := "*"
		if target.Y != nil {
			if k := f.expr(target.Y).literal(); k != "" {
				key = k
			}
		}
		base := f.expr(target.X)
		if target.X.Op == php.Prop || target.X.Op == php.StaticProp {
			base = nil // cells only grow: write the new element alone
		}
		f.assign(target.X, base.with(key, v))
	case php.Prop:
		f.assignProp(target, v)
	case php.StaticProp:
		for _, c := range f.classesOf(target.X) {
			f.writeCell(f.propCell(c, target.Text), v)
		}
	case php.Array:
		f.destructure(target, v)
	}
}

func (f *frame) setVar(name string, v *Value) {
	if name == "this" {
		return
	}
	f.env.vars[name] = v
	if f.fn == f.file.Main {
		f.p.write("global:"+name, v.concrete(0))
	}
}

func (f *frame) assignProp(target *php.Node, v *Value) {
	name := target.Text
	if name == "" {
		name = f.expr(target.Y).literal()
	}
	if name == "" {
		name = "*"
	}
	base := f.expr(target.X)
	known := false
	if base != nil {
		for _, t := range base.types {
			if c := f.p.classes[t]; c != nil {
				f.writeCell(f.propCell(c, name), v)
				known = true
			}
		}
	}
	if !known && target.X.Op == php.Var && target.X.Text != "this" {
		f.setVar(target.X.Text, base.with(name, v))
	}
}

func (f *frame) destructure(target *php.Node, v *Value) {
	for i, item := range target.List {
		if item.Y == nil {
			continue
		}
		key := strconv.Itoa(i)
		if item.X != nil {
			key = f.expr(item.X).literal()
		}
		if key == "" {
			key = "*"
		}
		f.assign(item.Y, v.field(key))
	}
}
