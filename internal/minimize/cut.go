package minimize

import "slices"

// cut is one walk through a context.
type cut struct {
	catalogue *catalogue
	purpose   string
	column    int
	known     bool // the purpose is
	subject   string

	result          Result
	denied, unknown map[string]bool
}

// record is where the walk is: one order, one product.
type record struct {
	refused bool // deny every field
	owned   bool // the subject's, by its word or the caller's
	hidden  bool // an unpublished product
}

// records walks the top level, in sorted order so that equal contexts give
// equal results.
func (c *cut) records(in map[string]any) map[string]any {
	out := map[string]any{}
	for _, key := range keys(in) {
		root := c.catalogue.resources[c.catalogue.records[key]]
		if root == nil {
			c.strange(key, in[key])
			continue
		}
		if v := c.each(key, root, in[key]); v != nil {
			out[key] = v
		}
	}
	return out
}

// each cuts one record or a list of them.
func (c *cut) each(key string, root *field, v any) any {
	switch v := v.(type) {
	case map[string]any:
		return c.record(key, root, v)
	case []any:
		var kept []any
		for _, e := range v {
			if k := c.each(key, root, e); k != nil {
				kept = append(kept, k)
			}
		}
		if kept != nil {
			return kept
		}
		return nil
	}
	c.strange(key, v)
	return nil
}

// record judges a record as a whole, then its fields.
func (c *cut) record(key string, root *field, m map[string]any) any {
	r := record{refused: !c.known}
	owner := ownerOf(root.path, c.subject, m)
	r.owned = owner == own || owner == asserted
	switch {
	case !c.known:
	case owner == foreign:
		r.refused = true
		c.refuse(key, OtherSubject)
	case root.path == "orders" && anonymized(m):
		r.refused = true
		c.refuse(key, Anonymized)
	}
	r.hidden = unpublished(m) && (root.path == "products" || root.path == "product-variations")
	return c.object(key, root, m, r)
}

// object cuts the members of one JSON object; nil if nothing is left.
func (c *cut) object(at string, f *field, m map[string]any, r record) any {
	out := map[string]any{}
	for _, key := range keys(m) {
		path := at + "." + key
		child := f.children[key]
		if child == nil {
			c.strange(path, m[key])
			continue
		}
		if v := c.value(path, child, m[key], r); v != nil {
			out[key] = v
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// value cuts what a known field holds.
func (c *cut) value(path string, f *field, v any, r record) any {
	switch v := v.(type) {
	case nil:
		return nil
	case map[string]any:
		if f.children == nil {
			return c.nested(path, f, v, r)
		}
		if c.isMeta(f) {
			return c.meta(path, f, v, r)
		}
		return c.object(path, f, v, r)
	case []any:
		var kept []any
		for _, e := range v {
			if k := c.value(path, f, e, r); k != nil {
				kept = append(kept, k)
			}
		}
		if kept != nil {
			return kept
		}
		return nil
	}
	if v == "" {
		return nil
	}
	if f.children != nil {
		c.strange(path, v)
		return nil
	}
	return c.scalar(f, v, r)
}

// nested denies an object where the catalogue has a plain value. What is below
// is known to be denied, or else unknown.
func (c *cut) nested(path string, f *field, m map[string]any, r record) any {
	if !r.refused && c.catalogue.decide(c.column, f, f.class).Action != Deny {
		c.strange(path, m)
		return nil
	}
	leaves(m, func() { c.deny(f) })
	return nil
}

// scalar applies the decision for one plain value.
func (c *cut) scalar(f *field, v any, r record) any {
	if r.refused {
		return c.deny(f)
	}
	class := f.class
	if r.hidden && class == "catalogue_public" {
		class = "unpublished"
	}
	return c.apply(c.catalogue.decide(c.column, f, class), f, v, r)
}

func (c *cut) apply(d Decision, f *field, v any, r record) any {
	if d.NeedsSubject && !r.owned {
		return c.deny(f)
	}
	n := &c.result.Counts
	switch d.Action {
	case Allow, Redact:
		n.Allowed++
		return v
	case Pseudonymise:
		n.Pseudonymised++
		return v
	case Generalise:
		if s, ok := text(v); ok {
			if s, ok = coarseners[d.Coarse](s); ok {
				n.Generalised++
				return s
			}
		}
	}
	return c.deny(f)
}

func (c *cut) deny(f *field) any {
	c.result.Counts.Denied++
	c.denied[f.path] = true
	return nil
}

// isMeta reports whether f is WooCommerce's open list of {id, key, value}.
func (c *cut) isMeta(f *field) bool { return f.class == "meta_unknown" && f.children["key"] != nil }

// meta lets a plain value under a listed key pass and denies all other entries.
func (c *cut) meta(path string, f *field, m map[string]any, r record) any {
	key, _ := m["key"].(string)
	l, listed := c.catalogue.meta[c.purpose+" "+key]
	if !listed || r.refused || !plain(m["value"]) {
		return c.object(path, f, m, r)
	}
	d := Decision{Action: actions[l].action, NeedsSubject: actions[l].subject}
	v := c.apply(d, f.children["value"], m["value"], r)
	if v == nil {
		return nil
	}
	return map[string]any{"key": key, "value": v}
}

// strange counts every plain value below a name the catalogue does not have.
func (c *cut) strange(path string, v any) {
	leaves(v, func() {
		c.result.Counts.Unknown++
		c.unknown[path] = true
	})
}

// leaves calls f for every value below v that is not empty.
func leaves(v any, f func()) {
	switch v := v.(type) {
	case map[string]any:
		for _, e := range v {
			leaves(e, f)
		}
	case []any:
		for _, e := range v {
			leaves(e, f)
		}
	case nil:
	default:
		if v != "" {
			f()
		}
	}
}

func (c *cut) refuse(key, reason string) {
	c.result.Refusals = append(c.result.Refusals, Refusal{key, reason})
}

func keys(m map[string]any) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
