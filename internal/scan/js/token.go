package js

import "strings"

// token is one piece of a script that is no white space and no comment.
type token struct {
	kind byte // i name, s text, n number, p anything else
	text string
	pos  int
}

// tokens splits a script. The parts of a template are texts, and what stands in ${} are tokens between them.
func tokens(src string) []token {
	l := &lexer{src: src}
	l.run(false)
	return l.out
}

type lexer struct {
	src   string
	pos   int
	out   []token
	depth int
}

// run reads tokens to the end, or to the brace that closes a template's ${.
func (l *lexer) run(inTemplate bool) {
	braces := 0
	for l.pos < len(l.src) && len(l.out) < maxTokens {
		c := l.src[l.pos]
		switch {
		case c <= ' ':
			l.pos++
		case strings.HasPrefix(l.src[l.pos:], "//"):
			l.skipPast("\n")
		case strings.HasPrefix(l.src[l.pos:], "/*"):
			l.skipPast("*/")
		case c == '"' || c == '\'':
			l.quoted(c)
		case c == '`':
			l.template()
		case ident(c):
			l.word()
		case c == '/' && l.startsRegex():
			l.regex()
		default:
			if inTemplate && c == '}' && braces == 0 {
				l.pos++
				return
			}
			if c == '{' {
				braces++
			} else if c == '}' {
				braces--
			}
			l.add('p', l.pos, l.pos+1)
			l.pos++
		}
	}
}

// maxTokens bounds what is followed; a bundle beyond it is read for texts and calls only.
const maxTokens = 400_000

func (l *lexer) add(kind byte, from, to int) {
	l.out = append(l.out, token{kind, l.src[from:to], from})
}

func (l *lexer) skipPast(end string) {
	i := strings.Index(l.src[l.pos:], end)
	if i < 0 {
		l.pos = len(l.src)
		return
	}
	l.pos += i + len(end)
}

func (l *lexer) quoted(q byte) {
	from := l.pos + 1
	i := from
	for i < len(l.src) && l.src[i] != q && l.src[i] != '\n' {
		if l.src[i] == '\\' {
			i++
		}
		i++
	}
	i = min(i, len(l.src))
	l.add('s', from, i)
	l.pos = min(i+1, len(l.src))
}

func (l *lexer) template() {
	l.pos++
	from := l.pos
	for l.pos < len(l.src) && l.src[l.pos] != '`' {
		switch {
		case l.src[l.pos] == '\\':
			l.pos += 2
		case strings.HasPrefix(l.src[l.pos:], "${"):
			l.add('s', from, l.pos)
			l.pos += 2
			if l.depth < 20 {
				l.depth++
				l.run(true)
				l.depth--
			}
			from = l.pos
		default:
			l.pos++
		}
	}
	l.pos = min(l.pos, len(l.src))
	l.add('s', min(from, l.pos), l.pos)
	l.pos = min(l.pos+1, len(l.src))
}

func (l *lexer) word() {
	from := l.pos
	for l.pos < len(l.src) && ident(l.src[l.pos]) {
		l.pos++
	}
	kind := byte('i')
	if c := l.src[from]; c >= '0' && c <= '9' {
		kind = 'n'
	}
	l.add(kind, from, l.pos)
}

// startsRegex tells a regular expression from a division by what stands before.
func (l *lexer) startsRegex() bool {
	if len(l.out) == 0 {
		return true
	}
	t := l.out[len(l.out)-1]
	if t.kind == 'p' {
		return t.text != ")" && t.text != "]" && t.text != "}"
	}
	return t.kind == 'i' && (t.text == "return" || t.text == "typeof" || t.text == "case")
}

// regex skips a regular expression; a slash that closes nowhere on its line divides.
func (l *lexer) regex() {
	class := false
	for i := l.pos + 1; i < len(l.src) && l.src[i] != '\n'; i++ {
		switch c := l.src[i]; {
		case c == '\\':
			i++
		case c == '[':
			class = true
		case c == ']':
			class = false
		case c == '/' && !class:
			l.pos = i + 1
			return
		}
	}
	l.add('p', l.pos, l.pos+1)
	l.pos++
}
