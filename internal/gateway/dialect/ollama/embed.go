package ollama

import (
	"slices"

	"ringfence/internal/gateway/dialect"
)

// Embed is the dialect of POST /api/embed.
type Embed struct{ Errors }

// Name is how entries call this dialect.
func (Embed) Name() string { return "ollama.embed" }

// EmbedOne is the dialect of POST /api/embeddings, the older form.
type EmbedOne struct{ Embed }

// Name is how entries call this dialect.
func (EmbedOne) Name() string { return "ollama.embeddings" }

// Decode reads texts to embed.
func (Embed) Decode(req dialect.Request) (*dialect.Call, error) { return embed(req, "input") }

// Decode reads one text to embed.
func (EmbedOne) Decode(req dialect.Request) (*dialect.Call, error) { return embed(req, "prompt") }

func embed(req dialect.Request, name string) (*dialect.Call, error) {
	d, o, err := open(req)
	if err != nil {
		return nil, err
	}
	most := dialect.MaxInputs
	if name == "prompt" {
		most = 1
	}
	d.call.Inputs = o.Texts(name, most)
	if len(d.call.Inputs) == 0 {
		o.Missing(name, "a text")
	}
	d.call.Embed = &dialect.Embed{Dimensions: o.Whole("dimensions", 1, 1<<16)}
	o.Ignore("keep_alive")
	d.call.Extension = o.Extension()
	o.Drop()
	return dialect.Finish(d.r, d.call)
}

// Encode renders all vectors.
func (Embed) Encode(a *dialect.Answer) []byte {
	return dialect.Marshal(struct {
		Model      string      `json:"model"`
		Embeddings [][]float32 `json:"embeddings"`
		Total      int64       `json:"total_duration"`
		Prompt     int         `json:"prompt_eval_count"`
	}{a.Model, a.Vectors, countsOf(a.Head, nil).Total, a.Usage.Prompt})
}

// Encode renders one vector.
func (EmbedOne) Encode(a *dialect.Answer) []byte {
	return dialect.Marshal(map[string][]float32{"embedding": a.Vectors[0]})
}

// Fields says what becomes of every field of a request for vectors.
func (Embed) Fields() []dialect.Field { return embedFields("input") }

// Fields says what becomes of every field of a request for one vector.
func (EmbedOne) Fields() []dialect.Field { return embedFields("prompt") }

func embedFields(text string) []dialect.Field {
	return slices.Concat(
		dialect.Of(dialect.Bounded, "a name, looked up among models and aliases", "model"),
		dialect.Of(dialect.Bounded, "", "dimensions"),
		dialect.Of(dialect.Masked, "values give way to their type", text),
		dialect.Of(dialect.Ignored, "a model stays loaded", "keep_alive"),
		dialect.Of(dialect.Dropped, "a text that is too long is refused, never cut", "truncate"),
		dialect.Of(dialect.Dropped, "", "options"),
		dialect.ExtensionFields(),
	)
}
