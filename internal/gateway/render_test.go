package gateway_test

import "encoding/json"

type object = map[string]any

var protocols = []protocol{
	{"openai.chat", "", renderChat, readChat},
	{"openai.responses", "", renderResponses, readResponses},
	{"openai.completions", "", renderCompletions, readCompletions},
	{"anthropic.messages", "", renderAnthropic, readAnthropic},
	{"gemini.generate", "", renderGemini("?alt=sse"), readGemini},
	{"gemini.generate", "-array", renderGemini(""), readGemini},
	{"ollama.chat", "", renderOllama, readOllama},
	{"ollama.generate", "", renderGenerate, readOllama},
}

// base is what every protocol has: the object ringfence, with origins counted
// by the messages of the request.
func (a ask) base(index []int) object {
	b := object{"model": "small"}
	ext := object{}
	for name, v := range a.Ringfence {
		ext[name] = v
	}
	var origins []object
	for _, o := range a.Origins {
		origins = append(origins, object{"message": index[o.Turn], "origin": o.Origin})
	}
	if origins != nil {
		ext["origins"] = origins
	}
	if len(ext) > 0 {
		b["ringfence"] = ext
	}
	return b
}

// put sets a field that was said.
func put[T comparable](b object, name string, v T) {
	var none T
	if v != none {
		b[name] = v
	}
}

func number(b object, name string, v *float64) {
	if v != nil {
		b[name] = *v
	}
}

func plainIndex(a ask, first int) []int {
	var index []int
	for i := range a.Turns {
		index = append(index, first+i)
	}
	return index
}

func renderChat(a ask) (rendering, bool) {
	var messages []object
	if a.System != "" {
		messages = append(messages, object{"role": "system", "content": a.System})
	}
	index := plainIndex(a, len(messages))
	for _, t := range a.Turns {
		m := object{"role": "user", "content": t.User}
		switch {
		case t.Tool != "":
			m = object{"role": "tool", "content": t.Tool, "tool_call_id": t.Of}
		case t.User == "":
			var calls []object
			for _, c := range t.Calls {
				calls = append(calls, object{"id": c.ID, "type": "function", "function": object{"name": c.Name, "arguments": compact(c.Arguments)}})
			}
			m = object{"role": "assistant", "content": t.Assistant, "tool_calls": calls}
		}
		messages = append(messages, m)
	}
	b := a.base(index)
	b["messages"] = messages
	var tools []object
	for _, t := range a.Tools {
		tools = append(tools, object{"type": "function", "function": t})
	}
	if tools != nil {
		b["tools"] = tools
	}
	if a.Choice == "any" {
		b["tool_choice"] = "required"
	}
	if a.Schema != nil {
		b["response_format"] = object{"type": "json_schema", "json_schema": object{"name": "a", "schema": a.Schema}}
	}
	if a.Stop != nil {
		b["stop"] = a.Stop
	}
	if a.Stream {
		b["stream"], b["stream_options"] = true, object{"include_usage": true}
	}
	put(b, "max_tokens", a.MaxTokens)
	number(b, "temperature", a.Temperature)
	number(b, "top_p", a.TopP)
	return rendering{"/v1/chat/completions", b}, true
}

func compact(raw json.RawMessage) string {
	b, _ := json.Marshal(raw)
	return string(b)
}

func renderResponses(a ask) (rendering, bool) {
	var items []object
	var index []int
	for _, t := range a.Turns {
		index = append(index, len(items))
		switch {
		case t.Tool != "":
			items = append(items, object{"type": "function_call_output", "call_id": t.Of, "output": t.Tool})
		case t.User != "":
			items = append(items, object{"role": "user", "content": []object{{"type": "input_text", "text": t.User}}})
		default:
			items = append(items, object{"type": "message", "role": "assistant", "content": []object{{"type": "output_text", "text": t.Assistant}}})
			for _, c := range t.Calls {
				items = append(items, object{"type": "function_call", "call_id": c.ID, "name": c.Name, "arguments": compact(c.Arguments)})
			}
		}
	}
	b := a.base(index)
	b["input"] = items
	put(b, "instructions", a.System)
	var tools []object
	for _, t := range a.Tools {
		tools = append(tools, object{"type": "function", "name": t.Name, "description": t.Description, "parameters": t.Parameters, "strict": true})
	}
	if tools != nil {
		b["tools"] = tools
	}
	if a.Choice == "any" {
		b["tool_choice"] = "required"
	}
	if a.Schema != nil {
		b["text"] = object{"format": object{"type": "json_schema", "name": "a", "schema": a.Schema, "strict": true}}
	}
	put(b, "stream", a.Stream)
	put(b, "max_output_tokens", a.MaxTokens)
	number(b, "temperature", a.Temperature)
	number(b, "top_p", a.TopP)
	return rendering{"/v1/responses", b}, a.Stop == nil
}

func renderCompletions(a ask) (rendering, bool) {
	if len(a.Turns) != 1 || a.System != "" || a.Tools != nil || a.Schema != nil || a.Think {
		return rendering{}, false
	}
	b := a.base([]int{0})
	b["prompt"] = a.Turns[0].User
	if a.Stop != nil {
		b["stop"] = a.Stop
	}
	if a.Stream {
		b["stream"], b["stream_options"] = true, object{"include_usage": true}
	}
	put(b, "max_tokens", a.MaxTokens)
	return rendering{"/v1/completions", b}, true
}

func renderAnthropic(a ask) (rendering, bool) {
	var messages []object
	for _, t := range a.Turns {
		var blocks []object
		role := "user"
		switch {
		case t.Tool != "":
			blocks = append(blocks, object{"type": "tool_result", "tool_use_id": t.Of, "content": t.Tool})
		case t.User != "":
			blocks = append(blocks, object{"type": "text", "text": t.User})
		default:
			role = "assistant"
			blocks = append(blocks, object{"type": "text", "text": t.Assistant})
			for _, c := range t.Calls {
				blocks = append(blocks, object{"type": "tool_use", "id": c.ID, "name": c.Name, "input": c.Arguments})
			}
		}
		messages = append(messages, object{"role": role, "content": blocks})
	}
	b := a.base(plainIndex(a, 0))
	b["messages"] = messages
	put(b, "system", a.System)
	var tools []object
	for _, t := range a.Tools {
		tools = append(tools, object{"name": t.Name, "description": t.Description, "input_schema": t.Parameters})
	}
	if tools != nil {
		b["tools"] = tools
	}
	if a.Choice != "" {
		b["tool_choice"] = object{"type": a.Choice}
	}
	if a.Schema != nil {
		b["output_config"] = object{"format": object{"type": "json_schema", "schema": a.Schema}}
	}
	if a.Stop != nil {
		b["stop_sequences"] = a.Stop
	}
	if a.Think {
		b["thinking"] = object{"type": "enabled"}
	}
	put(b, "stream", a.Stream)
	put(b, "max_tokens", a.MaxTokens)
	number(b, "temperature", a.Temperature)
	number(b, "top_p", a.TopP)
	return rendering{"/v1/messages", b}, true
}

func renderGemini(query string) func(ask) (rendering, bool) {
	return func(a ask) (rendering, bool) {
		var contents []object
		for _, t := range a.Turns {
			role, parts := "user", []object{{"text": t.User}}
			switch {
			case t.Tool != "":
				parts = []object{{"functionResponse": object{"id": t.Of, "name": t.Name, "response": json.RawMessage(t.Tool)}}}
			case t.User == "":
				role, parts = "model", []object{{"text": t.Assistant}}
				for _, c := range t.Calls {
					parts = append(parts, object{"functionCall": object{"id": c.ID, "name": c.Name, "args": c.Arguments}})
				}
			}
			contents = append(contents, object{"role": role, "parts": parts})
		}
		b := a.base(plainIndex(a, 0))
		b["contents"] = contents
		if a.System != "" {
			b["systemInstruction"] = object{"parts": []object{{"text": a.System}}}
		}
		var functions []object
		for _, t := range a.Tools {
			functions = append(functions, object{"name": t.Name, "description": t.Description, "parametersJsonSchema": t.Parameters})
		}
		if functions != nil {
			b["tools"] = []object{{"functionDeclarations": functions}}
		}
		if a.Choice == "any" {
			b["toolConfig"] = object{"functionCallingConfig": object{"mode": "ANY"}}
		}
		b["generationConfig"] = geminiConfig(a)
		verb := "generateContent"
		if a.Stream {
			verb = "streamGenerateContent" + query
		}
		return rendering{"/v1beta/models/small:" + verb, b}, query != "" || a.Stream
	}
}

func geminiConfig(a ask) object {
	c := object{}
	if a.Schema != nil {
		c["responseMimeType"], c["responseJsonSchema"] = "application/json", a.Schema
	}
	if a.Stop != nil {
		c["stopSequences"] = a.Stop
	}
	if a.Think {
		c["thinkingConfig"] = object{"includeThoughts": true}
	}
	put(c, "maxOutputTokens", a.MaxTokens)
	number(c, "temperature", a.Temperature)
	number(c, "topP", a.TopP)
	return c
}

func ollamaBody(b object, a ask) object {
	options := object{}
	if a.Stop != nil {
		options["stop"] = a.Stop
	}
	put(options, "num_predict", a.MaxTokens)
	number(options, "temperature", a.Temperature)
	number(options, "top_p", a.TopP)
	b["options"], b["stream"], b["model"] = options, a.Stream, "small:latest"
	if a.Schema != nil {
		b["format"] = a.Schema
	}
	put(b, "think", a.Think)
	return b
}

func renderOllama(a ask) (rendering, bool) {
	r, ok := renderChat(a)
	for i, m := range r.body["messages"].([]object) {
		delete(m, "tool_call_id")
		if m["role"] == "tool" {
			m["tool_name"] = a.Turns[i-min(1, len(a.System))].Name
		}
		if calls, ok := m["tool_calls"].([]object); ok {
			for _, c := range calls {
				delete(c, "id")
				f := c["function"].(object)
				f["arguments"] = json.RawMessage(f["arguments"].(string))
			}
		}
	}
	for _, name := range []string{"response_format", "stop", "stream_options", "max_tokens", "temperature", "top_p"} {
		delete(r.body, name)
	}
	return rendering{"/api/chat", ollamaBody(r.body, a)}, ok && a.Choice == ""
}

func renderGenerate(a ask) (rendering, bool) {
	if len(a.Turns) != 1 || a.Tools != nil {
		return rendering{}, false
	}
	b := a.base([]int{0})
	b["prompt"] = a.Turns[0].User
	put(b, "system", a.System)
	return rendering{"/api/generate", ollamaBody(b, a)}, true
}
