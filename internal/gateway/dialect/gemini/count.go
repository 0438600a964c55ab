package gemini

import "ringfence/internal/gateway/dialect"

// Count is the dialect of models/{model}:countTokens. Only the engine can
// count, so it reads the whole prompt and writes one token.
type Count struct{ Errors }

// Name is how entries call this dialect.
func (Count) Name() string { return "gemini.count_tokens" }

// Decode reads contents, or a whole request for content, and asks for next to
// no answer.
func (Count) Decode(req dialect.Request) (*dialect.Call, error) {
	d, o, err := open(req)
	if err != nil {
		return nil, err
	}
	if inner, ok := d.child(o, "generateContentRequest"); ok {
		d.read(inner)
		d.call.Extension = o.Extension()
		o.Drop()
	} else {
		d.read(o)
	}
	d.call.Sampling = dialect.Sampling{MaxTokens: 1, N: 1}
	d.call.Format, d.call.ToolChoice = dialect.Format{}, ""
	return dialect.Finish(d.r, d.call)
}

// Encode renders what the prompt took.
func (Count) Encode(a *dialect.Answer) []byte {
	return dialect.Marshal(struct {
		Total int `json:"totalTokens"`
	}{a.Usage.Prompt})
}

// Fields are those of a request for content, which may also stand in
// generateContentRequest.
func (Count) Fields() []dialect.Field {
	return dialect.Uncounted(Generate{}.Fields(), "generationConfig.stopSequences", "generationConfig.responseSchema", "generationConfig.responseJsonSchema")
}
