// Package dialect holds what a call and its answer are in no wire protocol,
// and what a wire protocol must offer to be served.
//
// A dialect decodes bytes into a [Call] and encodes an answer back; the stages
// of the road see only this package, so that no stage can be bypassed by
// choosing another protocol. Each vendor has a folder: openai, anthropic,
// gemini, ollama.
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
	Sources    []int // which message of the request each was made of, -1 for none; nil: one to one
	Tools      []ToolSpec
	ToolChoice string // "", auto, none, required, or the name of a tool
	Parallel   *bool  // may the model call several tools at once
	Format     Format
	Sampling   Sampling
	Stream     bool
	UsageEvent bool // the stream shall end with an event that counts tokens
	Extension  Extension
	Dropped    []string // paths of fields nobody here knows, e.g. "messages[0].name"

	// Embed or Judge say that the call wants no words: Inputs are to become
	// vectors, or verdicts of the prompt guard. Such a call has no Messages.
	Embed  *Embed
	Judge  bool
	Inputs []string

	Previous string // id of an earlier answer that this call goes on from
	Keep     bool   // a later call may go on from the answer to this one

	// Wire is what the dialect must know again when it writes the answer. No
	// stage reads it, so nothing in it reaches an engine.
	Wire any
}

// Embed is what a call for vectors may choose.
type Embed struct {
	Dimensions int  // 0: as the model has them
	Document   bool // the texts are searched, not searched with, where the protocol tells
}

// Message is one turn of the conversation.
type Message struct {
	Role       Role
	Content    string
	ToolCalls  []ToolCall // of an assistant message
	ToolCallID string     // of a tool message: the call it answers
	Fleeting   bool       // belongs to this call alone, not to what a later one goes on from
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
	Subject string `json:"subject"` // the customer's id in the store
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
	all = append(append(all, c.Inputs...), c.Format.Schema)
	return append(all, c.Sampling.Stop...)
}

// Reindex makes the origins, which count the messages of the request, count
// those of the call.
func (c *Call) Reindex() {
	if c.Sources == nil {
		return
	}
	var origins []Origin
	for _, o := range c.Extension.Origins {
		for i, from := range c.Sources {
			if from == o.Message {
				origins = append(origins, Origin{i, o.Origin})
			}
		}
	}
	c.Extension.Origins = origins
}
