package wire

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"ringfence/internal/engine"
)

// One asks an engine for one choice of p.
type One func(ctx context.Context, p engine.Prompt, choice int, emit func(engine.Event) error) (engine.Usage, error)

// Choices asks once for each choice of p, all at the same time, instead of
// sending n: llama.cpp refuses an n above its number of slots, Ollama ignores
// it. The cost is that an engine without a prefix cache reads the prompt n
// times. The first error ends all.
func Choices(ctx context.Context, p engine.Prompt, one One, emit func(engine.Event) error) (engine.Usage, error) {
	if p.N <= 1 {
		return one(ctx, p, 0, emit)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var (
		mu      sync.Mutex
		total   engine.Usage
		emitted bool
		wg      sync.WaitGroup
	)
	serial := func(ev engine.Event) error {
		mu.Lock()
		defer mu.Unlock()
		if err := context.Cause(ctx); err != nil {
			return err // another choice failed: nothing more may be emitted
		}
		emitted = true
		return emit(ev)
	}
	for i := range p.N {
		wg.Go(func() {
			used, err := one(ctx, choiceOf(p, i), i, serial)
			mu.Lock()
			defer mu.Unlock()
			total.Prompt = max(total.Prompt, used.Prompt)
			total.Completion += used.Completion
			if err != nil {
				cancel(err) // keeps the first cause
			}
		})
	}
	wg.Wait()
	err := context.Cause(ctx)
	var refused *engine.RefusedError
	if emitted && (errors.Is(err, engine.ErrUnavailable) || errors.As(err, &refused)) {
		// One choice did not begin, but the answer did.
		err = fmt.Errorf("%w: %v", engine.ErrInterrupted, err)
	}
	return total, err
}

// choiceOf is p for its i-th choice. Without another seed, equal seeds would
// give equal choices.
func choiceOf(p engine.Prompt, i int) engine.Prompt {
	if p.Seed != nil {
		seed := *p.Seed + int64(i)
		p.Seed = &seed
	}
	return p
}
