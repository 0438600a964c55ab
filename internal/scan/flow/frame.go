package flow

import (
	"ringfence/internal/scan/php"
)

// env holds the variables at one point; branches work on a child and are merged back.
type env struct {
	up   *env
	vars map[string]*Value
	dead bool // control never reaches the end
}

func newEnv(up *env) *env { return &env{up: up, vars: map[string]*Value{}} }

func (e *env) get(name string) *Value {
	for ; e != nil; e = e.up {
		if v, ok := e.vars[name]; ok {
			return v
		}
	}
	return nil
}

// frame evaluates the body of one function.
type frame struct {
	p     *Program
	fn    *php.Func
	file  *php.File
	cls   *class
	sum   *summary
	env   *env
	loops int
	nest  int
	check check // in what a check would stand now
}

// maxEval bounds the nesting of expressions followed.
const maxEval = 300

func (f *frame) block(list []*php.Node) {
	for _, n := range list {
		if f.env.dead || f.p.Stopped {
			return
		}
		f.stmt(n)
	}
}

// stmt evaluates one statement.
func (f *frame) stmt(n *php.Node) {
	if n == nil {
		return
	}
	switch n.Op {
	case php.Block:
		f.block(n.List)
	case php.If:
		f.ifelse(n)
	case php.Loop:
		f.stmt(n.Y)
		f.loop(func() {
			f.expr(n.X)
			f.block(n.List)
			f.stmt(n.Z)
		})
	case php.Foreach:
		f.foreach(n)
	case php.Switch:
		f.switchCases(n)
	case php.Try:
		f.try(n)
	case php.Return:
		f.within(check{as: checkDecides}, func() { f.sum.ret = join(f.sum.ret, orUnknown(f.expr(n.X))) })
		f.env.dead, f.sum.returns = true, true
	case php.Jump:
		f.env.dead = true
	case php.Global:
		for _, v := range n.List {
			f.env.vars[v.Text] = join(f.global(v.Text), f.p.cells["global:"+v.Text])
		}
	case php.Static:
		for _, a := range n.List {
			f.env.vars[a.X.Text] = f.expr(a.Y)
		}
	case php.Unset, php.HTML:
	case php.Echo:
		for _, x := range n.List {
			f.output(x, f.expr(x))
		}
	default:
		f.expr(n)
	}
}

// branches evaluates alternatives on copies of the variables and joins what they leave. It
// tells for each whether control never reaches its end.
func (f *frame) branches(alternatives ...func()) []bool {
	base := f.env
	var ends []*env
	dead := make([]bool, len(alternatives))
	for i, run := range alternatives {
		f.env = newEnv(base)
		run()
		if dead[i] = f.env.dead; !dead[i] {
			ends = append(ends, f.env)
		}
	}
	f.env = base
	if len(ends) == 0 {
		base.dead = true
		return dead
	}
	names := map[string]bool{}
	for _, e := range ends {
		for name := range e.vars {
			names[name] = true
		}
	}
	for name := range names {
		var v *Value
		for _, e := range ends {
			v = join(v, orUnknown(e.get(name)))
		}
		if v == unknown {
			v = nil
		}
		base.vars[name] = v
	}
	return dead
}

// loop runs a body that may run not at all, once or more often.
func (f *frame) loop(body func()) {
	turns := 2
	if f.loops > 0 {
		turns = 1
	}
	f.loops++
	for range turns {
		f.branches(body, func() {})
		f.env.dead = false
	}
	f.loops--
}

func (f *frame) foreach(n *php.Node) {
	subject := f.expr(n.X)
	if f.loops == 0 && subject != nil && len(subject.fields) > 0 && len(subject.fields) <= 16 && subject.fields["*"] == nil && len(subject.taint) == 0 {
		for _, k := range sortedKeys(subject.fields) { // a table in the code: row by row, so that names and callbacks stay together
			f.turn(n, lit(k), subject.fields[k])
		}
		return
	}
	elem := subject.field("*")
	f.loop(func() { f.bindTurn(n, keyOf(subject), elem) })
}

// keyOf is what the keys of an array may be.
func keyOf(v *Value) *Value {
	var out *Value
	if v == nil {
		return nil
	}
	for _, k := range sortedKeys(v.fields) {
		if k != "*" {
			out = join(out, lit(k))
		}
	}
	return out
}

func (f *frame) turn(n *php.Node, key, elem *Value) {
	f.branches(func() { f.bindTurn(n, key, elem) }, func() {})
	f.env.dead = false
}

func (f *frame) bindTurn(n *php.Node, key, elem *Value) {
	if n.Y != nil {
		f.assign(n.Y, key)
	}
	f.assign(n.Z, elem)
	f.block(n.List)
}

func (f *frame) switchCases(n *php.Node) {
	subject := f.expr(n.X)
	var runs []func()
	hasDefault := false
	for i, c := range n.List {
		label := f.expr(c.X)
		switch same(subject, label) {
		case "true":
			f.branches(func() { f.caseBody(n.List[i:]) })
			f.env.dead = false
			return
		case "false":
			continue
		}
		hasDefault = hasDefault || c.X == nil
		runs = append(runs, func() { f.caseBody(n.List[i:]) })
	}
	if !hasDefault {
		runs = append(runs, func() {})
	}
	f.branches(runs...)
}

// truth is "true" or "false" when a condition is a constant of this call, else "".
func truth(v *Value) string {
	l, ok := shortLiteral(v)
	switch {
	case !ok:
		return ""
	case l == "" || l == "false" || l == "null" || l == "0":
		return "false"
	}
	return "true"
}

// same compares two constants: "true", "false", or "" when one is not known.
func same(a, b *Value) string {
	x, okx := shortLiteral(a)
	y, oky := shortLiteral(b)
	switch {
	case !okx || !oky:
		return ""
	case x == y:
		return "true"
	}
	return "false"
}

// caseBody runs a case and what it falls through to.
func (f *frame) caseBody(cases []*php.Node) {
	for _, c := range cases {
		for _, s := range c.List {
			if s.Op == php.Jump && s.Text == "break" {
				return
			}
			f.stmt(s)
			if f.env.dead {
				f.env.dead = !endsInBreak(c)
				return
			}
		}
		if len(c.List) > 0 && c.List[len(c.List)-1].Op == php.Block {
			return
		}
	}
}

func endsInBreak(c *php.Node) bool {
	found := false
	php.Walk(c, func(n *php.Node) bool {
		found = found || n.Op == php.Jump && n.Text == "break"
		return n.Op != php.Closure && n.Op != php.Loop && n.Op != php.Foreach && n.Op != php.Switch
	})
	return found
}

func (f *frame) try(n *php.Node) {
	runs := []func(){func() { f.block(n.List) }}
	for _, c := range n.Y.List {
		runs = append(runs, func() {
			if c.X != nil {
				f.env.vars[c.X.Text] = &Value{types: []string{"exception"}}
			}
			f.block(c.List)
		})
	}
	f.branches(runs...)
	f.stmt(n.Z)
}

// global is the value of a well-known global variable.
func (f *frame) global(name string) *Value {
	switch name {
	case "wpdb":
		return &Value{types: []string{"wpdb"}}
	case "post":
		return f.p.typed(f.file, f.fn.Pos, "WP_Post")
	case "product":
		return f.p.typed(f.file, f.fn.Pos, "WC_Product")
	case "current_user":
		return f.p.typed(f.file, f.fn.Pos, "WP_User")
	case "woocommerce":
		return &Value{types: []string{"woocommerce"}}
	}
	return nil
}
