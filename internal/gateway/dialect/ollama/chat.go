// Package ollama speaks Ollama's protocol: chat, generate, embed, and what its
// clients ask about models. Streams are lines of JSON.
//
// Tolerated on the way in: ":latest" behind a model's name; options that only
// tune Ollama's own engine are dropped and named. Refused with a code: images.
package ollama

import (
	"slices"
	"strconv"
	"strings"

	"ringfence/internal/gateway/dialect"
)

// Chat is the dialect of POST /api/chat.
type Chat struct{ Errors }

// Name is how entries call this dialect.
func (Chat) Name() string { return "ollama.chat" }

// wire is what the answer must know of the request.
type wire struct {
	thoughts bool
	generate bool
}

// Decode reads the body of a chat request.
func (Chat) Decode(req dialect.Request) (*dialect.Call, error) {
	d, o, err := open(req)
	if err != nil {
		return nil, err
	}
	d.messages(o)
	d.tools(o)
	return d.finish(o, false)
}

type decoder struct {
	r       *dialect.Reader
	call    *dialect.Call
	pending []dialect.ToolCall // calls without a result yet
	made    int
}

func open(req dialect.Request) (*decoder, *dialect.Object, error) {
	root, err := dialect.Parse(req.Body, req.Limits)
	if err != nil {
		return nil, nil, err
	}
	d := &decoder{r: new(dialect.Reader), call: new(dialect.Call)}
	o := d.r.Object("", root)
	d.call.Model = modelName(o.String("model"))
	return d, o, nil
}

func modelName(name string) string { return strings.TrimSuffix(name, ":latest") }

// finish reads what chat and generate share.
func (d *decoder) finish(o *dialect.Object, generate bool) (*dialect.Call, error) {
	c := d.call
	c.Stream, c.UsageEvent = true, true
	if b := o.Bool("stream"); b != nil {
		c.Stream = *b
	}
	d.format(o)
	c.Sampling = d.options(o)
	c.Sampling.Logprobs = o.Truth("logprobs")
	c.Sampling.TopLogprobs = o.Whole("top_logprobs", 0, 20)
	c.Wire = wire{thoughts: d.think(o), generate: generate}
	o.Ignore("keep_alive") // a model stays loaded
	c.Extension = o.Extension()
	o.Drop()
	return dialect.Finish(d.r, c)
}

func (d *decoder) messages(o *dialect.Object) {
	items := o.Array("messages", dialect.MaxMessages)
	if len(items) == 0 {
		o.Missing("messages", "a list with at least one message")
	}
	for i, item := range items {
		d.message(d.r.Object(dialect.Elem("messages", i), item))
	}
}

func (d *decoder) message(o *dialect.Object) {
	defer o.Drop()
	m := dialect.Message{Role: dialect.Role(o.String("role")), Content: o.String("content")}
	switch m.Role {
	case dialect.System, dialect.User:
	case dialect.Assistant:
		m.ToolCalls = d.toolCalls(o)
	case dialect.Tool:
		m.ToolCallID = d.answered(o.String("tool_name"), o.String("tool_call_id"))
	default:
		d.r.Fail(dialect.Invalid("unknown_role", o.Path("role"), "%s must be system, user, assistant or tool.", o.Path("role")))
	}
	d.noImages(o)
	d.call.Messages = append(d.call.Messages, m)
}

func (d *decoder) noImages(o *dialect.Object) {
	if len(o.Array("images", 1<<16)) > 0 {
		o.NotText("images")
	}
}

func (d *decoder) toolCalls(o *dialect.Object) []dialect.ToolCall {
	var calls []dialect.ToolCall
	for i, item := range o.Array("tool_calls", dialect.MaxTools) {
		t := d.r.Object(dialect.Elem(o.Path("tool_calls"), i), item)
		t.Ignore("type")
		call := dialect.ToolCall{ID: t.String("id")}
		if f, ok := t.Object("function"); ok {
			f.Ignore("index")
			call.Name, call.Arguments = f.Name("name"), f.JSON("arguments")
			f.Drop()
		} else {
			t.Missing("function", "a JSON object")
		}
		t.Drop()
		if call.Arguments == "" {
			call.Arguments = "{}"
		}
		if call.ID == "" {
			d.made++
			call.ID = call.Name + "#" + strconv.Itoa(d.made)
		}
		calls = append(calls, call)
	}
	d.pending = append(d.pending, calls...)
	return calls
}

// answered finds the call that a result is of: by its id, by the tool's name,
// or the first that has none yet.
func (d *decoder) answered(tool, id string) string {
	k := slices.IndexFunc(d.pending, func(c dialect.ToolCall) bool {
		return id != "" && c.ID == id || id == "" && (tool == "" || c.Name == tool)
	})
	if k < 0 {
		return tool + "#" + id
	}
	found := d.pending[k].ID
	d.pending = slices.Delete(d.pending, k, k+1)
	return found
}

func (d *decoder) tools(o *dialect.Object) {
	for i, item := range o.Array("tools", dialect.MaxTools) {
		t := d.r.Object(dialect.Elem("tools", i), item)
		if kind := t.String("type"); kind != "" && kind != "function" {
			d.r.Fail(dialect.Invalid("unsupported_tool", t.Path("type"), "%s must be \"function\".", t.Path("type")))
		}
		if f, ok := t.Object("function"); ok {
			d.call.Tools = append(d.call.Tools, dialect.ToolSpec{Name: f.Name("name"), Description: f.String("description"), Parameters: f.Schema("parameters")})
			f.Drop()
		} else {
			t.Missing("function", "a JSON object")
		}
		t.Drop()
	}
}

// format is "json", or a schema.
func (d *decoder) format(o *dialect.Object) {
	v, ok := o.Take("format")
	switch {
	case !ok || v.Kind == '"' && v.Text == "":
	case v.Kind == '{':
		d.call.Format = dialect.Format{JSON: true, Schema: v.Schema()}
	case v.Text == "json":
		d.call.Format = dialect.Format{JSON: true}
	default:
		o.Wrong("format", "json or a JSON schema")
	}
}

func (d *decoder) options(o *dialect.Object) dialect.Sampling {
	s := dialect.Sampling{N: 1}
	p, ok := o.Object("options")
	if !ok {
		return s
	}
	defer p.Drop()
	s.MaxTokens = p.Tokens("num_predict")
	s.Temperature = p.Number("temperature", 0, 2)
	s.TopP = p.Number("top_p", 0, 1)
	s.PresencePenalty = p.Number("presence_penalty", -2, 2)
	s.FrequencyPenalty = p.Number("frequency_penalty", -2, 2)
	s.Seed = p.Int("seed", -1<<63, 1<<63-1)
	s.Stop = p.Stops("stop")
	return s
}

// think is a truth value, or how hard to think. Thoughts are shown unless the
// caller does not want them.
func (d *decoder) think(o *dialect.Object) bool {
	v, ok := o.Take("think")
	return !ok || v.Kind != 'f'
}

// Fields says what becomes of every field of a chat request.
func (Chat) Fields() []dialect.Field {
	return slices.Concat(
		dialect.Of(dialect.Bounded, "", "messages[].role", "messages[].tool_name", "messages[].tool_calls[].function.name", "tools[].type", "tools[].function.name"),
		dialect.Of(dialect.Masked, "", "messages[].content", "messages[].tool_calls[].function.arguments", "tools[].function.description"),
		dialect.Of(dialect.Schema, "", "tools[].function.parameters"),
		dialect.Of(dialect.Renamed, "", "messages[].tool_calls[].id", "messages[].tool_call_id"),
		dialect.Of(dialect.Ignored, "", "messages[].tool_calls[].type", "messages[].tool_calls[].function.index"),
		dialect.Of(dialect.Refused, "unsupported_content", "messages[].images"),
		dialect.Of(dialect.Dropped, "what a model thought before is not given to it again", "messages[].thinking"),
		sharedFields(), dialect.ExtensionFields(),
	)
}

func sharedFields() []dialect.Field {
	return slices.Concat(
		dialect.Of(dialect.Bounded, "a name, looked up among models and aliases", "model"),
		dialect.Of(dialect.Bounded, "", "stream", "logprobs", "top_logprobs", "options.num_predict", "options.temperature", "options.top_p",
			"options.presence_penalty", "options.frequency_penalty", "options.seed"),
		dialect.Of(dialect.Ignored, "false hides thoughts; how hard to think is not in the gateway's hand", "think"),
		dialect.Of(dialect.Masked, "", "options.stop"),
		dialect.Of(dialect.Schema, "or the word json", "format"),
		dialect.Of(dialect.Ignored, "a model stays loaded", "keep_alive"),
		dialect.Of(dialect.Dropped, "", "options.num_ctx", "options.num_keep", "options.top_k", "options.min_p", "options.typical_p", "options.repeat_last_n",
			"options.repeat_penalty", "options.num_gpu", "options.num_thread", "options.num_batch", "options.use_mmap", "options.mirostat"),
	)
}
