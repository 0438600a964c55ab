package php

import "strings"

// lexer cuts a source into tokens. It never fails: bytes that are no PHP become
// single-byte operators, and an unterminated string or comment ends with the file.
type lexer struct {
	src  string
	pos  int
	doc  int // 1 + offset of a pending doc comment
	mark int // 1 + offset of the first merge conflict marker
	toks []token
}

// lex tokenises a whole file, which starts outside PHP. conflict is 1 + the offset of a merge
// conflict marker, 0 if there is none.
func lex(src string) (toks []token, conflict int) {
	l := &lexer{src: src, toks: make([]token, 0, len(src)/5+16)}
	l.html()
	for l.pos < len(l.src) {
		l.next()
	}
	l.emit(tEOF, l.pos, l.pos)
	return l.toks, l.mark
}

// lexCode tokenises src[from:to] as PHP code; used for code inside strings.
func lexCode(src string, from, to int) []token {
	l := &lexer{src: src[:to], pos: from}
	for l.pos < len(l.src) {
		l.next()
	}
	l.emit(tEOF, l.pos, l.pos)
	return l.toks
}

func (l *lexer) emit(k kind, from, to int) {
	l.toks = append(l.toks, token{kind: k, pos: int32(from), end: int32(to), doc: int32(l.doc)})
	l.doc = 0
	l.pos = to
}

// html reads text up to the next opening tag.
func (l *lexer) html() {
	from := l.pos
	for at := from; ; {
		i := strings.Index(l.src[at:], "<?")
		if i < 0 {
			if from < len(l.src) {
				l.emit(tHTML, from, len(l.src))
			}
			l.pos = len(l.src)
			return
		}
		at += i
		n, echo := openTag(l.src[at:])
		if n == 0 {
			at += 2
			continue
		}
		if at > from {
			l.emit(tHTML, from, at)
		}
		if echo {
			l.emit(tEcho, at, at+n)
		}
		l.pos = at + n
		return
	}
}

// openTag returns the length of an opening tag at the start of s, 0 if there is none.
func openTag(s string) (n int, echo bool) {
	if strings.HasPrefix(s, "<?=") {
		return 3, true
	}
	if len(s) < 5 || !strings.EqualFold(s[:5], "<?php") {
		return 0, false
	}
	if len(s) == 5 {
		return 5, false
	}
	switch s[5] {
	case ' ', '\t', '\n', '\r':
		return 6, false
	}
	return 0, false
}

// next reads one token or one piece of white space or comment.
func (l *lexer) next() {
	c := l.src[l.pos]
	switch {
	case c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f':
		l.pos++
	case c == '$' && l.pos+1 < len(l.src) && nameStart(l.src[l.pos+1]):
		l.emit(tVar, l.pos, nameEnd(l.src, l.pos+1))
	case nameStart(c) || c == '\\' && l.pos+1 < len(l.src) && nameStart(l.src[l.pos+1]):
		l.name()
	case c >= '0' && c <= '9' || c == '.' && l.pos+1 < len(l.src) && digit(l.src[l.pos+1]):
		l.number()
	case c == '\'':
		l.emit(tStr, l.pos, quoteEnd(l.src, l.pos))
	case c == '"' || c == '`':
		l.template(c)
	case c == '#' || c == '/' && l.pos+1 < len(l.src) && (l.src[l.pos+1] == '/' || l.src[l.pos+1] == '*'):
		l.comment()
	case c == '?' && strings.HasPrefix(l.src[l.pos:], "?>"):
		l.closeTag()
	case (c == '<' || c == '=' || c == '>') && l.conflict(c):
	case c == '<' && strings.HasPrefix(l.src[l.pos:], "<<<") && l.heredoc():
	default:
		l.operator(c)
	}
}

// conflict skips a line that starts with seven equal signs or angles: a merge nobody finished.
func (l *lexer) conflict(c byte) bool {
	if l.pos > 0 && l.src[l.pos-1] != '\n' || !strings.HasPrefix(l.src[l.pos:], strings.Repeat(string(c), 7)) {
		return false
	}
	if l.mark == 0 {
		l.mark = l.pos + 1
	}
	l.lineComment(l.src[l.pos:])
	return true
}

func nameStart(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}
func digit(c byte) bool { return c >= '0' && c <= '9' }

// nameEnd returns the end of the plain name at i.
func nameEnd(s string, i int) int {
	for i < len(s) && (nameStart(s[i]) || digit(s[i])) {
		i++
	}
	return i
}

// name reads an identifier, keyword or qualified name.
func (l *lexer) name() {
	from, i := l.pos, l.pos
	if l.src[i] == '\\' {
		i++
	}
	i = nameEnd(l.src, i)
	for i+1 < len(l.src) && l.src[i] == '\\' && nameStart(l.src[i+1]) {
		i = nameEnd(l.src, i+1)
	}
	l.emit(tName, from, i)
	l.toks[len(l.toks)-1].kw = keywordOf(l.src[from:i])
}

func keywordOf(s string) keyword {
	var buf [15]byte
	if len(s) > len(buf) || len(s) < 2 {
		return kwNone
	}
	for i := range len(s) {
		c := s[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		buf[i] = c
	}
	return keywords[string(buf[:len(s)])]
}

func (l *lexer) number() {
	i := l.pos
	for i < len(l.src) {
		c := l.src[i]
		if digit(c) || c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' ||
			c == '.' && i+1 < len(l.src) && digit(l.src[i+1]) ||
			(c == '+' || c == '-') && i > l.pos && (l.src[i-1]|0x20) == 'e' && !strings.HasPrefix(l.src[l.pos:], "0x") {
			i++
			continue
		}
		if c == '.' && !strings.Contains(l.src[l.pos:i], ".") && !strings.HasPrefix(l.src[i:], "..") && !strings.HasPrefix(l.src[i:], ".=") {
			i++ // "1." is a number
			continue
		}
		break
	}
	l.emit(tNum, l.pos, i)
}

func (l *lexer) operator(c byte) {
	if c == '(' {
		if n := castLen(l.src[l.pos:]); n > 0 {
			l.emit(tCast, l.pos, l.pos+n)
			return
		}
	}
	if c < 128 {
		for _, o := range opsByByte[c] {
			if strings.HasPrefix(l.src[l.pos:], ops[o]) {
				k := tOp
				if o == opSemi {
					k = tEnd
				}
				l.emit(k, l.pos, l.pos+len(ops[o]))
				l.toks[len(l.toks)-1].op = o
				return
			}
		}
	}
	l.emit(tOp, l.pos, l.pos+1) // not PHP: the parser will stumble over it and recover
}

// castLen returns the length of a cast such as "( int )" at the start of s, else 0.
func castLen(s string) int {
	i := 1
	for i < len(s) && (s[i] == ' ' || s[i] == '\t') {
		i++
	}
	from := i
	for i < len(s) && i-from < 8 && (s[i]|0x20) >= 'a' && (s[i]|0x20) <= 'z' {
		i++
	}
	word := s[from:i]
	for i < len(s) && (s[i] == ' ' || s[i] == '\t') {
		i++
	}
	if word == "" || i >= len(s) || s[i] != ')' || !casts[strings.ToLower(word)] {
		return 0
	}
	return i + 1
}
