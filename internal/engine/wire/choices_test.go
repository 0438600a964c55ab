package wire

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"ringfence/internal/engine"
)

// TestChoicesFail: the first choice to fail ends the others, nothing is
// emitted after that, and the error says whether an answer had begun.
func TestChoicesFail(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		late time.Duration // when it fails
		want error
	}{
		"before any answer": {engine.ErrUnavailable, 0, engine.ErrUnavailable},
		"in an answer":      {engine.ErrUnavailable, 10 * time.Second, engine.ErrInterrupted},
		"refused late":      {&engine.RefusedError{Code: engine.CodeBadPrompt}, 10 * time.Second, engine.ErrInterrupted},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				emitted := 0
				used, err := Choices(t.Context(), engine.Prompt{N: 3}, func(ctx context.Context, p engine.Prompt,
					choice int, emit func(engine.Event) error) (engine.Usage, error) {
					if choice == 1 {
						time.Sleep(c.late)
						return engine.Usage{Prompt: 5}, c.err
					}
					return talk(ctx, choice, emit)
				}, func(engine.Event) error { emitted++; return nil })
				if !errors.Is(err, c.want) || used.Prompt != 5 || used.Completion != emitted {
					t.Errorf("error %v, usage %+v, %d events", err, used, emitted)
				}
			})
		})
	}
}

// talk emits a word every three seconds until ctx ends.
func talk(ctx context.Context, choice int, emit func(engine.Event) error) (engine.Usage, error) {
	used := engine.Usage{Prompt: 5}
	for {
		select {
		case <-ctx.Done():
			return used, ctx.Err()
		case <-time.After(3 * time.Second):
		}
		if err := emit(engine.Event{Choice: choice, Text: "word"}); err != nil {
			return used, err
		}
		used.Completion++
	}
}

// TestChoicesSeeds: equal seeds would give equal choices.
func TestChoicesSeeds(t *testing.T) {
	seed := int64(40)
	seen := map[int64]bool{}
	_, err := Choices(t.Context(), engine.Prompt{N: 3, Seed: &seed}, func(_ context.Context, p engine.Prompt,
		choice int, emit func(engine.Event) error) (engine.Usage, error) {
		return engine.Usage{}, emit(engine.Event{Choice: choice, Text: "x", Logprobs: []engine.TokenLogprob{{Logprob: float64(*p.Seed)}}})
	}, func(ev engine.Event) error { seen[int64(ev.Logprobs[0].Logprob)-int64(ev.Choice)] = true; return nil })
	if err != nil || len(seen) != 1 || !seen[40] || seed != 40 {
		t.Errorf("%v, %v, seed %d", seen, err, seed)
	}
}
