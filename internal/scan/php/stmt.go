package php

import "strings"

// statement reads one statement; nil for declarations, which land in the File.
func (p *parser) statement() *Node {
	if !p.deeper() {
		p.resync()
		p.depth--
		return nil
	}
	n := p.statementInner()
	if p.broken {
		p.resync()
	}
	p.depth--
	return n
}

func (p *parser) statementInner() *Node {
	t := p.tok()
	switch t.kind {
	case tHTML:
		p.advance()
		return &Node{Op: HTML, Pos: t.pos, Text: p.src[t.pos:t.end]}
	case tEcho:
		p.advance()
		n := p.node(Echo, t.pos)
		n.List = p.exprs()
		p.end()
		return n
	case tEnd:
		p.advance()
		return nil
	case tName:
		if n, ok := p.keywordStatement(t); ok {
			return n
		}
	case tOp:
		if t.op == opBrace {
			return p.block()
		}
		if t.op == opUnbrace {
			return nil
		}
	}
	n := p.expr()
	p.end()
	return n
}

// end reads the end of a statement.
func (p *parser) end() {
	switch t := p.tok(); {
	case t.kind == tEnd:
		p.advance()
	case t.kind == tHTML || t.kind == tEOF:
	default:
		p.expect(opSemi)
	}
}

// block reads { ... }.
func (p *parser) block() *Node {
	n := p.node(Block, p.tok().pos)
	p.expect(opBrace)
	n.List = p.statementsUntilBrace()
	return n
}

// statementsUntilBrace reads statements and the closing brace. A class member in the
// middle means the brace is missing: the body ends there.
func (p *parser) statementsUntilBrace() []*Node {
	var list []*Node
	for p.tok().kind != tEOF && !p.isOp(opUnbrace) {
		if p.class != nil && p.memberAhead() && p.tok().kw != kwFunction && p.tok().kw != kwClass && p.tok().kw != kwFinal && p.tok().kw != kwAbstract {
			p.fail("a closing brace is missing before " + p.text())
			p.broken = false
			return list
		}
		before := p.i
		if n := p.statement(); n != nil {
			list = append(list, n)
		}
		if p.i == before {
			p.advance()
		}
	}
	p.expect(opUnbrace)
	return list
}

// keywordStatement handles statements that start with a keyword; false means it is an expression.
func (p *parser) keywordStatement(t *token) (*Node, bool) {
	next := p.peek(1)
	if next.op == opColon && p.peek(1).kind == tOp && t.kw == kwNone { // label:
		p.i += 2
		return nil, true
	}
	switch t.kw {
	case kwIf:
		return p.ifStatement(), true
	case kwWhile, kwFor, kwForeach, kwSwitch, kwDo:
		return p.loopStatement(t), true
	case kwReturn, kwBreak, kwContinue, kwGoto, kwEcho, kwGlobal, kwUnset:
		return p.simpleStatement(t), true
	case kwTry:
		return p.try(), true
	case kwDeclare:
		p.advance()
		p.skipParens()
		if !p.isOp(opBrace) && !p.isOp(opColon) {
			p.end()
		}
		return nil, true
	case kwNamespace:
		if next.op == 0 || next.op == opBrace || next.kind == tName {
			return p.namespace(), true
		}
	case kwUse:
		p.use()
		return nil, true
	case kwConst:
		return p.constants(), true
	case kwHalt:
		p.i = len(p.toks) - 1
		return nil, true
	case kwStatic:
		if next.kind == tVar {
			return p.staticVars(), true
		}
	}
	return p.declaration(t, next)
}

// declaration reads a function or a class-like; false when the words start an expression.
func (p *parser) declaration(t, next *token) (*Node, bool) {
	switch t.kw {
	case kwFunction:
		named := next
		if next.op == opAmp {
			named = p.peek(2)
		}
		if named.kind == tName {
			f := p.function()
			p.file.Funcs = append(p.file.Funcs, f)
			return nil, true
		}
	case kwAbstract, kwFinal, kwReadonly, kwClass, kwTrait, kwInterface:
		if next.kind == tName {
			p.classLike()
			return nil, true
		}
	case kwEnum:
		if next.kind == tName && next.kw != kwExtends && next.kw != kwImplements {
			p.classLike()
			return nil, true
		}
	}
	return nil, false
}

// body reads the statement of a control structure, braces or alternative syntax.
func (p *parser) body(ends ...keyword) []*Node {
	if !p.accept(opColon) {
		if n := p.statement(); n != nil {
			return []*Node{n}
		}
		return nil
	}
	list := p.until(ends...)
	p.advance()
	p.end()
	return list
}

// until reads statements up to one of the keywords, which stays unread.
func (p *parser) until(ends ...keyword) []*Node {
	var list []*Node
	for p.tok().kind != tEOF {
		if p.tok().kind == tName {
			for _, k := range ends {
				if p.tok().kw == k {
					return list
				}
			}
		}
		before := p.i
		if n := p.statement(); n != nil {
			list = append(list, n)
		}
		if p.i == before {
			return list
		}
	}
	return list
}

func (p *parser) parenExpr() *Node {
	p.expect(opParen)
	n := p.expr()
	p.expect(opUnparen)
	return n
}

func blockOf(pos int32, list []*Node) *Node { return &Node{Op: Block, Pos: pos, List: list} }

func (p *parser) ifStatement() *Node {
	defer func() { p.depth-- }()
	if !p.deeper() { // a chain of else-ifs is nested, too
		return nil
	}
	n := p.node(If, p.tok().pos)
	p.advance()
	n.X = p.parenExpr()
	if p.accept(opColon) {
		n.Y = blockOf(n.Pos, p.until(kwElseif, kwElse, kwEndif))
		n.Z = p.altElse()
		return n
	}
	n.Y = blockOf(n.Pos, p.body())
	switch {
	case p.isKw(kwElseif):
		n.Z = p.ifStatement()
	case p.isKw(kwElse) && p.peek(1).kw == kwIf && p.peek(1).kind == tName:
		p.advance()
		n.Z = p.ifStatement()
	case p.acceptKw(kwElse):
		n.Z = blockOf(p.tok().pos, p.body())
	}
	return n
}

// altElse reads what follows the first branch of if (...): ... endif.
func (p *parser) altElse() *Node {
	if !p.deeper() {
		p.depth--
		return nil
	}
	defer func() { p.depth-- }()
	n := p.node(If, p.tok().pos)
	switch {
	case p.acceptKw(kwElseif), p.isKw(kwElse) && p.peek(1).kw == kwIf:
		p.acceptKw(kwElse)
		p.acceptKw(kwIf)
		n.X = p.parenExpr()
		p.accept(opColon)
		n.Y = blockOf(n.Pos, p.until(kwElseif, kwElse, kwEndif))
		n.Z = p.altElse()
		return n
	case p.acceptKw(kwElse):
		p.accept(opColon)
		b := blockOf(n.Pos, p.until(kwEndif))
		p.acceptKw(kwEndif)
		p.end()
		return b
	}
	if !p.acceptKw(kwEndif) {
		p.fail("endif is missing")
	}
	p.end()
	return nil
}

func (p *parser) loopStatement(t *token) *Node {
	n := p.node(Loop, t.pos)
	p.advance()
	switch t.kw {
	case kwWhile:
		n.X = p.parenExpr()
		n.List = p.body(kwEndwhile)
	case kwDo:
		n.List = p.body()
		p.acceptKw(kwWhile)
		n.X = p.parenExpr()
		p.end()
	case kwFor:
		p.expect(opParen)
		n.Y = blockOf(n.Pos, p.exprsUntilSemi())
		cond := p.exprsUntilSemi()
		n.X = &Node{Op: Array, Pos: n.Pos, List: items(cond)}
		n.Z = blockOf(n.Pos, p.exprs())
		p.expect(opUnparen)
		n.List = p.body(kwEndfor)
	case kwForeach:
		p.foreach(n)
	case kwSwitch:
		p.switchBody(n)
	}
	return n
}

func items(list []*Node) []*Node {
	for i, x := range list {
		list[i] = &Node{Op: Item, Pos: x.Pos, Y: x}
	}
	return list
}

func (p *parser) exprsUntilSemi() []*Node {
	list := p.exprs()
	p.expect(opSemi)
	return list
}

func (p *parser) foreach(n *Node) {
	n.Op = Foreach
	p.expect(opParen)
	n.X = p.expr()
	if !p.acceptKw(kwAs) {
		p.fail("foreach without as")
	}
	p.accept(opAmp)
	n.Z = p.expr()
	if p.accept(opDouble) {
		n.Y = n.Z
		p.accept(opAmp)
		n.Z = p.expr()
	}
	p.expect(opUnparen)
	n.List = p.body(kwEndforeach)
}

func (p *parser) switchBody(n *Node) {
	n.Op = Switch
	n.X = p.parenExpr()
	alt := p.accept(opColon)
	if !alt {
		p.expect(opBrace)
	}
	for p.tok().kind != tEOF && !p.isOp(opUnbrace) && !p.isKw(kwEndswitch) {
		if p.tok().kind == tHTML && strings.TrimSpace(p.text()) == "" || p.tok().kind == tEnd {
			p.advance()
			continue
		}
		c := p.node(Case, p.tok().pos)
		switch {
		case p.acceptKw(kwCase):
			c.X = p.expr()
		case p.acceptKw(kwDefault):
		default:
			p.fail("case expected")
			return
		}
		if !p.accept(opColon) {
			p.accept(opSemi)
		}
		c.List = p.caseBody()
		n.List = append(n.List, c)
	}
	p.advance()
	if alt {
		p.end()
	}
}

func (p *parser) caseBody() []*Node {
	var list []*Node
	for p.tok().kind != tEOF && !p.isOp(opUnbrace) && !p.isKw(kwCase) && !p.isKw(kwDefault) && !p.isKw(kwEndswitch) {
		before := p.i
		if s := p.statement(); s != nil {
			list = append(list, s)
		}
		if p.i == before {
			break
		}
	}
	return list
}
