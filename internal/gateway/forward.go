package gateway

import (
	"context"
	"errors"
	"net/http"
	"time"

	"ringfence/internal/engine"
	"ringfence/internal/meter"
)

// attempts and their pauses give a crashed engine the time to come back.
var pauses = []time.Duration{0, 300 * time.Millisecond, 1200 * time.Millisecond}

// forward sends the prompt to the engine and hands its events to the answer.
// It is the only stage that talks to an engine, and the only one that retries:
// only while nothing has come back, so no answer is ever given twice, and only
// once when the engine went away with the prompt, so that a prompt that kills
// engines kills two.
func (g *Gateway) forward(t *trip, _ *meter.Hold, p *prompt, a *answer) (engine.Usage, error) {
	var usage engine.Usage
	var err error
	lost := 0
	for _, pause := range pauses {
		if !sleep(t.ctx, pause) {
			return usage, t.ctx.Err()
		}
		usage, err = g.Engine.Generate(t.ctx, p.Prompt, a.take)
		if err == nil || a.started || !errors.Is(err, engine.ErrUnavailable) {
			break
		}
		g.Logger.Warn("the engine did not take a call", "call", t.record.Call, "error", err)
		if errors.Is(err, engine.ErrLost) {
			if lost++; lost > 1 {
				break
			}
		}
	}
	return usage, err
}

// sleep waits, unless ctx ends first.
func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-time.After(d):
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}

// engineFailure says what became of a call that the engine did not finish.
func engineFailure(err error) error {
	var no *engine.RefusedError
	switch {
	case errors.As(err, &no) && no.Code == engine.CodeContextOverflow:
		return refused(http.StatusBadRequest, "context_length_exceeded", "Prompt and answer are longer than this model's context. Send less text, ask for fewer max_tokens, or use a model with a larger context.")
	case errors.As(err, &no) && no.Code == engine.CodeBadPrompt:
		return refused(http.StatusBadRequest, "unsupported_by_engine", "The engine cannot do what this call asks, most often because of its JSON schema or its tools. Make these simpler, or leave them out.")
	case errors.As(err, &no):
		return failed(http.StatusBadGateway, "engine_refused", "The engine refused the gateway's request, so sending it again is of no use. The gateway's log has the reason by the name of this call.")
	case errors.Is(err, engine.ErrInterrupted):
		return failed(http.StatusBadGateway, "engine_interrupted", "The engine stopped in the middle of the answer. Send the call again.")
	case errors.Is(err, engine.ErrUnavailable):
		r := failed(http.StatusServiceUnavailable, "engine_unavailable", "No engine could take this call. Try again shortly; /readyz says what is wrong.")
		r.RetryAfter = 2 * time.Second
		return r
	}
	return err
}
