// Package build compiles the engine's front on the user's machine.
//
// First step: [Job.Run]. Promise: what was compiled before an interruption is
// not compiled again, the result appears whole or not at all, and no file
// outside Work is touched. Danger: the compiler is the operator's; its output
// cannot be pinned, only recorded.
//
// The front is llama.cpp's own server core with this folder's front.cpp in the
// place of its main program: see docs/decisions/0002-engine-binary-and-model.md.
package build

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"

	"ringfence/internal/model/child"
	"ringfence/internal/model/progress"
)

// Job is one compilation.
type Job struct {
	Bundle   string   // git bundle with the complete source
	Commit   string   // the commit in it
	Libs     string   // folder with the prebuilt libraries to link with
	Work     string   // folder for source and objects; kept until the caller removes it
	Held     *os.File // lock that children inherit; may be nil
	Progress progress.Func
}

// Step names used in progress reports.
const (
	stepSource  = "unpack engine source"
	stepCompile = "compile engine front"
)

// Made is what a job leaves in its Work folder.
type Made struct {
	Program  string // path
	Licence  string // path of the source's licence text
	Compiler string // what compiled it, in its own words
}

// Run compiles and links. The error is a [*MissingTools] when there is no
// compiler or no git.
func (j Job) Run(ctx context.Context) (Made, error) {
	tools, err := FindTools(ctx)
	if err != nil {
		return Made{}, err
	}
	if err := j.source(ctx, tools); err != nil {
		return Made{}, err
	}
	// Objects of another compiler or another recipe must not be mixed in.
	objects := filepath.Join(j.Work, "obj-"+hashed(tools.Compiler, tools.Version, Recipe())[:12])
	if err := os.MkdirAll(objects, 0o755); err != nil {
		return Made{}, err
	}
	if err := j.compile(ctx, tools, objects); err != nil {
		return Made{}, err
	}
	program, err := j.link(ctx, tools, objects)
	return Made{Program: program, Licence: filepath.Join(j.tree(), "LICENSE"), Compiler: tools.Version}, err
}

// compile makes every object that is not there yet, as many at once as there are cores.
func (j Job) compile(ctx context.Context, tools Tools, objects string) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var (
		todo = make(chan unit)
		done atomic.Int64
		wait sync.WaitGroup
	)
	j.Progress.Step(stepCompile, 0, int64(len(units)), progress.Files)
	for range parallel() {
		wait.Go(func() {
			for u := range todo {
				if err := j.one(ctx, tools, u, objects); err != nil {
					cancel(err)
					continue
				}
				j.Progress.Step(stepCompile, done.Add(1), int64(len(units)), progress.Files)
			}
		})
	}
	for _, u := range units {
		todo <- u
	}
	close(todo)
	wait.Wait()
	return context.Cause(ctx)
}

// parallel is how many compilers run at once: one for each core, but each
// needs up to a gigabyte.
func parallel() int {
	return max(1, min(runtime.GOMAXPROCS(0), len(units), int(availableMemory()>>30)))
}

// one makes one object. A half-written object never has the final name.
func (j Job) one(ctx context.Context, tools Tools, u unit, objects string) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	object := filepath.Join(objects, u.object())
	if _, err := os.Stat(object); err == nil {
		return nil
	}
	_, err := child.Run(ctx, child.Command{
		Name: tools.Compiler, Args: u.args(object + ".part"), Dir: j.tree(), Env: []string{"LC_ALL=C"}, Held: j.Held,
	})
	if err != nil {
		return fmt.Errorf("compile %s: %w", u.path, err)
	}
	return os.Rename(object+".part", object)
}

func (j Job) link(ctx context.Context, tools Tools, objects string) (string, error) {
	program := filepath.Join(j.Work, "llama-server")
	_, err := child.Run(ctx, child.Command{
		Name: tools.Compiler, Args: linkArgs(objects, j.Libs, program+".part"), Dir: j.Work, Env: []string{"LC_ALL=C"}, Held: j.Held,
	})
	if err != nil {
		return "", fmt.Errorf("link the engine front: %w", err)
	}
	return program, os.Rename(program+".part", program)
}

// hashed is a short way to say "all of these".
func hashed(parts ...string) string {
	hash := sha256.New()
	for _, part := range parts {
		fmt.Fprintf(hash, "%d:%s", len(part), part)
	}
	return hex.EncodeToString(hash.Sum(nil))
}
