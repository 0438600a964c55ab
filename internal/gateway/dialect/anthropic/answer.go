package anthropic

import (
	"encoding/json"

	"ringfence/internal/gateway/dialect"
)

type message struct {
	ID           string  `json:"id"`
	Type         string  `json:"type"`
	Role         string  `json:"role"`
	Model        string  `json:"model"`
	Content      []block `json:"content"`
	StopReason   *string `json:"stop_reason"`
	StopSequence *string `json:"stop_sequence"`
	Usage        usage   `json:"usage"`
}

// block is one part of a message; which fields it has depends on its type.
type block struct {
	Type      string          `json:"type"`
	Text      *string         `json:"text,omitempty"`
	Thinking  *string         `json:"thinking,omitempty"`
	Signature *string         `json:"signature,omitempty"`
	ID        string          `json:"id,omitempty"`
	Name      string          `json:"name,omitempty"`
	Input     json.RawMessage `json:"input,omitempty"`
}

type usage struct {
	Input  int `json:"input_tokens"`
	Output int `json:"output_tokens"`
}

// Encode renders an answer as a message.
func (Messages) Encode(a *dialect.Answer) []byte {
	c := a.Choices[0]
	m := newMessage(a.Head)
	m.Content = contentOf(c, wants(a.Head))
	reason := stopReason(c.Finish)
	m.StopReason = &reason
	m.Usage = usage{a.Usage.Prompt, a.Usage.Completion}
	return dialect.Marshal(m)
}

func newMessage(h dialect.Head) message {
	return message{ID: "msg_" + h.ID, Type: "message", Role: "assistant", Model: h.Model, Content: []block{}}
}

// wants reports whether the caller asked to see thoughts.
func wants(h dialect.Head) bool {
	if h.Asked == nil {
		return false
	}
	w, _ := h.Asked.Wire.(wire)
	return w.thinking
}

func contentOf(c dialect.Choice, thinking bool) []block {
	blocks := []block{}
	if thinking && c.Reasoning != "" {
		blocks = append(blocks, block{Type: "thinking", Thinking: &c.Reasoning, Signature: new(string)})
	}
	if c.Text != "" || len(c.ToolCalls) == 0 {
		blocks = append(blocks, block{Type: "text", Text: &c.Text})
	}
	for _, t := range c.ToolCalls {
		blocks = append(blocks, block{Type: "tool_use", ID: t.ID, Name: t.Name, Input: dialect.ArgumentsObject(t.Arguments)})
	}
	return blocks
}

// stopReason names why an answer ended. A stop sequence is not told apart from
// the natural end, for engines do not say.
func stopReason(finish string) string {
	switch finish {
	case dialect.FinishLength:
		return "max_tokens"
	case dialect.FinishTools:
		return "tool_use"
	case dialect.FinishBlocked:
		return "refusal"
	}
	return "end_turn"
}

// Errors is the error object of all of Anthropic's protocols.
type Errors struct{}

type errorBody struct {
	Type  string      `json:"type"`
	Error errorObject `json:"error"`
}

type errorObject struct {
	Type    string `json:"type"`
	Message string `json:"message"`
	Code    string `json:"code"` // ours; the vendor has no such field
	Param   string `json:"param,omitempty"`
}

// Refuse renders a refusal as Anthropic's error object.
func (Errors) Refuse(r *dialect.Refusal) []byte {
	return dialect.Marshal(errorBody{"error", errorObject{errorTypes.Of(r.Status), r.Sentence, r.Code, r.Param}})
}

var errorTypes = dialect.StatusNames{
	400: "invalid_request_error", 401: "authentication_error", 403: "permission_error", 404: "not_found_error", 413: "request_too_large",
	429: "rate_limit_error", 500: "api_error", 503: "overloaded_error", 504: "timeout_error",
}
