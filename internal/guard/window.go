package guard

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// MaxHold is the most bytes of an answer a Window holds back. Normally it holds
// the word that is being written: only the beginning of what may become a leak
// waits longer.
const MaxHold = 256

// maxWord is how much of a word waits for its end.
const maxWord = 64

// Context is what an answer is judged by.
type Context struct {
	System      []string // texts the model was instructed with; repeating them is a leak
	Canaries    []string // marks planted in those texts; six letters or digits at least
	AllowedURLs []string // beside the policy's, for this call
	Known       []*Known // what the store keeps to itself
	Subject     string   // on whose behalf the call is made: their own data is no leak
	Prompt      string   // what the customer wrote: repeating it is no leak
}

// Window judges one answer while it is written: one per choice and channel. It
// is not safe for concurrent use.
//
// It reads rune by rune, and after each rune knows how far the answer may be
// released. Both depend on the runes read so far and on nothing else, so any
// chunking gives the same bytes and the same findings.
type Window struct {
	text      *layer   // the answer
	layers    []*layer // it, and what is encoded in it
	links     links
	templates templates
	around    around
	known     []*Known
	owners    []uint64        // the subject, as each of known has it
	prompt    []byte          // letters of the prompt
	figures   map[string]bool // numbers of the prompt
	asks      bool            // it reads the prompt
	indexes   [3]*index       // of the system text, backwards, and by distances
	bounds    Leak

	pending  []byte // written, not released; pending[0] is byte `released` of the answer
	released int
	read     int // bytes of the answer that were judged
	word     int // where the word that is being written starts
	cut      int // bytes that may be released
	trail    []byte
	findings []Verdict
	fresh    []Verdict // of the rune that is being read
	told     map[string]bool
	blocked  *Verdict
}

// free is the hold of what waits for nothing.
const free = int(^uint(0) >> 1)

// Answer returns a window for an answer of a model that was instructed with the
// texts of system.
func (g *Guard) Answer(system []string) *Window {
	w, _ := g.AnswerIn(Context{System: system}) // only an allowed URL can be wrong
	return w
}

// Restored judges words that are to be put back into an answer: whose they are,
// and whether the store keeps them to itself. It returns nil where they may be.
func (g *Guard) Restored(c Context, words string) *Verdict {
	w, err := g.AnswerIn(Context{Known: c.Known, Subject: c.Subject, Prompt: c.Prompt})
	if err != nil {
		return nil
	}
	w.Write(words)
	w.Close()
	return w.blocked
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
	w := &Window{links: links{allowed: allowed, waits: free}, bounds: g.policy.Leak, told: map[string]bool{}}
	w.indexes = g.indexes.get(c.System, g.policy.Leak.Hold)
	if marks := newMarks(c.Canaries); marks.Len() > 0 {
		w.known = append(w.known, marks)
	}
	w.known = append(w.known, c.Known...)
	for _, k := range w.known {
		w.owners = append(w.owners, k.owner(c.Subject))
	}
	w.around.w = w
	w.text = newLayer(w, "", 0)
	w.wrote(c.Prompt)
	return w, nil
}

// wrote learns what the customer wrote: what he knows, and what he asks about.
func (w *Window) wrote(prompt string) {
	w.prompt, _ = squeezed(prompt)
	w.figures = map[string]bool{}
	if prompt == "" || len(w.known) == 0 {
		return
	}
	q := &Window{known: w.known, owners: w.owners, told: map[string]bool{}, figures: w.figures, asks: true}
	q.around.w = q
	q.text = newLayer(q, "", maxDepth)
	q.lock()
	defer q.unlock()
	for i, r := range prompt {
		q.text.see(r, i, i+utf8.RuneLen(r))
	}
	q.close(len(prompt))
	for _, c := range q.around.cues {
		if c.kind == cueName {
			c.start, c.end = -1, -1
			w.around.prompt = append(w.around.prompt, c)
		}
	}
}

// overlaps returns what follows the system text in a layer.
func (w *Window) overlaps(depth int) (out []*overlap) {
	x := w.indexes
	if x[0] == nil {
		return nil
	}
	out = append(out, &overlap{index: x[0], leak: w.bounds, rule: "leak.system"})
	if depth < maxDepth {
		out = append(out, &overlap{index: x[1], leak: w.bounds, rule: "leak.system/reversed"},
			&overlap{index: x[2], leak: w.bounds, turned: true, rule: "leak.system/turned"})
	}
	return out
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
	w.lock()
	defer w.unlock()
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
		w.close(w.read)
		if v := w.links.close(); v != nil {
			w.report(v, "")
		}
		w.findAll()
		if w.blocked == nil {
			w.cut = w.read
		}
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

// lock keeps what is known from changing while a part is read.
func (w *Window) lock() {
	for _, k := range w.known {
		k.mu.RLock()
	}
}

func (w *Window) unlock() {
	for _, k := range w.known {
		k.mu.RUnlock()
	}
}

// see shows one rune to every detector. The cut moves only after a rune that
// does not block, so nothing of a blocked span is released.
func (w *Window) see(r rune, raw []byte) {
	start := w.read
	w.read += len(raw)
	w.remember(raw)
	w.text.see(r, start, w.read)
	if v := w.links.see(r, start, w.read); v != nil {
		w.report(v, "")
	}
	if v := w.templates.see(r, start, w.read); v != nil {
		w.report(v, "")
	}
	w.around.pass(w.read)
	if r <= ' ' {
		w.word = w.read
	}
	w.findAll()
	if most := max(w.word, w.read-maxWord); w.blocked == nil && (most > w.cut || w.read-MaxHold > w.cut) {
		hold := min(w.read, most, w.links.hold(), w.around.hold())
		for _, rd := range w.layers {
			hold = min(hold, rd.hold())
		}
		w.cut = max(w.cut, hold, w.read-MaxHold)
	}
}

// close ends the answer for every layer; closing one may open another.
func (w *Window) close(end int) {
	for i := 0; i < len(w.layers); i++ {
		w.layers[i].close(end)
	}
}

// report takes a finding of the rune that is being read.
func (w *Window) report(v *Verdict, via string) {
	if via != "" {
		v.Rule += "/" + via
	}
	w.fresh = append(w.fresh, *v)
}

// findAll records what this rune completed; the first that blocks ends the
// answer.
func (w *Window) findAll() {
	for i := range w.fresh {
		if w.blocked == nil {
			w.find(w.fresh[i])
		}
	}
	w.fresh = w.fresh[:0]
}

func (w *Window) find(v Verdict) {
	if key := v.Reason + v.Rule; v.Action != Block && v.Reason != "data_in_link" && v.Reason != "chat_template" {
		if w.told[key] {
			return
		}
		w.told[key] = true
	}
	v.Where, v.Evidence = "answer", w.evidence(v.Reason)
	w.findings = append(w.findings, v)
	if v.Action == Block {
		w.blocked = &v
	}
}

// evidence quotes the end of what was read; of what the store keeps to itself,
// only what stands before it.
func (w *Window) evidence(reason string) string {
	end := len(w.trail)
	if reason != "data_in_link" && reason != "chat_template" && reason != "system_leak" {
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

// repeats reports whether the customer wrote these letters.
func (w *Window) repeats(letters []byte) bool {
	return len(letters) > 0 && bytes.Contains(w.prompt, letters)
}

// factRule names a rule without what was found.
func factRule(kind uint8) string {
	if personal(kind) {
		return "leak.person." + kindNames[kind]
	}
	return strings.Replace("leak.confidential."+kindNames[kind], ".confidential.confidential", ".confidential", 1)
}
