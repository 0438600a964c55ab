package flow

import (
	"math"
	"slices"
	"strings"

	"ringfence/internal/scan/php"
)

// summary is what a caller needs to know of a function.
type summary struct {
	fn     *php.Func
	ret    *Value
	hits   []*hit
	writes []write
	guards []Guard
	picks  []pick
	calls  []edge
	regs   []registration
	done   bool

	returns bool // control can come back from it
}

// write is a change of a cell that depends on parameters.
type write struct {
	cell string
	val  *Value
}

// edge is a call from one function to another.
type edge struct {
	to  *php.Func
	pos int32
}

// Guard is a check found on the way.
type Guard struct {
	Kind string // nonce, capability, login, owner, limit, captcha, signature
	Name string // the call, e.g. current_user_can( 'edit_posts' )
	File *php.File
	Pos  int32

	From, To int32 // see Covers; both 0 when it guards all that follows
	negated  bool
	plain    bool // one of WordPress' own checks: true means passed
}

const (
	maxHits   = 40  // per function
	maxWrites = 60  // per function
	maxCalls  = 400 // depth of calls followed
)

// summary returns what is known of fn, computing it on first use in this pass.
func (p *Program) summary(fn *php.Func) *summary {
	if s := p.sums[fn]; s != nil {
		return s // still in the making when functions call each other in a circle
	}
	s := &summary{fn: fn}
	if p.depth > maxCalls || p.Stopped {
		return s
	}
	p.sums[fn] = s
	p.depth++
	f := p.frame(fn, s)
	f.bindParams()
	f.block(fn.Body)
	p.depth--
	s.done, s.returns = true, s.returns || !f.env.dead
	return s
}

func (p *Program) frame(fn *php.Func, s *summary) *frame {
	f := &frame{p: p, fn: fn, file: fn.File, sum: s, env: newEnv(nil)}
	f.cls = p.classFor(fn)
	for name, v := range p.captured[fn] {
		f.env.vars[name] = v
	}
	return f
}

// bindParams gives every parameter its symbolic value.
func (f *frame) bindParams() {
	for i, v := range f.p.paramValues(f.fn) {
		a := &f.fn.Params[i]
		f.env.vars[a.Name] = v
		if a.Promoted {
			f.writeCell(f.propCell(f.cls, a.Name), v)
		}
	}
}

// paramValues are the symbolic values of a function's parameters, made once.
func (p *Program) paramValues(fn *php.Func) []*Value {
	if list, ok := p.params[fn]; ok {
		return list
	}
	list := make([]*Value, len(fn.Params))
	for i := range fn.Params {
		a := &fn.Params[i]
		v := &Value{syms: []sym{{param: i}}, strs: []text{{{kind: pParam, param: i}}}}
		for _, t := range p.paramTypes(fn, a) {
			if tv := p.typed(fn.File, fn.Pos, t); tv != nil {
				if len(tv.taint) > 0 {
					tv.taint[0].Step.fn, tv.taint[0].Step.arg = fn, int16(min(i, math.MaxInt16))
				}
				v = join(v, tv)
			}
		}
		if a.Variadic {
			v = &Value{fields: map[string]*Value{"*": v}}
		}
		list[i] = v
	}
	p.params[fn] = list
	return list
}

// paramTypes are the classes a parameter is declared to have, in code or in the doc comment.
func (p *Program) paramTypes(fn *php.Func, a *php.Param) []string {
	types := a.Types
	if len(types) == 0 && fn.Doc != "" {
		types = docTypes(fn.Doc, "@param", "$"+a.Name)
	}
	return types
}

// docTypes reads the types of a tag in a doc comment; name is "" for @return.
func docTypes(doc, tag, name string) []string {
	for _, line := range strings.Split(doc, "\n") {
		i := strings.Index(line, tag)
		if i < 0 {
			continue
		}
		f := strings.Fields(line[i+len(tag):])
		if len(f) == 0 || name != "" && (len(f) < 2 || f[1] != name) {
			continue
		}
		var list []string
		for _, t := range strings.Split(f[0], "|") {
			t = strings.TrimPrefix(strings.TrimPrefix(t, "?"), "\\")
			if strings.HasSuffix(t, "[]") {
				t = "[]" + strings.TrimPrefix(strings.TrimSuffix(t, "[]"), "\\")
			}
			list = append(list, t)
		}
		return list
	}
	return nil
}

func (v *Value) hasParam() bool {
	if v == nil {
		return false
	}
	return slices.ContainsFunc(v.strs, text.hasParam)
}

func (t text) hasParam() bool {
	for i := range t {
		if t[i].kind == pParam {
			return true
		}
	}
	return false
}

// funcName is the name people know a function by.
func funcName(fn *php.Func) string {
	name := fn.Name
	if name == "" {
		name = "closure"
	}
	if fn.Class != nil {
		return fn.Class.Name[strings.LastIndexByte(fn.Class.Name, '\\')+1:] + "::" + name
	}
	return name
}
