package anthropic

import "ringfence/internal/gateway/dialect"

// Count is the dialect of POST /v1/messages/count_tokens. Only the engine can
// count, so it reads the whole prompt and writes one token.
type Count struct{ Errors }

// Name is how entries call this dialect.
func (Count) Name() string { return "anthropic.count_tokens" }

// Decode reads a request as one for a message, and asks for next to no answer.
func (Count) Decode(req dialect.Request) (*dialect.Call, error) {
	call, err := Messages{}.Decode(req)
	if err != nil {
		return nil, err
	}
	call.Stream, call.Sampling = false, dialect.Sampling{MaxTokens: 1, N: 1}
	call.Format, call.ToolChoice = dialect.Format{}, ""
	return call, nil
}

// Encode renders what the prompt took.
func (Count) Encode(a *dialect.Answer) []byte {
	return dialect.Marshal(struct {
		Input int `json:"input_tokens"`
	}{a.Usage.Prompt})
}

// Fields are those of a message.
func (Count) Fields() []dialect.Field {
	return dialect.Uncounted(Messages{}.Fields(), "stop_sequences", "output_config.format.schema", "output_format.schema")
}
