package sandbox

import (
	"bufio"
	"errors"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// A Process is a program in its sandbox.
type Process struct {
	Layers Layers
	PID    int

	cmd     *exec.Cmd
	orders  *os.File      // to the child, until it became the program
	pipe    *os.File      // from the child, until then
	reports *bufio.Reader // of pipe
	exited  chan struct{}
	err     error // of the exit; to be read once exited is closed
}

// Wait returns when the program has ended, with what os/exec says about it.
func (p *Process) Wait() error {
	<-p.exited
	return p.err
}

// Exited is closed when the program has ended.
func (p *Process) Exited() <-chan struct{} { return p.exited }

// Kill ends the program and everything in its pid namespace at once.
func (p *Process) Kill() { _ = p.cmd.Process.Kill() } // it may have ended already

// Stop asks the program to end and kills it after the grace time.
func (p *Process) Stop(grace time.Duration) {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.exited:
	case <-time.After(grace):
		p.Kill()
		<-p.exited
	}
}

func (p *Process) closePipes() {
	_ = p.orders.Close()
	_ = p.pipe.Close()
}

// ignoreExit drops the news that a child which was killed has been killed.
func ignoreExit(err error) error {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return nil
	}
	return err
}
