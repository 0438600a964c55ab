package engine

// An Event is one part of one choice of an answer.
type Event struct {
	Choice    int
	Text      string
	Reasoning string // thinking that the engine kept apart from the answer
	Tool      *ToolDelta
	Logprobs  []TokenLogprob
	Finish    string // stop, length or tool_calls on a choice's last event

	// Pause says that the engine has no more for now; nothing else is set. Who
	// gathers parts lets them go.
	Pause bool
}

// A ToolDelta is a part of a tool call. The first one of an Index has the ID
// and the Name; Arguments are to be joined in order.
type ToolDelta struct {
	Index               int
	ID, Name, Arguments string
}

// A TokenLogprob is the natural logarithm of a token's probability. Top holds
// the likeliest tokens at that place, if they were asked for.
type TokenLogprob struct {
	Token   string
	Logprob float64
	Top     []TokenLogprob
}
