// Package sandbox runs one program that is not to be trusted: llama.cpp, which
// parses model files and prompts in C++.
//
// First step: main calls [Main] before anything else, because the parent
// starts itself again and that second process shuts itself in, layer by layer,
// before it becomes the program. Then call [Start].
//
// Promise: the program has no network, sees no file but its own, the system's
// libraries and what Options.Read names, can start no other program, and dies
// with its parent. The layers overlap, so that most of them may be missing;
// when what is left does not keep the promise, nothing is started. [Probe]
// tries to break the promise from inside and reports.
//
// Danger: it bounds what a taken-over program can reach, not what it can
// compute: whatever is sent to it, it knows. docs/decisions/0003 has the why.
package sandbox

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// Options describe the program to run. All paths are absolute.
type Options struct {
	Program string   // it and the files beside it can be read, it alone executed
	Name    string   // argv[0]; Program if empty
	Args    []string // after argv[0]
	Env     []string // all of the environment
	Dir     string   // working folder; in it the program can make sockets, and nothing else
	Read    []string // files and folders that it may read

	Memory uint64 // address space in bytes, with the mapped model; 0 for no limit
	Nice   int    // 0..19, higher yields to other processes

	Stdout, Stderr io.Writer

	// Without names layers to leave out: namespaces, user namespace (root can
	// do without), landlock, seccomp. What is left must still be enough.
	Without []string
}

// Layers says what holds a program.
type Layers struct {
	User, Net, PID, IPC, UTS bool // namespaces of its own
	Root                     bool // a file system of its own, with nothing else in it
	Landlock                 int  // the kernel's Landlock version; 0: not in force
	Seccomp                  bool // only the system calls it needs
	NoPrivileges             bool // unprivileged uid, no capabilities, none to be gained

	Missing []string // what this machine did not give, each with the reason
}

// ErrNotEnough is wrapped by the error of a start that was refused because the
// layers that this machine gives do not keep the promise.
var ErrNotEnough = errors.New("the engine's sandbox is not strong enough on this machine")

// enough returns nil when the layers keep the promise. Seccomp is always
// needed: some kinds of sockets, and starting other programs, are closed by
// nothing else. Files are closed by either of two layers.
func (l Layers) enough() error {
	var open []string
	if !l.Seccomp {
		open = append(open, "system calls (needs seccomp)")
	}
	if !l.Root && l.Landlock == 0 {
		open = append(open, "files (needs a mount namespace or Landlock)")
	}
	if !l.NoPrivileges {
		open = append(open, "privileges (they could not be dropped)")
	}
	if open == nil {
		return nil
	}
	return fmt.Errorf("%w: it leaves open: %s. Missing here: %s. Use a kernel from 5.13 on "+
		"that has seccomp, and allow Landlock or user namespaces",
		ErrNotEnough, strings.Join(open, ", "), strings.Join(l.Missing, "; "))
}

// List names the layers in force, outermost first.
func (l Layers) List() []string {
	var names []string
	for _, layer := range []struct {
		on   bool
		name string
	}{
		{l.User, "user namespace"}, {l.PID, "pid namespace"}, {l.Net, "network namespace"},
		{l.IPC, "ipc namespace"}, {l.UTS, "uts namespace"}, {l.Root, "own file system"},
		{l.NoPrivileges, "no privileges"},
		{l.Landlock > 0, fmt.Sprintf("landlock %d", l.Landlock)}, {l.Seccomp, "seccomp"},
	} {
		if layer.on {
			names = append(names, layer.name)
		}
	}
	return names
}

func (l *Layers) missing(layer string, err error) {
	l.Missing = append(l.Missing, fmt.Sprintf("%s: %v", layer, err))
}
