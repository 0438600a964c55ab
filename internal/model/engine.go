package model

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"ringfence/internal/model/child"
	"ringfence/internal/model/pin"
)

// engine finds or brings the engine program. Pinned comes before unpinned: a
// llama-server on PATH is whatever PATH says today, so it is only used when the
// pinned engine cannot be had here, and never in answer to a wrong digest.
// docs/decisions/0002-engine-binary-and-model.md has the reasons.
func (r *room) engine(ctx context.Context) (Files, error) {
	if r.o.EnginePath != "" {
		return r.installed(ctx, r.o.EnginePath, r.o.EngineSHA256, Configured)
	}
	files, err := r.compiled(ctx)
	if err == nil || ctx.Err() != nil || isAlarm(err) {
		return files, err
	}
	path, lookErr := exec.LookPath("llama-server")
	if lookErr != nil {
		return Files{}, &Incomplete{Problems: []error{err, errors.New("no llama-server on PATH either")}}
	}
	files, onPathErr := r.installed(ctx, path, "", OnPath)
	if onPathErr != nil {
		return Files{}, &Incomplete{Problems: []error{err, onPathErr}}
	}
	r.o.Progress.Note(fmt.Sprintf("using %s (%s), which is not pinned, because the pinned engine cannot be had here:\n%v",
		files.Server, files.ServerVersion, err))
	return files, nil
}

// isAlarm tells errors that an unpinned engine must not paper over.
func isAlarm(err error) bool {
	var wrong *pin.Mismatch
	var damaged *Damaged
	return errors.As(err, &wrong) || errors.As(err, &damaged)
}

// installed uses a program that is on this machine already.
func (r *room) installed(ctx context.Context, path, want string, source Source) (Files, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return Files{}, err
	}
	if path, err = filepath.EvalSymlinks(path); err != nil {
		return Files{}, fmt.Errorf("engine program: %w", err)
	}
	info, err := os.Stat(path)
	if err != nil {
		return Files{}, fmt.Errorf("engine program: %w", err)
	}
	if !info.Mode().IsRegular() || info.Mode()&0o111 == 0 {
		return Files{}, fmt.Errorf("engine program %s is not an executable file", path)
	}
	sum, err := pin.Sum(ctx, path, nil)
	if err != nil {
		return Files{}, err
	}
	if want != "" && sum != want {
		return Files{}, &pin.Mismatch{Name: path, WantSize: info.Size(), GotSize: info.Size(), WantSHA256: want, SHA256: sum}
	}
	version, err := version(ctx, path)
	if err != nil {
		return Files{}, err
	}
	return Files{Server: path, ServerDigest: sum, EngineDigest: sum, ServerSource: source, ServerVersion: version}, nil
}

// version starts the program to see that it runs here, and returns what it says
// it is. The child gets no environment: LLAMA_ARG_* variables would configure it.
func version(ctx context.Context, path string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	out, err := child.Run(ctx, child.Command{Name: path, Args: []string{"--version"}, Bare: true, Both: true})
	if err != nil {
		return "", fmt.Errorf("the engine program does not run on this machine: %w", err)
	}
	for line := range strings.Lines(string(out)) {
		if said, ok := strings.CutPrefix(line, "version:"); ok {
			return strings.TrimSpace(said), nil
		}
	}
	return "", fmt.Errorf("%s does not say which llama.cpp it is; is it a llama-server?", path)
}
