package wire

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"ringfence/internal/engine"
)

const (
	maxTools = 128      // tool calls in one choice
	done     = "[DONE]" // an engine's last event
)

// An answer turns what an engine says about one choice into events.
type answer struct {
	choice int // the number its events carry
	top    int // alternatives per token to keep
	emit   func(engine.Event) error

	parts  int  // events emitted before the last
	fresh  bool // an event was emitted since the last pause
	tools  int  // one more than the highest tool index seen
	finish string
	usage  *engine.Usage
}

// stream reads server-sent events until the engine is done. The event with
// Finish is held back until then, because some engines call a tool and say
// "stop", and because only then the answer is known to be whole.
func (a *answer) stream(r io.Reader) error {
	events := newEvents(r)
	for {
		if err := a.pause(events); err != nil {
			return err
		}
		data, err := events.next()
		if err == io.EOF && a.finish != "" {
			return a.end()
		}
		if err != nil {
			return a.broken(err)
		}
		if string(data) == done {
			return a.done()
		}
		if err := a.chunk(data); err != nil {
			return err
		}
	}
}

// done is for the engine's word that the answer is whole.
func (a *answer) done() error {
	if a.parts == 0 && a.finish == "" {
		return a.broken(errors.New("the engine was done without an answer"))
	}
	return a.end()
}

func (a *answer) chunk(data []byte) error {
	var c reply
	if err := parse(data, &c); err != nil {
		return a.broken(fmt.Errorf("a part of the answer is not JSON of the chat protocol: %w", err))
	}
	if c.Error != nil {
		return a.failed(parseFailure(0, data))
	}
	a.count(c.Usage)
	for _, choice := range c.Choices {
		if err := a.part(choice, choice.Delta); err != nil {
			return err
		}
	}
	return nil
}

// plain reads an answer that comes as one JSON object.
func (a *answer) plain(r io.Reader) error {
	data, err := io.ReadAll(bounded(r))
	if err != nil {
		return a.broken(err)
	}
	var c reply
	if err := parse(data, &c); err != nil {
		return a.broken(fmt.Errorf("the answer is not JSON of the chat protocol: %w", err))
	}
	if c.Error != nil {
		return a.failed(parseFailure(0, data))
	}
	if len(c.Choices) == 0 {
		return a.broken(errors.New("the answer has no choice"))
	}
	a.count(c.Usage)
	if err := a.part(c.Choices[0], c.Choices[0].Message); err != nil {
		return err
	}
	return a.end()
}

// part emits what one piece of the choice says.
func (a *answer) part(c choice, m said) error {
	if c.Index != 0 {
		return nil // one choice was asked for
	}
	if c.Finish != "" {
		a.finish = string(c.Finish)
	}
	ev := engine.Event{
		Text: string(m.Content), Reasoning: string(m.Thinking) + string(m.Reasoning),
		Logprobs: c.Logprobs.tokens(a.top),
	}
	if ev.Text != "" || ev.Reasoning != "" || ev.Logprobs != nil {
		if err := a.send(ev); err != nil {
			return err
		}
	}
	for i, t := range m.Tools {
		if err := a.tool(i, t); err != nil {
			return err
		}
	}
	return nil
}

// tool emits a part of a tool call. Plain answers carry no index: there the
// place in the list is meant.
func (a *answer) tool(place int, t calledTool) error {
	index := place
	if t.Index != nil {
		index = *t.Index
	}
	if index < 0 || index >= maxTools {
		return a.broken(fmt.Errorf("the answer has a tool call with index %d", index))
	}
	a.tools = max(a.tools, index+1)
	return a.send(engine.Event{Tool: &engine.ToolDelta{
		Index: index, ID: t.ID, Name: t.Function.Name, Arguments: string(t.Function.Arguments),
	}})
}

// pause tells the caller that the engine has no more for now.
func (a *answer) pause(events *events) error {
	if !a.fresh || events.waiting() {
		return nil
	}
	a.fresh = false
	return a.emit(engine.Event{Choice: a.choice, Pause: true})
}

func (a *answer) send(ev engine.Event) error {
	ev.Choice = a.choice
	a.parts++
	a.fresh = true
	return a.emit(ev)
}

// end emits the last event. The engine said that it is done, so an answer
// without a reason for that is one that stopped by itself.
func (a *answer) end() error {
	return a.emit(engine.Event{Choice: a.choice, Finish: finishOf(a.finish, a.tools > 0)})
}

// broken is for an answer that cannot be read further.
func (a *answer) broken(err error) error {
	if a.parts == 0 {
		return fmt.Errorf("%w: %w: no answer began: %w", engine.ErrUnavailable, engine.ErrLost, noEOF(err))
	}
	return fmt.Errorf("%w: %w", engine.ErrInterrupted, noEOF(err))
}

// failed is for an error that the engine reported inside an answer.
func (a *answer) failed(err error) error {
	if a.parts == 0 {
		return err
	}
	return fmt.Errorf("%w: it said: %v", engine.ErrInterrupted, err)
}

// count keeps the last report of an engine that reports more than once.
func (a *answer) count(u *usage) {
	if u != nil {
		a.usage = &engine.Usage{Prompt: max(0, u.Prompt), Completion: max(0, u.Completion)}
	}
}

// spent is the engine's count, or what can be said without one.
func (a *answer) spent() engine.Usage {
	if a.usage != nil {
		return *a.usage
	}
	return engine.Usage{Completion: a.parts}
}

// finishOf maps what engines say to the three reasons of the protocol.
func finishOf(said string, tools bool) string {
	switch said {
	case "length", "max_tokens", "model_length":
		return "length"
	case "tool_calls", "function_call", "tool_use":
		return "tool_calls"
	}
	if tools {
		return "tool_calls"
	}
	return "stop"
}

// noEOF keeps io.EOF out of error chains: to some callers it means success.
func noEOF(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the connection ended")
	}
	return err
}

// isNull tells a JSON null.
func isNull(data []byte) bool { return bytes.Equal(data, []byte("null")) }
