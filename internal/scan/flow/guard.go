package flow

import (
	"regexp"
	"strings"

	"ringfence/internal/scan/php"
)

// guard records a call that checks who asks.
func (f *frame) guard(n *php.Node, name string, a []*Value, member bool) {
	kind := f.p.Rules.Guard(name, !member)
	switch kind {
	case "nonce", "capability", "login", "limit", "captcha", "signature":
	default:
		if (name == "get_transient" || name == "set_transient") && limiting(a) {
			kind = "limit"
			break
		}
		return
	}
	plain := !member && ownCheck(name)
	if plain && f.check.as == checkIdle && (!endsRequest(name) || arg(a, 2).literal() == "false") {
		return // nobody asks for the outcome
	}
	label := name
	if s := arg(a, 0).literal(); s != "" && kind == "capability" {
		if name == "current_user_can" && everybodys[s] {
			kind = "login"
		}
		label += "( '" + s + "' )"
		if len(a) > 1 && strings.HasPrefix(s, "edit_") || s == "view_order" || s == "pay_for_order" {
			f.addGuard("owner", label, n.Pos, plain)
		}
	}
	f.addGuard(kind, label, n.Pos, plain)
}

// everybodys are capabilities and roles that every registered customer has.
var everybodys = map[string]bool{"read": true, "exist": true, "level_0": true, "subscriber": true, "customer": true}

// limiting tells a transient that counts requests.
func limiting(a []*Value) bool {
	for _, t := range orEmpty(arg(a, 0)).strs {
		k := strings.ToLower(t.key())
		if strings.Contains(k, "rate") || strings.Contains(k, "limit") || strings.Contains(k, "throttle") || strings.Contains(k, "flood") || strings.Contains(k, "attempts") {
			return true
		}
	}
	return false
}

// ownCheck tells WordPress' own checks, which answer true when they are passed.
func ownCheck(name string) bool {
	switch name {
	case "check_ajax_referer", "check_admin_referer", "wp_verify_nonce", "is_user_logged_in", "current_user_can", "user_can", "is_super_admin", "author_can":
		return true
	}
	return false
}

// endsRequest tells the checks that end the request themselves, unless told not to by a third argument.
func endsRequest(name string) bool {
	return name == "check_ajax_referer" || name == "check_admin_referer"
}

func (f *frame) addGuard(kind, name string, pos int32, plain bool) {
	for _, g := range f.sum.guards {
		if g.Kind == kind && g.Name == name && (g.Everywhere() || g.Pos == pos) {
			return
		}
	}
	f.sum.guards = append(f.sum.guards, Guard{Kind: kind, Name: name, File: f.file, Pos: pos, negated: f.check.negated, plain: plain})
	if f.check.found != nil {
		*f.check.found = append(*f.check.found, len(f.sum.guards)-1)
	}
}

// compare notices the check that a record belongs to the person who asks.
func (f *frame) compare(n *php.Node, a, b *Value) {
	if owns(a) && owns(b) {
		f.addGuard("owner", "comparison with the customer's number", n.Pos, false)
	}
}

// owns tells a value that names a person: user number, customer number, e-mail, order key.
func owns(v *Value) bool {
	if v == nil {
		return false
	}
	for _, t := range v.taint {
		switch t.Class.Name {
		case "userid", "email", "account":
			return true
		case "secret":
			return t.Origin == "order" || t.Origin == "request" // an order's key, and the one that is shown for it
		}
	}
	return false
}

// ownership remembers that a record was picked by a number from the request.
func (f *frame) ownership(name string, n *php.Node, a []*Value) {
	if what := records[name]; what != "" {
		f.pick(what, n, arg(a, 0))
	}
}

// records are the functions that load somebody's record by its number.
var records = map[string]string{"wc_get_order": "order", "wcs_get_subscription": "subscription", "wc_booking": "booking", "get_wc_booking": "booking"}

// lookup remembers a query for the rows of one conversation or ticket by a number, which anybody can count up.
func (f *frame) lookup(n *php.Node, a []*Value) {
	for _, t := range orEmpty(arg(a, 0)).strs {
		m := byNumber.FindStringSubmatch(t.key())
		if m == nil || len(a) < 2 {
			continue
		}
		what := strings.ToLower(m[1])
		if what == "chat" || what == "session" || what == "thread" || what == "message" {
			what = "conversation"
		}
		at := 1 + strings.Count(m[0][:strings.LastIndexByte(m[0], '%')], "%")
		f.pick(what, n, arg(a, min(at, len(a)-1)))
	}
}

var byNumber = regexp.MustCompile(`(?is)^\s*select\b.*\bfrom\b[^%]*?(conversation|chat|session|thread|ticket|booking|subscription|message)s?\b.*?\bwhere\b.*?\b(?:\w*_)?id[\x60]?\s*=\s*%d`)

func (f *frame) pick(what string, n *php.Node, by *Value) {
	if by != nil {
		f.sum.picks = append(f.sum.picks, pick{what: what, pos: n.Pos, by: by.flat()})
	}
}

// pick is a record chosen by some value.
type pick struct {
	what string // order, subscription, booking, conversation, ticket, customer
	pos  int32
	by   *Value
}

// GuardsOf are the checks in a function and in what it calls, depth calls deep. A check that
// holds for a part of its function only counts when covers says so.
func (p *Program) GuardsOf(fn *php.Func, depth int, covers func(in *php.Func, g *Guard) bool) []Guard {
	var list []Guard
	p.reachable(fn, depth, func(s *summary, _ int) {
		for i := range s.guards {
			if g := &s.guards[i]; g.Everywhere() || covers(s.fn, g) {
				list = append(list, *g)
			}
		}
	})
	return list
}

// reachable visits a function's summary and those of what it calls, nearest first.
func (p *Program) reachable(fn *php.Func, depth int, visit func(s *summary, d int)) {
	seen := map[*php.Func]bool{fn: true}
	level := []*php.Func{fn}
	for d := 0; d <= depth && len(level) > 0; d++ {
		var next []*php.Func
		for _, g := range level {
			s := p.sums[g]
			if s == nil {
				continue
			}
			visit(s, d)
			for _, e := range s.calls {
				if !seen[e.to] {
					seen[e.to] = true
					next = append(next, e.to)
				}
			}
		}
		level = next
	}
}

// Edges visits every call between functions of the program, in a fixed order.
func (p *Program) Edges(visit func(from, to *php.Func)) {
	p.eachFunc(func(fn *php.Func) {
		if s := p.sums[fn]; s != nil {
			for _, e := range s.calls {
				visit(fn, e.to)
			}
		}
	})
}

// Picks visits the places where fn, or what it calls up to depth calls below, loads somebody's record by a number from the request.
func (p *Program) Picks(fn *php.Func, depth int, visit func(what string, file *php.File, pos int32)) {
	p.reachable(fn, depth, func(s *summary, d int) {
		for _, k := range s.picks {
			for _, t := range k.by.all() {
				if t.Origin == "request" {
					visit(k.what, s.fn.File, k.pos)
					break
				}
			}
		}
	})
}

// Call is one call on a way through the program.
type Call struct {
	File *php.File
	Pos  int32
	To   *php.Func
}

// PathTo finds the shortest way from fn to a function that is wanted, at most depth calls long.
// The first element is fn itself; nil means there is none.
func (p *Program) PathTo(fn *php.Func, depth int, wanted func(*php.Func) bool) []Call {
	type node struct {
		call Call
		prev *node
	}
	seen := map[*php.Func]bool{fn: true}
	level := []*node{{call: Call{fn.File, fn.Pos, fn}}}
	for d := 0; d <= depth && len(level) > 0; d++ {
		var next []*node
		for _, n := range level {
			if wanted(n.call.To) {
				var way []Call
				for ; n != nil; n = n.prev {
					way = append([]Call{n.call}, way...)
				}
				return way
			}
			s := p.sums[n.call.To]
			if s == nil {
				continue
			}
			for _, e := range s.calls {
				if !seen[e.to] {
					seen[e.to] = true
					next = append(next, &node{Call{s.fn.File, e.pos, e.to}, n})
				}
			}
		}
		level = next
	}
	return nil
}

// Name is the name people know a function by.
func Name(fn *php.Func) string { return funcName(fn) }

// Below visits fn and what it calls up to depth calls below.
func (p *Program) Below(fn *php.Func, depth int, visit func(*php.Func)) {
	p.reachable(fn, depth, func(s *summary, _ int) { visit(s.fn) })
}
