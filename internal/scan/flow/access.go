package flow

import (
	"strings"

	"ringfence/internal/scan/php"
	"ringfence/internal/scan/rule"
)

// tainted is a value fresh from a source.
func (f *frame) tainted(s *rule.Source, pos int32, what string) *Value {
	return f.taintedFrom(nil, s, pos, what)
}

// taintedFrom is a value read from a record; the way of the record becomes part of its own.
func (f *frame) taintedFrom(record *Value, s *rule.Source, pos int32, what string) *Value {
	var before *Step
	if record != nil && len(record.taint) > 0 {
		before = record.taint[0].Step
	}
	if s == nil {
		return nil
	}
	v := &Value{}
	if s.Class != nil {
		v.taint = []Taint{{f.p.label(s.Class, s.Origin), step(f.file, pos, what, before)}}
	}
	if s.Type != "" {
		list := strings.HasPrefix(s.Type, "[]")
		t := strings.ToLower(s.Type)
		v.types = []string{t}
		if list && len(v.taint) > 0 {
			v.fields = map[string]*Value{"*": {types: []string{t[2:]}, taint: v.taint}}
		}
	}
	return v
}

// typed is an object of a class, carrying what such an object holds.
func (p *Program) typed(file *php.File, pos int32, name string) *Value {
	low := strings.ToLower(strings.TrimPrefix(name, "\\"))
	list := strings.HasPrefix(low, "[]")
	low = strings.TrimPrefix(low, "[]")
	if low == "" || scalar[low] {
		return nil
	}
	base := p.base(low)
	v := &Value{types: []string{low}}
	if src := p.Rules.Type(base); src != nil {
		v.types = []string{base}
		what := "receives " + src.Class.Title + " (" + strings.TrimPrefix(name, "[]") + ")"
		v.taint = []Taint{{p.label(src.Class, src.Origin), step(file, pos, what, nil)}}
	}
	if list {
		v = &Value{types: []string{"[]" + v.types[0]}, taint: v.taint, fields: map[string]*Value{"*": v}}
	}
	return v
}

var scalar = map[string]bool{"int": true, "float": true, "string": true, "bool": true, "array": true, "callable": true, "mixed": true,
	"iterable": true, "object": true, "void": true, "null": true, "false": true, "true": true, "never": true, "integer": true, "boolean": true,
	"orderid": true, "userid": true, "-": true, "self": true, "static": true, "wp_error": true}

// base is the class that stands for a type in the rules: the nearest ancestor outside the program.
func (p *Program) base(low string) string {
	for range 10 {
		c := p.classes[low]
		if c == nil || c.Parent == "" {
			break
		}
		low = strings.ToLower(c.Parent)
	}
	return p.Rules.Same(low)
}

// superglobal is one of PHP's own request variables.
func (f *frame) superglobal(n *php.Node) *Value {
	switch n.Text {
	case "_POST", "_GET", "_REQUEST":
		v := f.p.typed(f.file, n.Pos, "@request")
		v.taint[0].Step = step(f.file, n.Pos, "reads $"+n.Text, nil)
		return v
	case "_COOKIE":
		return f.sourceOf("cookie", "request", n.Pos, "reads $_COOKIE")
	case "_SESSION":
		v := f.sourceOf("cookie", "user", n.Pos, "reads $_SESSION")
		v.types = []string{"@session"}
		return v
	case "_FILES":
		return f.sourceOf("upload", "request", n.Pos, "reads $_FILES")
	case "_SERVER":
		return &Value{types: []string{"@server"}}
	}
	return nil
}

func (f *frame) sourceOf(class, origin string, pos int32, what string) *Value {
	return f.tainted(&rule.Source{Class: f.p.Rules.Classes[class], Origin: origin}, pos, what)
}

// requestKey is one key of request input.
func (f *frame) requestKey(key string, whole *Value, pos int32, what string) *Value {
	src := f.p.Rules.Key(strings.ToLower(key))
	if src == nil {
		if len(whole.taint) > 0 && whole.taint[0].Class.Name != "input" { // a part of a message is a message
			return &Value{taint: whole.taint, types: whole.types}
		}
		src = &rule.Source{Class: f.p.Rules.Classes["input"], Origin: "request"}
	}
	v := f.tainted(src, pos, what)
	v.types = []string{"@request"}
	return v
}

// sessionKey is one key of the visitor's session: what its name says, else something that points to him.
func (f *frame) sessionKey(key string, whole *Value, pos int32) *Value {
	if src := f.p.Rules.Key(strings.ToLower(key)); src != nil && src.Class != nil {
		return f.sourceOf(src.Class.Name, "user", pos, "reads $_SESSION["+key+"]")
	}
	return carry(whole.taint, nil)
}

func (f *frame) serverKey(key string, pos int32) *Value {
	switch {
	case key == "REMOTE_ADDR" || strings.Contains(key, "FORWARDED") || strings.HasSuffix(key, "_IP") || strings.HasSuffix(key, "CONNECTING_IP"):
		return f.sourceOf("ip", "request", pos, "reads the visitor's IP address")
	case key == "HTTP_USER_AGENT":
		return f.sourceOf("agent", "request", pos, "reads the visitor's browser identification")
	case key == "HTTP_HOST" || key == "SERVER_NAME":
		return &Value{strs: []text{{{kind: pSite}}}}
	}
	return nil
}

func (v *Value) is(t string) bool {
	if v != nil {
		for _, x := range v.types {
			if x == t {
				return true
			}
		}
	}
	return false
}

func (f *frame) index(n *php.Node) *Value {
	v := f.expr(n.X)
	key := f.expr(n.Y).literal()
	if v == nil {
		return nil
	}
	switch {
	case v.is("@request") || v.is("wp_rest_request"):
		name := key
		if name == "" {
			name = "*"
		}
		if w, ok := v.fields[key]; ok { // written by the code itself
			return w
		}
		return f.requestKey(name, v, n.Pos, "reads "+describe(n.X)+"["+name+"]")
	case v.is("@server"):
		return f.serverKey(key, n.Pos)
	case v.is("@session"):
		return f.sessionKey(key, v, n.Pos)
	}
	if key == "" {
		key = "*"
	}
	return f.elementKey(v.field(key), v, key, n.Pos)
}

// elementKey adds what the name of a key says: a key of an option, or a telling field of a record.
func (f *frame) elementKey(out, whole *Value, key string, pos int32) *Value {
	if whole.is("@option") {
		out = f.optionValue(out, optionName(out), pos)
	}
	if out != nil && len(out.taint) > 0 {
		if w := f.refine(out.taint, key, pos); w != nil {
			c := *out
			c.taint, c.inside = w, nil
			return &c
		}
	}
	return out
}

// refine narrows a record to the field that is read, e.g. an account record to its e-mail address.
func (f *frame) refine(list []Taint, key string, pos int32) []Taint {
	src := f.p.Rules.Word(strings.ToLower(key))
	if src == nil {
		src = f.p.Rules.Meta(strings.ToLower(key))
	}
	if src == nil || src.Class == nil {
		return nil
	}
	for _, t := range list {
		switch t.Class.Name {
		case "account", "order":
			l := f.p.label(src.Class, t.Origin)
			if t.Redacted {
				l = l.twin
			}
			return []Taint{{l, step(f.file, pos, "reads "+key, t.Step)}}
		}
	}
	return nil
}

func optionName(v *Value) string {
	if v == nil {
		return ""
	}
	for _, t := range v.strs {
		if len(t) == 1 && t[0].kind == pOption {
			return t[0].s
		}
	}
	return ""
}

func (f *frame) prop(n *php.Node) *Value {
	v := f.expr(n.X)
	name := n.Text
	if name == "" {
		name = f.expr(n.Y).literal()
	}
	if name == "" {
		return v.field("*")
	}
	if v != nil {
		if w, ok := v.fields[name]; ok {
			return w
		}
		var out *Value
		for _, t := range v.types {
			base := f.p.base(t)
			if src := f.p.Rules.Prop(base, name); src != nil {
				return f.taintedFrom(v, src, n.Pos, "reads "+base+"->"+name)
			}
			if c := f.p.classes[t]; c != nil {
				out = join(out, f.readProp(c, name))
			}
		}
		if out != nil || f.isThis(n.X) {
			return out
		}
	}
	if src := f.p.Rules.Word(strings.ToLower(name)); src != nil {
		return f.taintedFrom(v, src, n.Pos, "reads ->"+name)
	}
	if v == nil && n.X.Op != php.Var || v != nil && len(v.types) == 0 && len(v.syms) > 0 {
		if cs := f.p.props[name]; len(cs) == 1 && len(name) > 5 { // an unknown object, a name only one class has
			return join(f.readProp(cs[0], name), v.field(name))
		}
	}
	return f.elementKey(v.field(name), v, name, n.Pos)
}

func (f *frame) isThis(n *php.Node) bool { return n.Op == php.Var && n.Text == "this" }

// propCell names the cell of a property: the class nearest to the root that declares it.
func (f *frame) propCell(c *class, name string) string {
	if c == nil {
		return "prop:?::" + name
	}
	owner := c
	c.lineage(func(k *class) bool {
		if k.prop[name] != nil {
			owner = k
		}
		return false
	})
	return "prop:" + owner.name + "::" + name
}

// readProp joins everything a property may hold: default, declared type and all writes.
func (f *frame) readProp(c *class, name string) *Value {
	out := f.p.cells[f.propCell(c, name)]
	declared := false
	c.lineage(func(k *class) bool {
		if d := k.prop[name]; d != nil {
			declared = true
			out = join(out, f.propDefault(k, d))
			return true
		}
		return false
	})
	for i, s := range c.subs {
		if d := s.prop[name]; d != nil && i < 12 {
			out = join(out, f.propDefault(s, d))
		}
	}
	if !declared && len(out.all()) == 0 {
		out = join(out, nil)
	}
	return out
}

func (f *frame) propDefault(c *class, d *php.Property) *Value {
	return f.p.memo("prop:"+c.name+"::"+d.Name, func() *Value {
		var v *Value
		if d.Default != nil {
			v = f.elsewhere(c.File.Main, c).expr(d.Default)
			if v != nil && len(v.strs) == 1 && (v.literal() == "" || v.literal() == "null") { // an empty start value tells nothing
				v = nil
			}
		}
		for _, t := range d.Types {
			v = join(v, f.p.typed(c.File, d.Pos, t))
		}
		return v
	})
}

func (f *frame) staticProp(n *php.Node) *Value {
	var out *Value
	for _, c := range f.classesOf(n.X) {
		out = join(out, f.readProp(c, n.Text))
	}
	return out
}

// writeCell joins a value into a cell; the part that depends on parameters waits for the callers.
func (f *frame) writeCell(cell string, v *Value) {
	if v == nil {
		return
	}
	if len(v.allSyms()) > 0 || v.hasParam() {
		if len(f.sum.writes) < maxWrites {
			f.sum.writes = append(f.sum.writes, write{cell, v})
		}
		v = v.concrete(0)
	}
	f.p.write(cell, v)
}

// concrete is a value without what depends on parameters.
func (v *Value) concrete(depth int) *Value {
	if v == nil || depth > maxNest+1 {
		return nil
	}
	if v.settled(depth) {
		return v
	}
	out := &Value{taint: v.taint, types: v.types, funcs: v.funcs, vague: v.vague}
	for _, t := range v.strs {
		if !t.hasParam() {
			out.strs = append(out.strs, t)
		}
	}
	if len(v.fields) > 0 {
		out.fields = make(map[string]*Value, len(v.fields))
		for k, w := range v.fields {
			if w = w.concrete(depth + 1); w != nil {
				out.fields[k] = w
			}
		}
	}
	return out
}

func (p *Program) write(cell string, v *Value) {
	old := p.cells[cell]
	now := join(old, v)
	if now == old {
		return
	}
	p.cells[cell] = now
	if !p.changed && !sameFacts(old, now, 0) {
		p.changed = true
	}
}

// sameFacts tells whether a cell gained nothing another pass could use.
func sameFacts(a, b *Value, depth int) bool {
	if a == nil || b == nil {
		return a == b || depth > 0 && len(b.all()) == 0
	}
	if len(a.taint) != len(b.taint) || len(a.strs) != len(b.strs) || len(a.types) != len(b.types) || len(a.funcs) != len(b.funcs) || len(a.fields) != len(b.fields) {
		return false
	}
	for k, v := range b.fields {
		if depth < maxNest && !sameFacts(a.fields[k], v, depth+1) {
			return false
		}
	}
	return true
}

// describe names an expression for people.
func describe(n *php.Node) string {
	switch n.Op {
	case php.Var:
		return "$" + n.Text
	case php.Prop:
		return describe(n.X) + "->" + n.Text
	case php.Index:
		return describe(n.X) + "[]"
	}
	return "the request "
}
