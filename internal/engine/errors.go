package engine

import (
	"errors"
	"fmt"
)

var (
	// ErrUnavailable means that no answer began: the engine is not ready, is
	// busy, failed, or died before the first byte. The same prompt may be
	// sent again.
	ErrUnavailable = errors.New("the engine cannot answer now")

	// ErrLost comes with ErrUnavailable when the engine went away while it had
	// the prompt. That may be the prompt's own doing, so it is not to be sent
	// again and again.
	ErrLost = errors.New("the engine went away with the prompt")

	// ErrInterrupted means that an answer began and then broke off: what was
	// emitted so far is all there is.
	ErrInterrupted = errors.New("the engine broke off in the middle of an answer")
)

// Codes of a RefusedError that callers act on. An engine's own code is never
// passed on: it could be any text.
const (
	CodeContextOverflow = "context_overflow" // prompt longer than the model's context
	CodeBadPrompt       = "bad_prompt"       // the engine cannot do what the prompt asks
	CodeUnknownModel    = "unknown_model"    // the engine has no such model
	CodeUnauthorized    = "engine_unauthorized"
	CodeResidency       = "residency_denied" // the engine is in a place that is not reached
)

// A RefusedError says that the engine, or the driver for it, looked at the
// prompt and will not answer it. Sending it again is of no use.
type RefusedError struct {
	Status  int    // the engine's HTTP status, 4xx
	Code    string // one of the Code constants
	Message string // the engine's words; they may quote the prompt, so they are not in Error
}

func (e *RefusedError) Error() string {
	return fmt.Sprintf("the engine refused the prompt (%s, status %d)", e.Code, e.Status)
}
