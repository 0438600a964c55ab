package gemini

import (
	"slices"

	"ringfence/internal/gateway/dialect"
)

// Embed is the dialect of models/{model}:embedContent.
type Embed struct{ Errors }

// Name is how entries call this dialect.
func (Embed) Name() string { return "gemini.embed" }

// EmbedBatch is the dialect of models/{model}:batchEmbedContents.
type EmbedBatch struct{ Embed }

// Name is how entries call this dialect.
func (EmbedBatch) Name() string { return "gemini.embed_batch" }

// Decode reads one content.
func (Embed) Decode(req dialect.Request) (*dialect.Call, error) {
	d, o, err := open(req)
	if err != nil {
		return nil, err
	}
	d.call.Embed = &dialect.Embed{}
	d.input(o)
	d.call.Extension = o.Extension()
	o.Drop()
	return dialect.Finish(d.r, d.call)
}

// Decode reads a list of contents.
func (EmbedBatch) Decode(req dialect.Request) (*dialect.Call, error) {
	d, o, err := open(req)
	if err != nil {
		return nil, err
	}
	d.call.Embed = &dialect.Embed{}
	items := o.Array("requests", dialect.MaxInputs)
	if len(items) == 0 {
		o.Missing("requests", "a list with at least one request")
	}
	for i, item := range items {
		r := d.object(dialect.Elem("requests", i), item)
		d.input(r)
		r.Drop()
	}
	d.call.Extension = o.Extension()
	o.Drop()
	return dialect.Finish(d.r, d.call)
}

func (d *decoder) input(o *dialect.Object) {
	o.Ignore("model", "taskType") // the path has the model; engines know no tasks
	c, ok := d.child(o, "content")
	if !ok {
		o.Missing("content", "a content with parts")
		return
	}
	c.Ignore("role")
	d.call.Inputs = append(d.call.Inputs, dialect.Lines(d.texts(c)))
	c.Drop()
	size := o.Whole("outputDimensionality", 1, 1<<16)
	if before := d.call.Embed.Dimensions; before != 0 && before != size {
		o.Wrong("outputDimensionality", "the same in all requests")
	}
	d.call.Embed.Dimensions = size
}

type values struct {
	Values []float32 `json:"values"`
}

// Encode renders one vector.
func (Embed) Encode(a *dialect.Answer) []byte {
	return dialect.Marshal(map[string]values{"embedding": {a.Vectors[0]}})
}

// Encode renders all vectors.
func (EmbedBatch) Encode(a *dialect.Answer) []byte {
	list := []values{}
	for _, v := range a.Vectors {
		list = append(list, values{v})
	}
	return dialect.Marshal(map[string][]values{"embeddings": list})
}

// Fields says what becomes of every field of a request for a vector.
func (Embed) Fields() []dialect.Field {
	return slices.Concat(embedFields(""), dialect.ExtensionFields())
}

// Fields says what becomes of every field of a request for vectors.
func (EmbedBatch) Fields() []dialect.Field {
	return slices.Concat(embedFields("requests[]."), dialect.ExtensionFields())
}

func embedFields(at string) []dialect.Field {
	return slices.Concat(
		dialect.Of(dialect.Masked, "values give way to their type", at+"content.parts[].text"),
		dialect.Of(dialect.Ignored, "", at+"model", at+"taskType", at+"content.role"),
		dialect.Of(dialect.Bounded, "", at+"outputDimensionality"),
		dialect.Of(dialect.Refused, "unsupported_content", at+"content.parts[].inlineData", at+"content.parts[].fileData"),
		dialect.Of(dialect.Dropped, "", at+"title"),
	)
}
