// Package progress tells a waiting person what a long step is doing.
//
// First step: pass a [Func] to whoever works, usually [Terminal].Report.
// Promise: reporting never fails and never slows the work by more than the
// write of one line; a nil Func is fine. Danger: none, reports are for eyes only.
package progress

// Report is one state of one step.
type Report struct {
	Step  string // what is being done, e.g. "fetch engine libraries"
	Done  int64  // how far, in Unit
	Total int64  // 0 when unknown
	Unit  Unit
	Note  string // a sentence worth keeping on the screen; Done and Total are then ignored
}

// Unit says what Done and Total count.
type Unit int

// Units of a Report.
const (
	Bytes Unit = iota
	Files
)

// Func receives reports. It may be called from several goroutines at once.
type Func func(Report)

// Step reports how far a step is.
func (f Func) Step(step string, done, total int64, unit Unit) {
	if f != nil {
		f(Report{Step: step, Done: done, Total: total, Unit: unit})
	}
}

// Note reports a sentence.
func (f Func) Note(sentence string) {
	if f != nil {
		f(Report{Note: sentence})
	}
}

// Finished reports whether the step has come to its end.
func (r Report) Finished() bool { return r.Note == "" && r.Total > 0 && r.Done >= r.Total }
