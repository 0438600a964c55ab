package openai

import (
	"encoding/base64"
	"encoding/binary"
	"math"
	"slices"

	"ringfence/internal/gateway/dialect"
)

// Embeddings is the dialect of POST /v1/embeddings.
type Embeddings struct{ Errors }

// Name is how entries call this dialect.
func (Embeddings) Name() string { return "openai.embeddings" }

// Decode reads a request for vectors.
func (Embeddings) Decode(req dialect.Request) (*dialect.Call, error) {
	d, o, err := open(req)
	if err != nil {
		return nil, err
	}
	c := &dialect.Call{Model: o.String("model"), Embed: &dialect.Embed{Dimensions: o.Whole("dimensions", 1, 1<<16)}}
	if req.Model != "" {
		c.Model = req.Model
	}
	c.Inputs = o.Texts("input", dialect.MaxInputs) // tokens as numbers are of a vendor's vocabulary: refused
	if len(c.Inputs) == 0 {
		o.Missing("input", "a text or a list of texts")
	}
	switch format := o.String("encoding_format"); format {
	case "", "float", "base64":
		c.Wire = format
	default:
		o.Wrong("encoding_format", "float or base64")
	}
	c.Extension = o.Extension()
	o.Drop()
	return dialect.Finish(d.r, c)
}

type embedding struct {
	Object string `json:"object"`
	Index  int    `json:"index"`
	Vector any    `json:"embedding"`
}

// Encode renders vectors as numbers, or in base64 as the official clients ask
// for by themselves.
func (Embeddings) Encode(a *dialect.Answer) []byte {
	var out struct {
		Object string      `json:"object"`
		Data   []embedding `json:"data"`
		Model  string      `json:"model"`
		Usage  struct {
			Prompt int `json:"prompt_tokens"`
			Total  int `json:"total_tokens"`
		} `json:"usage"`
	}
	out.Object, out.Model, out.Data = "list", a.Model, []embedding{}
	out.Usage.Prompt, out.Usage.Total = a.Usage.Prompt, a.Usage.Prompt
	for i, v := range a.Vectors {
		e := embedding{Object: "embedding", Index: i, Vector: v}
		if a.Asked.Wire == "base64" {
			e.Vector = packed(v)
		}
		out.Data = append(out.Data, e)
	}
	return dialect.Marshal(out)
}

// packed is a vector as base64 of 32-bit numbers, the low byte first.
func packed(v []float32) string {
	b := make([]byte, 0, 4*len(v))
	for _, f := range v {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(f))
	}
	return base64.StdEncoding.EncodeToString(b)
}

// Fields says what becomes of every field of a request for vectors.
func (Embeddings) Fields() []dialect.Field {
	return slices.Concat(
		dialect.Of(dialect.Bounded, "a name, looked up among models and aliases", "model"),
		dialect.Of(dialect.Bounded, "", "dimensions", "encoding_format"),
		dialect.Of(dialect.Masked, "values give way to their type; lists of token numbers are refused", "input"),
		dialect.Of(dialect.Dropped, "", "user"),
		dialect.ExtensionFields(),
	)
}
