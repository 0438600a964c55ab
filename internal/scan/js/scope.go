package js

import "sort"

// scopes are the bodies of functions, as runs of tokens. Number 0 is the script itself.
type scopes struct {
	list     []scope
	of       []int32          // the innermost scope of each token
	declared map[string][]int // the scopes that declare a name: var, let, const, function or a parameter
}

type scope struct {
	span
	parent int
}

// findScopes finds the bodies of all functions and what is declared in each.
func (f *Flow) findScopes() {
	f.scopes = scopes{list: []scope{{span: span{0, len(f.toks)}, parent: -1}}, declared: map[string][]int{}}
	var bodies []span
	for i := range f.toks {
		if s, ok := f.bodyAt(i); ok {
			bodies = append(bodies, s)
		}
	}
	sort.SliceStable(bodies, func(a, b int) bool { return bodies[a].from < bodies[b].from })
	f.nest(bodies)
	for i := range f.toks {
		f.declare(i)
	}
}

// nest finds for every token the innermost of the bodies, which are sorted.
func (f *Flow) nest(bodies []span) {
	s := &f.scopes
	s.of = make([]int32, len(f.toks))
	in := 0
	for i := range f.toks {
		for in > 0 && s.list[in].to <= i {
			in = s.list[in].parent
		}
		for len(bodies) > 0 && bodies[0].from <= i {
			if bodies[0].to > i {
				s.list = append(s.list, scope{span: bodies[0], parent: in})
				in = len(s.list) - 1
			}
			bodies = bodies[1:]
		}
		s.of[i] = int32(in)
	}
}

// bodyAt is the body of the function whose parameters end before i: ") {" or "=>".
func (f *Flow) bodyAt(i int) (span, bool) {
	switch {
	case f.is(i, "{") && f.is(i-1, ")") && !f.statement(i-1):
		return span{i + 1, f.closing(i)}, true
	case f.is(i, "=") && f.is(i+1, ">") && f.is(i+2, "{"):
		return span{i + 3, f.closing(i + 2)}, true
	case f.is(i, "=") && f.is(i+1, ">"):
		return f.expression(i + 2), true
	}
	return span{}, false
}

// statement tells the bracket of if, for, while, switch, catch and with from that of parameters.
func (f *Flow) statement(end int) bool {
	depth := 0
	for k := end; k >= 0 && end-k < maxValue; k-- {
		switch {
		case f.is(k, ")"):
			depth++
		case f.is(k, "("):
			if depth--; depth == 0 {
				switch f.name(k - 1) {
				case "if", "for", "while", "switch", "catch", "with", "await":
					return true
				}
				return false
			}
		}
	}
	return true
}

// declare notes what the token at i declares.
func (f *Flow) declare(i int) {
	name := f.name(i)
	if name == "" || f.is(i-1, ".") {
		return
	}
	switch f.name(i - 1) {
	case "var", "let", "const", "function":
		f.scopes.add(name, f.scopes.at(i))
		return
	}
	if f.is(i+1, "=") && f.is(i+2, ">") { // x => ...
		f.scopes.add(name, f.scopes.at(i+3))
		return
	}
	if !f.is(i-1, "(") && !f.is(i-1, ",") && !f.is(i-1, "{") {
		return
	}
	if body, ok := f.parameterOf(i); ok {
		f.scopes.add(name, f.scopes.at(body))
	}
}

// parameterOf finds the body of the function whose parameter list the token at i stands in.
func (f *Flow) parameterOf(i int) (int, bool) {
	for k, n := i, 0; k >= 0 && n < 40; k, n = k-1, n+1 {
		if !f.is(k, "(") {
			continue
		}
		end := f.closing(k)
		switch {
		case end < i:
			continue
		case f.is(end+1, "{") && !f.statement(end):
			return end + 2, true
		case f.is(end+1, "=") && f.is(end+2, ">"):
			if f.is(end+3, "{") {
				return end + 4, true
			}
			return end + 3, true
		}
		return 0, false
	}
	return 0, false
}

func (s *scopes) add(name string, in int) {
	for _, o := range s.declared[name] {
		if o == in {
			return
		}
	}
	s.declared[name] = append(s.declared[name], in)
}

// at is the innermost scope a token stands in.
func (s *scopes) at(i int) int {
	if i < 0 || i >= len(s.of) {
		return 0
	}
	return int(s.of[i])
}

// maxOut is how far out a name is looked for.
const maxOut = 60

// home is the scope that declares what a name means at a token; 0 when no function around it does.
func (f *Flow) home(name string, i int) int {
	list := f.scopes.declared[name]
	if len(list) == 0 {
		return 0
	}
	for n, out := f.scopes.at(i), 0; n > 0 && out < maxOut; n, out = f.scopes.list[n].parent, out+1 {
		for _, d := range list {
			if d == n {
				return n
			}
		}
	}
	return 0
}
