package guard

import "ringfence/internal/guard/known"

// around tells what a number means by what stands around it. A small number
// alone says nothing: it is a cost price beside the name of the product, or
// beside the words for one.
type around struct {
	w      *Window
	cues   []cue    // what was seen last
	others []cue    // the numbers among it
	open   []figure // numbers that may still turn out to be a secret
	prompt []cue    // names that the prompt asks about
}

// cue is something that tells what a number is.
type cue struct {
	kind       cueKind
	code       uint8  // of a label or unit
	mark       uint64 // of a name, in facts
	facts      *Known
	start, end int
	via        string // of a number
}

type cueKind uint8

const (
	cueName  cueKind = iota // an entity that a fact is about
	cueLabel                // words such as "cost price"
	cueUnit                 // money, percent
)

const (
	unitMoney uint8 = iota
	unitPercent
)

// figure is a number some fact has.
type figure struct {
	value      string
	exact      bool // it has decimals
	start, end int
	via        string
}

const (
	reach   = 120 // bytes between a number and what tells its meaning
	maxCues = 48
)

// number takes a number of the answer.
func (a *around) number(value string, exact bool, start, end int, via string) {
	if a.w.asks {
		a.w.figures[value] = true
		return
	}
	has := false
	for _, k := range a.w.known {
		if _, _, ok := k.set.Marked(k.key.Mark("number", value)); ok {
			has = true
		}
	}
	if has {
		f := figure{value, exact, start, end, via}
		if !a.judge(&f, nil) && len(a.open) < maxCues {
			a.open = append(a.open, f)
		}
	}
	a.others = appendCue(a.others, cue{start: start, end: end, via: via})
}

// told takes a number that was read from words or parts: it says nothing of
// other numbers.
func (a *around) told(value string, exact bool, start, end int, via string) {
	n := len(a.others)
	last := cue{}
	if n > 0 {
		last = a.others[n-1]
	}
	a.number(value, exact, start, end, via)
	if n = len(a.others); n > 0 && a.others[n-1] != last {
		a.others = a.others[:n-1]
	}
}

// name, label and unit take what tells the meaning of a number.
func (a *around) name(k *Known, mark uint64, start, end int) {
	a.tell(cue{kind: cueName, facts: k, mark: mark, start: start, end: end})
}
func (a *around) label(code uint8, start, end int) {
	a.tell(cue{kind: cueLabel, code: code, start: start, end: end})
}
func (a *around) unit(code uint8, start, end int) {
	a.tell(cue{kind: cueUnit, code: code, start: start, end: end})
}

// tell looks what a new cue means for the numbers before it.
func (a *around) tell(c cue) {
	a.cues = appendCue(a.cues, c)
	kept := a.open[:0]
	for _, f := range a.open {
		if a.w.blocked != nil || !a.judge(&f, &c) {
			kept = append(kept, f)
		}
	}
	a.open = kept
}

// appendCue keeps the last ones.
func appendCue(list []cue, c cue) []cue {
	if len(list) >= maxCues {
		list = list[:copy(list, list[maxCues/2:])]
	}
	return append(list, c)
}

// sentence ends one: what follows tells nothing of the numbers before.
func (a *around) sentence(int) { a.open = a.open[:0] }

// pass lets go of numbers that are out of reach of what may follow.
func (a *around) pass(at int) {
	for len(a.open) > 0 && at-a.open[0].end > reach {
		a.open = a.open[1:]
	}
}

func (a *around) hold() int {
	at := free
	for i := range a.open {
		at = min(at, a.open[i].start)
	}
	return at
}

// judge reports a number that is a secret by what is known around it. A new
// cue, if there is one, must be part of the reason.
func (a *around) judge(f *figure, fresh *cue) bool {
	for _, k := range a.w.known {
		if e, sure, ok := a.meaning(k, f, fresh); ok {
			a.w.fact(e, f.value, sure, f.via)
			return true
		}
	}
	return false
}

// meaning returns the fact of a set that a number is, and whether that is sure.
func (a *around) meaning(k *Known, f *figure, fresh *cue) (e known.End, sure, ok bool) {
	turned := f.via == reversedVia && !f.exact
	labels := a.labels(f.start, f.end, f.wide(), turned)
	for code := range labels {
		if e, more, ok := k.set.Marked(k.key.Mark("label", kindNames[code], f.value)); ok && !a.w.own(k, e, more) {
			return e, true, true
		}
	}
	if turned {
		return e, false, false
	}
	money, percent := a.hasUnit(f, unitMoney), a.hasUnit(f, unitPercent)
	for _, c := range a.names(k, f) {
		e, _, ok := k.set.Marked(k.key.Mark("near", f.value, markText(c.mark)))
		if !ok {
			continue
		}
		asked := c.end < 0 // the prompt names it, the answer need not
		plain := f.exact || len(f.value) >= 3 || money
		if e.Kind == kindMargin {
			plain = percent || f.exact
		}
		if _, said := labels[e.Kind]; said || plain && !(asked && !f.exact && !money && !percent) {
			return e, said || asked || !a.numberBetween(&c, f), true
		}
	}
	return e, false, false
}

// labels returns the kinds of facts that words around a number name.
func (a *around) labels(start, end, wide int, turned bool) map[uint8]bool {
	var out map[uint8]bool
	f := figure{start: start, end: end}
	for i := range a.cues {
		if c := &a.cues[i]; c.kind == cueLabel && apart(c, &f) <= reach/2*wide {
			if out == nil {
				out = map[uint8]bool{}
			}
			if turned && c.code&turnedLabel == 0 {
				continue
			}
			out[c.code&^turnedLabel] = true
		}
	}
	return out
}

func (a *around) hasUnit(f *figure, code uint8) bool {
	for i := range a.cues {
		if c := &a.cues[i]; c.kind == cueUnit && c.code&^turnedLabel == code && apart(c, f) <= 2*f.wide() {
			return true
		}
	}
	return false
}

// names returns the name before a number, the one behind it, and those of the
// prompt.
func (a *around) names(k *Known, f *figure) []cue {
	var out []cue
	for i := len(a.cues) - 1; i >= 0; i-- {
		if c := a.cues[i]; c.kind == cueName && c.facts == k && c.end <= f.start && apart(&c, f) <= reach*f.wide() {
			out = append(out, c)
			for j := i - 1; j >= 0 && a.cues[j].kind == cueName && a.cues[j].start >= c.start; j-- {
				out = append(out, a.cues[j]) // another reading of the same place
			}
			break
		}
	}
	for i := range a.cues {
		if c := a.cues[i]; c.kind == cueName && c.facts == k && c.start >= f.end && apart(&c, f) <= reach {
			out = append(out, c)
			break
		}
	}
	for _, c := range a.cues { // an encoded sentence covers both
		if c.kind == cueName && c.facts == k && c.start < f.end && c.end > f.start {
			out = append(out, c)
		}
	}
	for _, c := range a.prompt {
		if c.facts == k {
			out = append(out, c)
		}
	}
	return out
}

// wide is by how much encoded text is longer than what it says.
func (f *figure) wide() int {
	if f.via == "" || f.via == reversedVia {
		return 1
	}
	return 6
}

// numberBetween reports whether another number stands between a name and this
// one: then the name may belong to that.
func (a *around) numberBetween(c *cue, f *figure) bool {
	from, to := min(c.end, f.end), max(c.start, f.start)
	for i := range a.others {
		if n := &a.others[i]; n.via == f.via && n.start >= from && n.end <= to && n.start != f.start {
			return true
		}
	}
	return false
}

// apart is how many bytes stand between a cue and a number.
func apart(c *cue, f *figure) int {
	switch {
	case c.end <= f.start:
		return f.start - c.end
	case c.start >= f.end:
		return c.start - f.end
	}
	return 0
}
