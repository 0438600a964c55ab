package openai

import (
	"strings"

	"ringfence/internal/gateway/dialect"
)

// Responses is the dialect of POST /v1/responses.
type Responses struct{ Errors }

// Name is how entries call this dialect.
func (Responses) Name() string { return "openai.responses" }

// idPrefix stands before a call's id where it names a response.
const idPrefix = "resp_"

// Decode reads the body of a request for a response.
func (Responses) Decode(req dialect.Request) (*dialect.Call, error) {
	d, o, err := open(req)
	if err != nil {
		return nil, err
	}
	r := items{decoder: d, call: new(dialect.Call)}
	r.read(o)
	o.Drop()
	return dialect.Finish(d.r, r.call)
}

// items reads a request whose conversation is a list of items.
type items struct {
	*decoder
	call *dialect.Call
}

func (d *items) read(o *dialect.Object) {
	c := d.call
	c.Model = o.String("model")
	if text := o.String("instructions"); text != "" {
		d.add(dialect.Message{Role: dialect.System, Content: text, Fleeting: true}, -1)
	}
	d.previous(o)
	d.input(o)
	d.tools(o)
	d.choice(o)
	d.text(o)
	c.Parallel = o.Bool("parallel_tool_calls")
	c.Sampling = dialect.Sampling{
		MaxTokens: o.Whole("max_output_tokens", 1, dialect.MaxTokens), N: 1,
		Temperature: o.Number("temperature", 0, 2),
		TopP:        o.Number("top_p", 0, 1),
		TopLogprobs: o.Whole("top_logprobs", 0, 20),
	}
	c.Sampling.Logprobs = c.Sampling.TopLogprobs > 0
	for _, extra := range o.Texts("include", 32) {
		c.Sampling.Logprobs = c.Sampling.Logprobs || extra == "message.output_text.logprobs"
	}
	c.Stream, _ = d.stream(o)
	c.UsageEvent = true
	d.refuse(o)
	c.Extension = o.Extension()
}

// previous reads whether the answer goes on from an earlier one, and whether
// it may be gone on from.
func (d *items) previous(o *dialect.Object) {
	if id := o.String("previous_response_id"); id != "" {
		call, ok := strings.CutPrefix(id, idPrefix)
		if !ok {
			d.r.Fail(dialect.Invalid("previous_response_not_found", "previous_response_id", "No response of this id is kept here. Send the whole conversation as input."))
		}
		d.call.Previous = call
	}
	store := o.Bool("store")
	d.call.Keep = store == nil || *store
}

// refuse ends what would change the meaning if it were left out.
func (d *items) refuse(o *dialect.Object) {
	if o.Truth("background") {
		d.r.Fail(dialect.Invalid("unsupported_field", "background", "The gateway answers while the caller waits. Leave background out."))
	}
	for _, name := range []string{"conversation", "prompt"} {
		if _, ok := o.Take(name); ok {
			d.r.Fail(dialect.Invalid("unsupported_field", name, "%s names text that is kept at the vendor's. Send the text itself.", name))
		}
	}
	switch o.String("truncation") {
	case "", "disabled", "auto": // a prompt that is too long is refused, never cut
	default:
		o.Wrong("truncation", "auto or disabled")
	}
}

func (d *items) add(m dialect.Message, from int) {
	d.call.Messages = append(d.call.Messages, m)
	d.call.Sources = append(d.call.Sources, from)
}

func (d *items) input(o *dialect.Object) {
	v, ok := o.Take("input")
	switch {
	case ok && v.Kind == '"':
		d.add(dialect.Message{Role: dialect.User, Content: v.Text}, 0)
		return
	case !ok || v.Kind != '[' || len(v.Items) == 0 || len(v.Items) > dialect.MaxMessages:
		o.Missing("input", "a text or a list of items")
		return
	}
	for i, item := range v.Items {
		it := d.r.Object(dialect.Elem("input", i), item)
		d.item(i, it)
		it.Ignore("id", "status", "phase")
		it.Drop()
	}
}

func (d *items) item(i int, o *dialect.Object) {
	switch kind := o.String("type"); kind {
	case "", "message":
		d.add(dialect.Message{Role: d.role(o), Content: d.content(o)}, i)
	case "function_call":
		d.called(i, dialect.ToolCall{ID: o.String("call_id"), Name: o.Name("name"), Arguments: o.Arguments("arguments")})
	case "function_call_output":
		d.add(dialect.Message{Role: dialect.Tool, ToolCallID: o.String("call_id"), Content: d.output(o)}, i)
	case "reasoning": // dropped, and named
	default:
		d.r.Fail(dialect.Invalid("unsupported_item", o.Path("type"), "%s must be message, function_call or function_call_output. What a vendor keeps or runs is not here.", o.Path("type")))
	}
}

// called adds a call of a tool to the assistant's turn it belongs to.
func (d *items) called(i int, call dialect.ToolCall) {
	if n := len(d.call.Messages); n > 0 && d.call.Messages[n-1].Role == dialect.Assistant {
		last := &d.call.Messages[n-1]
		last.ToolCalls = append(last.ToolCalls, call)
		return
	}
	d.add(dialect.Message{Role: dialect.Assistant, ToolCalls: []dialect.ToolCall{call}}, i)
}

// output is what a tool gave back: a text, or a list of parts.
func (d *items) output(o *dialect.Object) string {
	v, ok := o.Take("output")
	switch {
	case ok && v.Kind == '"':
		return v.Text
	case !ok || v.Kind != '[':
		o.Missing("output", "a text or a list of parts")
		return ""
	}
	var texts []string
	for i, item := range v.Items {
		part := d.r.Object(dialect.Elem(o.Path("output"), i), item)
		texts = append(texts, d.part(part))
		part.Drop()
	}
	return dialect.Lines(texts)
}

// tools are as in chat, without a layer.
func (d *items) tools(o *dialect.Object) {
	for i, item := range o.Array("tools", dialect.MaxTools) {
		t := d.r.Object(dialect.Elem("tools", i), item)
		if kind := t.String("type"); kind != "function" {
			d.r.Fail(dialect.Invalid("unsupported_tool", t.Path("type"), "%s must be \"function\". Tools that run at a vendor's cannot run here.", t.Path("type")))
		}
		d.call.Tools = append(d.call.Tools, dialect.ToolSpec{Name: t.Name("name"), Description: t.String("description"), Parameters: t.Schema("parameters")})
		t.Ignore("strict")
		t.Drop()
	}
}

func (d *items) choice(o *dialect.Object) {
	v, ok := o.Take("tool_choice")
	switch {
	case !ok:
	case v.Kind == '{':
		choice := d.r.Object("tool_choice", v)
		if choice.String("type") != "function" {
			choice.Wrong("type", "function")
		}
		d.call.ToolChoice = choice.Name("name")
		choice.Drop()
	case v.Text == "auto", v.Text == "none", v.Text == "required":
		d.call.ToolChoice = v.Text
	default:
		o.Wrong("tool_choice", "auto, none, required, or name a function")
	}
}

// text holds the format of the answer.
func (d *items) text(o *dialect.Object) {
	text, ok := o.Object("text")
	if !ok {
		return
	}
	defer text.Drop()
	f, ok := text.Object("format")
	if !ok {
		return
	}
	defer f.Drop()
	switch f.String("type") {
	case "", "text":
	case "json_object":
		d.call.Format = dialect.Format{JSON: true}
	case "json_schema":
		d.call.Format = dialect.Format{JSON: true, Schema: f.Schema("schema")}
		f.Ignore("name", "description", "strict")
	default:
		f.Wrong("type", "text, json_object or json_schema")
	}
}
