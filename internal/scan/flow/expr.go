package flow

import (
	"maps"
	"strconv"
	"strings"

	"ringfence/internal/scan/php"
)

// expr is the abstract value of an expression; its side effects land in the frame.
func (f *frame) expr(n *php.Node) *Value {
	if n == nil {
		return nil
	}
	f.p.steps++
	if f.p.steps > f.p.budget || f.p.steps%1024 == 0 && f.p.ctx.Err() != nil {
		f.p.Stopped = true
	}
	if f.p.Stopped || f.nest > maxEval {
		return nil
	}
	f.nest++
	v := f.value(n)
	f.nest--
	return v
}

func (f *frame) value(n *php.Node) *Value {
	switch n.Op {
	case php.Var:
		return f.variable(n)
	case php.Str, php.Num:
		return f.p.literal(n.Text)
	case php.Interp, php.Concat:
		return f.concatAll(n.List)
	case php.Const:
		return f.constant(n)
	case php.Magic:
		return f.magic(n)
	case php.ClassConst:
		return f.classConst(n)
	case php.Index:
		return f.index(n)
	case php.Prop:
		return f.prop(n)
	case php.StaticProp:
		return f.staticProp(n)
	case php.Array:
		return f.array(n)
	case php.Assign:
		return f.assignment(n)
	case php.Closure:
		return f.closure(n)
	}
	return f.operation(n)
}

// operation handles the operators and the words that act like functions.
func (f *frame) operation(n *php.Node) *Value {
	switch n.Op {
	case php.Call:
		return f.call(n)
	case php.Method:
		return f.method(n)
	case php.StaticCall:
		return f.staticCall(n)
	case php.New:
		return f.newObject(n)
	case php.Binary:
		return f.binary(n)
	case php.Ternary:
		return f.ternary(n)
	case php.Match:
		return f.match(n)
	case php.Cast:
		v := f.expr(n.X)
		switch n.Text {
		case "int", "integer", "float", "double", "bool", "boolean":
			return numeric(v)
		}
		return v
	case php.Unary:
		if n.Text == "!" {
			f.check.negated = !f.check.negated
		}
		v := f.expr(n.X)
		if n.Text == "!" {
			f.check.negated = !f.check.negated
		}
		switch {
		case n.Text == "@":
			return v
		case n.Text == "!" && truth(v) != "":
			return lit(map[string]string{"true": "false", "false": "true"}[truth(v)])
		}
		return nil
	case php.Clone, php.Yield:
		f.expr(n.Y)
		return f.expr(n.X)
	case php.Exit:
		f.output(n.X, f.expr(n.X))
		f.env.dead = true
	case php.Throw:
		f.expr(n.X)
		f.env.dead = true
	case php.Print:
		f.output(n.X, f.expr(n.X))
	case php.Eval:
		f.evalCode(n, f.expr(n.X))
	case php.Include:
		f.include(n)
	case php.Empty, php.Instanceof:
		f.expr(n.X)
	case php.Shell, php.Isset:
		for _, x := range n.List {
			f.expr(x)
		}
	}
	return nil
}

// numeric is a value cast to a number: it no longer carries text, but still points to its record.
func numeric(v *Value) *Value {
	if v == nil {
		return nil
	}
	out := &Value{syms: v.syms, vague: v.vague || len(v.strs) != 1}
	for _, t := range v.taint {
		switch {
		case t.Class.Group == "pseudonym", t.Class.Group == "business", t.Class.Name == "setting" && t.Origin == "request":
			out.taint = append(out.taint, t)
		}
	}
	for _, t := range v.strs { // numbers such as a timeout stay readable
		if s, ok := t.literal(); ok && len(s) < 12 {
			out.strs = append(out.strs, t)
		}
	}
	return out
}

func (f *frame) variable(n *php.Node) *Value {
	if n.X != nil {
		f.expr(n.X)
		return nil
	}
	if n.Text == "this" {
		if f.cls == nil {
			return nil
		}
		return &Value{types: []string{f.cls.name}}
	}
	if n.Text[:min(1, len(n.Text))] == "_" {
		if v := f.superglobal(n); v != nil {
			return v
		}
	}
	v := f.env.get(n.Text)
	if v == nil && f.fn == f.file.Main {
		return f.global(n.Text)
	}
	return v
}

func (f *frame) concatAll(list []*php.Node) *Value {
	v := emptyText
	for _, x := range list {
		v = concat(v, f.mark(f.expr(x), x.Pos, "woven into a text"))
	}
	return v
}

func (f *frame) array(n *php.Node) *Value {
	v := &Value{}
	if len(n.List) == 0 {
		return v
	}
	v.fields = make(map[string]*Value, len(n.List))
	old := f.check
	defer func() { f.check = old }()
	f.check = check{}
	for i, item := range n.List {
		x := f.expr(item.Y)
		key := "*"
		switch {
		case item.Text == "...":
			v = spread(v, x)
			continue
		case item.X != nil:
			key = keyText(f.expr(item.X))
		case len(n.List) <= 16:
			key = strconv.Itoa(i)
		}
		if item.X != nil && key != "*" && key != "role" {
			x = f.mark(x, item.Pos, "put under the key "+key)
		}
		if key == "*" {
			x = join(v.fields["*"], x)
		}
		if x == nil {
			x = &Value{}
		}
		if nesting(x, 0) >= maxNest {
			x = x.flat()
		}
		v.fields[key] = x
	}
	v.inside = nil
	return v.light()
}

// spread is the list v after the elements of x were put into it. Its fields are its own: what follows is written into them.
func spread(v, x *Value) *Value {
	w := *join(v, x)
	w.inside = nil
	if w.fields = maps.Clone(w.fields); w.fields == nil {
		w.fields = map[string]*Value{}
	}
	return &w
}

// keyText is the literal key of an array item; constants nobody defines, such as CURLOPT_URL, keep their name.
func keyText(v *Value) string {
	if k := v.literal(); k != "" {
		return k
	}
	if v != nil && len(v.strs) == 1 && len(v.strs[0]) == 1 && v.strs[0][0].kind == pOption {
		return strings.ToLower(v.strs[0][0].s)
	}
	return "*"
}

func (f *frame) binary(n *php.Node) *Value {
	switch n.Text {
	case "&&", "and", "||", "or":
		f.expr(n.X)
		f.branches(func() { f.expr(n.Y) }, func() {})
		return nil
	case "??":
		return join(f.expr(n.X), orUnknown(f.expr(n.Y)))
	}
	refuses := (n.Text == "===" || n.Text == "==") && (isFalse(n.X) || isFalse(n.Y)) // false === wp_verify_nonce( ... )
	if refuses {
		f.check.negated = !f.check.negated
	}
	a, b := f.expr(n.X), f.expr(n.Y)
	if refuses {
		f.check.negated = !f.check.negated
	}
	switch n.Text {
	case "+":
		if a != nil && b != nil && (a.fields != nil || b.fields != nil) {
			return join(a, b) // arrays
		}
		return join(numeric(a), numeric(b))
	case "-", "*", "/", "%", "**":
		return numeric(join(numeric(a), numeric(b)))
	case "===", "==":
		f.compare(n, a, b)
		if s := same(a, b); s != "" {
			return lit(s)
		}
	case "!==", "!=":
		f.compare(n, a, b)
		if s := same(a, b); s != "" {
			return lit(map[string]string{"true": "false", "false": "true"}[s])
		}
	}
	return nil
}

func isFalse(n *php.Node) bool {
	return n != nil && n.Op == php.Const && strings.EqualFold(n.Text, "false")
}

func (f *frame) ternary(n *php.Node) *Value {
	var cond *Value
	run := func() { cond = f.expr(n.X) }
	if f.check.as == checkDecides && n.Y != nil && n.Y.Op != php.Const { // it chooses between two values, no more
		f.within(check{}, run)
	} else {
		run()
	}
	var a, b *Value
	if n.Y != nil {
		switch truth(cond) {
		case "true":
			return f.expr(n.Y)
		case "false":
			return f.expr(n.Z)
		}
	}
	f.branches(
		func() {
			if n.Y == nil {
				a = cond
			} else {
				a = f.expr(n.Y)
			}
		},
		func() { b = f.expr(n.Z) })
	return join(orUnknown(a), orUnknown(b))
}

func (f *frame) match(n *php.Node) *Value {
	subject := f.expr(n.X)
	var out *Value
	for _, arm := range n.List {
		miss := len(arm.List) > 0
		for _, c := range arm.List {
			switch same(subject, f.expr(c)) {
			case "true":
				return f.expr(arm.X)
			case "":
				miss = false
			}
		}
		if miss {
			continue
		}
		f.branches(func() { out = join(out, f.expr(arm.X)) }, func() {})
	}
	return out
}
