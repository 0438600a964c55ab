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
// length. A part that is too long all the same is cut again: how many bytes make
// a token depends on the language.
func (p EmbedPrompt) Embed(ctx context.Context, window int, embed Batch) (Vectors, error) {
	out := Vectors{Vectors: make([][]float32, len(p.Inputs))}
	var parts []mask.Text
	var owner []int
	for i, input := range p.Inputs {
		for _, part := range input.Split(window) {
			parts, owner = append(parts, part), append(owner, i)
		}
	}
	cut := map[int]bool{}
	for from := 0; from < len(parts); from += batch {
		some := parts[from:min(from+batch, len(parts))]
		vectors, tokens, err := embed(ctx, plain(some))
		if overflows(err) {
			vectors, tokens, err = alone(ctx, some, embed, func(i int) { cut[owner[from+i]] = true })
		}
		if err != nil {
			return Vectors{}, err
		}
		out.Tokens += tokens
		for i, v := range vectors {
			cut[owner[from+i]] = cut[owner[from+i]] || out.Vectors[owner[from+i]] != nil
			out.add(owner[from+i], v, float32(max(1, len(some[i].String()))))
		}
	}
	for i, v := range out.Vectors {
		unit(v)
		if cut[i] {
			out.Cut++
		}
	}
	return out, nil
}

func plain(texts []mask.Text) []string {
	out := make([]string, len(texts))
	for i, t := range texts {
		out[i] = t.String()
	}
	return out
}

func overflows(err error) bool {
	var no *RefusedError
	return errors.As(err, &no) && no.Code == CodeContextOverflow
}

// alone embeds texts one at a time, and halves those that are still too long.
func alone(ctx context.Context, texts []mask.Text, embed Batch, halved func(int)) ([][]float32, int, error) {
	var out [][]float32
	tokens := 0
	for i, t := range texts {
		v, n, err := embed(ctx, plain([]mask.Text{t}))
		if length := len(t.String()); overflows(err) && length > smallestCut {
			halved(i)
			var whole Vectors
			whole, err = EmbedPrompt{Inputs: []mask.Text{t}}.Embed(ctx, (length+1)/2, embed)
			v, n = whole.Vectors, whole.Tokens
		}
		if err != nil {
			return nil, 0, err
		}
		out, tokens = append(out, v[0]), tokens+n
	}
	return out, tokens, nil
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
