// Package anthropic speaks Anthropic's Messages, plain and as server-sent
// events, counts tokens and lists models the way its clients expect.
//
// Tolerated on the way in: content as a string or a list of blocks, wherever
// the protocol has it; cache marks, which have no effect. What a model thought
// earlier is dropped and named. Refused with a code: images, documents, and
// tools that run at the vendor's.
package anthropic

import (
	"strings"

	"ringfence/internal/gateway/dialect"
)

// Messages is the dialect of POST /v1/messages.
type Messages struct{ Errors }

// Name is how entries call this dialect.
func (Messages) Name() string { return "anthropic.messages" }

// wire is what the answer must know of the request.
type wire struct {
	thinking bool // the caller wants to see the model think
}

// Decode reads the body of a request for a message.
func (Messages) Decode(req dialect.Request) (*dialect.Call, error) {
	root, err := dialect.Parse(req.Body, req.Limits)
	if err != nil {
		return nil, err
	}
	d := decoder{r: new(dialect.Reader), call: new(dialect.Call)}
	d.read(d.r.Object("", root))
	return dialect.Finish(d.r, d.call)
}

type decoder struct {
	r    *dialect.Reader
	call *dialect.Call
}

func (d *decoder) read(o *dialect.Object) {
	defer o.Drop()
	c := d.call
	c.Model = o.String("model")
	d.system(o)
	d.messages(o)
	d.tools(o)
	d.toolChoice(o)
	d.format(o)
	c.Sampling = dialect.Sampling{
		MaxTokens: o.Whole("max_tokens", 1, dialect.MaxTokens), N: 1,
		Temperature: o.Number("temperature", 0, 2),
		TopP:        o.Number("top_p", 0, 1),
		Stop:        o.Stops("stop_sequences"),
	}
	c.Wire = wire{thinking: d.thinking(o)}
	c.Stream, c.UsageEvent = o.Truth("stream"), true
	c.Extension = o.Extension()
}

// add appends a message that was made of the request's message number from.
func (d *decoder) add(m dialect.Message, from int) {
	d.call.Messages = append(d.call.Messages, m)
	d.call.Sources = append(d.call.Sources, from)
}

func (d *decoder) system(o *dialect.Object) {
	v, ok := o.Take("system")
	if !ok {
		return
	}
	if text := d.text(o, "system", v); text != "" {
		d.add(dialect.Message{Role: dialect.System, Content: text}, -1)
	}
}

// text reads a string or a list of blocks that must all be text.
func (d *decoder) text(o *dialect.Object, name string, v dialect.Value) string {
	if v.Kind == '"' {
		return v.Text
	}
	var texts []string
	for i, item := range d.blocks(o, name, v) {
		b := d.r.Object(dialect.Elem(o.Path(name), i), item)
		if b.String("type") != "text" {
			b.NotText("type")
		}
		texts = append(texts, b.String("text"))
		b.Ignore("cache_control")
		b.Drop()
	}
	return dialect.Lines(texts)
}

func (d *decoder) blocks(o *dialect.Object, name string, v dialect.Value) []dialect.Value {
	if v.Kind != '[' || len(v.Items) > dialect.MaxParts {
		o.Wrong(name, "a string or a list of blocks")
		return nil
	}
	return v.Items
}

func (d *decoder) messages(o *dialect.Object) {
	items := o.Array("messages", dialect.MaxMessages)
	if len(items) == 0 {
		o.Missing("messages", "a list with at least one message")
	}
	for i, item := range items {
		d.message(i, d.r.Object(dialect.Elem("messages", i), item))
	}
}

func (d *decoder) message(i int, o *dialect.Object) {
	defer o.Drop()
	role := dialect.Role(o.String("role"))
	if role != dialect.User && role != dialect.Assistant && role != dialect.System {
		d.r.Fail(dialect.Invalid("unknown_role", o.Path("role"), "%s must be user or assistant.", o.Path("role")))
	}
	v, ok := o.Take("content")
	switch {
	case !ok:
		o.Missing("content", "a string or a list of blocks")
	case v.Kind == '"':
		d.add(dialect.Message{Role: role, Content: v.Text}, i)
	default:
		d.content(i, role, o, d.blocks(o, "content", v))
	}
}

// content makes messages of blocks: the results of tools stand alone, the rest
// of a turn together.
func (d *decoder) content(i int, role dialect.Role, o *dialect.Object, blocks []dialect.Value) {
	var texts []string
	var calls []dialect.ToolCall
	flush := func() {
		if len(texts) > 0 || len(calls) > 0 {
			d.add(dialect.Message{Role: role, Content: dialect.Lines(texts), ToolCalls: calls}, i)
			texts, calls = nil, nil
		}
	}
	for k, item := range blocks {
		b := d.r.Object(dialect.Elem(o.Path("content"), k), item)
		switch b.String("type") {
		case "text":
			texts = append(texts, b.String("text"))
		case "tool_use":
			calls = append(calls, dialect.ToolCall{ID: b.String("id"), Name: b.Name("name"), Arguments: orEmpty(b.JSON("input"))})
		case "tool_result":
			flush()
			d.add(dialect.Message{Role: dialect.Tool, ToolCallID: b.String("tool_use_id"), Content: d.result(b)}, i)
		case "thinking", "redacted_thinking": // dropped, and named below
		default:
			b.NotText("type")
		}
		b.Ignore("cache_control")
		b.Drop()
	}
	flush()
}

func orEmpty(object string) string {
	if object == "" {
		return "{}"
	}
	return object
}

// result is what a tool gave back; that it failed becomes a word, for engines
// know no mark for it.
func (d *decoder) result(b *dialect.Object) string {
	text := ""
	if v, ok := b.Take("content"); ok {
		text = d.text(b, "content", v)
	}
	if b.Truth("is_error") {
		return "Error: " + text
	}
	return text
}

func (d *decoder) tools(o *dialect.Object) {
	for i, item := range o.Array("tools", dialect.MaxTools) {
		t := d.r.Object(dialect.Elem("tools", i), item)
		if kind := t.String("type"); kind != "" && kind != "custom" {
			d.r.Fail(dialect.Invalid("unsupported_tool", t.Path("type"), "%s must be \"custom\". Tools that run at a vendor's cannot run here.", t.Path("type")))
		}
		d.call.Tools = append(d.call.Tools, dialect.ToolSpec{Name: t.Name("name"), Description: t.String("description"), Parameters: t.Schema("input_schema")})
		t.Ignore("cache_control", "strict", "eager_input_streaming")
		t.Drop()
	}
}

func (d *decoder) toolChoice(o *dialect.Object) {
	choice, ok := o.Object("tool_choice")
	if !ok {
		return
	}
	defer choice.Drop()
	switch kind := choice.String("type"); kind {
	case "auto", "none":
		d.call.ToolChoice = kind
	case "any":
		d.call.ToolChoice = "required"
	case "tool":
		d.call.ToolChoice = choice.Name("name")
	default:
		choice.Wrong("type", "auto, any, tool or none")
	}
	if one := choice.Bool("disable_parallel_tool_use"); one != nil {
		parallel := !*one
		d.call.Parallel = &parallel
	}
}

// format reads a schema for the answer, where the protocol has it now and where
// it had it first.
func (d *decoder) format(o *dialect.Object) {
	if config, ok := o.Object("output_config"); ok {
		d.schema(config, "format")
		config.Drop()
	}
	d.schema(o, "output_format")
}

func (d *decoder) schema(o *dialect.Object, name string) {
	f, ok := o.Object(name)
	if !ok {
		return
	}
	defer f.Drop()
	if f.String("type") != "json_schema" {
		f.Wrong("type", "json_schema")
	}
	d.call.Format = dialect.Format{JSON: true, Schema: f.Schema("schema")}
}

// thinking reports whether thoughts are to be shown. How much a model thinks is
// not in the gateway's hand.
func (d *decoder) thinking(o *dialect.Object) bool {
	t, ok := o.Object("thinking")
	if !ok {
		return false
	}
	defer t.Drop()
	kind := t.String("type")
	return strings.EqualFold(kind, "enabled") || kind == "adaptive"
}
