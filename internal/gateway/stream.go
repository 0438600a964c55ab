package gateway

import (
	"errors"
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

	context guard.Context             // what it is judged by
	told    map[string]*guard.Verdict // what the guard thinks of words put back
	calls   []*toolCall               // not yet passed on

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
	window    *guard.Window
	strangers *guard.Strangers // nil where nobody looks for them
	restorer  *mask.Restorer
	tokens    tokenQueue
}

var errWithheld = errors.New("the answer guard stopped the answer")

// receive readies the way back for a prompt's answer.
func (g *Gateway) receive(t *trip, p *prompt) *answer {
	a := &answer{t: t, p: p, lanes: map[laneKey]*lane{}, tools: map[laneKey]string{}, finish: map[int]string{}, told: map[string]*guard.Verdict{}, context: g.judgedBy(t, p)}
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
	if err := a.pass(laneKey{e.Choice, reasoning, 0}, e.Reasoning, nil); err != nil {
		return err
	}
	if err := a.pass(laneKey{e.Choice, content, 0}, e.Text, e.Logprobs); err != nil {
		return err
	}
	if e.Tool == nil {
		return nil
	}
	return a.takeTool(e.Choice, e.Tool)
}

// pass lets what the guard releases of a text out, restored.
func (a *answer) pass(key laneKey, text string, tokens []engine.TokenLogprob) error {
	if text == "" {
		return nil
	}
	if err := a.endTools(key.choice); err != nil {
		return err
	}
	a.said.WriteString(text)
	l := a.lane(key)
	l.tokens.add(tokens)
	released, verdict := l.window.Write(text)
	if a.t.watching() {
		released = text
	}
	if err := a.emit(key, l.restorer.Write(a.familiar(key, released, false))); err != nil {
		return err
	}
	return a.judged(key.choice, verdict)
}

func (a *answer) lane(key laneKey) *lane {
	l, ok := a.lanes[key]
	if !ok {
		window, _ := a.t.policy.Guard.AnswerIn(a.context) // it names no URLs that could be wrong
		l = &lane{window: window, strangers: a.strangers(key), restorer: a.restorer(key, a.setting(key))}
		a.lanes[key] = l
		a.order = append(a.order, key)
	}
	return l
}

// setting says what kind of text a lane is.
func (a *answer) setting(key laneKey) mask.Setting {
	if key.kind == arguments || key.kind == content && (a.p.JSONObject || a.p.Schema.String() != "") {
		return mask.JSONString
	}
	return mask.Plain
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

// emit writes restored pieces of one text to the sink, up to one that must not
// be put back.
func (a *answer) emit(key laneKey, pieces []mask.Piece) error {
	good, verdict := a.restorable(pieces)
	var out strings.Builder
	for _, p := range pieces[:good] {
		out.WriteString(p.Out)
	}
	e := dialect.Event{Choice: key.choice}
	if key.kind == content {
		e.Text = out.String()
		if a.p.Logprobs {
			e.Logprobs = a.lanes[key].tokens.match(pieces[:good])
		}
	} else {
		e.Reasoning = out.String()
	}
	if out.Len() > 0 || e.Logprobs != nil {
		if err := a.put(a.sink.event(e)); err != nil {
			return err
		}
	}
	return a.judged(key.choice, verdict)
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

// withhold ends the whole answer: the other choices come from the same prompt.
func (a *answer) withhold(choice int, v guard.Verdict) error {
	a.verdict = v
	a.t.noted("answer", v)
	for c := range max(a.p.N, 1) {
		a.finish[c] = dialect.FinishBlocked
	}
	if err := a.put(a.sink.withhold(choice, a.p.withheldSentence())); err != nil {
		return err
	}
	return errWithheld
}

// flush lets out what was held back, when the engine has said all.
func (a *answer) flush() error {
	for choice := range max(a.p.N, 1) {
		if err := a.endTools(choice); err != nil {
			return err
		}
	}
	for _, key := range a.order {
		if key.kind == arguments {
			continue // checked as a whole
		}
		l := a.lanes[key]
		released, verdict := l.window.Close()
		if a.t.watching() {
			released = ""
		}
		pieces := append(l.restorer.Write(a.familiar(key, released, true)), l.restorer.Close()...)
		if err := a.emit(key, pieces); err != nil {
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
