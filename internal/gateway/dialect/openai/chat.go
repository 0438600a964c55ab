// Package openai speaks OpenAI chat completions, plain and as server-sent
// events, in the form the official clients, WordPress core's AI client and
// local engines agree on.
//
// Tolerated on the way in: message content as a string or a list of text
// parts; a JSON schema bare or wrapped in {name, schema}; the role developer.
// Refused with a code: images, audio and files, which no text engine reads.
package openai

import (
	"regexp"
	"strings"

	"ringfence/internal/gateway/dialect"
)

// Chat is the dialect of POST /v1/chat/completions.
type Chat struct{}

// Name is how entries call this dialect.
func (Chat) Name() string { return "openai.chat" }

// Bounds of one request, beyond the body's size. They are far above what
// plugins send and far below what would hurt.
const (
	maxMessages = 2000
	maxTools    = 128
	maxStops    = 16
	maxChoices  = 8
	maxTokens   = 1 << 20
)

// toolName is the form of a tool's name in every dialect. It leaves no room
// for personal data worth the name, so names pass unmasked.
var toolName = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,64}$`)

// Decode reads the body of a chat completion request.
func (Chat) Decode(body []byte, lim dialect.Limits) (*dialect.Call, error) {
	root, err := dialect.Parse(body, lim)
	if err != nil {
		return nil, err
	}
	d := decoder{r: new(dialect.Reader)}
	call := d.call(root)
	call.Dropped = d.r.Dropped()
	return call, d.r.Err()
}

type decoder struct{ r *dialect.Reader }

func (d *decoder) call(root dialect.Value) *dialect.Call {
	o := d.r.Object("", root)
	defer o.Drop()
	c := &dialect.Call{
		Model:    o.String("model"),
		Messages: d.messages(o),
		Tools:    d.tools(o),
		Parallel: o.Bool("parallel_tool_calls"),
		Format:   d.format(o),
		Sampling: d.sampling(o),
	}
	c.ToolChoice = d.toolChoice(o)
	c.Stream, c.UsageEvent = d.stream(o)
	if ext, ok := o.Take("ringfence"); ok {
		c.Extension = dialect.ReadExtension(d.r, "ringfence", ext)
	}
	return c
}

func (d *decoder) messages(o *dialect.Object) []dialect.Message {
	items := o.Array("messages", maxMessages)
	if len(items) == 0 {
		d.r.Fail(dialect.Invalid("missing_field", "messages", "messages must be a list with at least one message."))
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
	case v.Kind != '[':
		d.r.Fail(dialect.Invalid("wrong_type", o.Path("content"), "%s must be a string or a list of parts.", o.Path("content")))
		return ""
	}
	texts := make([]string, 0, len(v.Items))
	for i, item := range v.Items {
		part := d.r.Object(dialect.Elem(o.Path("content"), i), item)
		texts = append(texts, d.part(part))
		part.Drop()
	}
	return strings.Join(texts, "\n")
}

func (d *decoder) part(o *dialect.Object) string {
	switch kind := o.String("type"); kind {
	case "text", "input_text", "output_text":
		return o.String("text")
	case "refusal":
		return o.String("refusal")
	}
	d.r.Fail(dialect.Invalid("unsupported_content", o.Path("type"), "%s is not text. No engine here reads images, audio or files; send text only.", o.Path("type")))
	return ""
}

func (d *decoder) toolCalls(o *dialect.Object) []dialect.ToolCall {
	var calls []dialect.ToolCall
	for i, item := range o.Array("tool_calls", maxTools) {
		t := d.r.Object(dialect.Elem(o.Path("tool_calls"), i), item)
		call := dialect.ToolCall{ID: t.String("id")}
		t.Take("type")  // "function" is the only one
		t.Take("index") // left over from a stream
		if v, ok := t.Take("function"); ok {
			f := d.r.Object(t.Path("function"), v)
			call.Name, call.Arguments = d.toolName(f), f.String("arguments")
			f.Drop()
		}
		t.Drop()
		calls = append(calls, call)
	}
	return calls
}

func (d *decoder) tools(o *dialect.Object) []dialect.ToolSpec {
	var tools []dialect.ToolSpec
	for i, item := range o.Array("tools", maxTools) {
		t := d.r.Object(dialect.Elem("tools", i), item)
		if kind := t.String("type"); kind != "function" {
			d.r.Fail(dialect.Invalid("unsupported_tool", t.Path("type"), "%s must be \"function\". Tools that run at a vendor's cannot run here.", t.Path("type")))
		}
		v, _ := t.Take("function")
		f := d.r.Object(t.Path("function"), v)
		tools = append(tools, dialect.ToolSpec{Name: d.toolName(f), Description: f.String("description"), Parameters: f.JSON("parameters")})
		f.Take("strict") // arguments are always constrained to the schema
		f.Drop()
		t.Drop()
	}
	return tools
}

func (d *decoder) toolName(o *dialect.Object) string {
	name := o.String("name")
	if !toolName.MatchString(name) {
		d.r.Fail(dialect.Invalid("invalid_name", o.Path("name"), "%s must be 1 to 64 letters, digits, dots, dashes or underscores.", o.Path("name")))
	}
	return name
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
		name := d.toolName(d.r.Object("tool_choice.function", f))
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
		return dialect.Format{JSON: true, Schema: f.JSON("schema")}
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
			return m.Value.Raw
		}
	}
	return v.Raw
}

func (d *decoder) sampling(o *dialect.Object) dialect.Sampling {
	s := dialect.Sampling{
		Temperature:      o.Number("temperature", 0, 2),
		TopP:             o.Number("top_p", 0, 1),
		PresencePenalty:  o.Number("presence_penalty", -2, 2),
		FrequencyPenalty: o.Number("frequency_penalty", -2, 2),
		Seed:             o.Int("seed", -1<<63, 1<<63-1),
		Stop:             d.stop(o),
		N:                orDefault(o.Int("n", 1, maxChoices), 1),
		TopLogprobs:      orDefault(o.Int("top_logprobs", 0, 20), 0),
	}
	s.MaxTokens = orDefault(o.Int("max_tokens", 1, maxTokens), 0)
	s.MaxTokens = orDefault(o.Int("max_completion_tokens", 1, maxTokens), s.MaxTokens)
	if b := o.Bool("logprobs"); b != nil {
		s.Logprobs = *b
	}
	return s
}

// stop leaves out empty strings, which a form left blank sends: an engine would
// stop before the first word.
func (d *decoder) stop(o *dialect.Object) []string {
	v, ok := o.Take("stop")
	if !ok {
		return nil
	}
	items := v.Items
	if v.Kind != '[' {
		items = []dialect.Value{v}
	}
	var stops []string
	for i, item := range items {
		if item.Kind != '"' || i >= maxStops {
			d.r.Fail(dialect.Invalid("wrong_type", "stop", "stop must be a string or a list of at most %d strings.", maxStops))
			return nil
		}
		if item.Text != "" {
			stops = append(stops, item.Text)
		}
	}
	return stops
}

func (d *decoder) stream(o *dialect.Object) (stream, usage bool) {
	if b := o.Bool("stream"); b != nil {
		stream = *b
	}
	if v, ok := o.Take("stream_options"); ok {
		opt := d.r.Object("stream_options", v)
		if b := opt.Bool("include_usage"); b != nil {
			usage = *b
		}
		opt.Drop()
	}
	return stream, usage
}

func orDefault(p *int64, def int) int {
	if p == nil {
		return def
	}
	return int(*p)
}
