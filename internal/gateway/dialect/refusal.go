package dialect

import (
	"fmt"
	"net/http"
	"time"
)

// Refusal is the answer to a call that gets none: refused by a rule, or failed
// because a part of the gateway could not do its work. The two never share a
// code. It is the only error a client ever sees, so it holds no internals and
// none of the text it is about.
type Refusal struct {
	Status     int    // HTTP
	Code       string // stable reason code, snake_case
	Sentence   string // what happened and what to do next
	Param      string // path of the field at fault, if one is
	RetryAfter time.Duration
	Failed     bool // broken, not refused
}

func (r *Refusal) Error() string { return r.Code + ": " + r.Sentence }

// Invalid refuses a request that is not well formed or asks the impossible.
func Invalid(code, param, format string, args ...any) *Refusal {
	return &Refusal{Status: http.StatusBadRequest, Code: code, Param: param, Sentence: fmt.Sprintf(format, args...)}
}

// StatusNames are a vendor's names for refusals, by their HTTP status. Those of 400 and 500 stand for all others of their kind.
type StatusNames map[int]string

// Of returns the name of a status.
func (n StatusNames) Of(status int) string {
	switch name := n[status]; {
	case name != "":
		return name
	case status >= 500:
		return n[500]
	}
	return n[400]
}
