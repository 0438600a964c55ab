package openai

import (
	"encoding/json"
	"strconv"

	"ringfence/internal/gateway/dialect"
)

// response is the object a request for a response gets. Fields of the request
// are repeated, as the protocol has it.
type response struct {
	ID           string            `json:"id"`
	Object       string            `json:"object"`
	Created      int64             `json:"created_at"`
	Status       string            `json:"status"`
	Background   bool              `json:"background"`
	Error        *responseError    `json:"error"`
	Incomplete   *incomplete       `json:"incomplete_details"`
	Instructions *string           `json:"instructions"`
	MaxTokens    *int              `json:"max_output_tokens"`
	Model        string            `json:"model"`
	Output       []outputItem      `json:"output"`
	Parallel     bool              `json:"parallel_tool_calls"`
	Previous     *string           `json:"previous_response_id"`
	Store        bool              `json:"store"`
	Temperature  *float64          `json:"temperature"`
	Text         textConfig        `json:"text"`
	ToolChoice   any               `json:"tool_choice"`
	Tools        []responseTool    `json:"tools"`
	TopP         *float64          `json:"top_p"`
	Truncation   string            `json:"truncation"`
	Usage        *responseUsage    `json:"usage"`
	Metadata     map[string]string `json:"metadata"`
}

type responseError struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

type incomplete struct {
	Reason string `json:"reason"`
}

type textConfig struct {
	Format textFormat `json:"format"`
}

type textFormat struct {
	Type   string          `json:"type"`
	Name   string          `json:"name,omitempty"`
	Schema json.RawMessage `json:"schema,omitempty"`
}

type responseTool struct {
	Type        string          `json:"type"`
	Name        string          `json:"name"`
	Description string          `json:"description,omitempty"`
	Parameters  json.RawMessage `json:"parameters"`
	Strict      bool            `json:"strict"`
}

type responseUsage struct {
	Input        int          `json:"input_tokens"`
	InputDetails inputDetails `json:"input_tokens_details"`
	Output       int          `json:"output_tokens"`
	Details      outDetails   `json:"output_tokens_details"`
	Total        int          `json:"total_tokens"`
}

type inputDetails struct {
	Cached int `json:"cached_tokens"`
}

type outDetails struct {
	Reasoning int `json:"reasoning_tokens"`
}

// outputItem is a thought, a message, or a call of a tool.
type outputItem struct {
	ID        string        `json:"id"`
	Type      string        `json:"type"`
	Status    string        `json:"status,omitempty"`
	Role      string        `json:"role,omitempty"`
	Summary   *[]string     `json:"summary,omitempty"`
	Content   *[]outputPart `json:"content,omitempty"`
	CallID    string        `json:"call_id,omitempty"`
	Name      string        `json:"name,omitempty"`
	Arguments *string       `json:"arguments,omitempty"`
}

type outputPart struct {
	Type        string          `json:"type"`
	Text        string          `json:"text"`
	Annotations *[]string       `json:"annotations,omitempty"`
	Logprobs    *[]tokenLogprob `json:"logprobs,omitempty"`
}

// Encode renders an answer as a response object.
func (Responses) Encode(a *dialect.Answer) []byte {
	r := newResponse(a.Head)
	c := a.Choices[0]
	end(&r, c.Finish, &a.Usage)
	var b builder
	b.head = a.Head
	if c.Reasoning != "" {
		b.whole(dialect.Block{Kind: dialect.Thought}, c.Reasoning, nil)
	}
	if c.Text != "" || len(c.ToolCalls) == 0 {
		b.whole(dialect.Block{Kind: dialect.Words}, c.Text, c.Logprobs)
	}
	for _, t := range c.ToolCalls {
		b.whole(dialect.Block{Kind: dialect.Use, ID: t.ID, Name: t.Name}, t.Arguments, nil)
	}
	r.Output = b.items
	return dialect.Marshal(r)
}

// builder makes items of whole blocks.
type builder struct {
	head  dialect.Head
	items []outputItem
}

func (b *builder) whole(block dialect.Block, text string, tokens []dialect.TokenLogprob) {
	block.Number = len(b.items)
	b.items = append(b.items, itemOf(b.head, block, text, tokens))
}

// itemOf is a block that is complete.
func itemOf(h dialect.Head, b dialect.Block, text string, tokens []dialect.TokenLogprob) outputItem {
	id := h.ID + "_" + strconv.Itoa(b.Number)
	switch b.Kind {
	case dialect.Thought:
		return outputItem{ID: "rs_" + id, Type: "reasoning", Summary: &[]string{}, Content: &[]outputPart{{Type: "reasoning_text", Text: text}}}
	case dialect.Use:
		return outputItem{ID: "fc_" + id, Type: "function_call", Status: "completed", CallID: b.ID, Name: b.Name, Arguments: &text}
	}
	return outputItem{ID: "msg_" + id, Type: "message", Status: "completed", Role: "assistant", Content: &[]outputPart{wordsPart(text, tokens)}}
}

func wordsPart(text string, tokens []dialect.TokenLogprob) outputPart {
	logprobs := tokensOf(tokens)
	if logprobs == nil {
		logprobs = []tokenLogprob{}
	}
	return outputPart{Type: "output_text", Text: text, Annotations: &[]string{}, Logprobs: &logprobs}
}

// newResponse is a response that has begun.
func newResponse(h dialect.Head) response {
	r := response{
		ID: idPrefix + h.ID, Object: "response", Created: h.Created.Unix(), Status: "in_progress", Model: h.Model,
		Output: []outputItem{}, Parallel: true, Text: textConfig{textFormat{Type: "text"}}, ToolChoice: "auto",
		Tools: []responseTool{}, Truncation: "disabled", Metadata: map[string]string{},
	}
	if h.Asked != nil {
		repeat(&r, h.Asked)
	}
	return r
}

// repeat fills in what the request said.
func repeat(r *response, c *dialect.Call) {
	r.Store, r.Temperature, r.TopP = c.Keep, c.Sampling.Temperature, c.Sampling.TopP
	if c.Previous != "" {
		id := idPrefix + c.Previous
		r.Previous = &id
	}
	if c.Sampling.MaxTokens > 0 {
		r.MaxTokens = &c.Sampling.MaxTokens
	}
	if c.Parallel != nil {
		r.Parallel = *c.Parallel
	}
	for i := range c.Messages {
		if c.Messages[i].Fleeting {
			r.Instructions = &c.Messages[i].Content
		}
	}
	switch {
	case c.Format.Schema != "":
		r.Text.Format = textFormat{"json_schema", "answer", json.RawMessage(c.Format.Schema)}
	case c.Format.JSON:
		r.Text.Format.Type = "json_object"
	}
	for _, t := range c.Tools {
		tool := responseTool{Type: "function", Name: t.Name, Description: t.Description, Strict: true}
		if t.Parameters != "" {
			tool.Parameters = json.RawMessage(t.Parameters)
		}
		r.Tools = append(r.Tools, tool)
	}
	switch c.ToolChoice {
	case "":
	case "auto", "none", "required":
		r.ToolChoice = c.ToolChoice
	default:
		r.ToolChoice = map[string]string{"type": "function", "name": c.ToolChoice}
	}
}

// end says how a response ended.
func end(r *response, finish string, u *dialect.Usage) {
	r.Status = "completed"
	switch finish {
	case dialect.FinishLength:
		r.Status, r.Incomplete = "incomplete", &incomplete{"max_output_tokens"}
	case dialect.FinishBlocked:
		r.Status, r.Incomplete = "incomplete", &incomplete{"content_filter"}
	}
	if u != nil {
		r.Usage = &responseUsage{Input: u.Prompt, Output: u.Completion, Total: u.Prompt + u.Completion}
	}
}
