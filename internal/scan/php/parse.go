// Package php reads PHP 5.2 to 8.5 source into a small tree that keeps every byte offset.
//
// Start with Parse. It always returns a File: what cannot be read is skipped up to the
// next statement or class member and named in File.Diags, so one broken line never hides
// the rest of a file. Names of classes are resolved against namespace and imports.
//
// Parse never panics and its time grows linearly with the source, whatever the bytes.
// The tree is an approximation made for finding data flows: it is not a validator, and
// it accepts some code that PHP refuses.
package php

import (
	"fmt"
	"strings"
)

// maxDepth bounds the nesting of statements and expressions.
const maxDepth = 600

// maxDiags bounds the problems remembered per file; one is enough to call it partly read.
const maxDiags = 20

type parser struct {
	src     string
	toks    []token
	i       int
	depth   int
	file    *File
	space   string            // current namespace as written
	imports map[string]string // alias, lower case -> fully qualified class
	class   *Class
	broken  bool // true while skipping after an error
}

// Parse reads one file. The returned problems are also in File.Diags; none means the whole file was read.
func Parse(path, src string) (*File, []Diag) {
	f := &File{Path: path, Src: src, lines: lineStarts(src)}
	toks, conflict := lex(src)
	if conflict > 0 {
		pos := int32(conflict - 1)
		f.Diags = append(f.Diags, Diag{Pos: pos, Line: f.Line(pos), Text: "merge conflict marker"})
	}
	p := &parser{src: src, toks: toks, file: f, imports: map[string]string{}}
	f.Main = &Func{Name: "", File: f}
	for p.tok().kind != tEOF {
		before := p.i
		if n := p.statement(); n != nil {
			f.Main.Body = append(f.Main.Body, n)
		}
		if p.i == before { // a stray closing brace
			p.fail("unexpected " + p.text())
			p.i++
		}
	}
	return f, f.Diags
}

func (p *parser) tok() *token        { return &p.toks[p.i] }
func (p *parser) text() string       { t := p.tok(); return p.src[t.pos:t.end] }
func (p *parser) isOp(o opcode) bool { t := p.tok(); return t.op == o && o != 0 }
func (p *parser) isKw(k keyword) bool {
	t := p.tok()
	return t.kind == tName && t.kw == k
}

// peek returns the token n places ahead.
func (p *parser) peek(n int) *token { return &p.toks[min(p.i+n, len(p.toks)-1)] }

func (p *parser) advance() {
	if p.i < len(p.toks)-1 {
		p.i++
	}
}

func (p *parser) accept(o opcode) bool {
	if p.isOp(o) {
		p.advance()
		return true
	}
	return false
}

func (p *parser) acceptKw(k keyword) bool {
	if p.isKw(k) {
		p.advance()
		return true
	}
	return false
}

// expect consumes the operator or records a problem and leaves the token alone.
func (p *parser) expect(o opcode) bool {
	if p.accept(o) {
		return true
	}
	p.fail(fmt.Sprintf("expected %s, found %.20q", ops[o], p.text()))
	return false
}

// fail records one problem; further ones are silent until the parser is back in step.
func (p *parser) fail(what string) {
	if p.broken {
		return
	}
	p.broken = true
	if len(p.file.Diags) < maxDiags {
		pos := p.tok().pos
		p.file.Diags = append(p.file.Diags, Diag{Pos: pos, Line: p.file.Line(pos), Text: what})
	}
}

// deeper guards recursion; false means the nesting is too deep to follow.
func (p *parser) deeper() bool {
	p.depth++
	if p.depth > maxDepth {
		p.fail("nested too deeply")
		return false
	}
	return true
}

// resync skips to just after the next statement end at this level, or to the brace that closes it.
func (p *parser) resync() {
	p.broken = false
	for depth := 0; p.tok().kind != tEOF; p.advance() {
		switch {
		case p.isOp(opBrace):
			depth++
		case p.isOp(opUnbrace):
			if depth == 0 {
				return
			}
			if depth--; depth == 0 {
				p.advance()
				return
			}
		case depth == 0 && p.tok().kind == tEnd:
			p.advance()
			return
		case depth == 0 && p.memberAhead():
			return
		}
	}
}

// memberAhead tells whether a declaration that cannot stand inside a statement starts here.
func (p *parser) memberAhead() bool {
	t := p.tok()
	if t.kind != tName {
		return false
	}
	switch t.kw {
	case kwPublic, kwPrivate, kwProtected, kwFinal, kwAbstract:
		n := p.peek(1)
		return n.kind == tName || n.kind == tVar
	case kwFunction, kwClass, kwTrait, kwInterface:
		return p.peek(1).kind == tName && p.i > 0 && p.toks[p.i-1].op != opNot
	}
	return false
}

func (p *parser) node(op Op, pos int32) *Node { return &Node{Op: op, Pos: pos} }

// className resolves a class name as written against imports and namespace.
func (p *parser) className(name string) string {
	switch low := strings.ToLower(name); {
	case name == "":
		return ""
	case name[0] == '\\':
		return name[1:]
	case low == "self" || low == "static" || low == "parent":
		return low
	case strings.HasPrefix(low, "namespace\\"):
		return p.qualify(name[len("namespace\\"):])
	}
	first, rest, qualified := strings.Cut(name, "\\")
	if full, ok := p.imports[strings.ToLower(first)]; ok {
		if qualified {
			return full + "\\" + rest
		}
		return full
	}
	return p.qualify(name)
}

func (p *parser) qualify(name string) string {
	if p.space == "" {
		return name
	}
	return p.space + "\\" + name
}
