package llama

import (
	"context"

	"ringfence/internal/engine"
)

// bytesPerToken is how short a token is in ordinary European text; a window
// that is still too long is made shorter by engine.EmbedPrompt.
const bytesPerToken = 3

// Embed turns texts into vectors, when the server was started for that. See
// engine.Embedder.
func (e *Engine) Embed(ctx context.Context, p engine.EmbedPrompt) (engine.Vectors, error) {
	if err := unavailable(e.Status()); err != nil {
		return engine.Vectors{}, err
	}
	if p.Model != "" && p.Model != e.o.ModelID {
		return engine.Vectors{}, &engine.RefusedError{Status: 404, Code: engine.CodeUnknownModel,
			Message: "this engine runs " + e.o.ModelID}
	}
	prefix := ""
	if e.o.E5 {
		prefix = e5Prefix(p.Document)
	}
	return p.Embed(ctx, e.o.Context*bytesPerToken-len(prefix), func(ctx context.Context, inputs []string) ([][]float32, int, error) {
		l, err := e.slots.acquire(ctx, "")
		if err != nil {
			return nil, 0, err
		}
		defer e.slots.release(l)
		prefixed := make([]string, len(inputs))
		for i, s := range inputs {
			prefixed[i] = prefix + s
		}
		return e.client.Embeddings(ctx, e.o.ModelID, prefixed)
	})
}

// e5Prefix is what models of the family E5 were trained to see before a text.
// Source: model card of intfloat/multilingual-e5-small.
func e5Prefix(document bool) string {
	if document {
		return "passage: "
	}
	return "query: "
}

var _ engine.Embedder = (*Engine)(nil)
