package conformance_test

import (
	"context"
	"strings"
	"sync"
	"time"

	"ringfence/internal/engine"
)

// clerk is an engine that does what the last user asks for, so that clients
// meet every kind of answer: it repeats what it was told, uses the first tool
// it is offered, obeys a schema, is slow, fails.
type clerk struct {
	mu      sync.Mutex
	seen    []string // all that it was sent
	fails   int
	running int
}

func (c *clerk) Generate(ctx context.Context, p engine.Prompt, emit func(engine.Event) error) (engine.Usage, error) {
	c.enter(p)
	defer c.leave()
	usage := engine.Usage{Prompt: 9, Completion: 3}
	last := p.Messages[len(p.Messages)-1]
	said := last.Content.String()
	switch {
	case strings.Contains(said, "be too long"):
		return engine.Usage{}, &engine.RefusedError{Status: 400, Code: engine.CodeContextOverflow}
	case strings.Contains(said, "fail once") && c.failing():
		return engine.Usage{}, engine.ErrUnavailable
	case strings.Contains(said, "be slow"):
		if p.Stream {
			if err := say(p, 0, "One moment, please. I am looking it up for you now.", emit); err != nil {
				return usage, err
			}
		}
		<-ctx.Done()
		return usage, context.Cause(ctx)
	}
	for choice := range max(p.N, 1) {
		if err := c.answer(p, choice, last, emit); err != nil {
			return usage, err
		}
	}
	return usage, nil
}

func (c *clerk) answer(p engine.Prompt, choice int, last engine.Message, emit func(engine.Event) error) error {
	if len(p.Tools) > 0 && last.Role == "user" {
		call := &engine.ToolDelta{ID: "call_x", Name: p.Tools[0].Name, Arguments: `{"city": "Berlin"}`}
		return emit(engine.Event{Choice: choice, Tool: call, Finish: "tool_calls"})
	}
	text := `{"city": "Berlin", "days": 3}`
	if p.Schema.String() == "" {
		var users []string
		for _, m := range p.Messages {
			if m.Role == "user" {
				users = append(users, m.Content.String())
			}
		}
		text = "You said: " + strings.Join(users, " ")
	}
	if err := say(p, choice, text, emit); err != nil {
		return err
	}
	return emit(engine.Event{Choice: choice, Finish: "stop"})
}

// say gives a text at once, or in pieces that cut placeholders.
func say(p engine.Prompt, choice int, text string, emit func(engine.Event) error) error {
	size := len(text)
	if p.Stream {
		size = 5
	}
	for len(text) > 0 {
		n := min(size, len(text))
		if err := emit(engine.Event{Choice: choice, Text: text[:n]}); err != nil {
			return err
		}
		if text = text[n:]; p.Stream {
			if err := emit(engine.Event{Choice: choice, Pause: true}); err != nil {
				return err
			}
		}
	}
	return nil
}

// failing is true for as long as the gateway tries again by itself, and then
// once more for the client.
func (c *clerk) failing() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fails++
	return c.fails%4 != 0
}

func (c *clerk) Embed(_ context.Context, p engine.EmbedPrompt) (engine.Vectors, error) {
	out := engine.Vectors{Tokens: 5}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, text := range p.Inputs {
		c.seen = append(c.seen, text.String())
		out.Vectors = append(out.Vectors, []float32{0.6, 0, 0.8})
	}
	return out, nil
}

func (c *clerk) Models(context.Context) ([]engine.Model, error) {
	return []engine.Model{{ID: "clerk", Context: 4096}}, nil
}

func (c *clerk) Ready(context.Context) error { return nil }

func (c *clerk) enter(p engine.Prompt) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.running++
	for _, m := range p.Messages {
		c.seen = append(c.seen, m.Content.String())
		for _, call := range m.ToolCalls {
			c.seen = append(c.seen, call.Arguments.String())
		}
	}
}

func (c *clerk) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.running--
}

// leaked returns a text that holds one of the words, or "".
func (c *clerk) leaked(words ...string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, text := range c.seen {
		for _, w := range words {
			if strings.Contains(text, w) {
				return text
			}
		}
	}
	return ""
}

// stillRunning waits until no call runs any more, at most that long.
func (c *clerk) stillRunning(patience time.Duration) int {
	for end := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		c.mu.Lock()
		n := c.running
		c.mu.Unlock()
		if n == 0 || time.Now().After(end) {
			return n
		}
	}
}
