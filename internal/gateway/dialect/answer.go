package dialect

import (
	"io"
	"time"
)

// Finish reasons of a choice.
const (
	FinishStop    = "stop"
	FinishLength  = "length"
	FinishTools   = "tool_calls"
	FinishBlocked = "content_filter" // the answer guard stopped it
)

// Answer is what goes back for a call that was not streamed.
type Answer struct {
	Head
	Choices []Choice
	Usage   Usage
}

// Head is what an answer is known by.
type Head struct {
	ID      string // the call's id
	Created time.Time
	Model   string // the model that really served the call
}

// Choice is one of the N answers to a call.
type Choice struct {
	Text      string
	Reasoning string
	ToolCalls []ToolCall
	Logprobs  []TokenLogprob
	Finish    string
}

// TokenLogprob is one token of the answer, its natural-log probability, and
// the likeliest alternatives.
type TokenLogprob struct {
	Token   string
	Logprob float64
	Top     []TokenLogprob
}

// Usage counts tokens as the engine did.
type Usage struct{ Prompt, Completion int }

// Event is a piece of one choice of a streamed answer.
type Event struct {
	Choice    int
	Text      string
	Reasoning string
	Tool      *ToolDelta
	Logprobs  []TokenLogprob
	Finish    string // set on the choice's last event
}

// ToolDelta is a piece of a tool call; ID and Name come with the first.
type ToolDelta struct {
	Index     int
	ID, Name  string
	Arguments string
}

// Limits bound what a decoder accepts.
type Limits struct {
	Depth int // nesting of arrays and objects
	Items int // values in the whole body
}

// Dialect is one wire protocol.
type Dialect interface {
	Name() string
	// Decode reads a request. The error is a *Refusal.
	Decode(body []byte, lim Limits) (*Call, error)
	// Encode renders an answer as the body of a 200.
	Encode(a *Answer) []byte
	// Refuse renders a refusal as the body of an error response.
	Refuse(r *Refusal) []byte
	// Stream starts a streamed answer on w. It writes nothing yet.
	Stream(w io.Writer, h Head) Stream
}

// Stream writes one streamed answer. Every method's error is that of the
// underlying writer: the client is gone.
type Stream interface {
	Event(e Event) error
	// Close ends a good stream; usage is nil when the caller did not ask.
	Close(usage *Usage) error
	// Fail ends a stream that broke after it began.
	Fail(r *Refusal) error
}
