package minimize

import (
	"slices"
	"strings"
)

// Purpose is what a call is for. Its ID starts with its surface.
type Purpose struct {
	ID      string `json:"id"` // service.order_status
	Title   string `json:"title"`
	Surface string `json:"surface"` // checkout account discovery service admin training
}

// Purposes returns all purposes in the catalogue's order.
func Purposes() []Purpose { return slices.Clone(loaded().purposes) }

// Decision says what a purpose may do with a field, and why.
type Decision struct {
	Purpose string `json:"purpose"`
	Path    string `json:"path"`  // orders.billing.email
	Class   string `json:"class"` // direct_id
	Action  Action `json:"action"`
	// NeedsSubject: only on a record of the subject the call is made for.
	NeedsSubject bool `json:"needs_subject,omitempty"`
	// Coarse names how a generalised value is made: month, band, postcode,
	// country, network, browser, payment.
	Coarse string `json:"coarse,omitempty"`
	Reason string `json:"reason"` // one sentence
}

// Action is what happens to a field.
type Action string

// The actions, from the strictest to the most generous.
const (
	Deny         Action = "deny"
	Aggregate    Action = "aggregate" // only in groups of ten or more, hence denied in a call
	Redact       Action = "redact"    // free text: kept, mask scans it
	Pseudonymise Action = "pseudonymise"
	Generalise   Action = "generalise"
	Allow        Action = "allow"
)

// actions gives each letter its action and whether it needs a subject.
var actions = map[letter]struct {
	action  Action
	subject bool
}{
	'a': {Allow, false}, 'g': {Generalise, false}, 'p': {Pseudonymise, false}, 'r': {Redact, false},
	's': {Allow, true}, 'n': {Pseudonymise, true}, 't': {Redact, true}, 'k': {Aggregate, false}, '.': {Deny, false},
}

// Explain says what purpose may do with the field at path: a catalogue path
// (orders.billing.email) or one of a context (order.billing.email). False
// means there is no such purpose or field, so it is denied.
func Explain(purpose, path string) (Decision, bool) {
	c := loaded()
	column, ok := c.column[purpose]
	f := c.find(path)
	if !ok || f == nil || f.children != nil {
		return Decision{}, false
	}
	return c.decide(column, f, f.class), true
}

// Paths returns every field of the catalogue, sorted.
func Paths() []string {
	var out []string
	for _, f := range loaded().resources {
		out = f.leaves(out)
	}
	slices.Sort(out)
	return out
}

// Below returns the fields at and below path, which may be a branch such as
// order.billing; nil if the catalogue has no such path.
func Below(path string) []string {
	f := loaded().find(path)
	if f == nil {
		return nil
	}
	out := f.leaves(nil)
	slices.Sort(out)
	return out
}

func (f *field) leaves(out []string) []string {
	if f.children == nil {
		return append(out, f.path)
	}
	for _, child := range f.children {
		out = child.leaves(out)
	}
	return out
}

func (c *catalogue) find(path string) *field {
	names := strings.Split(path, ".")
	f := c.resources[names[0]]
	if f == nil {
		f = c.resources[c.records[names[0]]]
	}
	for _, n := range names[1:] {
		if f == nil {
			return nil
		}
		f = f.children[n]
	}
	return f
}

// decide applies class, which is the field's own or a stricter one, and the
// overrides of the purpose in column.
func (c *catalogue) decide(column int, f *field, class string) Decision {
	l := letter(c.classes[class].letters[column])
	d := Decision{Purpose: c.purposes[column].ID, Path: f.path, Class: class, Reason: c.classes[class].title + "."}
	if o, ok := c.overrides[d.Purpose+" "+f.path]; ok && class == f.class {
		l, d.Reason = o, d.Reason+" This purpose has its own rule for the field."
	}
	d.Action, d.NeedsSubject = actions[l].action, actions[l].subject
	if d.Action == Generalise {
		if f.coarse == "" {
			d.Action = Deny
			d.Reason += " It has no coarser form that is still of use."
		}
		d.Coarse = f.coarse
	}
	return d
}
