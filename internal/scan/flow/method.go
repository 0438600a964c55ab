package flow

import (
	"slices"
	"strings"

	"ringfence/internal/scan/php"
	"ringfence/internal/scan/rule"
)

// method evaluates $object->name(...).
func (f *frame) method(n *php.Node) *Value {
	recv := f.expr(n.X)
	args := f.args(n.List)
	names := []string{n.Text}
	if n.Text == "" {
		dyn := f.expr(n.Y)
		if names = dyn.literals(); len(names) == 0 {
			return join(f.callValue(dyn, args, n.Pos), recv.flat())
		}
	}
	var out *Value
	for _, name := range names {
		out = join(out, f.methodNamed(n, recv, strings.ToLower(name), args))
	}
	return out
}

func (f *frame) methodNamed(n *php.Node, recv *Value, low string, args []*Value) *Value {
	f.guard(n, low, args, true)
	if key := arg(args, 0).literal(); strings.HasPrefix(low, "get") && rule.KeyName(key) && !strings.Contains(key, "-") && key != "token" {
		f.p.keyUse("setting "+key, f.file, n.Pos)
	}
	if f.loader(n, low, args) {
		return nil
	}
	targets := f.methodTargets(n.X, recv, low, len(args))
	var out *Value
	for _, fn := range targets {
		out = join(out, f.invoke(fn, named(fn, n.List, args), n.Pos))
	}
	if len(targets) > 0 {
		return f.redacting(low, out)
	}
	switch low {
	case "get_error_message", "get_error_messages", "get_error_code", "getmessage", "getcode", "gettraceasstring":
		return nil // what an error says is the code's own text
	}
	if recv != nil {
		if p, ok := recv.fields[low]; ok && len(p.funcs) > 0 {
			return f.callValue(p, args, n.Pos)
		}
		for _, t := range recv.types {
			if v, ok := f.methodOfType(n, recv, t, low, args); ok {
				return f.redacting(low, v)
			}
		}
	}
	if low == "get_param" && (recv == nil || len(recv.types) == 0) { // only requests have it
		return f.restMethod(n, orEmpty(recv), low, args)
	}
	if src := f.p.Rules.Word(low); src != nil {
		return f.taintedFrom(recv, src, n.Pos, "reads "+low+"()")
	}
	f.p.Unknown++
	out = recv.flat()
	for _, a := range args {
		out = join(out, a.flat())
	}
	if signs(low) {
		out = keyless(out)
	}
	return f.redacting(low, out)
}

// methodTargets finds the program's methods a call may run.
func (f *frame) methodTargets(x *php.Node, recv *Value, low string, argc int) []*php.Func {
	var list []*php.Func
	for _, c := range f.receiverClasses(recv) {
		for _, m := range f.p.targets(c, low) {
			if !slices.Contains(list, m) && len(list) < 8 {
				list = append(list, m)
			}
		}
	}
	if len(list) > 0 || recv != nil && len(recv.types) > 0 {
		return list
	}
	// The object is unknown: a telling name that at most two classes have is taken for one of those.
	ms := f.p.contract(low)
	if ms == nil {
		ms = f.p.methods[low]
	}
	if len(ms) == 0 || len(ms) > 2 && f.p.contract(low) == nil || len(low) < 7 || f.p.Rules.Word(low) != nil {
		return nil
	}
	for _, m := range ms {
		if argc <= len(m.Params) && argc >= required(m) {
			list = append(list, m)
		}
	}
	return list
}

// contract lists the implementations of a method that one interface or abstract class of the program
// declares, when no unrelated class has a method of that name.
func (p *Program) contract(low string) []*php.Func {
	if list, ok := p.contracts[low]; ok {
		return list
	}
	var list []*php.Func
	for _, m := range p.methods[low] {
		c := p.classes[strings.ToLower(m.Class.Name)]
		if c == nil || len(m.Body) > 0 || c.Kind != "interface" && !c.Abstract {
			continue
		}
		impl := c.overrides(low, 7, map[*class]bool{c: true})
		if declared := len(impl) + 1; declared == len(p.methods[low]) && len(impl) <= 6 {
			for _, o := range impl {
				if len(o.Body) > 0 {
					list = append(list, o)
				}
			}
		}
		break
	}
	p.contracts[low] = list
	return list
}

func required(m *php.Func) int {
	n := 0
	for _, a := range m.Params {
		if a.Default == nil && !a.Variadic {
			n++
		}
	}
	return n
}

func (f *frame) receiverClasses(recv *Value) []*class {
	if recv == nil {
		return nil
	}
	var list []*class
	for _, t := range recv.types {
		if c := f.p.classes[t]; c != nil {
			list = append(list, c)
		}
	}
	return list
}

// methodOfType knows the methods of WordPress, WooCommerce and libraries.
func (f *frame) methodOfType(n *php.Node, recv *Value, t, low string, args []*Value) (*Value, bool) {
	base := f.p.base(t)
	if sink := f.p.Rules.SinkMethod(base, low); sink != nil {
		return f.reach(sink, n, args, recv), true
	}
	if strings.HasPrefix(base, "@ai:") {
		return f.aiMethod(n, recv, base, low, args), true
	}
	if f.p.Rules.SinkClass(base) != nil {
		return f.aiMethod(n, recv, "@ai:"+base, low, args), true
	}
	switch base {
	case "wp_rest_request":
		return f.restMethod(n, recv, low, args), true
	case "wpdb":
		return f.database(n, low, args), true
	}
	if src := f.p.Rules.Method(base, low); src != nil {
		if src.Type == "" && src.Class != nil && strings.HasPrefix(low, "get_meta") {
			return nil, false
		}
		return f.taintedFrom(recv, src, n.Pos, "reads "+base+"::"+low+"()"), true
	}
	if low == "get_meta" {
		return f.metaValue(args, 0, recv, n.Pos), true
	}
	if strings.HasPrefix(base, "@") || f.p.Rules.Type(base) != nil {
		return recv.flat(), true
	}
	return nil, false
}

// restMethod reads a REST request.
func (f *frame) restMethod(n *php.Node, recv *Value, low string, args []*Value) *Value {
	switch low {
	case "get_param", "offsetget":
		if len(args) > 0 {
			key := args[0].literal()
			if key == "" {
				key = "*"
			}
			return f.requestKey(key, recv, n.Pos, "reads REST parameter "+key)
		}
	case "get_params", "get_json_params", "get_body_params", "get_query_params", "get_url_params", "get_body":
		v := f.p.typed(f.file, n.Pos, "@request")
		v.taint[0].Step = step(f.file, n.Pos, "reads the REST request", nil)
		return v
	case "get_file_params":
		return f.sourceOf("upload", "request", n.Pos, "reads uploaded files")
	case "get_header":
		return f.sourceOf("input", "request", n.Pos, "reads a request header")
	}
	return nil
}

// aiMethod follows the fluent objects of AI libraries: whatever they are given may reach the model.
func (f *frame) aiMethod(n *php.Node, recv *Value, base, low string, args []*Value) *Value {
	name := strings.TrimPrefix(base, "@ai:")
	sink := f.p.Rules.SinkClass(name)
	if sink == nil {
		sink = f.p.aiSink(name)
	}
	if sink != nil && len(args) > 0 && !setup(low) {
		all := *sink
		all.Payload = nil
		for i := range args {
			all.Payload = append(all.Payload, rule.Ref{Arg: i})
		}
		f.reach(&all, n, args, recv)
	}
	if sink != nil {
		f.toolAnswers(sink, n, args)
	}
	v := &Value{types: []string{base}}
	if speaks(low) {
		v.taint = f.answer(n.Pos).taint
	}
	return v
}

// toolAnswers runs the functions a library is given as tools: what they return goes to the model.
func (f *frame) toolAnswers(sink *rule.Sink, n *php.Node, args []*Value) {
	for _, a := range args {
		list := f.callables(a)
		for _, c := range f.receiverClasses(a) {
			if m := c.findMethod("__invoke"); m != nil {
				list = append(list, &callable{fn: m})
			}
		}
		for _, c := range list {
			if ret := f.callOne(c, nil, n.Pos); ret != nil && len(ret.all()) > 0 {
				f.addHit(&hit{site: f.site(sink, n), data: carryPublic(ret.all(), nil)})
			}
		}
	}
}

// setup are methods of AI libraries that configure and send no data of the shop.
func setup(low string) bool {
	for _, p := range []string{"with_model", "withmodel", "using_model", "using_temperature", "using_max", "using_top", "set_model", "setmodel", "get_model",
		"get_service", "get_available", "has_available", "is_service", "withapikey", "withhttp", "withbase", "setapi", "setorg", "as_json", "using_provider", "observe", "get_text", "get_parts", "get_content", "get_candidates"} {
		if strings.HasPrefix(low, p) {
			return true
		}
	}
	return false
}

// speaks are the methods whose result is the model's answer.
func speaks(low string) bool {
	for _, p := range []string{"generate", "create", "chat", "stream", "ask", "complet", "send", "run", "answer", "get_text", "getcontent", "gettext"} {
		if strings.HasPrefix(low, p) {
			return true
		}
	}
	return false
}

// staticCall evaluates Class::name(...), parent:: included.
func (f *frame) staticCall(n *php.Node) *Value {
	args := f.args(n.List)
	low := strings.ToLower(n.Text)
	f.guard(n, low, args, true)
	var out *Value
	found := false
	for _, c := range f.classesOf(n.X) {
		open := n.X.Op != php.Name || n.X.Text == "static"
		m := c.findMethod(low)
		if m != nil {
			found = true
			out = join(out, f.invoke(m, named(m, n.List, args), n.Pos))
		}
		if open || m != nil && len(m.Body) == 0 {
			for _, o := range c.overrides(low, 8, map[*class]bool{c: true}) {
				found = true
				out = join(out, f.invoke(o, named(o, n.List, args), n.Pos))
			}
		}
	}
	if found {
		return f.redacting(low, out)
	}
	return f.externalStatic(n, f.className(n.X), low, args)
}

func (f *frame) externalStatic(n *php.Node, class, low string, args []*Value) *Value {
	if c := f.p.classes[class]; c != nil {
		class = f.p.base(class)
	}
	static := func(c string) *rule.Sink { return f.p.Rules.SinkStatic(c, low) }
	if sink := f.p.Rules.Unprefixed(class, static); sink != nil {
		v := f.reach(sink, n, args, nil)
		if sink.Way == "ai" {
			return join(v, &Value{types: []string{"@ai:" + strings.ToLower(sink.Name)}})
		}
		return v
	}
	if sink := f.p.Rules.SinkClass(class); sink != nil && f.p.sdkRoot(class) {
		f.site(sink, n)
		return &Value{types: []string{"@ai:" + class}}
	}
	if src := f.p.Rules.Method(class, low); src != nil {
		return f.tainted(src, n.Pos, "reads "+class+"::"+low+"()")
	}
	var out *Value
	if f.p.Rules.Type(class) != nil && (low == "get_instance" || low == "instance") {
		return f.p.typed(f.file, n.Pos, class)
	}
	for _, a := range args {
		out = join(out, a.flat())
	}
	if signs(low) {
		out = keyless(out)
	}
	return f.redacting(low, out)
}

// signs tells functions that use a key and do not give it away: JWT::encode( $payload, $key ).
func signs(low string) bool {
	return low == "encode" || strings.Contains(low, "sign") || strings.Contains(low, "encrypt") || strings.Contains(low, "hmac") || strings.Contains(low, "jwt")
}

// keyless is a value without the credentials in it.
func keyless(v *Value) *Value {
	if v == nil {
		return nil
	}
	return carryPublic(v.all(), v.allSyms())
}

// newObject evaluates new Class(...).
func (f *frame) newObject(n *php.Node) *Value {
	args := f.args(n.List)
	if n.X.Op != php.Name {
		v := &Value{}
		for _, c := range f.classesOf(n.X) {
			f.construct(c, n, args)
			v.types = joinTypes(v.types, []string{c.name})
		}
		return v
	}
	name := f.className(n.X)
	f.mcpTool(name, n, args)
	v := &Value{types: []string{name}}
	if c := f.p.classes[name]; c != nil {
		f.construct(c, n, args)
		if sink := f.p.Rules.SinkClass(f.p.base(name)); sink != nil {
			f.site(sink, n)
			v.types = append(v.types, "@ai:"+f.p.base(name))
		}
		return v
	}
	if sink := f.p.Rules.Unprefixed(name, f.p.Rules.SinkClass); sink != nil {
		f.site(sink, n)
		v.types = []string{"@ai:" + strings.ToLower(sink.Name)}
		for _, a := range args {
			v = join(v, a.flat())
		}
		return v
	}
	if f.p.Rules.Type(f.p.base(name)) != nil {
		return f.p.typed(f.file, n.Pos, name)
	}
	for i, a := range args { // an object made from data carries it
		if i < 3 {
			v = join(v, a.flat())
		}
		if base := a.field("base_uri"); base != nil {
			v = v.with("base_uri", base)
		}
	}
	return v
}

func (f *frame) construct(c *class, n *php.Node, args []*Value) {
	if m := c.findMethod("__construct"); m != nil {
		f.invoke(m, named(m, n.List, args), n.Pos)
	}
}
