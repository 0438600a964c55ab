package flow

import (
	"slices"

	"ringfence/internal/scan/php"
)

// registration is a call such as register_rest_route() whose arguments depend on the parameters of
// the function it stands in. Plugins like a helper route( $path, $callback ): only its callers know the
// doors, so the registration is done again, with their arguments, where they call it.
type registration struct {
	shape shape
	node  *php.Node
	args  []*Value
}

const maxRegistrations = 40 // per function

// registers are the functions of WordPress that open a door or a schedule.
var registers = map[string]bool{"register_rest_route": true, "add_action": true, "add_filter": true, "add_shortcode": true, "wp_register_ability": true,
	"register_block_type": true, "register_setting": true, "wp_schedule_event": true, "as_schedule_recurring_action": true}

// pending notes a registration the callers have more to say about.
func (f *frame) pending(name string, s shape, n *php.Node, a []*Value) {
	if !registers[name] || len(f.sum.regs) >= maxRegistrations || !slices.ContainsFunc(a, (*Value).open) {
		return
	}
	f.sum.regs = append(f.sum.regs, registration{shape: s, node: n, args: a})
	for _, e := range f.p.entryBy {
		if e.File == f.file && e.Pos == n.Pos {
			e.Helper = true
		}
	}
}

// open tells a value that depends on a parameter, in its texts or anywhere inside.
func (v *Value) open() bool {
	if v == nil {
		return false
	}
	return v.hasParam() || len(v.allSyms()) > 0
}

// register does a callee's registrations with the arguments of this call.
func (c *binding) register(list []registration) {
	for _, r := range slices.Clone(list) {
		args := make([]*Value, len(r.args))
		for i, a := range r.args {
			args[i] = c.subst(a, 0)
		}
		n := *r.node
		n.Pos = c.pos
		r.shape(c.f, &n, args)
		if len(c.f.sum.regs) < maxRegistrations && slices.ContainsFunc(args, (*Value).open) {
			c.f.sum.regs = append(c.f.sum.regs, registration{shape: r.shape, node: &n, args: args})
		}
	}
}
