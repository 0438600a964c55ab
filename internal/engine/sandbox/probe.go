package sandbox

import "fmt"

// probeName is argv[0] of the program of a Probe: this binary itself.
const probeName = "ringfence-probe"

// An Attempt is one thing that the program in a sandbox must not be able to
// do, and how it went.
type Attempt struct {
	Name    string
	Refused bool
	Errno   string // the kernel's answer, such as EPERM; "none" when the attempt succeeded
}

// A ProbeReport is what a Probe found.
type ProbeReport struct {
	Layers   Layers
	Attempts []Attempt
}

// Err names the attempts that were not refused.
func (r ProbeReport) Err() error {
	var open []string
	for _, a := range r.Attempts {
		if !a.Refused {
			open = append(open, a.Name+" ("+a.Errno+")")
		}
	}
	if open == nil {
		return nil
	}
	return fmt.Errorf("the sandbox lets the engine do what it must not: %v", open)
}
