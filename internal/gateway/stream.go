package gateway

import (
	"errors"
	"slices"
	"strings"

	"ringfence/internal/engine"
	"ringfence/internal/gateway/dialect"
	"ringfence/internal/guard"
	"ringfence/internal/mask"
)

// answer is the way back: what the engine says goes through the answer guard
// and then gets the customer's words restored, piece by piece, whether the
// caller asked for a stream or not. This is the one place where those two
// stages overlap, because both must hold back the end of a text that may still
// turn into something else.
type answer struct {
	t     *trip
	p     *prompt
	sink  sink
	lanes map[laneKey]*lane
	order []laneKey          // lanes in the order they began, for flush
	tools map[laneKey]string // names of the tools that are called

	finish  map[int]string  // why each choice ended
	said    strings.Builder // what the model said, for the commitment and the trace
	verdict guard.Verdict   // that stopped the answer
	started bool            // the engine has said something
	gone    bool            // the caller cannot be written to
}

// A sink takes the pieces that may go back.
type sink interface {
	event(dialect.Event) error
	flush() error                               // the engine has no more for now
	withhold(choice int, sentence string) error // in place of the rest of a choice
	close(*dialect.Usage) error
	fail(*dialect.Refusal)
}

// laneKey names one text of an answer: a choice's content, its reasoning, or
// the arguments of one of its tool calls.
type laneKey struct {
	choice int
	kind   laneKind
	tool   int
}

type laneKind int

const (
	content laneKind = iota
	reasoning
	arguments
)

// lane is the moving window over one text.
type lane struct {
	window   *guard.Window
	restorer *mask.Restorer
	tokens   tokenQueue
}

var errWithheld = errors.New("the answer guard stopped the answer")

// receive readies the way back for a prompt's answer.
func (g *Gateway) receive(t *trip, p *prompt) *answer {
	a := &answer{t: t, p: p, lanes: map[laneKey]*lane{}, tools: map[laneKey]string{}, finish: map[int]string{}}
	a.sink = t.sinkFor(p)
	return a
}

// take brings one event of the engine on its way. An error stops the engine.
func (a *answer) take(e engine.Event) error {
	if e.Pause {
		return a.put(a.sink.flush())
	}
	a.started = true
	a.t.trace.said(e)
	if e.Finish != "" {
		a.finish[e.Choice] = e.Finish
	}
	if err := a.pass(laneKey{e.Choice, reasoning, 0}, e.Reasoning, nil, nil); err != nil {
		return err
	}
	if err := a.pass(laneKey{e.Choice, content, 0}, e.Text, e.Logprobs, nil); err != nil {
		return err
	}
	if e.Tool == nil {
		return nil
	}
	if e.Tool.Name != "" && !slices.ContainsFunc(a.p.Tools, func(t engine.Tool) bool { return t.Name == e.Tool.Name }) {
		return a.withhold(e.Choice, guard.Verdict{Action: guard.Block, Reason: "tool_not_offered", Rule: "tool-offered"})
	}
	key := laneKey{e.Choice, arguments, e.Tool.Index}
	if e.Tool.Name != "" {
		a.tools[key] = e.Tool.Name
	}
	return a.pass(key, e.Tool.Arguments, nil, e.Tool)
}

// pass lets what the guard releases of a text out, restored.
func (a *answer) pass(key laneKey, text string, tokens []engine.TokenLogprob, tool *engine.ToolDelta) error {
	opens := tool != nil && tool.Name != ""
	if text == "" && !opens {
		return nil
	}
	a.said.WriteString(text)
	l := a.lane(key)
	l.tokens.add(tokens)
	released, verdict := l.window.Write(text)
	if a.t.watching() {
		released = text
	}
	if err := a.emit(key, l.restorer.Write(released), tool); err != nil {
		return err
	}
	return a.judged(key.choice, verdict)
}

func (a *answer) lane(key laneKey) *lane {
	l, ok := a.lanes[key]
	if !ok {
		setting := mask.Plain
		if key.kind == arguments || key.kind == content && (a.p.JSONObject || a.p.Schema.String() != "") {
			setting = mask.JSONString
		}
		l = &lane{window: a.t.policy.Guard.Answer(a.p.system()), restorer: a.restorer(key, setting)}
		a.lanes[key] = l
		a.order = append(a.order, key)
	}
	return l
}

// restorer puts the customer's words back into one text: not those of another
// customer, and none into what a tool of somebody else is to get.
func (a *answer) restorer(key laneKey, in mask.Setting) *mask.Restorer {
	r := a.p.vault.Restorer(in).For(a.p.reader)
	if key.kind == arguments && a.t.caller.RunsOutside(a.tools[key]) {
		r.Outside()
	}
	return r
}

// system returns the texts a model must not give away.
func (p *prompt) system() []string {
	var texts []string
	for _, m := range p.Messages {
		if m.Role == string(dialect.System) {
			texts = append(texts, m.Content.String())
		}
	}
	return texts
}

// emit writes restored pieces of one text to the sink.
func (a *answer) emit(key laneKey, pieces []mask.Piece, tool *engine.ToolDelta) error {
	var out strings.Builder
	for _, p := range pieces {
		out.WriteString(p.Out)
	}
	e := dialect.Event{Choice: key.choice}
	switch key.kind {
	case content:
		e.Text = out.String()
		if a.p.Logprobs {
			e.Logprobs = a.lanes[key].tokens.match(pieces)
		}
	case reasoning:
		e.Reasoning = out.String()
	case arguments:
		e.Tool = &dialect.ToolDelta{Index: key.tool, Arguments: out.String()}
		if tool != nil {
			e.Tool.ID, e.Tool.Name = tool.ID, tool.Name
		}
	}
	if out.Len() == 0 && (e.Tool == nil || e.Tool.Name == "") && e.Logprobs == nil {
		return nil
	}
	return a.put(a.sink.event(e))
}

// put keeps in mind that the caller is gone.
func (a *answer) put(err error) error {
	a.gone = a.gone || err != nil
	return err
}

// judged acts on a verdict about an answer.
func (a *answer) judged(choice int, v *guard.Verdict) error {
	if v == nil {
		return nil
	}
	if v.Action >= guard.Strip && !a.t.watching() {
		return a.withhold(choice, *v)
	}
	a.t.noted("answer", *v)
	return nil
}

// withheldSentence stands where an answer was stopped.
const withheldSentence = "The rest of this answer was withheld by the store's safety rules."

// withhold ends the whole answer: the other choices come from the same prompt.
func (a *answer) withhold(choice int, v guard.Verdict) error {
	a.verdict = v
	a.t.noted("answer", v)
	for c := range max(a.p.N, 1) {
		a.finish[c] = dialect.FinishBlocked
	}
	if err := a.put(a.sink.withhold(choice, withheldSentence)); err != nil {
		return err
	}
	return errWithheld
}

// flush lets out what was held back, when the engine has said all.
func (a *answer) flush() error {
	for _, key := range a.order {
		l := a.lanes[key]
		released, verdict := l.window.Close()
		if a.t.watching() {
			released = ""
		}
		pieces := append(l.restorer.Write(released), l.restorer.Close()...)
		if err := a.emit(key, pieces, nil); err != nil {
			return err
		}
		if err := a.judged(key.choice, verdict); err != nil {
			return err
		}
	}
	return nil
}

// close sends the end of the answer. The caller may be gone by now; the answer
// was recorded as given, for nobody can know.
func (a *answer) close(used engine.Usage) error {
	usage := dialect.Usage(used)
	for choice := range max(a.p.N, 1) {
		finish := a.finish[choice]
		if finish == "" {
			finish = dialect.FinishStop
		}
		if err := a.sink.event(dialect.Event{Choice: choice, Finish: finish}); err != nil {
			return nil
		}
	}
	if a.p.Stream && !a.p.usage {
		a.sink.close(nil)
	} else {
		a.sink.close(&usage)
	}
	return nil
}

func (a *answer) fail(r *dialect.Refusal) { a.sink.fail(r) }
