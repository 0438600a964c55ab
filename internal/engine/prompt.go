package engine

import "ringfence/internal/mask"

// A Prompt is one request to a model. Its zero values mean "the engine's own
// default", never "none" or "zero".
type Prompt struct {
	Model    string
	Messages []Message

	Tools         []Tool
	ToolChoice    string // "", "auto", "none", "required", or a tool's name
	ParallelTools *bool

	Schema     mask.Text // JSON schema that the answer must obey, or empty
	JSONObject bool      // the answer must be any JSON object

	MaxTokens, N     int // 0: engine's limit; one choice
	Temperature      *float64
	TopP             *float64
	PresencePenalty  *float64
	FrequencyPenalty *float64
	Seed             *int64 // choice i of N is drawn with Seed+i
	Stop             []mask.Text

	Logprobs    bool
	TopLogprobs int // alternatives per token, 0 for none
	Stream      bool

	// Conversation names whose prompt this is, for engines that can keep the
	// beginning of a prompt warm: only prompts with the same, non-empty value
	// share that memory. It is never sent. The caller must make it different
	// for different owners, because how fast an answer starts tells whether
	// the same beginning was seen before.
	Conversation string
}

// A Message is one turn of the conversation.
type Message struct {
	Role       string // system, user, assistant or tool
	Content    mask.Text
	ToolCalls  []ToolCall // of an assistant
	ToolCallID string     // of a tool: the call it answers
}

// A ToolCall is a call that the model made earlier.
type ToolCall struct {
	ID, Name  string
	Arguments mask.Text // JSON
}

// A Tool is a function that the model may ask the caller to run.
type Tool struct {
	Name        string
	Description mask.Text
	Parameters  mask.Text // JSON schema, or empty
}
