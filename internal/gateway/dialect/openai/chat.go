// Package openai speaks the protocols of OpenAI: chat completions, the older
// completions, responses, embeddings, moderations and the list of models, plain
// and as server-sent events, in the form the official clients, WordPress core's
// AI client and local engines agree on.
//
// Tolerated on the way in: message content as a string or a list of text
// parts; a JSON schema bare or wrapped in {name, schema}; the role developer.
// Refused with a code: images, audio and files, which no text engine reads.
package openai

import (
	"ringfence/internal/gateway/dialect"
)

// Chat is the dialect of POST /v1/chat/completions.
type Chat struct{ Errors }

// Name is how entries call this dialect.
func (Chat) Name() string { return "openai.chat" }

// Decode reads the body of a chat completion request.
func (Chat) Decode(req dialect.Request) (*dialect.Call, error) {
	d, o, err := open(req)
	if err != nil {
		return nil, err
	}
	call := d.call(o)
	if req.Model != "" { // an Azure path names the deployment
		call.Model = req.Model
	}
	return dialect.Finish(d.r, call)
}

type decoder struct{ r *dialect.Reader }

// open parses the body of a request as one JSON object.
func open(req dialect.Request) (*decoder, *dialect.Object, error) {
	root, err := dialect.Parse(req.Body, req.Limits)
	if err != nil {
		return nil, nil, err
	}
	d := &decoder{r: new(dialect.Reader)}
	return d, d.r.Object("", root), nil
}

func (d *decoder) call(o *dialect.Object) *dialect.Call {
	defer o.Drop()
	c := &dialect.Call{
		Model:     o.String("model"),
		Messages:  d.messages(o),
		Tools:     d.tools(o),
		Parallel:  o.Bool("parallel_tool_calls"),
		Format:    d.format(o),
		Sampling:  d.sampling(o),
		Extension: o.Extension(),
	}
	c.Sampling.Logprobs = o.Truth("logprobs")
	c.ToolChoice = d.toolChoice(o)
	c.Stream, c.UsageEvent = d.stream(o)
	return c
}

func (d *decoder) messages(o *dialect.Object) []dialect.Message {
	items := o.Array("messages", dialect.MaxMessages)
	if len(items) == 0 {
		o.Missing("messages", "a list with at least one message")
	}
	messages := make([]dialect.Message, 0, len(items))
	for i, item := range items {
		messages = append(messages, d.message(dialect.Elem("messages", i), item))
	}
	return messages
}

func (d *decoder) message(path string, v dialect.Value) dialect.Message {
	o := d.r.Object(path, v)
	defer o.Drop()
	m := dialect.Message{Role: d.role(o), Content: d.content(o)}
	switch m.Role {
	case dialect.Assistant:
		m.ToolCalls = d.toolCalls(o)
	case dialect.Tool:
		m.ToolCallID = o.String("tool_call_id")
	}
	return m
}

func (d *decoder) role(o *dialect.Object) dialect.Role {
	switch role := o.String("role"); role {
	case "system", "developer":
		return dialect.System
	case "user", "assistant", "tool":
		return dialect.Role(role)
	}
	d.r.Fail(dialect.Invalid("unknown_role", o.Path("role"), "%s must be system, developer, user, assistant or tool.", o.Path("role")))
	return ""
}

// content joins a list of text parts by line feeds, as engines do themselves.
func (d *decoder) content(o *dialect.Object) string {
	v, ok := o.Take("content")
	switch {
	case !ok:
		return ""
	case v.Kind == '"':
		return v.Text
	case v.Kind != '[' || len(v.Items) > dialect.MaxParts:
		o.Wrong("content", "a string or a list of parts")
		return ""
	}
	texts := make([]string, 0, len(v.Items))
	for i, item := range v.Items {
		part := d.r.Object(dialect.Elem(o.Path("content"), i), item)
		texts = append(texts, d.part(part))
		part.Drop()
	}
	return dialect.Lines(texts)
}

func (d *decoder) part(o *dialect.Object) string {
	switch kind := o.String("type"); kind {
	case "text", "input_text", "output_text":
		return o.String("text")
	case "refusal":
		return o.String("refusal")
	}
	o.NotText("type")
	return ""
}

func (d *decoder) toolCalls(o *dialect.Object) []dialect.ToolCall {
	var calls []dialect.ToolCall
	for i, item := range o.Array("tool_calls", dialect.MaxTools) {
		t := d.r.Object(dialect.Elem(o.Path("tool_calls"), i), item)
		call := dialect.ToolCall{ID: t.String("id")}
		t.Take("type")  // "function" is the only one
		t.Take("index") // left over from a stream
		if f, ok := t.Object("function"); ok {
			call.Name, call.Arguments = f.Name("name"), f.Arguments("arguments")
			f.Drop()
		} else {
			t.Missing("function", "a JSON object")
		}
		t.Drop()
		calls = append(calls, call)
	}
	return calls
}

func (d *decoder) tools(o *dialect.Object) []dialect.ToolSpec {
	var tools []dialect.ToolSpec
	for i, item := range o.Array("tools", dialect.MaxTools) {
		t := d.r.Object(dialect.Elem("tools", i), item)
		if kind := t.String("type"); kind != "function" {
			d.r.Fail(dialect.Invalid("unsupported_tool", t.Path("type"), "%s must be \"function\". Tools that run at a vendor's cannot run here.", t.Path("type")))
		}
		v, _ := t.Take("function")
		f := d.r.Object(t.Path("function"), v)
		tools = append(tools, dialect.ToolSpec{Name: f.Name("name"), Description: f.String("description"), Parameters: f.Schema("parameters")})
		f.Take("strict") // arguments are always constrained to the schema
		f.Drop()
		t.Drop()
	}
	return tools
}

func (d *decoder) toolChoice(o *dialect.Object) string {
	v, ok := o.Take("tool_choice")
	switch {
	case !ok:
		return ""
	case v.Kind == '{':
		choice := d.r.Object("tool_choice", v)
		choice.Take("type")
		f, _ := choice.Take("function")
		name := d.r.Object("tool_choice.function", f).Name("name")
		choice.Drop()
		return name
	case v.Text == "auto", v.Text == "none", v.Text == "required":
		return v.Text
	}
	d.r.Fail(dialect.Invalid("wrong_type", "tool_choice", "tool_choice must be auto, none, required, or name a function."))
	return ""
}

func (d *decoder) format(o *dialect.Object) dialect.Format {
	v, ok := o.Take("response_format")
	if !ok {
		return dialect.Format{}
	}
	f := d.r.Object("response_format", v)
	defer f.Drop()
	switch f.String("type") {
	case "text":
		return dialect.Format{}
	case "json_object":
		return dialect.Format{JSON: true, Schema: f.Schema("schema")}
	case "json_schema":
		return dialect.Format{JSON: true, Schema: d.schema(f)}
	}
	d.r.Fail(dialect.Invalid("wrong_type", "response_format.type", "response_format.type must be text, json_object or json_schema."))
	return dialect.Format{}
}

// schema accepts {name, schema} and, as WordPress core sends it, the schema itself.
func (d *decoder) schema(f *dialect.Object) string {
	v, ok := f.Take("json_schema")
	if !ok || v.Kind != '{' {
		d.r.Fail(dialect.Invalid("missing_field", "response_format.json_schema", "response_format.json_schema must be a JSON object."))
		return ""
	}
	for _, m := range v.Members {
		if m.Name == "schema" && m.Value.Kind == '{' {
			return m.Value.Schema()
		}
	}
	return v.Schema()
}

func (d *decoder) sampling(o *dialect.Object) dialect.Sampling {
	s := dialect.Sampling{
		Temperature:      o.Number("temperature", 0, 2),
		TopP:             o.Number("top_p", 0, 1),
		PresencePenalty:  o.Number("presence_penalty", -2, 2),
		FrequencyPenalty: o.Number("frequency_penalty", -2, 2),
		Seed:             o.Int("seed", -1<<63, 1<<63-1),
		Stop:             o.Stops("stop"),
		N:                max(1, o.Whole("n", 1, dialect.MaxChoices)),
		TopLogprobs:      o.Whole("top_logprobs", 0, 20),
	}
	s.MaxTokens = o.Whole("max_tokens", 1, dialect.MaxTokens)
	if most := o.Whole("max_completion_tokens", 1, dialect.MaxTokens); most != 0 {
		s.MaxTokens = most
	}
	return s
}

func (d *decoder) stream(o *dialect.Object) (stream, usage bool) {
	stream = o.Truth("stream")
	if opt, ok := o.Object("stream_options"); ok {
		usage = opt.Truth("include_usage")
		opt.Ignore("include_obfuscation")
		opt.Drop()
	}
	return stream, usage
}
