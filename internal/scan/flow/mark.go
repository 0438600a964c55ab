package flow

import "slices"

// mark adds a step to the way of everything a value carries, unless the last step stands on the same line.
func (f *frame) mark(v *Value, pos int32, what string) *Value {
	if v == nil || len(v.taint) == 0 && len(v.syms) == 0 {
		return v
	}
	w := *v
	w.inside = nil
	w.taint, w.syms = slices.Clone(v.taint), slices.Clone(v.syms)
	for i := range w.taint {
		w.taint[i].Step = f.further(w.taint[i].Step, pos, what)
	}
	for i := range w.syms {
		w.syms[i].step = f.further(w.syms[i].step, pos, what)
	}
	return &w
}

func (f *frame) further(s *Step, pos int32, what string) *Step {
	if s != nil && s.File == f.file && f.file.Line(s.Pos) == f.file.Line(pos) {
		return s
	}
	return step(f.file, pos, what, s)
}
