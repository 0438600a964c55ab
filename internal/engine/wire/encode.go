// Package wire speaks the OpenAI chat protocol to an engine: one encoder for
// requests, one decoder for plain and streamed answers, one HTTP client.
//
// First step: fill a [Client] and call Chat. Promise: a request body is built
// here from typed values alone, and no answer, however cut, long or broken,
// takes more memory than the limits below. Danger: what engines add to the
// protocol is ignored, so a driver that needs such a field must name it here.
package wire

import (
	"bytes"
	"encoding/json"
	"fmt"

	"ringfence/internal/engine"
	"ringfence/internal/mask"
)

// Local is what only llama.cpp understands: which slot answers, and whether
// the slot's memory of its last prompt may be used again.
type Local struct {
	Slot  int
	Reuse bool
}

// maxSchemaDepth bounds the nesting of a schema: llama.cpp turns schemas into
// grammars by recursion, and a deep one would end the whole engine.
const maxSchemaDepth = 64

type body struct {
	Model            string          `json:"model,omitempty"`
	Messages         []message       `json:"messages"`
	Tools            []tool          `json:"tools,omitempty"`
	ToolChoice       string          `json:"tool_choice,omitempty"`
	ParallelTools    *bool           `json:"parallel_tool_calls,omitempty"`
	ResponseFormat   *responseFormat `json:"response_format,omitempty"`
	MaxTokens        int             `json:"max_tokens,omitempty"`
	Temperature      *float64        `json:"temperature,omitempty"`
	TopP             *float64        `json:"top_p,omitempty"`
	PresencePenalty  *float64        `json:"presence_penalty,omitempty"`
	FrequencyPenalty *float64        `json:"frequency_penalty,omitempty"`
	Seed             *int64          `json:"seed,omitempty"`
	Stop             []string        `json:"stop,omitempty"`
	Logprobs         bool            `json:"logprobs,omitempty"`
	TopLogprobs      int             `json:"top_logprobs,omitempty"`
	Stream           bool            `json:"stream,omitempty"`
	StreamOptions    *streamOptions  `json:"stream_options,omitempty"`
	CachePrompt      *bool           `json:"cache_prompt,omitempty"`
	Slot             *int            `json:"id_slot,omitempty"`
}

type message struct {
	Role       string     `json:"role"`
	Content    string     `json:"content"`
	ToolCalls  []toolCall `json:"tool_calls,omitempty"`
	ToolCallID string     `json:"tool_call_id,omitempty"`
}

type toolCall struct {
	ID       string   `json:"id"`
	Type     string   `json:"type"`
	Function function `json:"function"`
}

// function is a call's when it has Arguments and a tool's otherwise.
type function struct {
	Name        string          `json:"name"`
	Arguments   *string         `json:"arguments,omitempty"`
	Description string          `json:"description,omitempty"`
	Parameters  json.RawMessage `json:"parameters,omitempty"`
}

type tool struct {
	Type     string   `json:"type"`
	Function function `json:"function"`
}

type responseFormat struct {
	Type   string  `json:"type"`
	Schema *schema `json:"json_schema,omitempty"`
}

type schema struct {
	Name   string          `json:"name"`
	Schema json.RawMessage `json:"schema"`
}

type streamOptions struct {
	IncludeUsage bool `json:"include_usage"`
}

// encode writes the body of a request for one choice of p. N is not part of
// it: asking once per choice works with every engine, see Choices.
func encode(p engine.Prompt, local *Local) ([]byte, error) {
	b := body{
		Model: p.Model, ParallelTools: p.ParallelTools, MaxTokens: p.MaxTokens,
		Temperature: p.Temperature, TopP: p.TopP,
		PresencePenalty: p.PresencePenalty, FrequencyPenalty: p.FrequencyPenalty,
		Seed: p.Seed, Logprobs: p.Logprobs, Stream: p.Stream,
	}
	var err error
	if b.Messages, err = encodeMessages(p.Messages); err != nil {
		return nil, err
	}
	for _, s := range p.Stop {
		b.Stop = append(b.Stop, s.String())
	}
	if p.Logprobs {
		b.TopLogprobs = max(1, p.TopLogprobs) // llama.cpp gives none at all for 0
	}
	if p.Stream {
		b.StreamOptions = &streamOptions{IncludeUsage: true}
	}
	if local != nil {
		b.Slot, b.CachePrompt = &local.Slot, &local.Reuse
	}
	if b.Tools, b.ToolChoice, err = encodeTools(p); err != nil {
		return nil, err
	}
	if b.ResponseFormat, err = encodeFormat(p); err != nil {
		return nil, err
	}
	var buf bytes.Buffer
	e := json.NewEncoder(&buf)
	e.SetEscapeHTML(false)
	if err := e.Encode(b); err != nil {
		return nil, refuse("the prompt cannot be written as JSON: %v", err)
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n")), nil
}

// encodeMessages refuses what an engine would fail on as if by its own fault.
func encodeMessages(messages []engine.Message) ([]message, error) {
	out := []message{}
	for i, m := range messages {
		next := message{Role: m.Role, Content: m.Content.String(), ToolCallID: m.ToolCallID}
		for _, c := range m.ToolCalls {
			args := c.Arguments.String()
			if !json.Valid([]byte(args)) {
				return nil, refuse("the arguments of the tool call %q in message %d are not JSON", c.Name, i)
			}
			next.ToolCalls = append(next.ToolCalls, toolCall{
				ID: c.ID, Type: "function", Function: function{Name: c.Name, Arguments: &args},
			})
		}
		out = append(out, next)
	}
	return out, nil
}

// encodeTools writes a choice of one tool by name as "required" with that tool
// alone: engines differ in how they write a named choice, and some ignore it.
func encodeTools(p engine.Prompt) ([]tool, string, error) {
	var tools []tool
	choice := p.ToolChoice
	named := choice != "" && choice != "auto" && choice != "none" && choice != "required"
	for _, t := range p.Tools {
		if named && t.Name != p.ToolChoice {
			continue
		}
		params, err := schemaOf(t.Parameters, "the parameters of tool "+t.Name)
		if err != nil {
			return nil, "", err
		}
		tools = append(tools, tool{"function", function{
			Name: t.Name, Description: t.Description.String(), Parameters: params,
		}})
	}
	if named {
		choice = "required"
	}
	if len(tools) == 0 && choice == "required" {
		return nil, "", refuse("tool_choice asks for a tool that the prompt does not have")
	}
	return tools, choice, nil
}

func encodeFormat(p engine.Prompt) (*responseFormat, error) {
	s, err := schemaOf(p.Schema, "the answer's JSON schema")
	switch {
	case err != nil:
		return nil, err
	case s != nil:
		return &responseFormat{"json_schema", &schema{"answer", s}}, nil
	case p.JSONObject:
		return &responseFormat{Type: "json_object"}, nil
	}
	return nil, nil
}

// schemaOf checks what is written into a body as it stands.
func schemaOf(t mask.Text, what string) (json.RawMessage, error) {
	raw := []byte(t.String())
	if len(raw) == 0 {
		return nil, nil
	}
	if !json.Valid(raw) || bytes.TrimSpace(raw)[0] != '{' {
		return nil, refuse("%s must be a JSON object", what)
	}
	if depth(raw) > maxSchemaDepth {
		return nil, refuse("%s is nested more than %d levels deep", what, maxSchemaDepth)
	}
	return raw, nil
}

// depth is how deep valid JSON is nested.
func depth(valid []byte) int {
	deepest, level, inString, escaped := 0, 0, false, false
	for _, c := range valid {
		switch {
		case escaped:
			escaped = false
		case inString:
			escaped, inString = c == '\\', c != '"'
		case c == '"':
			inString = true
		case c == '{' || c == '[':
			level++
			deepest = max(deepest, level)
		case c == '}' || c == ']':
			level--
		}
	}
	return deepest
}

func refuse(format string, args ...any) error {
	return &engine.RefusedError{Status: 400, Code: engine.CodeBadPrompt, Message: fmt.Sprintf(format, args...)}
}
