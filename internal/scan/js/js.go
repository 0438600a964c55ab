// Package js reads what a JavaScript file says in strings and calls: addresses, keys and
// the functions that send data out of the browser.
//
// Start with Scan. It is a scanner, not a parser: it tells strings from comments and
// regular expressions, and looks at the names around them. It promises linear time on any
// input and no panic; a minified bundle of many megabytes is fine. Code that builds
// addresses at run time is out of its sight.
package js

import (
	"strings"
)

// String is one literal with its offset.
type String struct {
	Pos  int
	Text string
}

// Call is one use of a function that speaks to the outside.
type Call struct {
	Pos  int
	Name string // fetch, XMLHttpRequest, sendBeacon, WebSocket, EventSource, axios, ajax
	Arg  string // the source of the first argument, cut short
	URL  string // its literal start, if any
}

// File is what a script holds.
type File struct {
	Strings []String
	Calls   []Call
	Names   map[string]int // telling identifiers and their first offset
}

// senders are the names whose call leaves the browser.
var senders = map[string]bool{"fetch": true, "XMLHttpRequest": true, "sendBeacon": true, "WebSocket": true, "EventSource": true,
	"RTCPeerConnection": true, "axios": true, "ajax": true, "apiFetch": true}

// telling are identifiers remembered for the rules.
var telling = map[string]bool{"dangerouslyAllowBrowser": true, "algoliasearch": true}

const maxString = 2000

// Scan reads a script.
func Scan(src string) *File {
	f := &File{Names: map[string]int{}}
	s := &scanner{src: src, f: f}
	for s.pos < len(src) {
		s.next()
	}
	return f
}

type scanner struct {
	src   string
	pos   int
	value bool // the last token ends an expression, so that / divides
	f     *File
}

func (s *scanner) next() {
	c := s.src[s.pos]
	switch {
	case c <= ' ':
		s.pos++
	case strings.HasPrefix(s.src[s.pos:], "//"):
		s.skipTo("\n")
	case strings.HasPrefix(s.src[s.pos:], "/*"):
		s.pos += 2
		s.skipTo("*/")
	case c == '"' || c == '\'' || c == '`':
		s.str(c)
	case ident(c):
		s.word()
	case c == '/' && !s.value:
		s.regex()
	default:
		s.value = c == ')' || c == ']' || c == '}'
		s.pos++
	}
}

func (s *scanner) skipTo(end string) {
	i := strings.Index(s.src[s.pos:], end)
	if i < 0 {
		s.pos = len(s.src)
		return
	}
	s.pos += i + len(end)
}

func ident(c byte) bool {
	return c == '_' || c == '$' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= 0x80
}

// str reads a literal; of a template only the text up to the first ${ counts as known.
func (s *scanner) str(q byte) {
	from := s.pos + 1
	i, cut := from, -1
	for i < len(s.src) && s.src[i] != q {
		switch {
		case s.src[i] == '\\':
			i++
		case q != '`' && s.src[i] == '\n': // not closed: no string after all
			s.pos = i
			return
		case q == '`' && strings.HasPrefix(s.src[i:], "${") && cut < 0:
			cut = i
		}
		i++
	}
	end := min(i, len(s.src))
	if cut >= 0 {
		s.add(from, cut)
		s.add(cut, end)
	} else {
		s.add(from, end)
	}
	s.pos, s.value = min(end+1, len(s.src)), true
}

func (s *scanner) add(from, to int) {
	if to > from {
		text := s.src[from:min(to, from+maxString)]
		s.f.Strings = append(s.f.Strings, String{from, strings.ReplaceAll(text, `\/`, "/")})
	}
}

func (s *scanner) word() {
	from := s.pos
	for s.pos < len(s.src) && ident(s.src[s.pos]) {
		s.pos++
	}
	w := s.src[from:s.pos]
	switch w {
	case "return", "typeof", "case", "in", "of", "new", "delete", "void", "throw", "else", "do", "await", "yield":
		s.value = false
	default:
		s.value = true
	}
	if telling[w] {
		if _, ok := s.f.Names[w]; !ok {
			s.f.Names[w] = from
		}
	}
	if senders[w] {
		s.call(w, from)
	}
}

// call notes a sender when it is called or constructed.
func (s *scanner) call(name string, from int) {
	i := s.pos
	if name == "axios" && i < len(s.src) && s.src[i] == '.' {
		for i++; i < len(s.src) && ident(s.src[i]); i++ {
		}
	}
	for i < len(s.src) && s.src[i] <= ' ' {
		i++
	}
	if i >= len(s.src) || s.src[i] != '(' {
		return
	}
	arg := strings.TrimSpace(s.src[i+1 : min(len(s.src), i+160)])
	c := Call{Pos: from, Name: name}
	if end := strings.IndexAny(arg, ",)\n"); end >= 0 {
		arg = arg[:end]
	}
	c.Arg = strings.ToValidUTF8(arg, "")
	if len(arg) > 1 && strings.IndexByte("'\"`", arg[0]) >= 0 {
		c.URL = arg[1:]
		if end := strings.IndexAny(c.URL, "'\"`$"); end >= 0 {
			c.URL = c.URL[:end]
		}
	}
	s.f.Calls = append(s.f.Calls, c)
}

// regex skips a regular expression literal; a slash that closes nowhere on its line divides.
func (s *scanner) regex() {
	class := false
	for i := s.pos + 1; i < min(len(s.src), s.pos+maxString); i++ {
		switch c := s.src[i]; {
		case c == '\\':
			i++
		case c == '\n':
			s.pos++
			return
		case c == '[':
			class = true
		case c == ']':
			class = false
		case c == '/' && !class:
			s.pos, s.value = i+1, true
			return
		}
	}
	s.pos++
}
