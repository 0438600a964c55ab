package php

import "strings"

// function reads a named function or method from the word function on.
func (p *parser) function() *Func {
	f := p.newFunc()
	p.advance()
	p.accept(opAmp)
	f.Name = p.text()
	p.advance()
	p.signature(f)
	if p.isOp(opBrace) {
		f.Body = p.funcBody()
	} else {
		p.end()
	}
	return f
}

func (p *parser) newFunc() *Func {
	return &Func{Pos: p.tok().pos, File: p.file, Space: p.space, Class: p.class, Doc: p.doc()}
}

// doc returns the doc comment before the current token.
func (p *parser) doc() string {
	at := p.tok().doc
	if at == 0 {
		return ""
	}
	s := p.src[at-1:]
	if i := strings.Index(s, "*/"); i >= 0 {
		return s[:i]
	}
	return s
}

func (p *parser) funcBody() []*Node {
	p.expect(opBrace)
	return p.statementsUntilBrace()
}

// signature reads parameters, captured variables and the return type.
func (p *parser) signature(f *Func) {
	p.expect(opParen)
	for p.tok().kind != tEOF && !p.isOp(opUnparen) {
		before := p.i
		f.Params = append(f.Params, p.param())
		if !p.accept(opComma) && !p.isOp(opUnparen) || p.i == before {
			p.fail("parameter expected")
			break
		}
	}
	p.expect(opUnparen)
	if p.acceptKw(kwUse) {
		p.expect(opParen)
		for p.tok().kind == tVar || p.isOp(opAmp) {
			if p.tok().kind == tVar {
				f.Uses = append(f.Uses, p.text()[1:])
			}
			p.advance()
			p.accept(opComma)
		}
		p.expect(opUnparen)
	}
	if p.accept(opColon) {
		f.Types = p.types()
	}
}

func (p *parser) param() Param {
	var a Param
	a.Promoted = p.modifiers()
	if p.tok().kind != tVar && !p.isOp(opAmp) && !p.isOp(opEllipsis) {
		a.Types = p.types()
	}
	a.ByRef = p.accept(opAmp)
	a.Variadic = p.accept(opEllipsis)
	if p.tok().kind == tVar {
		a.Name = p.text()[1:]
		p.advance()
	} else {
		p.fail("parameter expected")
	}
	if p.accept(opAssign) {
		a.Default = p.expr()
	}
	if p.isOp(opBrace) {
		p.skipBraces()
	}
	return a
}

// modifiers skips visibility and the like; true when there was one.
func (p *parser) modifiers() bool {
	any := false
	for {
		switch p.tok().kw {
		case kwPublic, kwPrivate, kwProtected, kwReadonly, kwStatic, kwAbstract, kwFinal, kwVar:
			if p.tok().kind != tName || p.peek(1).op == opColons || p.peek(1).op == opAssign {
				return any
			}
			any = true
			p.advance()
			if p.isOp(opParen) { // private(set)
				p.skipParens()
			}
		default:
			return any
		}
	}
}

// types reads a type such as ?Foo, A|B, (A&B)|null and returns its names.
func (p *parser) types() []string {
	var list []string
	for {
		t := p.tok()
		switch {
		case t.kind == tName:
			list = append(list, p.typeName(p.text()))
		case t.kind == tCast: // (array) reads as a cast; harmless in a union
		case p.isOp(opQuest), p.isOp(opPipe), p.isOp(opParen):
		case p.isOp(opUnparen) && p.unionGoesOn():
		case p.isOp(opAmp) && p.peek(1).kind == tName:
		default:
			return list
		}
		p.advance()
		if t.kind == tName && !p.isOp(opPipe) && !p.isOp(opAmp) && !(p.isOp(opUnparen) && p.unionGoesOn()) {
			return list
		}
	}
}

// unionGoesOn tells whether a closing parenthesis belongs to a (A&B)|C type.
func (p *parser) unionGoesOn() bool {
	n := p.peek(1)
	return n.op == opPipe || n.kind == tVar && p.toks[p.i-1].kind == tName
}

// scalarTypes are type words that name no class.
var scalarTypes = map[string]bool{
	"int": true, "float": true, "string": true, "bool": true, "array": true, "callable": true, "iterable": true,
	"object": true, "mixed": true, "void": true, "null": true, "never": true, "false": true, "true": true,
}

func (p *parser) typeName(s string) string {
	if low := strings.ToLower(s); scalarTypes[low] {
		return low
	}
	return p.className(s)
}

func (p *parser) skipBraces() {
	for depth := 0; p.tok().kind != tEOF; {
		if p.isOp(opBrace) {
			depth++
		} else if p.isOp(opUnbrace) {
			depth--
		}
		p.advance()
		if depth <= 0 {
			return
		}
	}
}
