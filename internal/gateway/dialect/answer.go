package dialect

import "time"

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

	Vectors    [][]float32 // of a call with Embed set, one for each input
	Judgements []Judgement // of a call with Judge set, one for each input
}

// Head is what an answer is known by.
type Head struct {
	ID      string // the call's id
	Created time.Time
	Model   string // the model that really served the call
	Asked   *Call  // what is answered: some protocols repeat parts of it
}

// Judgement is what the prompt guard found in one text.
type Judgement struct {
	Flagged bool
	Scores  map[string]float64 // by reason code, 0 to 1
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
