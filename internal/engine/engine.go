// Package engine is what a road talks to when it wants a model to answer.
//
// First step: llama.Start for the supervised llama.cpp on this machine, or
// remote.New for any server that speaks the OpenAI chat protocol; both give an
// [Engine]. Package enginetest holds the one suite that every driver passes.
//
// Promise: a request to an engine is rebuilt from the typed values of a
// [Prompt] and from nothing else, and every text in it is a mask.Text, so
// words that package mask has not seen cannot be sent from here. Answers are
// read with limits on every line, body and count.
//
// Danger: what an engine says is untrusted. Events carry it as it came; the
// caller guards and restores it.
package engine

import "context"

// An Engine runs models. It is safe for concurrent use.
type Engine interface {
	// Generate sends p and hands each part of the answer to emit, one call of
	// emit at a time. For a plain prompt the parts are whole: for each choice
	// one event with its text, then one for each tool call, the last of them
	// with Finish. For a streamed prompt they come as the engine makes them,
	// with an event that says Pause whenever no more has arrived yet.
	//
	// When emit returns an error, generation stops and that error comes back.
	// The Usage is right even beside an error: it counts what was spent.
	// Errors: ErrUnavailable, ErrInterrupted, *RefusedError, or ctx's error.
	Generate(ctx context.Context, p Prompt, emit func(Event) error) (Usage, error)

	// Models lists what the engine can run now.
	Models(ctx context.Context) ([]Model, error)

	// Ready returns nil when the engine can answer now, or why it cannot.
	Ready(ctx context.Context) error
}

// Usage counts tokens. Prompt is counted once however many choices were asked
// for, as callers of the OpenAI protocol expect; Completion sums the choices.
// When an answer breaks off before the engine reported, Completion is the
// number of parts received.
type Usage struct{ Prompt, Completion int }

// A Model is one model that an engine offers.
type Model struct {
	ID      string
	Digest  string // of the model file, "sha256:<hex>"; empty when unknown
	Context int    // tokens that prompt and answer may take together; 0 when unknown
}
