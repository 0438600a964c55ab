package engine

import "time"

// A State is where a supervised engine is in its life.
type State string

// The states. Only in StateReady does an engine answer. StateFailed is final:
// it crashed too often, and starts again only when an operator says so.
const (
	StateStarting State = "starting"
	StateReady    State = "ready"
	StateBackoff  State = "backoff" // crashed, waiting to be started again
	StateFailed   State = "failed"
	StateStopped  State = "stopped"
)

// A Status is a picture of a supervised engine, for readiness, up and doctor.
type Status struct {
	State    State
	Since    time.Time // when State began
	PID      int       // 0 when not running
	Restarts int
	Layers   []string // sandbox layers in force, outermost first
	Missing  []string // layers that this machine cannot give, each with its reason
	Err      string   // why it is not ready; empty when ready
	Log      []string // the last lines of its log, when it is not ready
}
