package gateway_test

import (
	"bytes"
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"ringfence/internal/gateway"
	"ringfence/internal/gateway/dialect"
)

// scene is an answer as it comes out of the road.
type scene struct {
	name   string
	answer dialect.Answer
	events []dialect.Event
	broken *dialect.Refusal
}

var scenes = []scene{
	{"words", dialect.Answer{Choices: []dialect.Choice{{Text: "Grüße <b>\n", Finish: dialect.FinishStop}}},
		[]dialect.Event{{Text: "Grü"}, {Text: "ße <b>\n"}, {Finish: dialect.FinishStop}}, nil},
	{"thought", dialect.Answer{Choices: []dialect.Choice{{Reasoning: "Hm.", Text: "Yes", Finish: dialect.FinishLength}}},
		[]dialect.Event{{Reasoning: "Hm."}, {Text: "Yes"}, {Finish: dialect.FinishLength}}, nil},
	{"tools", dialect.Answer{Choices: []dialect.Choice{{Text: "So.", ToolCalls: []dialect.ToolCall{{ID: "t1", Name: "find", Arguments: `{"q":"a"}`}, {ID: "t2", Name: "find", Arguments: "{}"}}, Finish: dialect.FinishTools}}},
		[]dialect.Event{{Text: "So"}, {Tool: &dialect.ToolDelta{Index: 0, ID: "t1", Name: "find"}}, {Tool: &dialect.ToolDelta{Index: 0, Arguments: `{"q":`}},
			{Tool: &dialect.ToolDelta{Index: 1, ID: "t2", Name: "find", Arguments: "{"}}, {Text: "."}, {Tool: &dialect.ToolDelta{Index: 0, Arguments: `"a"}`}},
			{Tool: &dialect.ToolDelta{Index: 1, Arguments: "}"}}, {Finish: dialect.FinishTools}}, nil},
	{"scores", dialect.Answer{Choices: []dialect.Choice{{Text: "Hi", Logprobs: tokens, Finish: dialect.FinishStop}}},
		[]dialect.Event{{Text: "Hi", Logprobs: tokens}, {Finish: dialect.FinishStop}}, nil},
	{"withheld", dialect.Answer{Choices: []dialect.Choice{{Text: "Withheld.", Finish: dialect.FinishBlocked}}},
		[]dialect.Event{{Text: "Withheld."}, {Finish: dialect.FinishBlocked}}, nil},
	{"nothing", dialect.Answer{Choices: []dialect.Choice{{Finish: dialect.FinishStop}}}, []dialect.Event{{Finish: dialect.FinishStop}}, nil},
	{"broken", dialect.Answer{}, []dialect.Event{{Text: "Once"}},
		&dialect.Refusal{Status: 502, Code: "engine_interrupted", Sentence: "The engine stopped in the middle of the answer. Send the call again.", Param: "x"}},
}

var tokens = []dialect.TokenLogprob{{Token: "Hi", Logprob: -0.5, Top: []dialect.TokenLogprob{{Token: "Ho", Logprob: -1.5}}}}

// TestTranscripts holds what each dialect writes, byte for byte, against
// testdata/dialects/transcripts. The calls for tools come mixed with the end of
// the words, as held-back text makes them.
func TestTranscripts(t *testing.T) {
	for _, p := range protocols {
		t.Run(p.name+p.form, func(t *testing.T) {
			ar := &txtar.Archive{Comment: []byte("What " + p.name + " writes; see TestTranscripts.\n")}
			plain, flowing := speakers(p.name)
			for _, s := range scenes {
				head := dialect.Head{ID: "c1", Created: time.Unix(7, 0), Model: "small", Asked: asked(t, p, flowing)}
				if s.broken == nil {
					s.answer.Head, s.answer.Usage = head, dialect.Usage{Prompt: 3, Completion: 4}
					ar.Files = append(ar.Files, txtar.File{Name: s.name, Data: append(plain.Encode(&s.answer), '\n')})
				} else {
					ar.Files = append(ar.Files, txtar.File{Name: "refusal", Data: append(plain.Refuse(s.broken), '\n')})
				}
				ar.Files = append(ar.Files, txtar.File{Name: s.name + ", streamed", Data: append(stream(t, flowing, head, s), '\n')})
			}
			compare(t, filepath.Join("../../testdata/dialects/transcripts", p.name+p.form+".txt"), restless.ReplaceAll(txtar.Format(ar), []byte("$1")))
		})
	}
}

// restless is what no two answers of Ollama have in common.
var restless = regexp.MustCompile(`("created_at":|"total_duration":)("[^"]*"|\d{10,})`)

// speakers are the dialects of a name: Google's streams have a path of their own.
func speakers(name string) (plain dialect.Dialect, flowing dialect.Streamer) {
	for _, r := range gateway.Routes() {
		if r.Dialect.Name() != name {
			continue
		}
		if plain == nil {
			plain = r.Dialect
		}
		if s, ok := r.Dialect.(dialect.Streamer); ok {
			flowing = s
		}
	}
	return plain, flowing
}

func asked(t *testing.T, p protocol, d dialect.Dialect) *dialect.Call {
	t.Helper()
	r, ok := p.render(ask{Turns: []turn{{User: "Hi"}}, Stream: true, Think: p.name != "openai.completions"})
	if !ok {
		t.Fatal("the protocol cannot say hello")
	}
	body, _ := json.Marshal(r.body)
	at, _ := url.Parse(r.path)
	call, err := d.Decode(dialect.Request{Body: body, Query: at.Query(), Limits: dialect.Limits{Depth: 32, Items: 1000}})
	if err != nil {
		t.Fatal(err)
	}
	return call
}

func stream(t *testing.T, d dialect.Streamer, head dialect.Head, s scene) []byte {
	t.Helper()
	var out bytes.Buffer
	w := d.Stream(&out, head)
	for _, e := range s.events {
		if err := w.Event(e); err != nil {
			t.Fatal(err)
		}
	}
	if s.broken != nil {
		w.Fail(s.broken)
	} else {
		w.Close(&dialect.Usage{Prompt: 3, Completion: 4})
	}
	return out.Bytes()
}

func compare(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		old, now := strings.Split(string(want), "\n"), strings.Split(string(got), "\n")
		for i := range now {
			if i >= len(old) || old[i] != now[i] {
				t.Fatalf("%s differs first at line %d: got\n%s", file, i+1, now[i])
			}
		}
		t.Fatalf("%s has more than was written", file)
	}
}
