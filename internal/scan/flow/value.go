package flow

import (
	"slices"
	"strconv"
	"strings"
)

// Value is what is known of a PHP value: which data it carries, which texts, types and
// callables it may be, and the same for its elements. nil means nothing is known. Values
// are never changed once made, so they may be shared.
type Value struct {
	taint  []Taint           // data from known sources, one per label, sorted
	syms   []sym             // data from the function's own parameters
	strs   []text            // texts it may be, at most maxTexts
	types  []string          // lower-case class names; "[]x" is a list of x
	fields map[string]*Value // elements and properties by literal key, "*" for the rest
	funcs  []*callable
	vague  bool    // it may also be something nothing is known of
	inside *inside // what the whole of it comes to, once somebody asked
}

// inside sums a value up. Values are shared by many, so the sum is worth keeping.
type inside struct {
	nodes int     // values inside, itself included
	deep  int     // levels of elements below it
	open  bool    // a call may change something in it: see binding.subst
	taint []Taint // see all
	syms  []sym   // see allSyms
}

// weight counts the values inside a value. Real arrays have a few dozen; a container that
// everything passes through would otherwise grow to the size of the program.
func (v *Value) weight() int {
	if v == nil {
		return 0
	}
	if len(v.fields) == 0 {
		return 1
	}
	return v.sum().nodes
}

// sum adds a value up, once.
func (v *Value) sum() *inside {
	if v.inside != nil {
		return v.inside
	}
	in := &inside{nodes: 1, taint: v.taint, syms: v.syms, open: v.openTop()}
	for _, k := range sortedKeys(v.fields) {
		w := v.fields[k]
		if w == nil {
			in.open = true
			continue
		}
		if len(w.fields) == 0 {
			in.nodes++
			in.deep = max(in.deep, 1)
			in.open = in.open || w.openTop()
		} else {
			below := w.sum()
			in.nodes += below.nodes
			in.deep = max(in.deep, below.deep+1)
			in.open = in.open || below.open
		}
		in.taint = joinTaint(in.taint, w.all())
		in.syms = joinSyms(in.syms, w.allSyms())
	}
	v.inside = in
	return in
}

// openTop tells whether the value itself, its elements apart, depends on what a function is called with.
func (v *Value) openTop() bool {
	return len(v.syms) > 0 || v.hasParam() || slices.ContainsFunc(v.taint, func(t Taint) bool { return t.Step.root.fn != nil })
}

// settled tells a value with elements that no call and no cell changes, depth levels into another.
func (v *Value) settled(depth int) bool {
	if len(v.fields) == 0 {
		return false
	}
	in := v.sum()
	return !in.open && depth+in.deep <= maxNest+1
}

// light is a value of bounded weight: past the bound the elements lose their own structure,
// and past it again all of it becomes one. What data it carries stays.
func (v *Value) light() *Value {
	if v.weight() <= maxWeight {
		return v
	}
	w := &Value{taint: v.taint, syms: v.syms, strs: v.strs, types: v.types, funcs: v.funcs, vague: v.vague, fields: make(map[string]*Value, len(v.fields))}
	for k, e := range v.fields {
		if e != nil && len(e.fields) > 0 {
			e = &Value{taint: e.all(), syms: e.allSyms(), strs: e.strs, types: e.types, funcs: e.funcs}
		}
		w.fields[k] = e
	}
	return w
}

const (
	maxTexts   = 8
	maxPieces  = 12
	maxText    = 400
	maxFields  = 48
	maxNest    = 4
	maxTypes   = 6
	maxSyms    = 24
	maxSources = 3   // of one class and origin
	maxWeight  = 400 // values inside one value
)

// sym stands for data that came in through a parameter, or an element of it.
type sym struct {
	param    int
	path     string
	redacted bool
	address  bool // it ends in an address, where only what points to a person counts
	step     *Step
}

// piece is a part of a text whose whole is not known at scan time.
type piece struct {
	kind  byte   // pLit, pOption, pParam, pSite, pUnknown
	s     string // literal, option name, or path inside the parameter
	param int
}

const (
	pLit     = 'l'
	pOption  = 'o'
	pParam   = 'p'
	pSite    = 's' // the shop's own address
	pUnknown = '?'
)

type text []piece

func lit(s string) *Value {
	if len(s) > maxText {
		s = s[:maxText]
	}
	return &Value{strs: []text{{{kind: pLit, s: s}}}}
}

// key renders a text for comparison and for people: {name} marks what is not literal.
func (t text) key() string {
	if len(t) == 1 && t[0].kind == pLit {
		return t[0].s
	}
	var b strings.Builder
	for _, p := range t {
		switch p.kind {
		case pLit:
			b.WriteString(p.s)
		case pOption:
			b.WriteString("{option " + p.s + "}")
		case pParam:
			b.WriteString("{" + strconv.Itoa(p.param) + p.s + "}")
		case pSite:
			b.WriteString("{site}")
		default:
			b.WriteString("{?}")
		}
	}
	return b.String()
}

// literal returns the text when all of it is known.
func (t text) literal() (string, bool) {
	if len(t) == 0 {
		return "", true
	}
	if len(t) == 1 && t[0].kind == pLit {
		return t[0].s, true
	}
	return "", false
}

// literals returns the texts a value may be, as far as they are fully known.
func (v *Value) literals() []string {
	if v == nil {
		return nil
	}
	var list []string
	for _, t := range v.strs {
		if s, ok := t.literal(); ok {
			list = append(list, s)
		}
	}
	return list
}

func (v *Value) literal() string {
	if l := v.literals(); len(l) == 1 {
		return l[0]
	}
	return ""
}

// unknown is a value nothing is known of, where nil would read as "no value at all".
var unknown = &Value{vague: true}

// orUnknown is the outcome of one of several ways: not knowing it must not look like the other ways.
func orUnknown(v *Value) *Value {
	if v == nil {
		return unknown
	}
	return v
}

// blank tells a value that says nothing about the text it may be.
func (v *Value) blank() bool { return v.vague || len(v.strs) == 0 && len(v.fields) == 0 }
