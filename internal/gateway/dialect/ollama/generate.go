package ollama

import (
	"slices"

	"ringfence/internal/gateway/dialect"
)

// Generate is the dialect of POST /api/generate.
type Generate struct{ Chat }

// Name is how entries call this dialect.
func (Generate) Name() string { return "ollama.generate" }

// Decode reads a prompt as the words of a user.
func (Generate) Decode(req dialect.Request) (*dialect.Call, error) {
	d, o, err := open(req)
	if err != nil {
		return nil, err
	}
	if system := o.String("system"); system != "" {
		d.add(dialect.Message{Role: dialect.System, Content: system}, -1)
	}
	prompt := o.String("prompt")
	if prompt == "" {
		o.Missing("prompt", "a text; models are loaded already")
	}
	d.add(dialect.Message{Role: dialect.User, Content: prompt}, 0)
	if o.String("suffix") != "" {
		d.r.Fail(dialect.Invalid("unsupported_field", "suffix", "suffix asks to fill a gap in a text, which chat models here do not do. Leave it out."))
	}
	d.noImages(o)
	return d.finish(o, true)
}

func (d *decoder) add(m dialect.Message, from int) {
	d.call.Messages = append(d.call.Messages, m)
	d.call.Sources = append(d.call.Sources, from)
}

// Fields says what becomes of every field of a request to generate.
func (Generate) Fields() []dialect.Field {
	return slices.Concat(
		dialect.Of(dialect.Masked, "", "prompt", "system"),
		dialect.Of(dialect.Refused, "unsupported_field", "suffix"),
		dialect.Of(dialect.Refused, "unsupported_content", "images"),
		dialect.Of(dialect.Dropped, "", "template", "context", "raw"),
		sharedFields(), dialect.ExtensionFields(),
	)
}
