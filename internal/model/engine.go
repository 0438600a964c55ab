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

	"ringfence/internal/model/build"
	"ringfence/internal/model/child"
	"ringfence/internal/model/fetch"
	"ringfence/internal/model/pin"
)

// engine finds or brings the engine program.
//
// What is here already is used before anything is fetched, and pinned comes
// before unpinned: a llama-server on PATH is whatever PATH says today, so it is
// used only where the pinned engine cannot be had, and never in answer to a
// wrong digest. docs/decisions/0002-engine-binary-and-model.md has the reasons.
func (r *room) engine(ctx context.Context) (Files, error) {
	if r.o.EnginePath != "" {
		return r.installed(ctx, r.o.EnginePath, r.o.EngineSHA256, Configured)
	}
	ways := r.ways()
	for _, p := range ways {
		if exists(p.dir) {
			return r.checkEngine(ctx, p)
		}
	}
	var problems []error
	for _, attempt := range r.attempts(ways) {
		files, err := attempt(ctx)
		if err == nil && files.ServerSource == OnPath {
			r.o.Progress.Note(fmt.Sprintf("using %s (%s), which is not pinned, because the pinned engine cannot be had here:\n%v",
				files.Server, files.ServerVersion, errors.Join(problems...)))
		}
		if err == nil || !unavailable(err) {
			return files, err
		}
		problems = append(problems, err)
	}
	return Files{}, &Incomplete{Problems: problems}
}

// ways are the pinned engines for this machine, the best first.
func (r *room) ways() []pinned {
	var ways []pinned
	if libs, ok := r.lock.Engine.Libraries[platform()]; ok {
		ways = append(ways, r.compiled(libs))
	}
	if archive, ok := r.lock.Engine.Releases[platform()]; ok {
		ways = append(ways, r.released(archive))
	}
	return ways
}

// attempts are tried in order: the best pinned engine, an installed one, the
// other pinned ones. The last contact a host that no mirror setting covers, so
// what is on the machine comes first.
func (r *room) attempts(ways []pinned) []func(context.Context) (Files, error) {
	bring := func(p pinned) func(context.Context) (Files, error) {
		return func(ctx context.Context) (Files, error) { return r.bringEngine(ctx, p) }
	}
	if len(ways) == 0 {
		none := func(context.Context) (Files, error) {
			return Files{}, closed("there is no pinned engine for " + platform())
		}
		return []func(context.Context) (Files, error){none, r.onPath}
	}
	all := []func(context.Context) (Files, error){bring(ways[0]), r.onPath}
	if r.bring {
		for _, p := range ways[1:] {
			all = append(all, bring(p))
		}
	}
	return all
}

// closed is a way to an engine that does not exist on this machine.
type closed string

func (c closed) Error() string { return string(c) }

// unavailable tells "this way is closed here", after which the next one is
// tried, from what nobody should paper over: a wrong digest, a full disk, an
// interruption.
func unavailable(err error) bool {
	var wrong *pin.Mismatch
	if errors.As(err, &wrong) {
		return false
	}
	var absent *fetch.Absent
	var tools *build.MissingTools
	var failed *child.Error
	var none closed
	return errors.As(err, &absent) || errors.As(err, &tools) || errors.As(err, &failed) || errors.As(err, &none)
}

// onPath uses an installed llama-server.
func (r *room) onPath(ctx context.Context) (Files, error) {
	path, err := exec.LookPath(serverName)
	if err != nil {
		return Files{}, closed("no " + serverName + " on PATH")
	}
	return r.installed(ctx, path, "", OnPath)
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
