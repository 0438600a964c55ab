package gateway

import (
	"ringfence/internal/guard"
	"ringfence/internal/mask"
)

// What may become of personal data in an answer that nobody told the model.
const (
	StrangersMask = "mask" // it is struck out
	StrangersFlag = "flag" // it is recorded
)

// strangers returns what looks for such data in a text of an answer, or nil. A
// tool's own store knows whose data its arguments are.
func (a *answer) strangers(key laneKey) *guard.Strangers {
	if p := a.t.policy.Strangers; key.kind == arguments || p != StrangersMask && p != StrangersFlag {
		return nil
	}
	return a.t.policy.Guard.Strangers(a.context, a.personal, a.given, a.strikes(key) && !a.t.watching())
}

// strikes reports whether what is found is to be struck out. A text that is JSON
// must stay JSON.
func (a *answer) strikes(key laneKey) bool {
	return a.t.policy.Strangers == StrangersMask && a.setting(key) == mask.Plain
}

func (a *answer) personal(text string) []guard.Personal {
	return Personal(a.t.policy.Masker.Open(a.p.vault), text)
}

// Personal finds personal data for the guard of answers, as masking does. What
// cannot be looked through, as when the store's own detector fails, is taken for
// a number altogether.
func Personal(p *mask.Pass, text string) (out []guard.Personal) {
	found, err := p.Find(text)
	if err != nil {
		return []guard.Personal{{End: len(text), Kind: string(mask.ID)}}
	}
	for _, f := range found {
		out = append(out, guard.Personal{Start: f.Start, End: f.End, Kind: string(f.Type)})
	}
	return out
}

// given are the texts the model was given, as the caller wrote them and as the
// model read them.
func (a *answer) given() []string {
	out := append(a.t.asked.Strings(), string(a.p.data))
	for _, m := range a.p.Messages {
		out = append(out, m.Content.String())
	}
	return out
}

// familiar lets what the answer guard released past the look for strangers.
func (a *answer) familiar(key laneKey, released string, end bool) string {
	l := a.lanes[key]
	if l.strangers == nil {
		return released
	}
	out, found := l.strangers.Write(released)
	if end {
		rest, more := l.strangers.Close()
		out, found = out+rest, append(found, more...)
	}
	if l.strangers.Struck() {
		l.tokens = tokenQueue{broken: true} // tokens would tell what was struck out
	}
	for _, v := range found {
		if a.strikes(key) {
			v.Action = guard.Strip // in watch mode: would have been
		}
		a.t.noted("answer", v)
	}
	return out
}
