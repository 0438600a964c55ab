package flow

import "ringfence/internal/scan/php"

// A check keeps somebody out only where its outcome decides something. In
//
//	if ( ! is_user_logged_in() ) { wp_die(); }     everything after it is guarded
//	if ( is_user_logged_in() ) { $name = ...; }    only the block is
//	'loggedIn' => is_user_logged_in()              nothing is
//
// the same call means three things. While an expression is evaluated the frame knows in which
// of them it stands.

// check says in what a check stands.
type check struct {
	as      int
	negated bool
	found   *[]int // of a condition: indexes into the summary's guards
}

const (
	checkIdle    = iota // nothing depends on it: an argument, an array item, a statement of its own
	checkDecides        // a return value or a variable that is tested later
	checkAsks           // the condition of an if
)

// within evaluates something in which a check would mean c.
func (f *frame) within(c check, run func()) {
	old := f.check
	f.check = c
	run()
	f.check = old
}

// ifelse evaluates an if and decides how far the checks in its condition reach.
func (f *frame) ifelse(n *php.Node) {
	var cond *Value
	var found []int
	f.within(check{as: checkAsks, found: &found}, func() { cond = f.expr(n.X) })
	switch truth(cond) {
	case "true":
		f.stmt(n.Y)
	case "false":
		f.stmt(n.Z)
	default:
		dead := f.branches(func() { f.stmt(n.Y) }, func() { f.stmt(n.Z) })
		for _, i := range found {
			f.sum.guards[i].reach(n, dead[0], dead[1])
		}
	}
}

// reach narrows a guard to the branch it opens, unless the other branch ends there.
func (g *Guard) reach(n *php.Node, deadThen, deadElse bool) {
	if !g.plain && (deadThen || deadElse) {
		return // what true means is the function's own affair
	}
	inside := n.Y
	if g.negated {
		inside = n.Z
	}
	switch {
	case g.negated && deadThen, !g.negated && deadElse && n.Z != nil:
		return
	case inside == nil:
		g.From, g.To = 1, 0 // it opens nothing
	default:
		g.From, g.To = extent(inside)
	}
}

// extent is the first and the last position of the code below a node.
func extent(n *php.Node) (from, to int32) {
	from, to = n.Pos, n.Pos
	php.Walk(n, func(m *php.Node) bool {
		if m.Pos > 0 {
			from, to = min(from, m.Pos), max(to, m.Pos)
		}
		return true
	})
	return from, to
}

// Covers tells whether a guard stands before the code at a position of its own function.
func (g *Guard) Covers(pos int32) bool {
	return g.Everywhere() || g.From <= pos && pos <= g.To
}

// Everywhere tells a guard that the whole rest of the function depends on.
func (g *Guard) Everywhere() bool { return g.From == 0 && g.To == 0 }
