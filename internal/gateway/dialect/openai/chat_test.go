package openai_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"ringfence/internal/gateway/dialect"
	"ringfence/internal/gateway/dialect/openai"
)

var update = flag.Bool("update", false, "rewrite the expected parts of the cases")

var limits = dialect.Limits{Depth: 32, Items: 10000}

// TestDecode runs testdata/*.txtar: a request, and the call it must become or
// the refusal it must get.
func TestDecode(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.txtar")
	if len(files) == 0 {
		t.Fatal("no cases")
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			ar, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := decoded(ar.Files[0].Data)
			if *update {
				ar.Files = append(ar.Files[:1], txtar.File{Name: "call", Data: got})
				os.WriteFile(file, txtar.Format(ar), 0o644)
				return
			}
			if len(ar.Files) < 2 || !bytes.Equal(got, ar.Files[1].Data) {
				t.Errorf("got\n%s", got)
			}
		})
	}
}

// Ten thousand short parts must not cost the square of their number.
func TestManyPartsAreCheap(t *testing.T) {
	const parts = 10_000
	body := []byte(`{"messages":[{"role":"user","content":[` + strings.Repeat(`{"type":"text","text":"some words"},`, parts) + `{"type":"text","text":"end"}]}]}`)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	call, err := openai.Chat{}.Decode(dialect.Request{Body: body, Limits: dialect.Limits{Depth: 8, Items: 4 * parts}})
	runtime.ReadMemStats(&after)
	if err != nil || !strings.HasSuffix(call.Messages[0].Content, "some words\nend") {
		t.Fatal(err)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 100*uint64(len(body)) {
		t.Errorf("decoding %d bytes took %d", len(body), used)
	}
}

func decoded(body []byte) []byte {
	call, err := openai.Chat{}.Decode(dialect.Request{Body: body, Limits: limits})
	var v any = call
	var refusal *dialect.Refusal
	if errors.As(err, &refusal) {
		v = refusal
	}
	b, _ := json.Marshal(v)
	var tree any
	json.Unmarshal(b, &tree)
	b, _ = json.MarshalIndent(pruned(tree), "", "  ")
	return append(b, '\n')
}

// pruned leaves out what the caller did not say, so that a case shows what counts.
func pruned(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, child := range v {
			if v[name] = pruned(child); v[name] == nil {
				delete(v, name)
			}
		}
		if len(v) == 0 {
			return nil
		}
	case []any:
		for i := range v {
			v[i] = pruned(v[i])
		}
	case string, float64, bool:
		if v == "" || v == 0.0 || v == false {
			return nil
		}
	}
	return v
}

// FuzzDecode: no body makes the decoder panic, and an accepted call has only
// roles and tool names that later stages rely on.
func FuzzDecode(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.txtar")
	for _, file := range files {
		if ar, err := txtar.ParseFile(file); err == nil {
			f.Add(ar.Files[0].Data)
		}
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		call, err := openai.Chat{}.Decode(dialect.Request{Body: body, Limits: limits})
		if err != nil {
			return
		}
		for _, m := range call.Messages {
			if m.Role != dialect.System && m.Role != dialect.User && m.Role != dialect.Assistant && m.Role != dialect.Tool {
				t.Fatalf("role %q", m.Role)
			}
		}
		for _, tool := range call.Tools {
			if tool.Name == "" || strings.ContainsAny(tool.Name, " \n\"") {
				t.Fatalf("tool name %q", tool.Name)
			}
		}
	})
}

func TestEncode(t *testing.T) {
	a := &dialect.Answer{
		Head:  dialect.Head{ID: "c1", Created: time.Unix(7, 0), Model: "small"},
		Usage: dialect.Usage{Prompt: 3, Completion: 4},
		Choices: []dialect.Choice{
			{Text: "Hi <b>", Finish: "stop"},
			{ToolCalls: []dialect.ToolCall{{ID: "call_1", Name: "find", Arguments: `{"q":"x"}`}}, Finish: "tool_calls"},
		},
	}
	want := `{"id":"chatcmpl-c1","object":"chat.completion","created":7,"model":"small","choices":[` +
		`{"index":0,"message":{"role":"assistant","content":"Hi \u003cb\u003e"},"logprobs":null,"finish_reason":"stop"},` +
		`{"index":1,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"find","arguments":"{\"q\":\"x\"}"}}]},"logprobs":null,"finish_reason":"tool_calls"}],` +
		`"usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7}}`
	if got := string(openai.Chat{}.Encode(a)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestStream(t *testing.T) {
	var out bytes.Buffer
	s := openai.Chat{}.Stream(&out, dialect.Head{ID: "c1", Created: time.Unix(7, 0), Model: "small"})
	s.Event(dialect.Event{Text: "Ä\n"})
	s.Event(dialect.Event{Text: "b", Logprobs: []dialect.TokenLogprob{{Token: "b", Logprob: -1}}})
	s.Event(dialect.Event{Tool: &dialect.ToolDelta{ID: "call_1", Name: "find"}})
	s.Event(dialect.Event{Tool: &dialect.ToolDelta{Arguments: "{}"}})
	s.Event(dialect.Event{Finish: "stop"})
	s.Close(&dialect.Usage{Prompt: 1, Completion: 2})
	head := `data: {"id":"chatcmpl-c1","object":"chat.completion.chunk","created":7,"model":"small","choices":[`
	want := head + `{"index":0,"delta":{"role":"assistant","content":"Ä\n"},"logprobs":null,"finish_reason":null}]}` + "\n\n" +
		head + `{"index":0,"delta":{"content":"b"},"logprobs":{"content":[{"token":"b","logprob":-1,"bytes":[98]}]},"finish_reason":null}]}` + "\n\n" +
		head + `{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"find","arguments":""}}]},"logprobs":null,"finish_reason":null}]}` + "\n\n" +
		head + `{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]},"logprobs":null,"finish_reason":null}]}` + "\n\n" +
		head + `{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}]}` + "\n\n" +
		head + `],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}` + "\n\n" +
		"data: [DONE]\n\n"
	if got := out.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestStreamFail: a broken stream must not look like a whole one.
func TestStreamFail(t *testing.T) {
	var out bytes.Buffer
	s := openai.Chat{}.Stream(&out, dialect.Head{})
	s.Fail(&dialect.Refusal{Status: 502, Code: "engine_interrupted", Sentence: "It stopped."})
	if got := out.String(); !strings.Contains(got, `"code":"engine_interrupted"`) || strings.Contains(got, "[DONE]") {
		t.Error(got)
	}
}
