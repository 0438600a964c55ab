package php

import "strings"

// interpolated turns a string with code in it into its parts.
func (p *parser) interpolated(t *token) *Node {
	n := p.node(Interp, t.pos)
	from, to := int(t.pos)+1, int(t.end)-1
	if t.kind == tHere {
		var raw bool
		if from, to, raw = heredocBody(p.src, int(t.pos), int(t.end)); raw {
			return &Node{Op: Str, Pos: t.pos, Text: p.src[from:max(from, to)]}
		}
	}
	if t.kind == tTick {
		n.Op = Shell
	}
	if to > from {
		n.List = p.parts(from, to, t.kind != tHere)
	}
	if n.Op == Interp && len(n.List) == 0 {
		n.Op = Str
	} else if n.Op == Interp && len(n.List) == 1 && n.List[0].Op == Str {
		n.Op, n.Text, n.List = Str, n.List[0].Text, nil
	}
	return n
}

// heredocBody returns the bounds of a heredoc's text; raw tells a nowdoc.
func heredocBody(src string, pos, end int) (from, to int, raw bool) {
	s := src[pos:end]
	head := strings.IndexByte(s, '\n')
	if head < 0 {
		return pos, pos, true
	}
	tail := strings.LastIndexByte(s, '\n')
	raw = strings.IndexByte(s[:head], '\'') >= 0
	return pos + head + 1, pos + max(tail, head+1), raw
}

// parts splits src[from:to] into literal text, variables and code.
func (p *parser) parts(from, to int, quoted bool) []*Node {
	var list []*Node
	start := from
	flush := func(end int) {
		if end > start {
			list = append(list, &Node{Op: Str, Pos: int32(start), Text: unescape(p.src[start:end])})
		}
	}
	for i := from; i < to; {
		c := p.src[i]
		switch {
		case c == '\\':
			i += 2
		case c == '$' && i+1 < to && nameStart(p.src[i+1]):
			flush(i)
			var n *Node
			n, i = p.simplePart(i, to)
			list = append(list, n)
			start = i
		case c == '{' && i+1 < to && p.src[i+1] == '$' || c == '$' && i+1 < to && p.src[i+1] == '{':
			flush(i)
			open := i + 1
			if c == '$' {
				open = i + 2
			}
			end := min(codeEnd(p.src[:to], open, 0), to)
			list = append(list, p.codePart(i, open, end-1, c == '$'))
			i, start = end, end
		default:
			i++
		}
	}
	flush(to)
	return list
}

// simplePart reads $name, $name[key] or $name->prop inside a string.
func (p *parser) simplePart(i, to int) (*Node, int) {
	end := nameEnd(p.src[:to], i+1)
	n := &Node{Op: Var, Pos: int32(i), Text: p.src[i+1 : end]}
	rest := p.src[end:to]
	switch {
	case strings.HasPrefix(rest, "->") && len(rest) > 2 && nameStart(rest[2]):
		stop := nameEnd(p.src[:to], end+2)
		return &Node{Op: Prop, Pos: int32(i), X: n, Text: p.src[end+2 : stop]}, stop
	case strings.HasPrefix(rest, "["):
		shut := strings.IndexByte(rest, ']')
		if shut < 0 {
			return n, end
		}
		key := rest[1:shut]
		k := &Node{Op: Str, Pos: int32(end), Text: strings.Trim(key, "'\"")}
		if strings.HasPrefix(key, "$") {
			k = &Node{Op: Var, Pos: int32(end), Text: key[1:]}
		}
		return &Node{Op: Index, Pos: int32(i), X: n, Y: k}, end + shut + 1
	}
	return n, end
}

// codePart parses the expression between the braces with a parser of its own.
func (p *parser) codePart(pos, from, to int, named bool) *Node {
	if to <= from || p.depth > maxDepth/2 {
		return p.node(Bad, int32(pos))
	}
	sub := &parser{src: p.src, toks: lexCode(p.src, from, to), file: p.file, space: p.space,
		imports: p.imports, class: p.class, depth: p.depth + 1}
	n := sub.expr()
	if named && n.Op == Const { // ${name}
		return &Node{Op: Var, Pos: n.Pos, Text: n.Text}
	}
	return n
}

// unquote decodes a string literal without interpolation.
func unquote(s string) string {
	if len(s) < 2 {
		return ""
	}
	body := s[1:]
	if body[len(body)-1] == s[0] {
		body = body[:len(body)-1]
	}
	if s[0] == '"' {
		return unescape(body)
	}
	if strings.IndexByte(body, '\\') < 0 {
		return body
	}
	return plainEscapes.Replace(body)
}

// plainEscapes are the two escapes of single-quoted strings.
var plainEscapes = strings.NewReplacer(`\\`, `\`, `\'`, `'`)

// unescape decodes the escapes of double-quoted strings that matter to readers of text.
func unescape(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		switch s[i] {
		case 'n':
			b.WriteByte('\n')
		case 't':
			b.WriteByte('\t')
		case 'r':
			b.WriteByte('\r')
		case '\\', '$', '"', '`':
			b.WriteByte(s[i])
		case 'x':
			i += hexEscape(&b, s[i:])
		default:
			b.WriteByte('\\')
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// hexEscape decodes the xHH at the start of s and returns how many bytes after the x it used.
func hexEscape(b *strings.Builder, s string) int {
	v, n := 0, 0
	for n < 2 && n+1 < len(s) {
		d := strings.IndexByte("0123456789abcdef", s[n+1]|0x20)
		if digit(s[n+1]) {
			d = int(s[n+1] - '0')
		}
		if d < 0 {
			break
		}
		v = v*16 + d
		n++
	}
	if n == 0 {
		b.WriteString(`\x`)
		return 0
	}
	b.WriteByte(byte(v))
	return n
}
