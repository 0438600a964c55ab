package openai

import (
	"slices"

	"ringfence/internal/gateway/dialect"
)

// Moderations is the dialect of POST /v1/moderations. The prompt guard answers:
// it knows attempts on the model (instruction_override and the like), not hate
// or violence, and says nothing about categories it does not judge.
type Moderations struct{ Errors }

// Name is how entries call this dialect.
func (Moderations) Name() string { return "openai.moderations" }

// Decode reads texts to judge.
func (Moderations) Decode(req dialect.Request) (*dialect.Call, error) {
	d, o, err := open(req)
	if err != nil {
		return nil, err
	}
	c := &dialect.Call{Model: o.String("model"), Judge: true}
	c.Inputs = d.inputs(o)
	c.Extension = o.Extension()
	o.Drop()
	return dialect.Finish(d.r, c)
}

// inputs takes a text, a list of texts, or a list of parts.
func (d *decoder) inputs(o *dialect.Object) []string {
	v, ok := o.Take("input")
	items := v.Items
	if v.Kind == '"' {
		items = []dialect.Value{v}
	}
	if !ok || len(items) == 0 || len(items) > dialect.MaxInputs {
		o.Missing("input", "a text or a list of texts")
		return nil
	}
	var texts []string
	for i, item := range items {
		if item.Kind == '"' {
			texts = append(texts, item.Text)
			continue
		}
		part := d.r.Object(dialect.Elem("input", i), item)
		texts = append(texts, d.part(part))
		part.Drop()
	}
	return texts
}

type moderation struct {
	Flagged    bool               `json:"flagged"`
	Categories map[string]bool    `json:"categories"`
	Scores     map[string]float64 `json:"category_scores"`
}

// Encode renders verdicts, under the guard's own reason codes.
func (Moderations) Encode(a *dialect.Answer) []byte {
	results := []moderation{}
	for _, j := range a.Judgements {
		m := moderation{j.Flagged, map[string]bool{}, j.Scores}
		for reason := range j.Scores {
			m.Categories[reason] = true
		}
		results = append(results, m)
	}
	return dialect.Marshal(struct {
		ID      string       `json:"id"`
		Model   string       `json:"model"`
		Results []moderation `json:"results"`
	}{"modr-" + a.ID, a.Model, results})
}

// Fields says what becomes of every field of a request for a judgement.
func (Moderations) Fields() []dialect.Field {
	return slices.Concat(
		dialect.Of(dialect.Bounded, "the guard answers, whatever it says", "model"),
		dialect.Of(dialect.Bounded, "", "input[].type"),
		dialect.Of(dialect.Masked, "judged here; no engine gets it", "input", "input[].text"),
		dialect.Of(dialect.Refused, "unsupported_content", "input[].image_url"),
		dialect.ExtensionFields(),
	)
}
