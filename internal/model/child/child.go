// Package child runs other programs for this room: package clients, git, the compiler.
//
// First step: [Run]. Promise: a cancelled context ends the whole process group,
// output is bounded, and the folder lock is inherited, so that nobody else
// writes here while a child that outlived us still does. Danger: children run
// with the operator's environment and rights, because mirror, proxy and
// credential settings live there.
package child

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Command is one run of a program.
type Command struct {
	Name  string // looked up in PATH, or an absolute path
	Args  []string
	Dir   string
	Env   []string // added to the environment
	Stdin string
	Held  *os.File // lock to inherit; may be nil
	Both  bool     // standard error belongs to the answer too
	Bare  bool     // no environment but Env
}

// Error is a program that failed, with the end of what it said.
type Error struct {
	Name string
	Code int // -1 when it was ended by a signal
	Said string
	Err  error
}

func (e *Error) Error() string {
	if e.Said == "" {
		return fmt.Sprintf("%s: %v", filepath.Base(e.Name), e.Err)
	}
	return fmt.Sprintf("%s: %v: %s", filepath.Base(e.Name), e.Err, e.Said)
}

func (e *Error) Unwrap() error { return e.Err }

const maxOutput = 1 << 20

// Prepare returns c ready to start. Use it to read output as a stream;
// otherwise use [Run].
func Prepare(ctx context.Context, c Command) *exec.Cmd {
	cmd := exec.CommandContext(ctx, c.Name, c.Args...)
	cmd.Dir = c.Dir
	if !c.Bare {
		cmd.Env = cmd.Environ()
	}
	cmd.Env = append(cmd.Env, c.Env...)
	if cmd.Env == nil {
		cmd.Env = []string{} // nil would mean ours
	}
	if c.Stdin != "" {
		cmd.Stdin = strings.NewReader(c.Stdin)
	}
	if c.Held != nil {
		cmd.ExtraFiles = []*os.File{c.Held}
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 5 * time.Second
	return cmd
}

// Run runs c and returns its standard output, at most 1 MiB of it. A failure
// is an [*Error], or the context's error when that ended first.
func Run(ctx context.Context, c Command) ([]byte, error) {
	cmd := Prepare(ctx, c)
	out := &capped{max: maxOutput}
	said := &Tail{}
	cmd.Stdout, cmd.Stderr = out, said
	if c.Both {
		cmd.Stderr = io.MultiWriter(out, said)
	}
	err := Failure(ctx, c.Name, cmd.Run(), said)
	return out.kept, err
}

// Failure turns what a prepared command returned into this package's error.
func Failure(ctx context.Context, name string, err error, said *Tail) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	failed := &Error{Name: name, Code: -1, Said: said.String(), Err: err}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		failed.Code = exit.ExitCode()
	}
	return failed
}

// capped keeps the first max bytes.
type capped struct {
	mu   sync.Mutex // two pipes may write
	kept []byte
	max  int
}

func (c *capped) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kept = append(c.kept, p[:min(len(p), c.max-len(c.kept))]...)
	return len(p), nil
}

// Tail keeps the last lines of what a program wrote.
type Tail struct{ kept []byte }

const tailSize = 4000 // bytes

func (t *Tail) Write(p []byte) (int, error) {
	t.kept = append(t.kept, p...)
	if extra := len(t.kept) - tailSize; extra > 0 {
		t.kept = append(t.kept[:0], t.kept[extra:]...)
	}
	return len(p), nil
}

var errorLine = regexp.MustCompile(`(?i)\berror\b`)

// String returns what matters of the kept text on one line: the lines that
// speak of an error, or all when none does.
func (t *Tail) String() string {
	lines := strings.Split(strings.ToValidUTF8(string(t.kept), "?"), "\n")
	matter := slices.DeleteFunc(slices.Clone(lines), func(line string) bool { return !errorLine.MatchString(line) })
	if len(matter) == 0 {
		matter = lines
	}
	return strings.Join(strings.Fields(strings.Join(matter, " ")), " ")
}
