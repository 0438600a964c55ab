package wire

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"ringfence/internal/engine"
)

// parse reads JSON at half the price of encoding/json, and as tolerantly.
func parse(data []byte, c *reply) error {
	return jsonv2.Unmarshal(data, c, jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
}

// reply is what engines answer, as a whole or as one chunk of a stream. Fields
// that are not named here are ignored.
type reply struct {
	Choices []choice        `json:"choices"`
	Usage   *usage          `json:"usage"`
	Error   json.RawMessage `json:"error"`
}

type choice struct {
	Index    int       `json:"index"`
	Delta    said      `json:"delta"`   // in a chunk
	Message  said      `json:"message"` // in a whole answer
	Finish   text      `json:"finish_reason"`
	Logprobs *logprobs `json:"logprobs"`
}

type said struct {
	Content   text         `json:"content"`
	Thinking  text         `json:"reasoning_content"` // llama.cpp, vLLM
	Reasoning text         `json:"reasoning"`         // Ollama, later vLLM
	Tools     []calledTool `json:"tool_calls"`
}

type calledTool struct {
	Index    *int   `json:"index"`
	ID       string `json:"id"`
	Function struct {
		Name      string    `json:"name"`
		Arguments arguments `json:"arguments"`
	} `json:"function"`
}

type usage struct {
	Prompt     int `json:"prompt_tokens"`
	Completion int `json:"completion_tokens"`
}

// text is a string, or null, or a list of parts of which the text is taken.
type text string

func (t *text) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '[' {
		var parts []struct {
			Text string `json:"text"`
		}
		if err := json.Unmarshal(data, &parts); err != nil {
			return err
		}
		var all strings.Builder
		for _, p := range parts {
			all.WriteString(p.Text)
		}
		*t = text(all.String())
		return nil
	}
	if plain(data) { // nearly every part of a stream
		*t = text(data[1 : len(data)-1])
		return nil
	}
	var s *string
	if err := json.Unmarshal(data, &s); err != nil || s == nil {
		return err
	}
	*t = text(*s)
	return nil
}

// plain tells a JSON string that stands for itself. The data is valid JSON.
func plain(data []byte) bool {
	return len(data) > 1 && data[0] == '"' && bytes.IndexByte(data, '\\') < 0 && utf8.Valid(data)
}

// arguments are JSON inside a string; some engines leave the string out.
type arguments string

func (a *arguments) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && (data[0] == '{' || data[0] == '[') {
		var b bytes.Buffer
		if err := json.Compact(&b, data); err != nil {
			return err
		}
		*a = arguments(b.String())
		return nil
	}
	return (*text)(a).UnmarshalJSON(data)
}

type logprobs struct {
	Content []tokenLogprob `json:"content"`
}

type tokenLogprob struct {
	Token   string         `json:"token"`
	Logprob float64        `json:"logprob"`
	Top     []tokenLogprob `json:"top_logprobs"`
}

// tokens keeps at most top alternatives for each token.
func (l *logprobs) tokens(top int) []engine.TokenLogprob {
	if l == nil {
		return nil
	}
	var out []engine.TokenLogprob
	for _, t := range l.Content {
		tok := engine.TokenLogprob{Token: t.Token, Logprob: t.Logprob}
		for _, alt := range t.Top[:min(top, len(t.Top))] {
			tok.Top = append(tok.Top, engine.TokenLogprob{Token: alt.Token, Logprob: alt.Logprob})
		}
		out = append(out, tok)
	}
	return out
}
