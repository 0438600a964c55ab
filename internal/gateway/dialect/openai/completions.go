package openai

import (
	"io"
	"slices"

	"ringfence/internal/gateway/dialect"
)

// Completions is the dialect of POST /v1/completions, the older protocol: one
// text in, what follows it out. Engines here speak chat, so the text becomes the
// words of a user.
type Completions struct{ Errors }

// Name is how entries call this dialect.
func (Completions) Name() string { return "openai.completions" }

// Decode reads the body of a completion request.
func (Completions) Decode(req dialect.Request) (*dialect.Call, error) {
	d, o, err := open(req)
	if err != nil {
		return nil, err
	}
	c := &dialect.Call{Model: o.String("model")}
	if req.Model != "" {
		c.Model = req.Model
	}
	prompts := o.Texts("prompt", 1) // lists of token numbers are of a vendor's vocabulary: refused
	if len(prompts) == 0 || prompts[0] == "" {
		o.Missing("prompt", "a text, or a list of one text")
		prompts = []string{""}
	}
	c.Messages = []dialect.Message{{Role: dialect.User, Content: prompts[0]}}
	if o.String("suffix") != "" {
		d.r.Fail(dialect.Invalid("unsupported_field", "suffix", "suffix asks to fill a gap in a text, which chat models here do not do. Leave it out."))
	}
	if o.Truth("echo") {
		c.Wire = prompts[0]
	}
	top := o.Int("logprobs", 0, 5) // a number here, a truth value in chat
	c.Sampling = d.sampling(o)
	if top != nil {
		c.Sampling.Logprobs, c.Sampling.TopLogprobs = true, int(*top)
	}
	c.Stream, c.UsageEvent = d.stream(o)
	c.Extension = o.Extension()
	o.Drop()
	return dialect.Finish(d.r, c)
}

type textCompletion struct {
	ID      string       `json:"id"`
	Object  string       `json:"object"`
	Created int64        `json:"created"`
	Model   string       `json:"model"`
	Choices []textChoice `json:"choices"`
	Usage   *usage       `json:"usage,omitempty"`
}

type textChoice struct {
	Text     string        `json:"text"`
	Index    int           `json:"index"`
	Logprobs *textLogprobs `json:"logprobs"`
	Finish   *string       `json:"finish_reason"`
}

type textLogprobs struct {
	Tokens []string             `json:"tokens"`
	Values []float64            `json:"token_logprobs"`
	Top    []map[string]float64 `json:"top_logprobs"`
}

// echoed is the text that the answer begins with.
func echoed(h dialect.Head) string {
	if h.Asked == nil {
		return ""
	}
	text, _ := h.Asked.Wire.(string)
	return text
}

func newTextCompletion(h dialect.Head) textCompletion {
	return textCompletion{ID: "cmpl-" + h.ID, Object: "text_completion", Created: h.Created.Unix(), Model: h.Model, Choices: []textChoice{}}
}

// Encode renders an answer as a text_completion object.
func (Completions) Encode(a *dialect.Answer) []byte {
	out := newTextCompletion(a.Head)
	u := usageOf(a.Usage)
	out.Usage = &u
	for i, c := range a.Choices {
		out.Choices = append(out.Choices, textChoice{echoed(a.Head) + c.Text, i, textLogprobsOf(c.Logprobs), &c.Finish})
	}
	return dialect.Marshal(out)
}

func textLogprobsOf(tokens []dialect.TokenLogprob) *textLogprobs {
	if len(tokens) == 0 {
		return nil
	}
	out := &textLogprobs{}
	for _, t := range tokens {
		out.Tokens, out.Values = append(out.Tokens, t.Token), append(out.Values, t.Logprob)
		top := map[string]float64{}
		for _, other := range t.Top {
			top[other.Token] = other.Logprob
		}
		out.Top = append(out.Top, top)
	}
	return out
}

// Stream starts a stream of text_completion objects.
func (Completions) Stream(w io.Writer, h dialect.Head) dialect.Stream {
	return &textStream{frames: dialect.Frames{W: w}, head: h, begun: map[int]bool{}}
}

type textStream struct {
	frames dialect.Frames
	head   dialect.Head
	begun  map[int]bool
}

// Type is the media type.
func (*textStream) Type() string { return dialect.SSE }

// Event writes the text of one event.
func (s *textStream) Event(e dialect.Event) error {
	text := e.Text
	if !s.begun[e.Choice] {
		text, s.begun[e.Choice] = echoed(s.head)+text, true
	}
	if text == "" && e.Finish == "" && len(e.Logprobs) == 0 {
		return nil // a thought, for which this protocol has no place
	}
	c := textChoice{Text: text, Index: e.Choice, Logprobs: textLogprobsOf(e.Logprobs)}
	if e.Finish != "" {
		c.Finish = &e.Finish
	}
	out := newTextCompletion(s.head)
	out.Choices = append(out.Choices, c)
	return s.frames.Event("", dialect.Marshal(out))
}

// Close writes the object that counts tokens, when asked for, and the end mark.
func (s *textStream) Close(u *dialect.Usage) error {
	if u != nil {
		out := newTextCompletion(s.head)
		count := usageOf(*u)
		out.Usage = &count
		if err := s.frames.Event("", dialect.Marshal(out)); err != nil {
			return err
		}
	}
	return s.frames.Event("", []byte("[DONE]"))
}

// Fail writes an error frame and no end mark.
func (s *textStream) Fail(r *dialect.Refusal) error {
	return s.frames.Event("", Errors{}.Refuse(r))
}

// Fields says what becomes of every field of a completion request.
func (Completions) Fields() []dialect.Field {
	return slices.Concat(
		dialect.Of(dialect.Bounded, "a name, looked up among models and aliases", "model"),
		dialect.Of(dialect.Masked, "one text; it becomes the words of a user", "prompt"),
		dialect.Of(dialect.Masked, "", "stop"),
		dialect.Of(dialect.Emulated, "the answer begins with the prompt", "echo"),
		dialect.Of(dialect.Bounded, "", "logprobs", "temperature", "top_p", "presence_penalty", "frequency_penalty", "seed", "n", "top_logprobs",
			"max_tokens", "max_completion_tokens", "stream", "stream_options.include_usage"),
		dialect.Of(dialect.Ignored, "", "stream_options.include_obfuscation"),
		dialect.Of(dialect.Refused, "unsupported_field", "suffix"),
		dialect.Of(dialect.Dropped, "", "best_of", "logit_bias", "user"),
		dialect.ExtensionFields(),
	)
}
