package dialect_test

import (
	"bytes"
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ringfence/internal/gateway/dialect"
	"ringfence/internal/gateway/dialect/anthropic"
	"ringfence/internal/gateway/dialect/gemini"
	"ringfence/internal/gateway/dialect/ollama"
	"ringfence/internal/gateway/dialect/openai"
)

var all = []dialect.Dialect{
	openai.Chat{}, openai.Completions{}, openai.Responses{}, openai.Embeddings{}, openai.Moderations{},
	anthropic.Messages{}, anthropic.Count{},
	gemini.Generate{}, gemini.Stream{}, gemini.Count{}, gemini.Embed{}, gemini.EmbedBatch{},
	ollama.Chat{}, ollama.Generate{}, ollama.Embed{}, ollama.EmbedOne{},
}

// FuzzDialects: no body makes a decoder panic; an accepted call holds only what
// later stages rely on; and whatever was asked, the answer to it is JSON.
func FuzzDialects(f *testing.F) {
	files, _ := filepath.Glob("../../../testdata/dialects/fields/*.json")
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		var samples []struct{ Body json.RawMessage }
		if err := json.Unmarshal(raw, &samples); err != nil {
			f.Fatal(err)
		}
		for i, d := range all {
			for _, s := range samples {
				if strings.HasPrefix(filepath.Base(file), d.Name()+".") {
					f.Add(uint8(i), []byte(s.Body))
				}
			}
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, body []byte) {
		d := all[int(which)%len(all)]
		call, err := d.Decode(dialect.Request{Body: body, Model: "small", Query: url.Values{}, Limits: dialect.Limits{Depth: 32, Items: 2000}})
		if err != nil {
			if _, ok := err.(*dialect.Refusal); !ok {
				t.Fatalf("an error that is no refusal: %v", err)
			}
			return
		}
		sane(t, call)
		answers(t, d, call)
	})
}

// sane checks what stages take for granted.
func sane(t *testing.T, c *dialect.Call) {
	t.Helper()
	for _, m := range c.Messages {
		if m.Role != dialect.System && m.Role != dialect.User && m.Role != dialect.Assistant && m.Role != dialect.Tool {
			t.Fatalf("role %q", m.Role)
		}
		for _, tc := range m.ToolCalls {
			if tc.Name == "" || strings.ContainsAny(tc.Name, " \n\"@") {
				t.Fatalf("tool name %q", tc.Name)
			}
		}
	}
	for _, tool := range c.Tools {
		if tool.Name == "" || strings.ContainsAny(tool.Name, " \n\"@") {
			t.Fatalf("tool name %q", tool.Name)
		}
	}
	if c.Sources != nil && len(c.Sources) != len(c.Messages) {
		t.Fatalf("%d messages of %d sources", len(c.Messages), len(c.Sources))
	}
	if texts := c.Embed != nil || c.Judge; texts != (len(c.Inputs) > 0) || texts && len(c.Messages) > 0 {
		t.Fatalf("neither words nor texts, or both: %+v", c)
	}
	if c.Sampling.N > dialect.MaxChoices || c.Sampling.MaxTokens < 0 || c.Sampling.MaxTokens > dialect.MaxTokens {
		t.Fatalf("sampling %+v", c.Sampling)
	}
}

// answers writes an answer to the call in every form its dialect has.
func answers(t *testing.T, d dialect.Dialect, c *dialect.Call) {
	t.Helper()
	head := dialect.Head{ID: "c", Created: time.Unix(7, 0), Model: "small", Asked: c}
	a := &dialect.Answer{Head: head, Vectors: make([][]float32, len(c.Inputs)), Judgements: make([]dialect.Judgement, len(c.Inputs))}
	for range max(1, c.Sampling.N) {
		a.Choices = append(a.Choices, dialect.Choice{Text: "a\xff\"", Reasoning: "b", ToolCalls: []dialect.ToolCall{{ID: "t", Name: "f", Arguments: "{oops"}}, Finish: "stop"})
	}
	if out := d.Encode(a); !json.Valid(out) {
		t.Fatalf("an answer that is no JSON: %s", out)
	}
	if !c.Stream {
		return
	}
	var out bytes.Buffer
	s := d.(dialect.Streamer).Stream(&out, head)
	for _, e := range []dialect.Event{{Text: "a\xff\""}, {Reasoning: "b"}, {Tool: &dialect.ToolDelta{Index: 1, ID: "t", Name: "f", Arguments: "{oops"}}, {Text: "c"}, {Finish: "stop"}} {
		s.Event(e)
	}
	s.Close(&dialect.Usage{})
	for line := range strings.Lines(out.String()) {
		line = strings.TrimSpace(line)
		data, isEvent := strings.CutPrefix(line, "data: ")
		if s.Type() == dialect.SSE && isEvent && data != "[DONE]" && !json.Valid([]byte(data)) || s.Type() == dialect.NDJSON && !json.Valid([]byte(line)) {
			t.Fatalf("a piece that is no JSON: %s", line)
		}
	}
	if s.Type() == dialect.JSON && !json.Valid(out.Bytes()) {
		t.Fatalf("a stream that is no JSON: %s", out.Bytes())
	}
}
