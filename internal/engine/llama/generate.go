package llama

import (
	"context"

	"ringfence/internal/engine"
	"ringfence/internal/engine/wire"
)

// Generate answers p with the server's one model. Choices are generated side
// by side in as many slots as are free. See engine.Engine.
func (e *Engine) Generate(ctx context.Context, p engine.Prompt, emit func(engine.Event) error) (engine.Usage, error) {
	if err := unavailable(e.Status()); err != nil {
		return engine.Usage{}, err
	}
	if p.Model != "" && p.Model != e.o.ModelID {
		return engine.Usage{}, &engine.RefusedError{Status: 404, Code: engine.CodeUnknownModel,
			Message: "this engine runs " + e.o.ModelID}
	}
	return wire.Choices(ctx, p, e.one, emit)
}

func (e *Engine) one(ctx context.Context, p engine.Prompt, choice int, emit func(engine.Event) error) (engine.Usage, error) {
	l, err := e.slots.acquire(ctx, p.Conversation)
	if err != nil {
		return engine.Usage{}, err
	}
	defer e.slots.release(l)
	return e.client.Chat(ctx, p, choice, &wire.Local{Slot: l.number, Reuse: l.reuse}, emit)
}

// Models returns the one model that the server runs.
func (e *Engine) Models(ctx context.Context) ([]engine.Model, error) {
	if err := unavailable(e.Status()); err != nil {
		return nil, err
	}
	models, err := e.client.Models(ctx)
	for i := range models {
		models[i].ID, models[i].Digest = e.o.ModelID, e.o.Digest
	}
	return models, err
}

// Ready returns nil when the server is up and answers.
func (e *Engine) Ready(ctx context.Context) error {
	if err := unavailable(e.Status()); err != nil {
		return err
	}
	return e.health(ctx)
}
