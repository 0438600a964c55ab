package sandbox

import (
	"bytes"
	"encoding/json"
	"os/exec"
)

// ProbeOpen makes the attempts of Probe without any sandbox.
func ProbeOpen(dir string) ([]Attempt, error) {
	targets, done, err := openTargets()
	if err != nil {
		return nil, err
	}
	defer done()
	arg, err := json.Marshal(targets)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command("/proc/self/exe")
	cmd.Args, cmd.Dir = []string{probeName, string(arg)}, dir
	out, err := cmd.Output()
	if err != nil {
		return nil, err
	}
	return readAttempts(bytes.NewBuffer(out))
}
