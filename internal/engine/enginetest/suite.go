// Package enginetest is the one suite that every engine driver passes, and a
// fake engine to run it against.
//
// First step: [Run] with a driver whose engine is ready. Promise: a driver
// that passes can stand behind the gateway. Danger: it asks the engine some
// forty times; a real model needs seconds for that.
package enginetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"ringfence/internal/engine"
	"ringfence/internal/mask"
)

// limit bounds each check, so that an engine that hangs fails instead.
const limit = 2 * time.Minute

// Run checks all that engine.Engine promises.
func Run(t *testing.T, e engine.Engine) {
	checks := []struct {
		name  string
		check func(*testing.T, engine.Engine)
	}{
		{"plain", plain}, {"stream", stream}, {"choices", choices}, {"stop", stop}, {"seed", seed},
		{"length", length}, {"schema", schema}, {"unicode", unicode}, {"json object", jsonObject},
		{"logprobs", logprobs}, {"tool call", toolCall}, {"tool result", toolResult}, {"tool by name", toolByName},
		{"cancel", cancel}, {"emit stops", emitStops}, {"one after the other", oneAfterTheOther},
		{"concurrent", concurrent}, {"deadline", deadline},
		{"long prompt", longPrompt}, {"bad schema", badSchema}, {"models", models},
	}
	for _, c := range checks {
		t.Run(c.name, func(t *testing.T) { c.check(t, e) })
	}
}

// An Answer is what came of a prompt, put together by choice.
type Answer struct {
	Choices map[int]*Choice
	Events  int
	Usage   engine.Usage
}

// A Choice is one choice of an Answer.
type Choice struct {
	Text, Reasoning, Finish string
	Tools                   []engine.ToolDelta // joined by index
	Logprobs                []engine.TokenLogprob
}

// Ask generates and puts the answer together. It fails if events come after a
// choice's last one, or at the same time.
func Ask(t *testing.T, e engine.Engine, p engine.Prompt) (Answer, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	a := Answer{Choices: map[int]*Choice{}}
	var inEmit sync.Mutex
	used, err := e.Generate(ctx, p, func(ev engine.Event) error {
		if !inEmit.TryLock() {
			return errors.New("emit is called twice at a time")
		}
		defer inEmit.Unlock()
		if ev.Pause {
			return nil
		}
		a.Events++
		return a.add(ev)
	})
	a.Usage = used
	return a, err
}

func (a *Answer) add(ev engine.Event) error {
	c := a.Choices[ev.Choice]
	if c == nil {
		c = &Choice{}
		a.Choices[ev.Choice] = c
	}
	if c.Finish != "" {
		return fmt.Errorf("an event of choice %d comes after its last one", ev.Choice)
	}
	c.Text += ev.Text
	c.Reasoning += ev.Reasoning
	c.Finish = ev.Finish
	c.Logprobs = append(c.Logprobs, ev.Logprobs...)
	if ev.Tool != nil {
		for len(c.Tools) <= ev.Tool.Index {
			c.Tools = append(c.Tools, engine.ToolDelta{Index: len(c.Tools)})
		}
		tool := &c.Tools[ev.Tool.Index]
		tool.ID += ev.Tool.ID
		tool.Name += ev.Tool.Name
		tool.Arguments += ev.Tool.Arguments
	}
	return nil
}

// must asks and fails on an error.
func must(t *testing.T, e engine.Engine, p engine.Prompt) Answer {
	t.Helper()
	a, err := Ask(t, e, p)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// one is the single choice of an answer.
func one(t *testing.T, a Answer) *Choice {
	t.Helper()
	if len(a.Choices) != 1 || a.Choices[0] == nil {
		t.Fatalf("choices %v, want the one with number 0", a.Choices)
	}
	return a.Choices[0]
}

// story is a prompt whose answer is the same every time.
func story() engine.Prompt {
	return engine.Prompt{
		Messages: []engine.Message{
			{Role: "system", Content: mask.Literal("You tell short stories.")},
			{Role: "user", Content: mask.Literal("Tell me about a red boat.")},
		},
		MaxTokens: 16, Temperature: new(float64),
	}
}

func plain(t *testing.T, e engine.Engine) {
	a := must(t, e, story())
	c := one(t, a)
	if c.Text == "" || c.Finish == "" || a.Usage.Prompt < 10 || a.Usage.Completion < 1 || a.Usage.Completion > 16 {
		t.Errorf("choice %+v, usage %+v", c, a.Usage)
	}
	if a.Events > 2 {
		t.Errorf("%d events for a plain answer", a.Events)
	}
}

func stream(t *testing.T, e engine.Engine) {
	p := story()
	whole := must(t, e, p)
	p.Stream = true
	parts := must(t, e, p)
	if one(t, parts).Text != one(t, whole).Text || one(t, parts).Finish != one(t, whole).Finish {
		t.Errorf("streamed %+v, plain %+v", *one(t, parts), *one(t, whole))
	}
	if parts.Events < 4 || parts.Usage != whole.Usage {
		t.Errorf("%d events, usage %+v; plain %+v", parts.Events, parts.Usage, whole.Usage)
	}
}

func choices(t *testing.T, e engine.Engine) {
	single := must(t, e, story())
	for _, streamed := range []bool{false, true} {
		p := story()
		p.N, p.Stream = 3, streamed // more than the slots of the engines under test
		a := must(t, e, p)
		if len(a.Choices) != 3 || a.Usage.Prompt != single.Usage.Prompt || a.Usage.Completion < 3 {
			t.Errorf("%d choices, usage %+v", len(a.Choices), a.Usage)
		}
		for i := range 3 {
			if c := a.Choices[i]; c == nil || c.Text == "" || c.Finish == "" {
				t.Errorf("choice %d: %+v", i, c)
			}
		}
	}
}

func stop(t *testing.T, e engine.Engine) {
	p := story()
	whole := one(t, must(t, e, p)).Text
	p.Stop = []mask.Text{mask.Literal("e")}
	before, _, found := strings.Cut(whole, "e")
	if !found {
		t.Fatalf("the story %q has no e", whole)
	}
	for _, p.Stream = range []bool{false, true} {
		if c := one(t, must(t, e, p)); c.Text != before || c.Finish != "stop" {
			t.Errorf("stream %v: %q, finish %q, want %q", p.Stream, c.Text, c.Finish, before)
		}
	}
}

func seed(t *testing.T, e engine.Engine) {
	hot := 1.2
	for _, s := range []int64{-3, 1 << 40} {
		p := story()
		p.Temperature, p.Seed = &hot, &s
		if a, b := one(t, must(t, e, p)), one(t, must(t, e, p)); a.Text != b.Text {
			t.Errorf("seed %d gave %q and %q", s, a.Text, b.Text)
		}
	}
	p := story()
	s := int64(7)
	p.Temperature, p.Seed, p.N = &hot, &s, 2
	if a := must(t, e, p); a.Choices[0].Text == a.Choices[1].Text {
		t.Errorf("both choices are %q", a.Choices[0].Text)
	}
}

func length(t *testing.T, e engine.Engine) {
	for _, streamed := range []bool{false, true} {
		p := story()
		p.MaxTokens, p.Stream = 3, streamed
		if a := must(t, e, p); one(t, a).Finish != "length" || a.Usage.Completion != 3 {
			t.Errorf("finish %q, usage %+v", one(t, a).Finish, a.Usage)
		}
	}
}

func schema(t *testing.T, e engine.Engine) {
	p := story()
	p.MaxTokens = 80
	p.Schema = mask.Literal(`{"type":"object","properties":{"boats":{"type":"integer","maximum":9},` +
		`"colour":{"enum":["red","blue"]}},"required":["boats","colour"],"additionalProperties":false}`)
	c := one(t, must(t, e, p))
	var got struct {
		Boats  *int
		Colour string
	}
	if err := json.Unmarshal([]byte(c.Text), &got); err != nil || got.Boats == nil || got.Colour == "" {
		t.Errorf("%q does not obey the schema (%v)", c.Text, err)
	}
}

func unicode(t *testing.T, e engine.Engine) {
	const want = "Grüße 🙂 漢字 \u0301\u200d é"
	p := story()
	p.MaxTokens = 80
	p.Schema = mask.Literal(`{"type":"object","properties":{"x":{"enum":["Grüße 🙂 漢字 \u0301\u200d é"]}},"required":["x"]}`)
	for _, p.Stream = range []bool{false, true} {
		var got struct{ X string }
		c := one(t, must(t, e, p))
		if err := json.Unmarshal([]byte(c.Text), &got); err != nil || got.X != want {
			t.Errorf("stream %v: %q (%v), want %q", p.Stream, c.Text, err, want)
		}
	}
}

func jsonObject(t *testing.T, e engine.Engine) {
	p := story()
	p.JSONObject, p.MaxTokens = true, 200
	c := one(t, must(t, e, p))
	if !strings.HasPrefix(strings.TrimSpace(c.Text), "{") {
		t.Errorf("%q is no JSON object", c.Text)
	}
	var got map[string]any
	if err := json.Unmarshal([]byte(c.Text), &got); c.Finish == "stop" && err != nil {
		t.Errorf("%q: %v", c.Text, err)
	}
}

func logprobs(t *testing.T, e engine.Engine) {
	for _, top := range []int{0, 3} {
		for _, streamed := range []bool{false, true} {
			p := story()
			p.Logprobs, p.TopLogprobs, p.Stream, p.MaxTokens = true, top, streamed, 5
			a := must(t, e, p)
			tokens := one(t, a).Logprobs
			if len(tokens) != a.Usage.Completion {
				t.Errorf("top %d, stream %v: %d of %d tokens", top, streamed, len(tokens), a.Usage.Completion)
			}
			for _, tok := range tokens {
				if tok.Token == "" || tok.Logprob > 0 || math.IsNaN(tok.Logprob) || len(tok.Top) != top {
					t.Errorf("top %d: %+v", top, tok)
				}
			}
		}
	}
}
