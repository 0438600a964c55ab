package php

import "strings"

// classLike reads a class, interface, trait or enum declaration.
func (p *parser) classLike() {
	abstract := false
	for p.isKw(kwAbstract) || p.isKw(kwFinal) || p.isKw(kwReadonly) {
		abstract = abstract || p.isKw(kwAbstract)
		p.advance()
	}
	c := &Class{Kind: strings.ToLower(p.text()), Pos: p.tok().pos, File: p.file, Abstract: abstract}
	p.advance()
	c.Name = p.qualify(p.text())
	p.advance()
	p.classRest(c)
}

// classRest reads everything after the name and adds the class to the file.
func (p *parser) classRest(c *Class) {
	p.file.Classes = append(p.file.Classes, c)
	if p.accept(opColon) { // backed enum
		p.types()
	}
	if p.acceptKw(kwExtends) {
		names := p.nameList()
		if c.Kind == "interface" {
			c.Interfaces = names
		} else if len(names) > 0 {
			c.Parent = names[0]
		}
	}
	if p.acceptKw(kwImplements) {
		c.Interfaces = p.nameList()
	}
	if !p.expect(opBrace) {
		return
	}
	outer := p.class
	p.class = c
	for p.tok().kind != tEOF && !p.isOp(opUnbrace) {
		before := p.i
		p.member(c)
		if p.broken {
			p.resync()
		}
		if p.i == before {
			p.advance()
		}
	}
	p.class = outer
	p.expect(opUnbrace)
}

func (p *parser) nameList() []string {
	var list []string
	for p.tok().kind == tName {
		list = append(list, p.className(p.text()))
		p.advance()
		if !p.accept(opComma) {
			break
		}
	}
	return list
}

// member reads one constant, property, method, enum case or trait use.
func (p *parser) member(c *Class) {
	doc, from := p.doc(), p.i
	p.modifiers()
	static, hidden := false, false
	for _, t := range p.toks[from:p.i] {
		static = static || t.kw == kwStatic
		hidden = hidden || t.kw == kwPrivate || t.kw == kwProtected
	}
	t := p.tok()
	switch {
	case t.kind == tEnd:
		p.advance()
	case p.isKw(kwUse):
		p.traitUse(c)
	case p.isKw(kwConst):
		p.classConsts(c)
	case p.isKw(kwCase):
		p.enumCase(c)
	case p.isKw(kwFunction):
		f := p.function()
		f.Static, f.Hidden = static, hidden
		if f.Doc == "" {
			f.Doc = doc
		}
		c.Methods = append(c.Methods, f)
		p.promote(c, f)
	case t.kind == tVar || t.kind == tName || p.isOp(opQuest) || p.isOp(opParen):
		p.properties(c)
	default:
		p.fail("class member expected, found " + p.text())
	}
}

// promote adds the properties that constructor parameters declare.
func (p *parser) promote(c *Class, f *Func) {
	for _, a := range f.Params {
		if a.Promoted {
			c.Props = append(c.Props, Property{Name: a.Name, Types: a.Types, Default: a.Default, Pos: f.Pos})
		}
	}
}

func (p *parser) traitUse(c *Class) {
	p.advance()
	c.Traits = append(c.Traits, p.nameList()...)
	if p.isOp(opBrace) {
		p.skipBraces() // aliases and precedence do not change where data goes
		return
	}
	p.end()
}

func (p *parser) classConsts(c *Class) {
	p.advance()
	if p.peek(1).op != opAssign { // typed constant
		p.types()
	}
	for p.tok().kind == tName {
		k := Constant{Name: p.text()}
		p.advance()
		if !p.expect(opAssign) {
			return
		}
		k.Value = p.expr()
		c.Consts = append(c.Consts, k)
		if !p.accept(opComma) {
			break
		}
	}
	p.end()
}

func (p *parser) enumCase(c *Class) {
	p.advance()
	k := Constant{Name: p.text()}
	p.advance()
	if p.accept(opAssign) {
		k.Value = p.expr()
	}
	c.Consts = append(c.Consts, k)
	p.end()
}

// properties reads a property declaration, hooks included.
func (p *parser) properties(c *Class) {
	var types []string
	if p.tok().kind != tVar {
		types = p.types()
	}
	if p.tok().kind != tVar {
		p.fail("property expected, found " + p.text())
		return
	}
	for p.tok().kind == tVar {
		prop := Property{Name: p.text()[1:], Types: types, Pos: p.tok().pos}
		p.advance()
		if p.accept(opAssign) {
			prop.Default = p.expr()
		}
		c.Props = append(c.Props, prop)
		if p.isOp(opBrace) {
			p.hooks(c, prop)
			return
		}
		if !p.accept(opComma) {
			break
		}
	}
	p.end()
}

// hooks reads the bodies of get and set as methods named like PHP's own pseudo methods.
func (p *parser) hooks(c *Class, prop Property) {
	p.expect(opBrace)
	for p.tok().kind != tEOF && !p.isOp(opUnbrace) {
		before := p.i
		p.modifiers()
		p.accept(opAmp)
		f := p.newFunc()
		f.Name = "$" + prop.Name + "::" + strings.ToLower(p.text())
		p.advance()
		if p.isOp(opParen) {
			p.signature(f)
		}
		switch {
		case p.accept(opDouble):
			x := p.expr()
			f.Body = []*Node{{Op: Return, Pos: x.Pos, X: x}}
			p.end()
		case p.isOp(opBrace):
			f.Body = p.funcBody()
		default:
			p.end()
		}
		c.Methods = append(c.Methods, f)
		if p.broken || p.i == before {
			return
		}
	}
	p.expect(opUnbrace)
}
