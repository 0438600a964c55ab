package gemini

import (
	"slices"
	"strconv"
	"strings"

	"ringfence/internal/gateway/dialect"
)

func (d *decoder) tools(o *dialect.Object) {
	v, ok := o.Take("tools")
	items := v.Items
	if v.Kind == '{' { // one tool, not in a list
		items = []dialect.Value{v}
	}
	if ok && (v.Kind != '[' && v.Kind != '{' || len(items) > dialect.MaxTools) {
		o.Wrong("tools", "a list of tools")
		return
	}
	for i, item := range items {
		t := d.object(dialect.Elem("tools", i), item)
		for _, name := range []string{"googleSearch", "googleSearchRetrieval", "codeExecution", "urlContext", "computerUse", "fileSearch", "googleMaps", "mcpServers"} {
			if _, ok := t.Take(name); ok {
				d.r.Fail(dialect.Invalid("unsupported_tool", t.Path(name), "%s runs at Google's and cannot run here. Declare functions instead.", t.Path(name)))
			}
		}
		for k, f := range t.Array("functionDeclarations", dialect.MaxTools) {
			d.declare(d.object(dialect.Elem(t.Path("functionDeclarations"), k), f))
		}
		t.Drop()
	}
	if len(d.call.Tools) > dialect.MaxTools {
		o.Wrong("tools", "a list of fewer functions")
	}
}

func (d *decoder) declare(f *dialect.Object) {
	defer f.Drop()
	d.call.Tools = append(d.call.Tools, dialect.ToolSpec{
		Name: f.Name("name"), Description: f.String("description"),
		Parameters: schema(f, "parameters", "parametersJsonSchema"),
	})
}

// schema reads a schema in Google's form, or as JSON schema.
func schema(o *dialect.Object, google, standard string) string {
	if v, ok := o.Take(google); ok {
		if v.Kind != '{' {
			return v.Schema() // an empty list, or what is no schema
		}
		return standardOf(v)
	}
	return o.Schema(standard)
}

// standardOf writes a schema of Google's as JSON schema: types in small
// letters, nullable as a type.
func standardOf(v dialect.Value) string {
	switch v.Kind {
	case '[':
		var items []string
		for _, item := range v.Items {
			items = append(items, standardOf(item))
		}
		return "[" + strings.Join(items, ",") + "]"
	case '{':
		var members []string
		for _, m := range v.Members {
			members = append(members, member(v, m)...)
		}
		return "{" + strings.Join(members, ",") + "}"
	}
	return v.JSON()
}

func member(schema dialect.Value, m dialect.Member) []string {
	name := string(dialect.Quote(nil, camel(m.Name))) + ":"
	switch camel(m.Name) {
	case "type":
		if m.Value.Kind == '"' {
			kind := string(dialect.Quote(nil, strings.ToLower(m.Value.Text)))
			if nullable(schema) {
				return []string{name + "[" + kind + `,"null"]`}
			}
			return []string{name + kind}
		}
	case "nullable", "propertyOrdering":
		return nil
	case "properties", "$defs":
		var props []string
		for _, p := range m.Value.Members {
			props = append(props, string(dialect.Quote(nil, p.Name))+":"+standardOf(p.Value))
		}
		return []string{name + "{" + strings.Join(props, ",") + "}"}
	case "minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties":
		if _, err := strconv.ParseUint(m.Value.Text, 10, 63); err == nil {
			return []string{name + m.Value.Text} // Google writes whole numbers as text
		}
	case "items", "anyOf":
		return []string{name + standardOf(m.Value)}
	}
	return []string{name + m.Value.JSON()}
}

func nullable(schema dialect.Value) bool {
	return slices.ContainsFunc(schema.Members, func(m dialect.Member) bool { return m.Name == "nullable" && m.Value.Kind == 't' })
}

func (d *decoder) toolConfig(o *dialect.Object) {
	config, ok := d.child(o, "toolConfig")
	if !ok {
		return
	}
	defer config.Drop()
	f, ok := d.child(config, "functionCallingConfig")
	if !ok {
		return
	}
	defer f.Drop()
	switch mode := strings.ToUpper(f.String("mode")); mode {
	case "", "AUTO", "VALIDATED", "MODE_UNSPECIFIED":
		d.call.ToolChoice = "auto"
	case "NONE":
		d.call.ToolChoice = "none"
	case "ANY":
		d.call.ToolChoice = "required"
	default:
		f.Wrong("mode", "AUTO, ANY, NONE or VALIDATED")
	}
	if allowed := f.Texts("allowedFunctionNames", dialect.MaxTools); len(allowed) > 0 {
		d.call.Tools = slices.DeleteFunc(d.call.Tools, func(t dialect.ToolSpec) bool { return !slices.Contains(allowed, t.Name) })
	}
}

func (d *decoder) config(o *dialect.Object) {
	d.call.Sampling.N = 1
	c, ok := d.child(o, "generationConfig")
	if !ok {
		return
	}
	defer c.Drop()
	d.call.Sampling = dialect.Sampling{
		MaxTokens:        c.Tokens("maxOutputTokens"),
		N:                max(1, c.Whole("candidateCount", 1, dialect.MaxChoices)),
		Temperature:      c.Number("temperature", 0, 2),
		TopP:             c.Number("topP", 0, 1),
		PresencePenalty:  c.Number("presencePenalty", -2, 2),
		FrequencyPenalty: c.Number("frequencyPenalty", -2, 2),
		Seed:             c.Int("seed", -1<<63, 1<<63-1),
		Stop:             c.Stops("stopSequences"),
		Logprobs:         c.Truth("responseLogprobs"),
		TopLogprobs:      c.Whole("logprobs", 0, 20),
	}
	d.format(c)
	for _, kind := range c.Texts("responseModalities", 4) {
		if !strings.EqualFold(kind, "text") {
			c.NotText("responseModalities")
		}
	}
	if t, ok := d.child(c, "thinkingConfig"); ok {
		d.thoughts = t.Truth("includeThoughts")
		t.Drop()
	}
}

func (d *decoder) format(c *dialect.Object) {
	kind := c.String("responseMimeType")
	text := schema(c, "responseSchema", "responseJsonSchema")
	switch {
	case kind == "" || kind == "text/plain":
	case kind == "application/json" || kind == "text/x.enum" && text != "":
		d.call.Format = dialect.Format{JSON: true, Schema: text}
	default:
		c.Wrong("responseMimeType", "text/plain or application/json")
	}
}
