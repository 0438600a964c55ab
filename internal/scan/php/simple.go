package php

import "strings"

// simpleStatement reads the one-line statements.
func (p *parser) simpleStatement(t *token) *Node {
	p.advance()
	n := p.node(Jump, t.pos)
	switch t.kw {
	case kwReturn:
		n.Op = Return
		n.X = p.optionalExpr()
	case kwBreak, kwContinue:
		n.Text = strings.ToLower(p.src[t.pos:t.end])
		p.optionalExpr()
	case kwGoto:
		n.Text = "goto"
		p.advance()
	case kwEcho:
		n.Op = Echo
		n.List = p.exprs()
	case kwGlobal:
		n.Op = Global
		n.List = p.exprs()
	case kwUnset:
		n.Op = Unset
		p.expect(opParen)
		n.List = p.exprs()
		p.expect(opUnparen)
	}
	p.end()
	return n
}

func (p *parser) optionalExpr() *Node {
	if k := p.tok().kind; k == tEnd || k == tEOF || k == tHTML {
		return nil
	}
	return p.expr()
}

// exprs reads a comma list, possibly empty.
func (p *parser) exprs() []*Node {
	var list []*Node
	for {
		if k := p.tok().kind; k == tEnd || k == tEOF || p.isOp(opUnparen) {
			return list
		}
		before := p.i
		list = append(list, p.expr())
		if !p.accept(opComma) || p.i == before {
			return list
		}
	}
}

func (p *parser) try() *Node {
	n := p.node(Try, p.tok().pos)
	p.advance()
	n.List = p.block().List
	n.Y = p.node(Block, n.Pos)
	for p.isKw(kwCatch) {
		c := p.node(Catch, p.tok().pos)
		p.advance()
		p.expect(opParen)
		c.Text = strings.Join(p.types(), "|")
		if p.tok().kind == tVar {
			c.X = p.variable()
		}
		p.expect(opUnparen)
		c.List = p.block().List
		n.Y.List = append(n.Y.List, c)
	}
	if p.acceptKw(kwFinally) {
		n.Z = p.block()
	}
	return n
}

func (p *parser) namespace() *Node {
	p.advance()
	p.space, p.imports = "", map[string]string{}
	if p.tok().kind == tName {
		p.space = p.text()
		p.advance()
	}
	if p.isOp(opBrace) {
		n := p.block()
		p.space = ""
		return n
	}
	p.end()
	return nil
}

// use reads imports of classes; imported functions and constants keep their last segment.
func (p *parser) use() {
	p.advance()
	if p.isKw(kwFunction) || p.isKw(kwConst) {
		p.advance()
	}
	for p.tok().kind == tName {
		name := strings.TrimPrefix(p.text(), "\\")
		p.advance()
		if p.tok().kind == tOp && p.text() == "\\" {
			p.advance()
		}
		if p.accept(opBrace) {
			p.useGroup(strings.TrimSuffix(name, "\\"))
		} else {
			p.useAs(name)
		}
		if !p.accept(opComma) {
			break
		}
	}
	p.end()
}

func (p *parser) useGroup(prefix string) {
	for p.tok().kind == tName {
		if p.isKw(kwFunction) || p.isKw(kwConst) {
			p.advance()
		}
		name := p.text()
		p.advance()
		p.useAs(prefix + "\\" + name)
		if !p.accept(opComma) {
			break
		}
	}
	p.expect(opUnbrace)
}

func (p *parser) useAs(full string) {
	alias := full[strings.LastIndexByte(full, '\\')+1:]
	if p.acceptKw(kwAs) {
		alias = p.text()
		p.advance()
	}
	p.imports[strings.ToLower(alias)] = full
}

// constants reads const A = 1, B = 2; outside classes.
func (p *parser) constants() *Node {
	n := p.node(Block, p.tok().pos)
	p.advance()
	for p.tok().kind == tName {
		c := p.node(DefConst, p.tok().pos)
		c.Text = p.text()
		p.advance()
		p.expect(opAssign)
		c.X = p.expr()
		n.List = append(n.List, c)
		if !p.accept(opComma) {
			break
		}
	}
	p.end()
	return n
}

func (p *parser) staticVars() *Node {
	n := p.node(Static, p.tok().pos)
	p.advance()
	for p.tok().kind == tVar {
		a := p.node(Assign, p.tok().pos)
		a.Text = "="
		a.X = p.variable()
		if p.accept(opAssign) {
			a.Y = p.expr()
		}
		n.List = append(n.List, a)
		if !p.accept(opComma) {
			break
		}
	}
	p.end()
	return n
}

func (p *parser) variable() *Node {
	n := p.node(Var, p.tok().pos)
	n.Text = p.text()[1:]
	p.advance()
	return n
}

// skipParens skips a balanced ( ... ).
func (p *parser) skipParens() {
	if !p.isOp(opParen) {
		return
	}
	for depth := 0; p.tok().kind != tEOF; {
		if p.isOp(opParen) {
			depth++
		} else if p.isOp(opUnparen) {
			depth--
		}
		p.advance()
		if depth == 0 {
			return
		}
	}
}
