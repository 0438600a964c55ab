package php

import "strconv"

func itoa(n int) string { return strconv.Itoa(n) }

// postfix reads calls, indexes and member accesses after an operand.
func (p *parser) postfix(n *Node) *Node {
	for !p.broken {
		switch {
		case p.isOp(opParen), p.isOp(opBracket), p.isOp(opBrace) && n.Op == Var && p.oldIndex(),
			p.isOp(opArrow), p.isOp(opNullArrow), p.isOp(opColons):
			n = p.access(n)
		case p.isOp(opInc), p.isOp(opDec):
			n = &Node{Op: Unary, Pos: n.Pos, Text: p.text(), X: n}
			p.advance()
		default:
			return n
		}
	}
	return n
}

// oldIndex tells $s{0} (PHP 7 and older) from a block after a variable.
func (p *parser) oldIndex() bool {
	k := p.peek(1).kind
	return (k == tNum || k == tVar) && p.peek(2).op == opUnbrace && p.toks[p.i-1].end == p.tok().pos
}

// access reads one step of an access chain.
func (p *parser) access(n *Node) *Node {
	switch {
	case p.isOp(opParen):
		return &Node{Op: Call, Pos: n.Pos, X: n, List: p.args()}
	case p.accept(opBracket):
		m := &Node{Op: Index, Pos: n.Pos, X: n}
		if !p.isOp(opUnbracket) {
			m.Y = p.expr()
		}
		p.expect(opUnbracket)
		return m
	case p.accept(opBrace):
		m := &Node{Op: Index, Pos: n.Pos, X: n, Y: p.expr()}
		p.expect(opUnbrace)
		return m
	case p.accept(opArrow), p.accept(opNullArrow):
		return p.memberAccess(n)
	}
	p.advance() // ::
	return p.staticAccess(n)
}

func (p *parser) memberAccess(n *Node) *Node {
	m := &Node{Op: Prop, Pos: p.tok().pos, X: n}
	t := p.tok()
	switch {
	case t.kind == tName:
		m.Text = p.text()
		p.advance()
	case t.kind == tVar:
		m.Y = p.variable()
	case p.accept(opBrace):
		m.Y = p.expr()
		p.expect(opUnbrace)
	case p.isOp(opDollar):
		m.Y = p.primary()
	default:
		p.fail("member name expected, found " + clip(p.text()))
		return m
	}
	if p.isOp(opParen) {
		m.Op = Method
		m.List = p.args()
	}
	return m
}

func (p *parser) staticAccess(n *Node) *Node {
	m := &Node{Op: ClassConst, Pos: n.Pos, X: n}
	t := p.tok()
	switch {
	case t.kind == tName:
		m.Text = p.text()
		p.advance()
	case t.kind == tVar:
		m.Op, m.Text = StaticProp, p.text()[1:]
		p.advance()
		if p.isOp(opParen) { // Foo::$callback()
			return &Node{Op: Call, Pos: n.Pos, X: m, List: p.args()}
		}
		return m
	case p.accept(opBrace):
		m.Y = p.expr()
		p.expect(opUnbrace)
	case p.isOp(opDollar):
		m.Op = StaticProp
		m.Y = p.primary()
		return m
	default:
		p.fail("member name expected, found " + clip(p.text()))
		return m
	}
	if p.isOp(opParen) {
		m.Op = StaticCall
		m.List = p.args()
	}
	return m
}

// args reads call arguments, named and spread ones included; f(...) gives none.
func (p *parser) args() []*Node {
	var list []*Node
	p.expect(opParen)
	for p.tok().kind != tEOF && !p.isOp(opUnparen) && !p.broken {
		a := p.node(Arg, p.tok().pos)
		if p.accept(opEllipsis) {
			a.Text = "..."
			if p.isOp(opUnparen) {
				break
			}
		} else if p.tok().kind == tName && p.peek(1).op == opColon {
			a.Text = p.text()
			p.i += 2
		}
		a.X = p.expr()
		list = append(list, a)
		if !p.accept(opComma) {
			break
		}
	}
	p.expect(opUnparen)
	return list
}
