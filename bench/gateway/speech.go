package main

import (
	"encoding/json"
	"fmt"
)

// speech is how a call is written in one dialect.
type speech struct {
	name string
	path func(stream bool) string
	body func(text string, stream bool) map[string]any
	ends string // what a whole stream ends with
}

const system = "You are the assistant of a tea shop. Be brief and kind."

type object = map[string]any

func at(path string) func(bool) string { return func(bool) string { return path } }

// chat is what the other dialects are measured against.
var chat = speech{"openai.chat", at("/v1/chat/completions"), func(text string, stream bool) object {
	return object{"model": "small", "stream": stream, "max_tokens": 100, "messages": []object{{"role": "system", "content": system}, {"role": "user", "content": text}}}
}, "[DONE]\n\n"}

var speeches = []speech{
	chat,
	{"openai.responses", at("/v1/responses"), func(text string, stream bool) object {
		return object{"model": "small", "stream": stream, "max_output_tokens": 100, "instructions": system, "input": []object{{"role": "user", "content": []object{{"type": "input_text", "text": text}}}}}
	}, "}}\n\n"},
	{"openai.responses, not kept", at("/v1/responses"), func(text string, stream bool) object {
		return object{"model": "small", "stream": stream, "store": false, "max_output_tokens": 100, "instructions": system, "input": []object{{"role": "user", "content": []object{{"type": "input_text", "text": text}}}}}
	}, "}}\n\n"},
	{"anthropic.messages", at("/v1/messages"), func(text string, stream bool) object {
		return object{"model": "small", "stream": stream, "max_tokens": 100, "system": system, "messages": []object{{"role": "user", "content": []object{{"type": "text", "text": text}}}}}
	}, "message_stop\"}\n\n"},
	{"gemini.generate", func(stream bool) string {
		if stream {
			return "/v1beta/models/small:streamGenerateContent?alt=sse"
		}
		return "/v1beta/models/small:generateContent"
	}, func(text string, _ bool) object {
		return object{"systemInstruction": object{"parts": []object{{"text": system}}}, "contents": []object{{"role": "user", "parts": []object{{"text": text}}}}, "generationConfig": object{"maxOutputTokens": 100}}
	}, "}\n\n"},
	{"ollama.chat", at("/api/chat"), func(text string, stream bool) object {
		return object{"model": "small", "stream": stream, "options": object{"num_predict": 100}, "messages": []object{{"role": "system", "content": system}, {"role": "user", "content": text}}}
	}, "}\n"},
}

// request is a call that is sent many times.
type request struct {
	path, ends string
	body       []byte
}

func (s speech) request(text string, stream bool) request {
	b, err := json.Marshal(s.body(text, stream))
	check(err)
	return request{s.path(stream), s.ends, b}
}

// dialects measures each dialect against OpenAI chat, on one and the same
// gateway with its log in memory, so that only the translation differs.
func (b *bench) dialects() {
	b.engine = spawn("engine", "")
	gateway := spawn(roadAlone, b.engine.url[len("http://"):])
	for _, s := range speeches {
		t := *gateway
		t.name, t.speech = s.name, s
		b.targets = append(b.targets, &t)
	}
	for _, stream := range []bool{false, true} {
		what := "Plain answers"
		if stream {
			what = fmt.Sprintf("Streams of %d events", streamEvents)
		}
		fmt.Println(what + ", 1,000-character prompt, 4 clients; x = to openai.chat")
		b.table(b.each(func(t *target) sample { return b.load(t, 4, always(t.speech.request(prompt, stream))) }), stream)
	}
}
