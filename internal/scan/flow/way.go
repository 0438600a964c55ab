package flow

import (
	"ringfence/internal/scan/php"
	"ringfence/internal/scan/rule"
)

// Taint is data of one class from one origin, with the shortest way it came.
type Taint struct {
	*Label
	Step *Step
}

// Label says what some data is. There is one of each kind in a Program, so that they are compared by address.
type Label struct {
	Class    *rule.Class
	Origin   string
	Redacted bool // passed a function that takes personal data out

	key  string // for sorting
	twin *Label // the same, redacted
}

// label is the one label of a class and an origin.
func (p *Program) label(class *rule.Class, origin string) *Label {
	k := class.Name + "/" + origin
	l := p.labels[k]
	if l == nil {
		red := &Label{Class: class, Origin: origin, Redacted: true, key: k + "/redacted"}
		red.twin = red
		l = &Label{Class: class, Origin: origin, key: k, twin: red}
		p.labels[k] = l
	}
	return l
}

// redacted is the same data after personal data was taken out.
func (t Taint) redacted() Taint { return Taint{t.twin, t.Step} }

// Step is one place on the way of some data. A way is long and shared by many values: two ways put
// behind each other are kept as the two, and only told apart when somebody walks back along them.
type Step struct {
	File *php.File
	What string
	Pos  int32

	n    int16     // length of the way
	arg  int16     // of a first step: which parameter of fn
	fn   *php.Func // of a first step: the function whose parameter the data came in by
	prev *Step     // the step before, or with base set: the way, of which this is the last step,
	base *Step     // that comes behind this one
	root *Step     // the first step
}

// maxWay bounds a way: past it, in a loop of calls, the way so far is explanation enough.
const maxWay = 15

func step(f *php.File, pos int32, what string, prev *Step) *Step {
	s := &Step{File: f, Pos: pos, What: what, prev: prev, n: 1}
	s.root = s
	if prev != nil {
		if prev.n >= maxWay {
			return prev
		}
		s.root, s.n = prev.root, prev.n+1
	}
	return s
}

// Before is the step before s, nil for the first.
func (s *Step) Before() *Step {
	return s.back(1)
}

// back is the step k steps before s, nil past the first.
func (s *Step) back(k int16) *Step {
	for ; k > 0 && s != nil; k-- {
		if s.base == nil {
			s = s.prev
			continue
		}
		own := s.n - s.base.n
		if k < own {
			return s.prev.back(k).after(s.base)
		}
		s, k = s.base, k-own+1
	}
	return s
}

// First is where the data came from.
func (s *Step) First() *Step { return s.root }

// onto puts the steps of s, without the first, behind base.
func (s *Step) onto(base *Step) *Step {
	up := s.Before()
	if up == nil {
		return base
	}
	return step(s.File, s.Pos, s.What, up.onto(base))
}

// after puts the steps of s behind base.
func (s *Step) after(base *Step) *Step {
	if s == nil || base.n >= maxWay {
		return base
	}
	if over := s.n + base.n - maxWay; over > 0 {
		s = s.back(over)
	}
	return &Step{File: s.File, Pos: s.Pos, What: s.What, prev: s, base: base, n: base.n + s.n, root: base.root}
}
