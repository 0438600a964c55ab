package flow

import "strings"

// all is the data a value carries anywhere inside.
func (v *Value) all() []Taint {
	switch {
	case v == nil:
		return nil
	case len(v.fields) == 0:
		return v.taint
	}
	return v.sum().taint
}

// allSyms are the parameters a value depends on anywhere inside.
func (v *Value) allSyms() []sym {
	switch {
	case v == nil:
		return nil
	case len(v.fields) == 0:
		return v.syms
	}
	return v.sum().syms
}

// flat is a value that carries the same data but has no inner structure.
func (v *Value) flat() *Value {
	if v == nil {
		return nil
	}
	if v.fields == nil && v.strs == nil && v.types == nil && v.funcs == nil {
		return v
	}
	return carry(v.all(), v.allSyms())
}

func carry(t []Taint, s []sym) *Value {
	if len(t) == 0 && len(s) == 0 {
		return nil
	}
	return &Value{taint: t, syms: s}
}

// field is the element or property of a value under a literal key; "*" asks for any element.
func (v *Value) field(key string) *Value {
	if v == nil {
		return nil
	}
	var out *Value
	if key == "*" {
		for _, k := range sortedKeys(v.fields) {
			out = join(out, v.fields[k])
		}
	} else if f, ok := v.fields[key]; ok {
		out = f
		if rest := v.fields["*"]; rest != nil {
			out = join(out, carry(rest.all(), rest.syms))
		}
	} else {
		out = v.fields["*"]
	}
	if len(v.taint) > 0 || len(v.syms) > 0 || len(v.strs) > 0 || len(v.types) > 0 {
		out = join(out, v.inherited(key))
	}
	return out
}

// inherited is what an element has from the whole it is taken from.
func (v *Value) inherited(key string) *Value {
	w := &Value{taint: v.taint}
	for _, s := range v.syms {
		if strings.Count(s.path, "/") < 3 {
			s.path += "/" + key
		}
		w.syms = append(w.syms, s)
	}
	for _, t := range v.strs {
		if len(t) != 1 {
			continue
		}
		switch p := t[0]; p.kind {
		case pParam:
			if strings.Count(p.s, "/") < 3 {
				w.strs = append(w.strs, text{{kind: pParam, s: p.s + "/" + key, param: p.param}})
			}
		case pOption:
			w.strs = append(w.strs, text{{kind: pOption, s: p.s + "[" + key + "]"}})
		}
	}
	for _, t := range v.types {
		if strings.HasPrefix(t, "[]") {
			w.types = append(w.types, t[2:])
		}
	}
	return w
}

// with is the value after one element was set.
func (v *Value) with(key string, x *Value) *Value {
	out := &Value{}
	if v != nil {
		*out = *v
		out.inside = nil
	}
	out.fields = make(map[string]*Value, len(out.fields)+1)
	if v != nil {
		for k, f := range v.fields {
			out.fields[k] = f
		}
	}
	if _, ok := out.fields[key]; !ok && len(out.fields) >= maxFields {
		key = "*"
	}
	if key == "*" {
		x = join(out.fields["*"], x)
	}
	if nesting(x, 0) >= maxNest {
		x = x.flat()
	}
	out.fields[key] = x
	return out.light()
}

func nesting(v *Value, d int) int {
	if v == nil || len(v.fields) == 0 || d > maxNest {
		return d
	}
	deepest := d
	for _, f := range v.fields {
		deepest = max(deepest, nesting(f, d+1))
	}
	return deepest
}

// path follows "a/b".
func (v *Value) path(p string) *Value {
	for _, k := range strings.Split(strings.Trim(p, "/"), "/") {
		if k != "" {
			v = v.field(k)
		}
	}
	return v
}

// concat is the text of a followed by the text of b.
func concat(a, b *Value) *Value {
	out := &Value{}
	if a != nil || b != nil {
		fa, fb := a.flat(), b.flat()
		if fa != nil {
			out.taint, out.syms = fa.taint, fa.syms
		}
		if fb != nil {
			out.taint, out.syms = joinTaint(out.taint, fb.taint), joinSyms(out.syms, fb.syms)
		}
	}
	unknown := []text{{{kind: pUnknown}}}
	left, right := unknown, unknown
	if a != nil && len(a.strs) > 0 {
		left = a.strs
	}
	if b != nil && len(b.strs) > 0 {
		right = b.strs
	}
	for _, l := range left {
		for _, r := range right {
			if len(out.strs) < maxTexts {
				out.strs = append(out.strs, l.plus(r))
			}
		}
	}
	return out
}

// plus appends r, melting neighbours together.
func (t text) plus(r text) text {
	out := make(text, len(t), len(t)+len(r))
	copy(out, t)
	for _, p := range r {
		last := len(out) - 1
		switch {
		case last >= 0 && out[last].kind == pLit && p.kind == pLit:
			if len(out[last].s) < maxText {
				out[last].s += p.s
			}
		case last >= 0 && out[last].kind == pUnknown && p.kind == pUnknown:
		case len(out) >= maxPieces:
			if out[last].kind != pUnknown {
				out = append(out, piece{kind: pUnknown})
			}
			return out
		default:
			out = append(out, p)
		}
	}
	return out
}
