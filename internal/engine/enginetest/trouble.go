package enginetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"ringfence/internal/engine"
	"ringfence/internal/mask"
)

// endless is a prompt that keeps an engine busy for a long time.
func endless() engine.Prompt {
	p := story()
	p.MaxTokens, p.Stream = 2000, true
	p.Schema = mask.Literal(`{"type":"array","items":{"type":"string"},"minItems":1000}`)
	return p
}

// cancel leaves in the middle of answers, more of them than an engine has
// slots, and expects the next prompt to be answered soon.
func cancel(t *testing.T, e engine.Engine) {
	for _, streamed := range []bool{true, true, true, false, false, false} {
		p := endless()
		p.Stream = streamed
		ctx, leave := context.WithTimeout(t.Context(), 150*time.Millisecond)
		_, err := e.Generate(ctx, p, func(engine.Event) error { return nil })
		leave()
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("error %v, want the caller's own", err)
		}
	}
	p := story()
	p.MaxTokens = 1
	start := time.Now()
	must(t, e, p)
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("the next answer took %v", took)
	}
}

func emitStops(t *testing.T, e engine.Engine) {
	enough := errors.New("enough")
	n := 0
	used, err := e.Generate(t.Context(), endless(), func(engine.Event) error {
		if n++; n == 3 {
			return enough
		}
		return nil
	})
	if !errors.Is(err, enough) || n != 3 || used.Completion < 1 {
		t.Errorf("error %v after %d events, usage %+v", err, n, used)
	}
}

// oneAfterTheOther: no answer is lost because the connection of the one before
// it is about to close.
func oneAfterTheOther(t *testing.T, e engine.Engine) {
	p := story()
	p.MaxTokens = 1
	for i := range 6 {
		p.Stream = i%3 != 2
		must(t, e, p)
	}
}

func concurrent(t *testing.T, e engine.Engine) {
	want := one(t, must(t, e, story())).Text
	done := make(chan error)
	const callers = 8
	for range callers {
		go func() {
			text := ""
			_, err := e.Generate(t.Context(), story(), func(ev engine.Event) error { text += ev.Text; return nil })
			if err == nil && (text == "" || want == "") {
				err = errors.New("no text")
			}
			done <- err
		}()
	}
	for range callers {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

// deadline: a caller whose time is over is told so, with its own reason.
func deadline(t *testing.T, e engine.Engine) {
	gone := errors.New("the customer left")
	ctx, leave := context.WithCancelCause(t.Context())
	leave(gone)
	_, err := e.Generate(ctx, story(), func(engine.Event) error { return nil })
	if !errors.Is(err, gone) {
		t.Errorf("error %v, want %v", err, gone)
	}
}

func longPrompt(t *testing.T, e engine.Engine) {
	p := story()
	for long := mask.Literal("word "); len(long.String()) < 100_000; long = mask.Concat(long, long) {
		p.Messages[1].Content = long
	}
	for _, p.Stream = range []bool{false, true} {
		_, err := Ask(t, e, p)
		var refused *engine.RefusedError
		if !errors.As(err, &refused) || refused.Code != engine.CodeContextOverflow || refused.Status != 400 {
			t.Errorf("stream %v: %v, want a refusal with %s", p.Stream, err, engine.CodeContextOverflow)
		}
	}
}

func badSchema(t *testing.T, e engine.Engine) {
	for _, bad := range []mask.Text{mask.Literal(`{"type":`), mask.Literal(`[1]`), mask.Literal(` `), mask.Literal(`{} {}`)} {
		p := story()
		p.Schema = bad
		_, err := Ask(t, e, p)
		var refused *engine.RefusedError
		if !errors.As(err, &refused) || refused.Code != engine.CodeBadPrompt {
			t.Errorf("schema %q: %v, want a refusal", bad.String(), err)
		}
	}
}

func models(t *testing.T, e engine.Engine) {
	if err := e.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	list, err := e.Models(t.Context())
	if err != nil || len(list) != 1 || list[0].ID == "" || list[0].Context < 1024 {
		t.Fatalf("models %+v, %v", list, err)
	}
	p := story()
	p.Model = list[0].ID
	must(t, e, p)
}
