package php

import "strings"

// comment skips a comment or an attribute; a doc comment is remembered for the next token.
func (l *lexer) comment() {
	s := l.src[l.pos:]
	switch {
	case strings.HasPrefix(s, "/*"):
		end := strings.Index(s[2:], "*/")
		if strings.HasPrefix(s, "/**") {
			l.doc = l.pos + 1
		}
		if end < 0 {
			l.pos = len(l.src)
			return
		}
		l.pos += end + 4
	case strings.HasPrefix(s, "#["):
		if n := attributeLen(s); n > 0 {
			l.pos += n
			return
		}
		l.lineComment(s)
	default:
		l.lineComment(s)
	}
}

// lineComment stops at the line's end or at ?>, whichever comes first.
func (l *lexer) lineComment(s string) {
	for i := range len(s) {
		if s[i] == '\n' || s[i] == '\r' || s[i] == '?' && strings.HasPrefix(s[i:], "?>") {
			l.pos += i
			return
		}
	}
	l.pos = len(l.src)
}

// maxAttribute bounds the search for the end of an attribute, so that broken ones cost no more than their length.
const maxAttribute = 8 << 10

// attributeLen measures a balanced #[...]; 0 when it does not close.
func attributeLen(s string) int {
	depth := 0
	for i := 1; i < min(len(s), maxAttribute); i++ {
		switch s[i] {
		case '[':
			depth++
		case ']':
			if depth--; depth == 0 {
				return i + 1
			}
		case '\'', '"':
			i = quoteEnd(s, i) - 1
		}
	}
	return 0
}

// quoteEnd returns the offset after the closing quote of a string that starts at i, no interpolation considered.
func quoteEnd(s string, i int) int {
	q := s[i]
	for i++; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case q:
			return i + 1
		}
	}
	return len(s)
}

// template reads a double-quoted or back-quoted string, which may hold code.
func (l *lexer) template(q byte) {
	end, live := templateEnd(l.src, l.pos+1, q, 0)
	k := tStr
	if q == '`' {
		k = tTick
	} else if live {
		k = tTpl
	}
	l.emit(k, l.pos, end)
}

// maxNesting bounds strings inside code inside strings; deeper text is read as plain.
const maxNesting = 20

// templateEnd finds the closing quote; live tells whether the string interpolates.
func templateEnd(s string, i int, q byte, depth int) (end int, live bool) {
	for ; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\':
			i++
		case c == q:
			return i + 1, live
		case c == '$' && i+1 < len(s) && (nameStart(s[i+1]) || s[i+1] == '{'):
			live = true
		case c == '{' && i+1 < len(s) && s[i+1] == '$':
			live = true
			i = codeEnd(s, i+1, depth+1) - 1
		}
	}
	return len(s), live
}

// codeEnd returns the offset after the brace closing the code that starts at i (just after the opening brace).
func codeEnd(s string, i, depth int) int {
	if depth > maxNesting {
		return i
	}
	for open := 1; i < len(s); i++ {
		switch s[i] {
		case '{':
			open++
		case '}':
			if open--; open == 0 {
				return i + 1
			}
		case '\'':
			i = quoteEnd(s, i) - 1
		case '"':
			end, _ := templateEnd(s, i+1, '"', depth)
			i = end - 1
		}
	}
	return len(s)
}

// heredoc reads <<<LABEL ... LABEL; false when the text is no heredoc.
func (l *lexer) heredoc() bool {
	s := l.src
	i := l.pos + 3
	for i < len(s) && (s[i] == ' ' || s[i] == '\t') {
		i++
	}
	quote := byte(0)
	if i < len(s) && (s[i] == '\'' || s[i] == '"') {
		quote = s[i]
		i++
	}
	if i >= len(s) || !nameStart(s[i]) {
		return false
	}
	from := i
	i = nameEnd(s, i)
	label := s[from:i]
	if quote != 0 {
		if i >= len(s) || s[i] != quote {
			return false
		}
		i++
	}
	if i < len(s) && s[i] == '\r' {
		i++
	}
	if i >= len(s) || s[i] != '\n' {
		return false
	}
	l.emit(tHere, l.pos, heredocEnd(s, i, label))
	return true
}

// heredocEnd finds the line that starts with the closing label; i is at the line break before the body.
func heredocEnd(s string, i int, label string) int {
	for i < len(s) {
		j := i + 1
		for j < len(s) && (s[j] == ' ' || s[j] == '\t') {
			j++
		}
		if strings.HasPrefix(s[j:], label) {
			if e := j + len(label); e >= len(s) || !nameStart(s[e]) && !digit(s[e]) {
				return e
			}
		}
		n := strings.IndexByte(s[i+1:], '\n')
		if n < 0 {
			break
		}
		i += n + 1
	}
	return len(s)
}

// closeTag turns ?> into a statement end and reads the HTML after it.
func (l *lexer) closeTag() {
	l.emit(tEnd, l.pos, l.pos+2)
	l.toks[len(l.toks)-1].op = opSemi
	if strings.HasPrefix(l.src[l.pos:], "\r\n") {
		l.pos += 2
	} else if l.pos < len(l.src) && l.src[l.pos] == '\n' {
		l.pos++
	}
	l.html()
}
