//go:build !linux

package sandbox

import (
	"fmt"
	"runtime"
	"time"
)

// Main returns at once: there is no sandbox on this system.
func Main() {}

// A Process is a program in its sandbox. There is none on this system.
type Process struct {
	Layers Layers
	PID    int
}

// Start refuses: nothing runs without a sandbox.
func Start(Options) (*Process, error) {
	return nil, fmt.Errorf("%w: it needs Linux, this is %s; run Ringfence on Linux, "+
		"or configure a remote engine", ErrNotEnough, runtime.GOOS)
}

// Wait is never reached.
func (p *Process) Wait() error { return ErrNotEnough }

// Exited is never reached.
func (p *Process) Exited() <-chan struct{} { return nil }

// Kill is never reached.
func (p *Process) Kill() {}

// Stop is never reached.
func (p *Process) Stop(time.Duration) {}

// Probe refuses, as Start does.
func Probe(o Options) (ProbeReport, error) {
	_, err := Start(o)
	return ProbeReport{}, err
}
