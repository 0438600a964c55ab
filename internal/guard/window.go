package guard

import "unicode/utf8"

// MaxHold is the most bytes of an answer a Window holds back. Normally it holds
// nothing: only the beginning of what may become a leak waits for its end.
const MaxHold = 256

// Context is what an answer is judged by.
type Context struct {
	System      []string // texts the model was instructed with; repeating them is a leak
	Canaries    []string // marks planted in those texts; six letters or digits at least
	AllowedURLs []string // beside the policy's, for this call
}

// Window judges one answer while it is written: one per choice and channel. It
// is not safe for concurrent use.
//
// It reads rune by rune, and after each rune knows how far the answer may be
// released. Both depend on the runes read so far and on nothing else, so any
// chunking gives the same bytes and the same findings.
type Window struct {
	detectors []detector
	pending   []byte // written, not released; pending[0] is byte `released` of the answer
	released  int
	read      int // bytes of the answer the detectors have seen
	cut       int // bytes that may be released
	trail     []byte
	findings  []Verdict
	blocked   *Verdict
}

// detector looks for one kind of leak.
type detector interface {
	// see reads the next rune, the bytes [start, end) of the answer, and returns
	// a finding or nil.
	see(r rune, start, end int) *Verdict
	// hold returns the byte from which on the answer must wait, or free.
	hold() int
}

// free is the hold of a detector that waits for nothing.
const free = int(^uint(0) >> 1)

// Answer returns a window for an answer of a model that was instructed with the
// texts of system.
func (g *Guard) Answer(system []string) *Window {
	w, _ := g.AnswerIn(Context{System: system}) // only an allowed URL can be wrong
	return w
}

// AnswerIn is Answer for a caller that knows more. The error names an allowed
// URL that is none.
func (g *Guard) AnswerIn(c Context) (*Window, error) {
	allowed := g.allowed
	if len(c.AllowedURLs) > 0 {
		more, err := newAllowList(c.AllowedURLs)
		if err != nil {
			return nil, err
		}
		allowed = append(more, allowed...)
	}
	w := &Window{}
	stream := &letters{}
	if x := g.indexes.get(c.System, g.policy.Leak.Hold); x != nil {
		stream.overlap = &overlap{index: x, leak: g.policy.Leak}
	}
	stream.canary = newCanaries(c.Canaries)
	w.detectors = []detector{stream, &secrets{}, &links{allowed: allowed}, &templates{}}
	return w, nil
}

// Write reads the next part of the answer. It returns what may go on to the
// customer now, and the worst finding of this part or nil. After one that
// blocks, nothing more is released, read or reported.
func (w *Window) Write(s string) (release string, v *Verdict) {
	if w.blocked != nil {
		return "", nil
	}
	w.pending = append(w.pending, s...)
	return w.run(false)
}

// Close ends the answer and releases what was still held.
func (w *Window) Close() (release string, v *Verdict) {
	if w.blocked != nil {
		return "", nil
	}
	return w.run(true)
}

// Findings returns all findings so far, in the order of the text.
func (w *Window) Findings() []Verdict { return w.findings }

// run reads the complete runes of pending, and at the end also the bytes of a
// rune that will not be completed.
func (w *Window) run(end bool) (string, *Verdict) {
	before := len(w.findings)
	for w.blocked == nil {
		rest := w.pending[w.read-w.released:]
		if len(rest) == 0 || !end && !utf8.FullRune(rest) {
			break
		}
		r, n := utf8.DecodeRune(rest)
		w.see(r, rest[:n])
	}
	if end && w.blocked == nil {
		w.cut = w.read
	}
	out := string(w.pending[:w.cut-w.released])
	w.pending = w.pending[:copy(w.pending, w.pending[w.cut-w.released:])]
	w.released = w.cut
	if w.blocked != nil {
		w.pending = nil
		return out, w.blocked
	}
	return out, worst(w.findings[before:])
}

// see shows one rune to every detector. The cut moves only after a rune that
// does not block, so nothing of a blocked span is released.
func (w *Window) see(r rune, raw []byte) {
	start := w.read
	w.read += len(raw)
	w.remember(raw)
	hold := w.read
	for _, d := range w.detectors {
		if v := d.see(r, start, w.read); v != nil {
			w.find(v)
		}
		hold = min(hold, d.hold())
	}
	if w.blocked == nil {
		w.cut = max(w.cut, hold, w.read-MaxHold)
	}
}

// find records a finding; the first that blocks ends the answer.
func (w *Window) find(v *Verdict) {
	v.Where, v.Evidence = "answer", w.evidence(v.Reason)
	w.findings = append(w.findings, *v)
	if v.Action == Block && w.blocked == nil {
		w.blocked = v
	}
}

// evidence quotes the end of what was read; of a secret, only what stands
// before it.
func (w *Window) evidence(reason string) string {
	end := len(w.trail)
	if reason == "secret_leak" {
		end = max(0, end-(w.read-w.cut))
	}
	from := max(0, end-maxExcerpt)
	return excerpt(string(w.trail[from:end]), 0, end-from)
}

// remember keeps the end of the answer for evidence.
func (w *Window) remember(raw []byte) {
	if len(w.trail) >= 2*maxExcerpt {
		w.trail = w.trail[:copy(w.trail, w.trail[len(w.trail)-maxExcerpt/2:])]
	}
	w.trail = append(w.trail, raw...)
}

func worst(vs []Verdict) *Verdict {
	var w *Verdict
	for i := range vs {
		if w == nil || vs[i].Action > w.Action {
			w = &vs[i]
		}
	}
	return w
}
