package flow

import (
	"strconv"
	"strings"

	"ringfence/internal/scan/php"
)

const (
	maxSpecials    = 24  // versions of one function
	maxSpecialSize = 600 // nodes in its body
	maxSpecialNest = 4
)

// special sums up a small function for the literal arguments of this call, so that getters such
// as get( 'api_key' ) and tables such as endpoint( 'openai', 'chat' ) give what they really give.
// nil means that the general summary has to do.
func (f *frame) special(fn *php.Func, args []*Value) *summary {
	key, ok := specialKey(fn, args)
	if !ok || f.p.nestSpecial >= maxSpecialNest || f.p.size(fn) > maxSpecialSize {
		return nil
	}
	known := f.p.specials[fn]
	if s := known[key]; s != nil {
		if !s.done {
			return nil
		}
		return s
	}
	if len(known) >= maxSpecials {
		return nil
	}
	if known == nil {
		known = map[string]*summary{}
		f.p.specials[fn] = known
	}
	s := &summary{fn: fn}
	known[key] = s
	f.p.nestSpecial++
	f.p.depth++
	g := f.p.frame(fn, s)
	g.bindParams()
	for i, a := range args {
		if l, ok := shortLiteral(a); ok && i < len(fn.Params) && !fn.Params[i].Variadic {
			g.env.vars[fn.Params[i].Name] = lit(l)
		}
	}
	for i := len(args); i < len(fn.Params); i++ {
		if d := fn.Params[i].Default; d != nil && (d.Op == php.Const || d.Op == php.Str) {
			g.env.vars[fn.Params[i].Name] = g.expr(d)
		}
	}
	g.block(fn.Body)
	f.p.nestSpecial--
	f.p.depth--
	s.done, s.returns = true, s.returns || !g.env.dead
	return s
}

// Specialised tells whether calls of fn were solved one by one.
func (p *Program) Specialised(fn *php.Func) bool { return len(p.specials[fn]) > 0 }

// specialKey names the literal arguments; ok is false when there is none, or the function has no use for it.
func specialKey(fn *php.Func, args []*Value) (string, bool) {
	var b strings.Builder
	any := false
	for i, a := range args {
		if l, ok := shortLiteral(a); ok && i < len(fn.Params) {
			b.WriteString(strconv.Itoa(i) + "=" + l + "\x00")
			any = true
		}
	}
	return b.String(), any && len(fn.Body) > 0
}

func shortLiteral(v *Value) (string, bool) {
	if v == nil || v.vague || len(v.strs) != 1 || len(v.taint)+len(v.syms)+len(v.fields)+len(v.types) > 0 {
		return "", false
	}
	l, ok := v.strs[0].literal()
	return l, ok && len(l) <= 60
}

// size counts the nodes of a body, once.
func (p *Program) size(fn *php.Func) int {
	n, ok := p.sizes[fn]
	if !ok {
		for _, s := range fn.Body {
			php.Walk(s, func(*php.Node) bool { n++; return n <= maxSpecialSize })
		}
		p.sizes[fn] = n
	}
	return n
}
