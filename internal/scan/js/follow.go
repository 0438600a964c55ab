package js

import (
	"sort"
	"strings"
)

// Source is something a sender's arguments were made from.
type Source struct {
	Pos  int
	Kind string // field (a form field, Name is its selector), form, cookie, storage, browser, global (Name.Key of what PHP handed over), text
	Name string
	Key  string
}

// Flow answers what goes into a call. It follows names to what was assigned to them where the name
// means the same (see scope.go), properties to what any property of that name was given, and parameters
// to the arguments of the calls that name the function: enough for the few hundred lines around a chat
// window, not a proof. It counts steps and gives up past them.
type Flow struct {
	toks   []token
	match  []int             // see brackets
	defs   map[string][]span // by name; properties with a dot in front
	params map[string][]param
	calls  map[string][]int // index of the name of each call
	scopes scopes
}

// span is a run of tokens, to excluded.
type span struct{ from, to int }

// param says that a name is the n-th parameter of a function.
type param struct {
	fn    string
	n     int
	scope int // of the function it belongs to
}

const (
	maxFollow = 4000 // tokens looked at for one call
	maxDepth  = 8
	maxValue  = 400 // tokens of one value, brackets counted as one
)

// Follow reads a script for questions about its calls.
func Follow(src string) *Flow {
	f := &Flow{toks: tokens(src), defs: map[string][]span{}, params: map[string][]param{}, calls: map[string][]int{}}
	f.brackets()
	f.findScopes()
	for i := range f.toks {
		f.define(i)
	}
	return f
}

func (f *Flow) is(i int, text string) bool {
	return i >= 0 && i < len(f.toks) && f.toks[i].kind == 'p' && f.toks[i].text == text
}

func (f *Flow) name(i int) string {
	if i >= 0 && i < len(f.toks) && f.toks[i].kind == 'i' {
		return f.toks[i].text
	}
	return ""
}

// define notes what the token at i gives a value to.
func (f *Flow) define(i int) {
	name := f.name(i)
	if name == "" {
		return
	}
	key := name
	if f.is(i-1, ".") {
		key = "." + name
	}
	switch {
	case f.is(i+1, "=") && !f.is(i+2, "=") && !f.is(i+2, ">"):
		f.defs[key] = append(f.defs[key], f.expression(i+2))
		f.function(name, i+2)
	case f.is(i+1, "+") && f.is(i+2, "="):
		f.defs[key] = append(f.defs[key], f.expression(i+3))
	case f.is(i+1, ":") && !f.is(i-1, "?"):
		f.defs["."+name] = append(f.defs["."+name], f.expression(i+2))
		f.function(name, i+2)
	case f.is(i+1, "("):
		f.calls[name] = append(f.calls[name], i)
		f.function(name, i)
		if obj := f.name(i - 2); obj != "" && f.is(i-1, ".") && (name == "append" || name == "push" || name == "set" || name == "unshift") {
			f.defs[obj] = append(f.defs[obj], span{i + 2, f.closing(i + 1)})
		}
	}
}

// function notes the parameters when a function stands at i: "function (a", "async (a", "(a, b) =>", "a =>" or "name(a) {".
func (f *Flow) function(name string, i int) {
	for f.name(i) == "async" || f.name(i) == "function" || f.name(i) == name {
		i++
	}
	if p := f.name(i); p != "" && f.is(i+1, "=") && f.is(i+2, ">") {
		f.params[p] = append(f.params[p], param{name, 0, f.scopes.at(i + 3)})
		return
	}
	if !f.is(i, "(") {
		return
	}
	end := f.closing(i)
	if !f.is(end+1, "{") && !(f.is(end+1, "=") && f.is(end+2, ">")) {
		return
	}
	body := end + 2
	if !f.is(end+1, "{") {
		body = end + 4 // ") => {" or ") => value"
	}
	n := 0
	for k := i + 1; k < end; k++ {
		if f.is(k, ",") {
			n++
		} else if p := f.name(k); p != "" && (f.is(k-1, "(") || f.is(k-1, ",") || f.is(k-1, "{")) {
			f.params[p] = append(f.params[p], param{name, n, f.scopes.at(body)})
		}
	}
}

// brackets finds for every bracket the one that closes it.
func (f *Flow) brackets() {
	f.match = make([]int, len(f.toks))
	var open []int
	for i, t := range f.toks {
		f.match[i] = min(i+1, len(f.toks))
		if t.kind != 'p' {
			continue
		}
		switch t.text {
		case "(", "[", "{":
			open = append(open, i)
		case ")", "]", "}":
			if n := len(open); n > 0 {
				f.match[open[n-1]] = i
				open = open[:n-1]
			}
		}
	}
}

// closing is the index of the bracket that closes the one at i.
func (f *Flow) closing(i int) int {
	if i >= len(f.match) {
		return len(f.toks)
	}
	return f.match[i]
}

// expression is the run of tokens of the value that starts at i.
func (f *Flow) expression(i int) span {
	k := i
	for n := 0; k < len(f.toks) && n < maxValue; n++ {
		t := f.toks[k]
		if t.kind == 'p' {
			switch t.text {
			case "(", "[", "{":
				k = f.closing(k)
			case ")", "]", "}", ";", ",":
				return span{i, k}
			}
		}
		k++
	}
	return span{i, min(k, len(f.toks))}
}

// Sources lists what goes into the call at an offset, first argument included, in the order of the script.
func (f *Flow) Sources(pos int) []Source {
	i := sort.Search(len(f.toks), func(k int) bool { return f.toks[k].pos >= pos })
	for ; i < len(f.toks) && !f.is(i, "("); i++ { // "axios.post(", "new WebSocket("
		if f.toks[i].pos > pos+40 {
			return nil
		}
	}
	w := &walk{f: f, seen: map[int]bool{}}
	w.span(span{i + 1, f.closing(i)}, 0)
	sort.Slice(w.out, func(a, b int) bool { return w.out[a].Pos < w.out[b].Pos })
	return w.out
}

type walk struct {
	f     *Flow
	seen  map[int]bool
	steps int
	out   []Source
}

func (w *walk) span(s span, depth int) {
	if depth > maxDepth || w.seen[s.from] {
		return
	}
	w.seen[s.from] = true
	for i := s.from; i < s.to && i < len(w.f.toks) && w.steps < maxFollow; i++ {
		w.steps++
		switch t := w.f.toks[i]; t.kind {
		case 's':
			w.text(i, t)
		case 'i':
			w.ident(i, t, depth)
		}
	}
}

// text notes selectors of form fields, and addresses.
func (w *walk) text(i int, t token) {
	if w.f.is(i-1, "(") {
		switch w.f.name(i - 2) {
		case "getElementById", "querySelector", "querySelectorAll", "getElementsByName", "$", "jQuery", "find", "get", "closest":
			w.add(Source{t.pos, "field", strings.ReplaceAll(t.text, "-", "_"), ""})
			return
		}
	}
	if strings.Contains(t.text, "://") {
		w.add(Source{t.pos, "text", t.text, ""})
	}
}

func (w *walk) ident(i int, t token, depth int) {
	f := w.f
	if f.is(i-1, ".") {
		switch t.text {
		case "cookie":
			w.add(Source{t.pos, "cookie", "document.cookie", ""})
		case "userAgent":
			w.add(Source{t.pos, "browser", "navigator.userAgent", ""})
		case "value", "val", "length", "stringify", "trim", "then", "json", "log", "error", "map", "filter", "join":
		default:
			if base := f.name(i - 2); base != "" && !f.is(i+1, "(") {
				w.add(Source{t.pos, "global", base, t.text})
			}
			w.defs("."+t.text, depth)
		}
		return
	}
	switch t.text {
	case "FormData":
		w.add(Source{t.pos, "form", "FormData", ""})
		return
	case "localStorage", "sessionStorage":
		w.add(Source{t.pos, "storage", t.text, ""})
		return
	}
	home := f.home(t.text, i)
	for n, s := range f.defs[t.text] {
		if n > 8 {
			break
		}
		if f.home(t.text, s.from-2) == home {
			w.span(s, depth+1)
		}
	}
	for _, p := range f.params[t.text] {
		if p.scope != home {
			continue
		}
		for n, at := range f.calls[p.fn] {
			if n > 12 {
				break
			}
			if f.is(f.closing(at+1)+1, "{") {
				continue // the function itself
			}
			if s, ok := f.argument(at+1, p.n); ok {
				w.span(s, depth+1)
			}
		}
	}
}

func (w *walk) defs(name string, depth int) {
	for n, s := range w.f.defs[name] {
		if n > 8 {
			break
		}
		w.span(s, depth+1)
	}
}

// argument is the n-th argument of the call whose bracket stands at i.
func (f *Flow) argument(i, n int) (span, bool) {
	end := f.closing(i)
	k := i + 1
	for ; n > 0; n-- {
		e := f.expression(k)
		if e.to >= end || !f.is(e.to, ",") {
			return span{}, false
		}
		k = e.to + 1
	}
	return f.expression(k), k < end
}

func (w *walk) add(s Source) {
	for _, o := range w.out {
		if o.Pos == s.Pos && o.Kind == s.Kind {
			return
		}
	}
	w.out = append(w.out, s)
}
