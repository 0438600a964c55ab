package php

import "strings"

// primary reads an operand without what may follow it.
func (p *parser) primary() *Node {
	t := p.tok()
	n := p.node(Bad, t.pos)
	switch t.kind {
	case tVar:
		return p.variable()
	case tNum:
		n.Op, n.Text = Num, p.text()
	case tStr:
		n.Op, n.Text = Str, unquote(p.text())
	case tTpl, tHere, tTick:
		p.advance()
		return p.interpolated(t)
	case tName:
		return p.word(t)
	case tOp:
		return p.punctuation(t)
	default:
		p.fail("expression expected, found " + clip(p.text()))
		return n
	}
	p.advance()
	return n
}

func clip(s string) string { return s[:min(len(s), 20)] }

func (p *parser) punctuation(t *token) *Node {
	switch t.op {
	case opParen:
		p.advance()
		n := p.expr()
		p.expect(opUnparen)
		return n
	case opBracket:
		return p.array(opBracket, opUnbracket)
	case opDollar:
		n := p.node(Var, t.pos)
		p.advance()
		if p.accept(opBrace) {
			n.X = p.expr()
			p.expect(opUnbrace)
		} else {
			n.X = p.primary()
		}
		return n
	}
	p.fail("expression expected, found " + clip(p.text()))
	return p.node(Bad, t.pos)
}

// array reads the items between two brackets.
func (p *parser) array(open, shut opcode) *Node {
	n := p.node(Array, p.tok().pos)
	p.expect(open)
	for p.tok().kind != tEOF && !p.isOp(shut) && !p.broken {
		if p.accept(opComma) { // list(, $b)
			n.List = append(n.List, &Node{Op: Item, Pos: p.tok().pos})
			continue
		}
		item := p.node(Item, p.tok().pos)
		if p.accept(opEllipsis) {
			item.Text = "..."
		}
		item.Y = p.expr()
		if p.accept(opDouble) {
			item.X = item.Y
			item.Y = p.expr()
		}
		n.List = append(n.List, item)
		if !p.accept(opComma) {
			break
		}
	}
	p.expect(shut)
	return n
}

// word reads an operand that starts with a name or keyword.
func (p *parser) word(t *token) *Node {
	n := p.node(Bad, t.pos)
	next := p.peek(1)
	if t.kw == kwNone || next.op == opColons && t.kw != kwNew {
		return p.name(t)
	}
	switch t.kw {
	case kwArray, kwList:
		if next.op == opParen {
			p.advance()
			return p.array(opParen, opUnparen)
		}
	case kwFunction, kwFn:
		return p.closure()
	case kwStatic:
		if next.kind == tName && (next.kw == kwFunction || next.kw == kwFn) {
			p.advance()
			return p.closure()
		}
	case kwNew:
		return p.newExpr()
	case kwMatch:
		if next.op == opParen {
			return p.match()
		}
	case kwIsset, kwEmpty, kwExit, kwEval:
		return p.parenthesised(t)
	case kwInclude, kwPrint, kwThrow, kwClone, kwYield:
		return p.prefixWord(t)
	case kwIf, kwElse, kwFor, kwForeach, kwWhile, kwReturn, kwCase, kwAs, kwInstanceof, kwExtends, kwUse:
		p.fail("expression expected, found " + p.text())
		return n
	}
	return p.name(t)
}

// name reads a constant, function or class name; what follows decides.
func (p *parser) name(t *token) *Node {
	s := p.src[t.pos:t.end]
	p.advance()
	if strings.HasPrefix(s, "__") && !p.isOp(opParen) {
		return &Node{Op: Magic, Pos: t.pos, Text: strings.ToUpper(s)}
	}
	if p.isOp(opColons) {
		return &Node{Op: Name, Pos: t.pos, Text: p.className(s)}
	}
	if strings.ContainsRune(s, '\\') { // qualified functions and constants follow the imports too
		if s[0] == '\\' {
			s = s[1:]
		} else {
			s = p.className(s)
		}
	} else if full, ok := p.imports[strings.ToLower(s)]; ok && p.isOp(opParen) {
		s = full
	}
	return &Node{Op: Const, Pos: t.pos, Text: s}
}

func (p *parser) closure() *Node {
	n := p.node(Closure, p.tok().pos)
	f := p.newFunc()
	f.Arrow = p.isKw(kwFn)
	p.advance()
	p.accept(opAmp)
	p.signature(f)
	if f.Arrow {
		p.expect(opDouble)
		x := p.exprAt(powTernary)
		f.Body = []*Node{{Op: Return, Pos: x.Pos, X: x}}
	} else {
		f.Body = p.funcBody()
	}
	n.Func = f
	return n
}

// classRef reads the class after new or instanceof.
func (p *parser) classRef() *Node {
	t := p.tok()
	switch {
	case t.kind == tName && t.kw != kwNew:
		n := &Node{Op: Name, Pos: t.pos, Text: p.className(p.text())}
		p.advance()
		return n
	case p.accept(opParen):
		n := p.expr()
		p.expect(opUnparen)
		return n
	}
	n := p.primary()
	for p.isOp(opArrow) || p.isOp(opColons) || p.isOp(opBracket) {
		n = p.access(n)
		if p.broken {
			break
		}
	}
	return n
}

func (p *parser) newExpr() *Node {
	n := p.node(New, p.tok().pos)
	p.advance()
	p.acceptKw(kwReadonly)
	if p.isKw(kwClass) {
		c := &Class{Kind: "class", Pos: p.tok().pos, File: p.file}
		p.advance()
		if p.isOp(opParen) {
			n.List = p.args()
		}
		c.Name = "class@" + p.file.Path + ":" + itoa(p.file.Line(c.Pos))
		p.classRest(c)
		n.X = &Node{Op: Name, Pos: n.Pos, Text: c.Name}
		return n
	}
	n.X = p.classRef()
	if p.isOp(opParen) {
		n.List = p.args()
	}
	return n
}

func (p *parser) match() *Node {
	n := p.node(Match, p.tok().pos)
	p.advance()
	n.X = p.parenExpr()
	p.expect(opBrace)
	for p.tok().kind != tEOF && !p.isOp(opUnbrace) && !p.broken {
		arm := p.node(Arm, p.tok().pos)
		if p.isKw(kwDefault) && (p.peek(1).op == opDouble || p.peek(1).op == opComma) {
			p.advance()
			p.accept(opComma)
		} else {
			for !p.isOp(opDouble) && !p.broken {
				arm.List = append(arm.List, p.expr())
				if !p.accept(opComma) {
					break
				}
			}
		}
		p.expect(opDouble)
		arm.X = p.expr()
		n.List = append(n.List, arm)
		if !p.accept(opComma) {
			break
		}
	}
	p.expect(opUnbrace)
	return n
}

// parenthesised reads isset(), empty(), exit, eval().
func (p *parser) parenthesised(t *token) *Node {
	p.advance()
	n := p.node(Isset, t.pos)
	if t.kw == kwExit {
		n.Op = Exit
	}
	if p.accept(opParen) {
		n.List = p.exprs()
		p.expect(opUnparen)
	}
	if t.kw != kwIsset && len(n.List) > 0 {
		n.X, n.List = n.List[0], nil
	}
	switch t.kw {
	case kwEmpty:
		n.Op = Empty
	case kwEval:
		n.Op = Eval
	}
	return n
}

// prefixWord reads include, print, throw, clone and yield.
func (p *parser) prefixWord(t *token) *Node {
	p.advance()
	n := p.node(Include, t.pos)
	switch t.kw {
	case kwPrint:
		n.Op = Print
	case kwThrow:
		n.Op = Throw
	case kwClone:
		n.Op = Clone
		if p.isOp(opParen) { // clone( $x, [ ... ] )
			if list := p.args(); len(list) > 0 {
				n.X = list[0].X
			}
			return n
		}
		n.X = p.exprAt(powInst)
		return n
	case kwYield:
		return p.yield(n)
	}
	n.X = p.exprAt(powTernary)
	return n
}

func (p *parser) yield(n *Node) *Node {
	n.Op = Yield
	if p.tok().kind == tName && strings.EqualFold(p.text(), "from") {
		p.advance()
	}
	if k := p.tok().kind; k == tEnd || k == tEOF || p.isOp(opUnparen) || p.isOp(opComma) || p.isOp(opUnbracket) {
		return n
	}
	n.X = p.exprAt(powTernary)
	if p.accept(opDouble) {
		n.Y = n.X
		n.X = p.exprAt(powTernary)
	}
	return n
}
