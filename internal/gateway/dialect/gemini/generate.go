// Package gemini speaks Google's Gemini protocol: generateContent, plain and
// streamed in both forms, countTokens, embedContent and the list of models.
//
// Tolerated on the way in: names of fields in camelCase or snake_case, as
// Google's own servers read them; schemas in Google's form or as JSON schema.
// Refused with a code: inline data and files, tools that run at Google's.
package gemini

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"ringfence/internal/gateway/dialect"
)

// Generate is the dialect of models/{model}:generateContent.
type Generate struct{ Errors }

// Name is how entries call this dialect.
func (Generate) Name() string { return "gemini.generate" }

// Stream is the dialect of models/{model}:streamGenerateContent.
type Stream struct{ Generate }

// wire is what the answer must know of the request.
type wire struct {
	events   bool // server-sent events, not one JSON array
	thoughts bool
}

// Decode reads the body of a request for content.
func (Generate) Decode(req dialect.Request) (*dialect.Call, error) { return decode(req, false) }

// Decode reads the same body; the path asks for a stream.
func (Stream) Decode(req dialect.Request) (*dialect.Call, error) { return decode(req, true) }

func decode(req dialect.Request, stream bool) (*dialect.Call, error) {
	d, o, err := open(req)
	if err != nil {
		return nil, err
	}
	d.read(o)
	d.call.Stream, d.call.UsageEvent = stream, true
	d.call.Wire = wire{events: isSSE(req.Query), thoughts: d.thoughts}
	return dialect.Finish(d.r, d.call)
}

func isSSE(q url.Values) bool { return q.Get("alt") == "sse" || q.Get("$alt") == "sse" }

type decoder struct {
	r        *dialect.Reader
	call     *dialect.Call
	pending  map[string][]string // ids of calls without a result yet, by tool
	made     int                 // ids given to calls that had none
	thoughts bool
}

func open(req dialect.Request) (*decoder, *dialect.Object, error) {
	root, err := dialect.Parse(req.Body, req.Limits)
	if err != nil {
		return nil, nil, err
	}
	d := &decoder{r: new(dialect.Reader), call: &dialect.Call{Model: strings.TrimPrefix(req.Model, "models/")}, pending: map[string][]string{}}
	return d, d.object("", root), nil
}

// object opens an object whose names may be written with underscores.
func (d *decoder) object(path string, v dialect.Value) *dialect.Object {
	seen := map[string]bool{}
	members := make([]dialect.Member, 0, len(v.Members))
	for _, m := range v.Members {
		m.Name = camel(m.Name)
		if seen[m.Name] {
			d.r.Fail(dialect.Invalid("duplicate_field", path, "A field stands twice in the same object, so its meaning is not clear. Send it once."))
		}
		seen[m.Name] = true
		members = append(members, m)
	}
	v.Members = members
	return d.r.Object(path, v)
}

// child opens a member that is an object.
func (d *decoder) child(o *dialect.Object, name string) (*dialect.Object, bool) {
	v, ok := o.Take(name)
	if !ok {
		return nil, false
	}
	return d.object(o.Path(name), v), true
}

// camel writes system_instruction as systemInstruction.
func camel(name string) string {
	if !strings.Contains(name, "_") {
		return name
	}
	parts := strings.Split(name, "_")
	for i, p := range parts[1:] {
		if p != "" {
			parts[i+1] = strings.ToUpper(p[:1]) + p[1:]
		}
	}
	return strings.Join(parts, "")
}

func (d *decoder) read(o *dialect.Object) {
	defer o.Drop()
	o.Ignore("model") // the path has it
	if v, ok := o.Take("systemInstruction"); ok {
		d.system(v)
	}
	d.contents(o)
	d.tools(o)
	d.toolConfig(o)
	d.config(o)
	if v, ok := o.Take("cachedContent"); ok && v.Text != "" {
		d.r.Fail(dialect.Invalid("unsupported_field", "cachedContent", "cachedContent names text that is kept at Google's. Send the text itself."))
	}
	d.call.Extension = o.Extension()
}

func (d *decoder) system(v dialect.Value) {
	text := v.Text
	if v.Kind != '"' {
		s := d.object("systemInstruction", v)
		s.Ignore("role")
		text = dialect.Lines(d.texts(s))
		s.Drop()
	}
	if text != "" {
		d.add(dialect.Message{Role: dialect.System, Content: text}, -1)
	}
}

func (d *decoder) add(m dialect.Message, from int) {
	d.call.Messages = append(d.call.Messages, m)
	d.call.Sources = append(d.call.Sources, from)
}

// texts reads parts that must all be text.
func (d *decoder) texts(o *dialect.Object) []string {
	var texts []string
	for i, item := range o.Array("parts", dialect.MaxParts) {
		p := d.object(dialect.Elem(o.Path("parts"), i), item)
		if _, ok := refusedPart(p); ok {
			continue
		}
		texts = append(texts, p.String("text"))
		p.Drop()
	}
	return texts
}

// refusedPart refuses a part that is neither text nor about a tool.
func refusedPart(p *dialect.Object) (string, bool) {
	for _, name := range []string{"inlineData", "fileData", "executableCode", "codeExecutionResult"} {
		if _, ok := p.Take(name); ok {
			p.NotText(name)
			return name, true
		}
	}
	return "", false
}

func (d *decoder) contents(o *dialect.Object) {
	items := o.Array("contents", dialect.MaxMessages)
	if len(items) == 0 {
		o.Missing("contents", "a list with at least one content")
	}
	for i, item := range items {
		d.content(i, d.object(dialect.Elem("contents", i), item))
	}
}

func (d *decoder) content(i int, o *dialect.Object) {
	defer o.Drop()
	role := dialect.User
	switch theirs := o.String("role"); theirs {
	case "", "user", "function":
	case "model":
		role = dialect.Assistant
	case "system":
		role = dialect.System
	default:
		d.r.Fail(dialect.Invalid("unknown_role", o.Path("role"), "%s must be user or model.", o.Path("role")))
	}
	m := dialect.Message{Role: role}
	var texts []string
	for k, item := range o.Array("parts", dialect.MaxParts) {
		p := d.object(dialect.Elem(o.Path("parts"), k), item)
		d.part(i, p, &m, &texts)
		p.Drop()
	}
	if m.Content = dialect.Lines(texts); m.Content != "" || len(m.ToolCalls) > 0 {
		d.add(m, i)
	}
}

// part adds one part to a message. The result of a tool is a message of its own.
func (d *decoder) part(i int, p *dialect.Object, m *dialect.Message, texts *[]string) {
	if _, refused := refusedPart(p); refused {
		return
	}
	p.Ignore("thoughtSignature")
	if p.Truth("thought") {
		return // what the model thought before is dropped, and named
	}
	if f, ok := d.child(p, "functionCall"); ok {
		call := dialect.ToolCall{Name: f.Name("name"), Arguments: f.JSON("args")}
		if call.Arguments == "" {
			call.Arguments = "{}"
		}
		call.ID = d.called(call.Name, f.String("id"))
		m.ToolCalls = append(m.ToolCalls, call)
		f.Drop()
		return
	}
	if f, ok := d.child(p, "functionResponse"); ok {
		name := f.Name("name")
		d.add(dialect.Message{Role: dialect.Tool, ToolCallID: d.answered(name, f.String("id")), Content: f.JSON("response")}, i)
		f.Ignore("willContinue", "scheduling")
		f.Drop()
		return
	}
	if text := p.String("text"); text != "" {
		*texts = append(*texts, text)
	}
}

// called gives a call an id, if it has none, for its result to name.
func (d *decoder) called(tool, id string) string {
	if id == "" {
		d.made++
		id = tool + "#" + strconv.Itoa(d.made)
	}
	d.pending[tool] = append(d.pending[tool], id)
	return id
}

// answered finds the call of a tool that a result without an id is of: the
// first one that has none yet.
func (d *decoder) answered(tool, id string) string {
	ids := d.pending[tool]
	k := 0
	if id != "" {
		k = slices.Index(ids, id)
	}
	if k < 0 || k >= len(ids) {
		return tool + "#" + id
	}
	found := ids[k]
	d.pending[tool] = slices.Delete(slices.Clone(ids), k, k+1)
	return found
}
