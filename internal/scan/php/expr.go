package php

import "strings"

// Binding powers, weakest first. Assignment binds its left side tightly and is handled apart.
const (
	powLow     = 1 // and or xor
	powTernary = 6
	powCoal    = 7
	powInst    = 30
	powUnary   = 29
	powPow     = 31
)

type binding struct {
	power int
	right bool
}

// binary maps an operator to its binding.
var binary = func() (t [256]binding) {
	levels := []struct {
		power int
		ops   string
	}{
		{8, "||"}, {9, "&&"}, {10, "|"}, {11, "^"}, {12, "&"},
		{13, "== != === !== <> <=>"}, {14, "< <= > >="}, {15, "|>"}, {16, "."}, {17, "<< >>"},
		{18, "+ -"}, {19, "* / %"},
	}
	for _, l := range levels {
		for _, o := range strings.Fields(l.ops) {
			t[opOf(o)] = binding{power: l.power}
		}
	}
	t[opOf("??")] = binding{power: powCoal, right: true}
	t[opPow] = binding{power: powPow, right: true}
	return t
}()

// assigning holds the assignment operators.
var assigning = func() (t [256]bool) {
	for _, o := range strings.Fields("= += -= *= /= .= %= &= |= ^= <<= >>= **= ??=") {
		t[opOf(o)] = true
	}
	return t
}()

// expr reads a whole expression.
func (p *parser) expr() *Node { return p.exprAt(0) }

// exprAt reads an expression whose operators bind at least as strongly as power.
func (p *parser) exprAt(power int) *Node {
	if !p.deeper() {
		p.depth--
		return p.node(Bad, p.tok().pos)
	}
	left := p.unary()
	for !p.broken {
		n := p.infix(left, power)
		if n == nil {
			break
		}
		left = n
	}
	p.depth--
	return left
}

// infix extends left by one operator; nil when the next token does not continue the expression.
func (p *parser) infix(left *Node, power int) *Node {
	t := p.tok()
	switch t.kind {
	case tOp:
		if assigning[t.op] && assignable(left) {
			return p.assign(left)
		}
		if t.op == opQuest && powTernary >= power {
			return p.ternary(left)
		}
		if b := binary[t.op]; b.power > 0 && b.power >= power {
			return p.binary(left, b)
		}
	case tName:
		return p.infixWord(left, power)
	}
	return nil
}

func assignable(n *Node) bool {
	switch n.Op {
	case Var, Index, Prop, StaticProp, Array, Call, Method, StaticCall:
		return true
	}
	return false
}

func (p *parser) assign(left *Node) *Node {
	n := p.node(Assign, left.Pos)
	n.X, n.Text = left, p.text()
	p.advance()
	if n.Text == "=" && p.isOp(opAmp) {
		n.Text = "=&"
		p.advance()
	}
	n.Y = p.exprAt(powTernary)
	return n
}

func (p *parser) ternary(cond *Node) *Node {
	n := p.node(Ternary, cond.Pos)
	n.X = cond
	p.advance()
	if !p.isOp(opColon) {
		n.Y = p.exprAt(powTernary)
	}
	p.expect(opColon)
	n.Z = p.exprAt(powTernary + 1)
	return n
}

func (p *parser) binary(left *Node, b binding) *Node {
	op := p.text()
	p.advance()
	next := b.power + 1
	if b.right {
		next = b.power
	}
	right := p.exprAt(next)
	switch op {
	case ".": // chains of dots stay flat, so that long ones do not nest
		if left.Op == Concat {
			left.List = append(left.List, right)
			return left
		}
		return &Node{Op: Concat, Pos: left.Pos, List: []*Node{left, right}}
	case "|>": // $x |> f(...) is f($x)
		if (right.Op == Call || right.Op == Method || right.Op == StaticCall) && len(right.List) == 0 {
			right.List = []*Node{{Op: Arg, Pos: left.Pos, X: left}}
			return right
		}
		return &Node{Op: Call, Pos: left.Pos, X: right, List: []*Node{{Op: Arg, Pos: left.Pos, X: left}}}
	}
	return &Node{Op: Binary, Pos: left.Pos, Text: op, X: left, Y: right}
}

// infixWord handles instanceof, and, or, xor.
func (p *parser) infixWord(left *Node, power int) *Node {
	t := p.tok()
	switch t.kw {
	case kwInstanceof:
		if powInst < power {
			return nil
		}
		p.advance()
		return &Node{Op: Instanceof, Pos: left.Pos, X: left, Y: p.classRef()}
	case kwAnd, kwOr, kwXor:
		if power > powLow {
			return nil
		}
		p.advance()
		return &Node{Op: Binary, Pos: left.Pos, Text: strings.ToLower(p.src[t.pos:t.end]), X: left, Y: p.exprAt(powLow + 1)}
	}
	return nil
}

// unary reads prefix operators and the operand.
func (p *parser) unary() *Node {
	t := p.tok()
	switch t.kind {
	case tCast:
		p.advance()
		n := p.node(Cast, t.pos)
		n.Text = strings.ToLower(strings.TrimSpace(p.src[t.pos+1 : t.end-1]))
		n.X = p.exprAt(powUnary)
		return n
	case tOp:
		switch t.op {
		case opNot:
			return p.prefix(powInst)
		case opMinus, opPlus, opTilde, opAt, opInc, opDec:
			return p.prefix(powUnary)
		case opAmp: // by reference in array literals and arguments
			p.advance()
			return p.exprAt(powUnary)
		}
	}
	return p.postfix(p.primary())
}

func (p *parser) prefix(power int) *Node {
	n := p.node(Unary, p.tok().pos)
	n.Text = p.text()
	p.advance()
	n.X = p.exprAt(power)
	return n
}
