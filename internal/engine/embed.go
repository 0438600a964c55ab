package engine

import (
	"context"

	"ringfence/internal/mask"
)

// An Embedder turns texts into vectors. It is safe for concurrent use.
type Embedder interface {
	// Embed returns one vector for each input, in their order. Errors are those
	// of [Engine.Generate].
	Embed(ctx context.Context, p EmbedPrompt) ([][]float32, Usage, error)

	// Models lists what can embed now.
	Models(ctx context.Context) ([]Model, error)
}

// An EmbedPrompt is one request for vectors.
type EmbedPrompt struct {
	Model      string
	Inputs     []mask.Text
	Dimensions int // 0: as the model has them
}
