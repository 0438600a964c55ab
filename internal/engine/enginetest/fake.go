package enginetest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// A Fake is an http.Handler that speaks the chat protocol like an engine,
// with a "model" whose next word depends on the prompt and the seed alone. The
// fields make it speak like engines that are known to differ.
type Fake struct {
	Bytes      int    // write streams this many bytes at a time; 0: event by event
	LineEnd    string // "\n" if empty
	NoDone     bool   // end streams without [DONE]
	Finish     string // say this instead of "stop"
	StringArgs bool   // tool arguments arrive in several parts
	Context    int    // tokens; 4096 if 0
}

// request is what a Fake understands of a request. It refuses fields that it
// does not know, so that a driver which passes something on is found out.
type request struct {
	Model    string `json:"model"`
	Messages []struct {
		Role       string          `json:"role"`
		Content    string          `json:"content"`
		ToolCalls  json.RawMessage `json:"tool_calls"`
		ToolCallID string          `json:"tool_call_id"`
	} `json:"messages"`
	Tools []struct {
		Type     string `json:"type"`
		Function struct {
			Name        string          `json:"name"`
			Description string          `json:"description"`
			Parameters  json.RawMessage `json:"parameters"`
		} `json:"function"`
	} `json:"tools"`
	ToolChoice     string `json:"tool_choice"`
	Parallel       *bool  `json:"parallel_tool_calls"`
	ResponseFormat struct {
		Type       string `json:"type"`
		JSONSchema struct {
			Name   string          `json:"name"`
			Schema json.RawMessage `json:"schema"`
		} `json:"json_schema"`
	} `json:"response_format"`
	MaxTokens        int      `json:"max_tokens"`
	Temperature      float64  `json:"temperature"`
	TopP             float64  `json:"top_p"`
	PresencePenalty  float64  `json:"presence_penalty"`
	FrequencyPenalty float64  `json:"frequency_penalty"`
	Seed             int64    `json:"seed"`
	Stop             []string `json:"stop"`
	Logprobs         bool     `json:"logprobs"`
	TopLogprobs      int      `json:"top_logprobs"`
	Stream           bool     `json:"stream"`
	StreamOptions    struct {
		IncludeUsage bool `json:"include_usage"`
	} `json:"stream_options"`
}

func (f *Fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.Method + " " + r.URL.Path {
	case "GET /v1/models":
		fmt.Fprintf(w, `{"object":"list","data":[{"id":"fake","max_model_len":%d}]}`, f.context())
	case "POST /v1/chat/completions":
		f.chat(w, r)
	default:
		http.NotFound(w, r)
	}
}

func (f *Fake) context() int {
	if f.Context == 0 {
		return 4096
	}
	return f.Context
}

func (f *Fake) chat(w http.ResponseWriter, r *http.Request) {
	var q request
	body := json.NewDecoder(r.Body)
	body.DisallowUnknownFields()
	if err := body.Decode(&q); err != nil {
		refuse(w, 400, "invalid_request_error", err.Error())
		return
	}
	prompt := 0
	for _, m := range q.Messages {
		prompt += 4 + len(strings.Fields(m.Content))
	}
	if prompt >= f.context() {
		refuse(w, 400, "exceed_context_size_error", "the request exceeds the available context size")
		return
	}
	said := think(q)
	if said.finish == "stop" && f.Finish != "" {
		said.finish = f.Finish
	}
	said.usage = map[string]int{"prompt_tokens": prompt, "completion_tokens": len(said.tokens)}
	if q.Stream {
		f.stream(w, r, q, said)
		return
	}
	if !said.wait(r, len(said.tokens)) {
		return
	}
	writeJSON(w, map[string]any{"choices": []any{map[string]any{
		"index": 0, "finish_reason": said.finish, "logprobs": said.logprobs(q, 0, len(said.tokens)),
		"message": map[string]any{"role": "assistant", "content": strings.Join(said.tokens, ""), "tool_calls": said.calls},
	}}, "usage": said.usage})
}

// stream writes a chunk for the role, one for each token or part of a call,
// one for the reason, and one for the usage.
func (f *Fake) stream(w http.ResponseWriter, r *http.Request, q request, said thought) {
	w.Header().Set("Content-Type", "text/event-stream")
	out := &trickle{w: w, size: f.Bytes}
	chunk := func(delta map[string]any, finish any, probs any) {
		f.event(out, map[string]any{"choices": []any{map[string]any{
			"index": 0, "delta": delta, "finish_reason": finish, "logprobs": probs}}})
	}
	chunk(map[string]any{"role": "assistant", "content": nil}, nil, nil)
	for i, token := range said.tokens {
		if !said.wait(r, 1) {
			return
		}
		if said.calls == nil {
			chunk(map[string]any{"content": token}, nil, said.logprobs(q, i, i+1))
		}
	}
	for _, delta := range said.callDeltas(f.StringArgs) {
		chunk(map[string]any{"tool_calls": []any{delta}}, nil, nil)
	}
	chunk(map[string]any{}, said.finish, nil)
	if q.StreamOptions.IncludeUsage {
		f.event(out, map[string]any{"choices": []any{}, "usage": said.usage})
	}
	if !f.NoDone {
		_, _ = io.WriteString(out, "data: [DONE]"+f.lineEnd()+f.lineEnd())
	}
}

func (f *Fake) event(w io.Writer, v any) {
	data, _ := json.Marshal(v) // plain values
	_, _ = io.WriteString(w, ": a comment"+f.lineEnd()+"data: "+string(data)+f.lineEnd()+f.lineEnd())
}

func (f *Fake) lineEnd() string {
	if f.LineEnd == "" {
		return "\n"
	}
	return f.LineEnd
}

// trickle writes a few bytes at a time, each sent on at once.
type trickle struct {
	w    http.ResponseWriter
	size int
}

func (t *trickle) Write(p []byte) (int, error) {
	flush := http.NewResponseController(t.w).Flush
	for rest := p; len(rest) > 0; {
		n := len(rest)
		if t.size > 0 {
			n = min(n, t.size)
		}
		if _, err := t.w.Write(rest[:n]); err != nil {
			return 0, err
		}
		if err := flush(); err != nil {
			return 0, err
		}
		rest = rest[n:]
	}
	return len(p), nil
}

func refuse(w http.ResponseWriter, status int, kind, message string) {
	w.WriteHeader(status)
	writeJSON(w, map[string]any{"error": map[string]any{"code": status, "type": kind, "message": message}})
}

func writeJSON(w io.Writer, v any) { _ = json.NewEncoder(w).Encode(v) } // the caller may be gone

// wait takes the time of n tokens; false if the caller left.
func (t thought) wait(r *http.Request, n int) bool {
	if t.slow {
		select {
		case <-time.After(time.Duration(n) * 5 * time.Millisecond):
		case <-r.Context().Done():
		}
	}
	return r.Context().Err() == nil
}
