package guard

import (
	"strings"
)

// markup is what HTML and Markdown add to a text.
type markup struct {
	plain     string   // the text without tags; "" if there are none
	concealed []string // what a browser does not show: comments, invisible elements
	aside     string   // what it shows only in places: alt and title texts
	at        int      // byte offset of the first concealment
}

// maxConcealed bounds the concealments that are read.
const maxConcealed = 8

// marked reads the tags of a text in one pass. It is no HTML parser: what a
// sloppy browser would show differently is read as text, too.
func marked(s string) markup {
	m := markup{at: -1}
	if !strings.ContainsRune(s, '<') && !strings.Contains(s, "[//]:") && !strings.Contains(s, "[comment]:") {
		return m
	}
	w := &walker{m: &m, text: s}
	for i := 0; i < len(s); {
		i = w.step(i)
	}
	w.close()
	if w.tags > 0 {
		m.plain = w.out.String()
	}
	m.aside = strings.TrimSpace(w.aside.String())
	return m
}

// walker walks over a text with tags.
type walker struct {
	m     *markup
	text  string
	out   strings.Builder
	aside strings.Builder
	tags  int
	// An invisible element that is open: its name, how many of that name are
	// open within it, and its text so far.
	name    string
	nested  int
	since   int
	content strings.Builder
}

// step reads what begins at i and returns where it ends.
func (w *walker) step(i int) int {
	s := w.text
	switch {
	case strings.HasPrefix(s[i:], "<!--"):
		return w.comment(i, i+len("<!--"), "-->")
	case s[i] == '[' && strings.HasPrefix(s[i:], "[//]:"):
		return w.comment(i, i+len("[//]:"), "\n")
	case s[i] == '[' && strings.HasPrefix(s[i:], "[comment]:"):
		return w.comment(i, i+len("[comment]:"), "\n")
	case s[i] == '<' && i+1 < len(s) && (letterByte(s[i+1]) || s[i+1] == '/'):
		if end := tagEnd(s, i); end > 0 {
			w.tag(i, s[i+1:end-1])
			return end
		}
	}
	w.write(s[i])
	return i + 1
}

func (w *walker) write(c byte) {
	if w.name != "" {
		w.content.WriteByte(c)
	}
	w.out.WriteByte(c)
}

func (w *walker) comment(start, from int, until string) int {
	end, next := len(w.text), len(w.text)
	if n := strings.Index(w.text[from:], until); n >= 0 {
		end, next = from+n, from+n+len(until)
	}
	w.tags++
	w.conceal(start, strings.Trim(w.text[from:end], " \t#()<>"))
	return next
}

// conceal notes a text that is not shown. Editors leave marks of their own.
func (w *walker) conceal(at int, text string) {
	text = strings.TrimSpace(text)
	for _, mark := range []string{"wp:", "/wp:", "more", "nextpage", "[if ", "[endif", "<![endif"} {
		if strings.HasPrefix(text, mark) {
			return
		}
	}
	if text == "" || len(w.m.concealed) >= maxConcealed {
		return
	}
	if w.m.at < 0 {
		w.m.at = at
	}
	w.m.concealed = append(w.m.concealed, text)
}

// tag reads a tag without its brackets.
func (w *walker) tag(at int, tag string) {
	w.tags++
	name := strings.ToLower(strings.TrimLeft(tag, "/"))
	if n := strings.IndexAny(name, " \t\n/"); n >= 0 {
		name = name[:n]
	}
	if !inline[name] {
		w.write(' ')
	}
	switch {
	case tag[0] == '/' && name == w.name:
		if w.nested--; w.nested == 0 {
			w.close()
		}
	case tag[0] == '/':
	case name == w.name:
		w.nested++
	case w.name == "" && !empty[name] && invisible(name, tag):
		w.name, w.nested, w.since = name, 1, at
	}
	for _, attribute := range []string{"alt", "title", "aria-label", "placeholder", "content"} {
		if v := attributeOf(tag, attribute); v != "" {
			w.aside.WriteString(v + "\n")
		}
	}
}

// close ends the invisible element.
func (w *walker) close() {
	if w.name != "" {
		w.conceal(w.since, w.content.String())
	}
	w.name = ""
	w.content.Reset()
}

// inline tags part no words.
var inline = map[string]bool{"b": true, "i": true, "em": true, "strong": true, "span": true, "u": true, "a": true, "font": true, "wbr": true, "small": true, "mark": true, "sup": true, "sub": true, "s": true}

// empty tags have no content.
var empty = map[string]bool{"img": true, "br": true, "hr": true, "input": true, "meta": true, "link": true, "wbr": true}

// invisible reports whether a browser does not show an element, or shows it so
// that nobody sees it.
func invisible(name, tag string) bool {
	if name == "template" || name == "noscript" || hasWord(tag, "hidden") {
		return true
	}
	css := strings.Map(func(r rune) rune {
		if r == ' ' || r == '\t' || r == '\n' {
			return -1
		}
		return r
	}, strings.ToLower(attributeOf(tag, "style")+";"+colour(tag)))
	for _, way := range unseenStyles {
		if strings.Contains(css, way) {
			return true
		}
	}
	return false
}

// colour returns the old attribute as a style.
func colour(tag string) string {
	if c := attributeOf(tag, "color"); c != "" {
		return "color:" + c + ";"
	}
	return ""
}

var unseenStyles = []string{
	"display:none", "visibility:hidden", "visibility:collapse", "opacity:0;", "opacity:0.0", "opacity:0%",
	"font-size:0;", "font-size:0p", "font-size:0e", "font-size:0r", "font-size:0%", "font-size:1px", "font-size:0.",
	"color:transparent", ";color:white;", ";color:#fff;", ";color:#ffffff;", ";color:rgb(255,255,255)",
	"left:-9", "left:-1000", "top:-9", "top:-1000", "text-indent:-9", "text-indent:-1000", "clip:rect(0", "height:0;", "width:0;", "max-height:0", "transform:scale(0",
}

const longestTag = 600

// tagEnd returns where the tag that begins at i ends, 0 if it does not within a
// reasonable length.
func tagEnd(s string, i int) int {
	quote := byte(0)
	for k := i + 1; k < len(s) && k < i+longestTag; k++ {
		switch c := s[k]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case (c == '"' || c == '\'') && s[k-1] == '=':
			quote = c
		case c == '>':
			return k + 1
		case c == '<':
			return 0
		}
	}
	return 0
}

// attributeOf returns the value of an attribute, with a ";" before a style so
// that its names can be looked for whole.
func attributeOf(tag, name string) string {
	lower := strings.ToLower(tag)
	for from := 0; ; {
		i := strings.Index(lower[from:], name)
		if i < 0 {
			return ""
		}
		i += from
		from = i + len(name)
		rest := strings.TrimLeft(tag[from:], " \t\n")
		if i == 0 || letterByte(lower[i-1]) || lower[i-1] == '-' || !strings.HasPrefix(rest, "=") {
			continue
		}
		rest = strings.TrimLeft(rest[1:], " \t\n")
		end := strings.IndexAny(rest, " \t\n")
		if rest != "" && (rest[0] == '"' || rest[0] == '\'') {
			end = strings.IndexByte(rest[1:], rest[0])
			rest = rest[1:]
		}
		if end < 0 {
			end = len(rest)
		}
		if name == "style" {
			return ";" + rest[:end]
		}
		return rest[:end]
	}
}

// hasWord reports whether a tag has a bare attribute.
func hasWord(tag, name string) bool {
	for w := range strings.FieldsSeq(tag) {
		if strings.EqualFold(strings.TrimRight(w, "/"), name) {
			return true
		}
	}
	return false
}

func letterByte(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// worded reports whether a concealment says something: three words or more.
func (m markup) worded() bool {
	for _, c := range m.concealed {
		if len(strings.Fields(c)) >= 3 || len(c) >= 12 && c[0] >= 0x80 {
			return true
		}
	}
	return false
}
