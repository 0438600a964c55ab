package guard

import "ringfence/internal/guard/known"

// matched takes a value that stands in the answer as a whole.
func (w *Window) matched(m match, via string) {
	switch m.end.Kind {
	case kindUnit:
		w.around.unit(m.end.Notes, m.start, w.read)
		return
	case kindLabel:
		w.around.label(m.end.Notes, m.start, w.read)
		return
	}
	for _, e := range append([]known.End{m.end}, m.more...) {
		switch {
		case e.Kind == kindNear:
			w.around.name(m.facts, m.mark, m.start, w.read)
		case e.Kind == kindCanary:
			w.leaked("canary_leak", "leak.canary", via, true)
		case personal(e.Kind) && (w.own(m.facts, m.end, m.more) || w.repeats(m.letters)):
			w.carries(e, m.start)
		case e.Notes&noteContext != 0 && !w.inContext(&m, e):
		default:
			w.fact(e, string(m.letters), true, via)
		}
	}
}

// carries takes data that may be told, for they are the customer's own: in a URL
// that leads elsewhere they are carried away. An order's number may be what a
// carrier is asked with.
func (w *Window) carries(e known.End, from int) {
	if w.asks || !w.links.own(from) {
		return
	}
	v := carried()
	if e.Kind == kindOrder {
		v.Action, v.Score = Flag, 0.5
	}
	w.report(v, "")
}

// inContext reports whether a short value stands beside what makes it a secret.
func (w *Window) inContext(m *match, e known.End) bool {
	if w.around.labels(m.start, w.read, 1, false)[e.Kind] {
		return true
	}
	f := figure{start: m.start, end: w.read}
	for _, c := range w.around.names(m.facts, &f) {
		if _, _, ok := m.facts.set.Marked(m.facts.key.Mark("near", string(m.letters), markText(c.mark))); ok {
			return true
		}
	}
	return false
}

// own reports whether a personal value is the subject's, perhaps beside others.
func (w *Window) own(k *Known, e known.End, more []known.End) bool {
	var owner uint64
	for i := range w.known {
		if w.known[i] == k {
			owner = w.owners[i]
		}
	}
	if owner == 0 || !personal(e.Kind) {
		return false
	}
	if e.Owner == owner {
		return true
	}
	for _, o := range more {
		if o.Owner == owner && personal(o.Kind) {
			return true
		}
	}
	return false
}

// fact reports a fact of the store, or a datum of a customer.
func (w *Window) fact(e known.End, value string, sure bool, via string) {
	if w.asks {
		return
	}
	if personal(e.Kind) {
		w.leaked("personal_leak", factRule(e.Kind), via, true)
		return
	}
	knew := w.repeats([]byte(value)) || w.figures[value]
	w.leaked("confidential_leak", factRule(e.Kind), via, sure && !knew)
}

// leaked reports a finding; one that is not sure is only flagged.
func (w *Window) leaked(reason, rule, via string, sure bool) {
	v := &Verdict{Action: Block, Reason: reason, Rule: rule, Score: 1}
	if !sure {
		v.Action, v.Score = Flag, 0.5
	}
	w.report(v, via)
}
