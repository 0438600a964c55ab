package enginetest

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"strings"
)

// A thought is what a Fake's model answers.
type thought struct {
	tokens []string
	calls  []any // tool calls, whole
	name   string
	args   string
	finish string
	usage  map[string]int
	slow   bool // takes time for each token
}

var words = strings.Fields("the red boat met a blue tree near seven green stones where every fine letter fell")

// think answers with a call if there are tools and no result yet, with the
// least that obeys a schema if there is one, and with words otherwise.
func think(q request) thought {
	last := q.Messages[len(q.Messages)-1]
	limit := q.MaxTokens
	if limit == 0 {
		limit = 50
	}
	switch {
	case len(q.Tools) > 0 && last.Role != "tool" && q.ToolChoice != "none":
		t := thought{name: q.Tools[0].Function.Name, args: example(q.Tools[0].Function.Parameters), finish: "tool_calls"}
		t.calls = []any{map[string]any{"id": "call_9", "type": "function",
			"function": map[string]any{"name": t.name, "arguments": t.args}}}
		return t
	case q.ResponseFormat.Type == "json_schema" && strings.Contains(string(q.ResponseFormat.JSONSchema.Schema), "minItems"):
		return thought{tokens: strings.SplitAfter(strings.Repeat(`"a",`, limit), ",")[:limit], finish: "length", slow: true}
	case q.ResponseFormat.Type == "json_schema":
		return thought{tokens: strings.SplitAfter(example(q.ResponseFormat.JSONSchema.Schema), " "), finish: "stop"}
	case q.ResponseFormat.Type == "json_object":
		return thought{tokens: []string{"{", "}"}, finish: "stop"}
	}
	return speak(q, limit)
}

func speak(q request, limit int) thought {
	seed := fnv.New64a()
	_ = json.NewEncoder(seed).Encode(q.Messages)
	if q.Temperature > 0 {
		fmt.Fprint(seed, q.Seed)
	}
	draw := rand.New(rand.NewPCG(seed.Sum64(), 0))
	t := thought{finish: "length"}
	text := ""
	for len(t.tokens) < limit {
		token := words[draw.IntN(len(words))] + " "
		for _, stop := range q.Stop {
			if before, _, found := strings.Cut(text+token, stop); found {
				t.tokens = append(t.tokens, before[min(len(text), len(before)):])
				t.finish = "stop"
				return t
			}
		}
		text += token
		t.tokens = append(t.tokens, token)
	}
	return t
}

// example is the least that obeys the schemas of this suite.
func example(schema json.RawMessage) string {
	var s struct {
		Properties map[string]struct {
			Type string
			Enum []any
		}
	}
	if json.Unmarshal(schema, &s) != nil {
		return "{}"
	}
	out := map[string]any{}
	for name, p := range s.Properties {
		switch {
		case len(p.Enum) > 0:
			out[name] = p.Enum[0]
		case p.Type == "integer":
			out[name] = 3
		default:
			out[name] = "Paris"
		}
	}
	text, _ := json.Marshal(out) // was JSON before
	return string(text)
}

// logprobs gives each token half the chance of the one before.
func (t thought) logprobs(q request, from, to int) any {
	if !q.Logprobs {
		return nil
	}
	var list []any
	for i := from; i < to; i++ {
		entry := map[string]any{"token": t.tokens[i], "logprob": -math.Ln2 * float64(i+1)}
		var top []any
		for j := range q.TopLogprobs {
			top = append(top, map[string]any{"token": words[j], "logprob": -math.Ln2 * float64(j+1)})
		}
		entry["top_logprobs"] = top
		list = append(list, entry)
	}
	return map[string]any{"content": list}
}

// callDeltas is the tool call as a stream sends it: the name first, then the
// arguments, in parts if told to.
func (t thought) callDeltas(parts bool) []any {
	if t.calls == nil {
		return nil
	}
	deltas := []any{map[string]any{"index": 0, "id": "call_9", "type": "function",
		"function": map[string]any{"name": t.name, "arguments": ""}}}
	pieces := []string{t.args}
	if parts {
		pieces = strings.SplitAfter(t.args, ":")
	}
	for _, piece := range pieces {
		deltas = append(deltas, map[string]any{"index": 0, "function": map[string]any{"arguments": piece}})
	}
	return deltas
}
