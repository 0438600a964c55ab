// Package dialect holds what a call and its answer are in no wire protocol,
// and what a wire protocol must offer to be served.
//
// A dialect decodes bytes into a [Call] and encodes an answer back; the stages
// of the road see only this package, so that no stage can be bypassed by
// choosing another protocol. The first dialect is OpenAI chat completions, in
// the folder openai.
//
// Promise: a field that is not decoded into Call does not travel on. It is
// listed in Call.Dropped, by its path, so that the caller can be told.
//
// Danger: the strings of a Call are as the caller sent them. They hold
// personal data until the mask stage has replaced it.
package dialect

import "encoding/json"

// Role says who wrote a message.
type Role string

// The roles every dialect maps to.
const (
	System    Role = "system"
	User      Role = "user"
	Assistant Role = "assistant"
	Tool      Role = "tool"
)

// Call is one request to a model. Zero numbers and nil pointers mean that the
// caller did not say.
type Call struct {
	Model      string
	Messages   []Message
	Tools      []ToolSpec
	ToolChoice string // "", auto, none, required, or the name of a tool
	Parallel   *bool  // may the model call several tools at once
	Format     Format
	Sampling   Sampling
	Stream     bool
	UsageEvent bool // the stream shall end with an event that counts tokens
	Extension  Extension
	Dropped    []string // paths of fields nobody here knows, e.g. "messages[0].name"
}

// Message is one turn of the conversation.
type Message struct {
	Role       Role
	Content    string
	ToolCalls  []ToolCall // of an assistant message
	ToolCallID string     // of a tool message: the call it answers
}

// ToolCall is one use of a tool a model asked for. Arguments is text that
// should be a JSON object; models do not always keep to that.
type ToolCall struct {
	ID, Name, Arguments string
}

// ToolSpec is a tool the model may call. Parameters is a JSON schema.
type ToolSpec struct {
	Name, Description, Parameters string
}

// Format constrains the shape of the answer.
type Format struct {
	JSON   bool   // the answer must be a JSON object
	Schema string // a JSON schema the answer must obey, "" for none
}

// Sampling holds the numbers of a call.
type Sampling struct {
	MaxTokens        int // per choice
	N                int // choices
	Temperature      *float64
	TopP             *float64
	PresencePenalty  *float64
	FrequencyPenalty *float64
	Seed             *int64
	Stop             []string
	Logprobs         bool
	TopLogprobs      int
}

// Extension is what a caller that knows more says about the call: the
// "ringfence" object of any JSON request, or the header Ringfence-Context.
type Extension struct {
	Purpose      string          `json:"purpose"`
	Subject      string          `json:"subject"`
	Conversation string          `json:"conversation"`
	People       []Person        `json:"people"`
	Context      json.RawMessage `json:"context"`
	Origins      []Origin        `json:"origins"`
}

// Person seeds exact masking.
type Person struct {
	Name    string `json:"name"`
	Email   string `json:"email"`
	Phone   string `json:"phone"`
	Address string `json:"address"`
	Company string `json:"company"`
}

// Origin says where the text of one message came from, e.g. "review".
type Origin struct {
	Message int    `json:"message"` // index into the request's messages
	Origin  string `json:"origin"`
}

// Strings returns every text of the call that a model may read, for stages
// that must look at all of them before they change one.
func (c *Call) Strings() []string {
	var all []string
	for _, m := range c.Messages {
		all = append(all, m.Content)
		for _, t := range m.ToolCalls {
			all = append(all, t.Arguments)
		}
	}
	for _, t := range c.Tools {
		all = append(all, t.Description, t.Parameters)
	}
	all = append(all, c.Format.Schema)
	return append(all, c.Sampling.Stop...)
}
