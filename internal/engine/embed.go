package engine

import (
	"context"
	"errors"
	"math"

	"ringfence/internal/mask"
)

// An Embedder turns texts into vectors. It is safe for concurrent use.
type Embedder interface {
	// Embed returns one vector of length 1 for each of the texts. Errors are
	// those of Engine.Generate.
	Embed(ctx context.Context, p EmbedPrompt) (Vectors, error)

	// Models lists what can embed now.
	Models(ctx context.Context) ([]Model, error)

	// Ready returns nil when texts can be embedded now, or why they cannot.
	Ready(ctx context.Context) error
}

// An EmbedPrompt is one request for vectors.
type EmbedPrompt struct {
	Model    string
	Inputs   []mask.Text
	Document bool // texts that are searched, not searched with; some models tell the two apart
}

// Vectors are texts as an embedder sees them, in the order of the texts.
type Vectors struct {
	Vectors [][]float32
	Cut     int // texts longer than the model reads at once: mean of their parts
	Tokens  int // of all texts
}

// A Batch embeds some texts at once, each no longer than the model reads.
type Batch func(ctx context.Context, inputs []string) (vectors [][]float32, tokens int, err error)

// Bounds of one request to an engine.
const (
	batch       = 16
	smallestCut = 64 // bytes; what does not fit a model even so is refused
)

// Embed embeds texts in batches. One longer than window bytes is cut at a
// space, embedded in parts, and gets the mean of their vectors, weighted by
// length. A part that is too long all the same is cut again.
func (p EmbedPrompt) Embed(ctx context.Context, window int, embed Batch) (Vectors, error) {
	out := Vectors{Vectors: make([][]float32, len(p.Inputs))}
	var parts []string
	var owner []int
	for i, input := range p.Inputs {
		cut := input.Split(window)
		if len(cut) > 1 {
			out.Cut++
		}
		for _, part := range cut {
			parts, owner = append(parts, part.String()), append(owner, i)
		}
	}
	for from := 0; from < len(parts); from += batch {
		to := min(from+batch, len(parts))
		vectors, tokens, err := embed(ctx, parts[from:to])
		if overflows(err) {
			return p.narrower(ctx, window, embed, err)
		}
		if err != nil {
			return Vectors{}, err
		}
		out.Tokens += tokens
		for i, v := range vectors {
			out.add(owner[from+i], v, float32(len(parts[from+i])))
		}
	}
	for _, v := range out.Vectors {
		unit(v)
	}
	return out, nil
}

func overflows(err error) bool {
	var no *RefusedError
	return errors.As(err, &no) && no.Code == CodeContextOverflow
}

// narrower tries again with windows half as long: how many bytes make a token
// depends on the language.
func (p EmbedPrompt) narrower(ctx context.Context, window int, embed Batch, err error) (Vectors, error) {
	if window/2 < smallestCut {
		return Vectors{}, err
	}
	return p.Embed(ctx, window/2, embed)
}

// add adds a part's vector to that of its text.
func (v *Vectors) add(text int, part []float32, weight float32) {
	sum := v.Vectors[text]
	if sum == nil {
		sum = make([]float32, len(part))
	}
	for i := range min(len(sum), len(part)) {
		sum[i] += part[i] * weight
	}
	v.Vectors[text] = sum
}

// unit gives v the length 1.
func unit(v []float32) {
	var sum float64
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	if sum == 0 {
		return
	}
	scale := float32(1 / math.Sqrt(sum))
	for i := range v {
		v[i] *= scale
	}
}
