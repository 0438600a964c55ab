package model

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"ringfence/internal/model/build"
	"ringfence/internal/model/fetch"
	"ringfence/internal/model/progress"
	"ringfence/internal/model/unpack"
)

const serverName = "llama-server"

// engineDir is the folder of the pinned engine. Its name changes with the
// engine's version, the platform, our own sources and the compiler flags.
func (r *room) engineDir() string {
	libs := r.lock.Engine.Libraries[platform()]
	id := digestOf(libs.SHA256, r.lock.Engine.Source.SHA256, r.lock.Engine.Commit, platform(), build.Recipe())
	return filepath.Join(r.o.Dir, "engine", r.lock.Engine.Version+"-"+id[:8])
}

// compiled returns the pinned engine: prebuilt libraries and a front compiled here.
func (r *room) compiled(ctx context.Context) (Files, error) {
	libs, ok := r.lock.Engine.Libraries[platform()]
	if !ok {
		return Files{}, fmt.Errorf("there is no pinned engine for %s", platform())
	}
	dir := r.engineDir()
	if exists(dir) {
		return r.checkEngine(ctx, dir, libs)
	}
	if !r.bring {
		return Files{}, fmt.Errorf("the pinned engine, %s %s, is not here; `ringfence model pull` brings it",
			r.lock.Engine.Name, r.lock.Engine.Version)
	}
	// Asked before anything is fetched: without a compiler the packages are of no use.
	tools, err := build.FindTools(ctx)
	if err != nil {
		return Files{}, err
	}
	held, err := hold(ctx, r.o.Dir, r.o.Progress)
	if err != nil {
		return Files{}, err
	}
	defer held.Close()
	if !exists(dir) { // else another process was first
		if err := r.install(ctx, dir, libs, tools, held); err != nil {
			return Files{}, err
		}
	}
	return r.checkEngine(ctx, dir, libs)
}

// install fetches, unpacks, compiles, and puts the whole folder in place at once.
func (r *room) install(ctx context.Context, dir string, libs fetch.Package, tools build.Tools, held *os.File) error {
	libsFile, libsErr := libs.Fetch(ctx, r.fetching("fetch engine libraries", held))
	sourceFile, sourceErr := r.lock.Engine.Source.Fetch(ctx, r.fetching("fetch engine source", held))
	if err := errors.Join(libsErr, sourceErr); err != nil {
		return err
	}
	work := dir + ".work"
	out := filepath.Join(work, "out")
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	if err := r.unpackTar(ctx, "unpack engine libraries", libsFile, out, libs); err != nil {
		return err
	}
	if err := r.unpackTar(ctx, "unpack source package", sourceFile, work, r.lock.Engine.Source); err != nil {
		return err
	}
	job := build.Job{
		Bundle: filepath.Join(work, r.lock.Engine.Source.Members[0].As), Commit: r.lock.Engine.Commit,
		Libs: out, Work: work, Held: held, Progress: r.o.Progress,
	}
	server, err := job.Run(ctx)
	if err != nil {
		return err
	}
	if err := r.finish(ctx, job, server, out, tools); err != nil {
		return err
	}
	if err := os.Rename(out, dir); err != nil {
		return err
	}
	syncDir(filepath.Dir(dir))
	// Leftovers cost disk, nothing else.
	return errors.Join(os.RemoveAll(work), os.Remove(libsFile), os.Remove(sourceFile))
}

// finish puts program, licence and record into the folder, and starts the
// program once to see that it runs here.
func (r *room) finish(ctx context.Context, job build.Job, server, out string, tools build.Tools) error {
	if err := os.Rename(server, filepath.Join(out, serverName)); err != nil {
		return err
	}
	licence, err := os.ReadFile(job.Licence())
	if err != nil {
		return err
	}
	if err := replace(filepath.Join(out, "LICENSE.llama.cpp"), licence); err != nil {
		return err
	}
	said, err := version(ctx, filepath.Join(out, serverName))
	if err != nil {
		return err
	}
	return writeRecord(ctx, out, record{
		Engine: r.lock.Engine.Name, Version: r.lock.Engine.Version, Says: said, Platform: platform(),
		Recipe: build.Recipe(), Compiler: tools.Version, Licence: r.lock.Engine.Licence,
	})
}

func (r *room) fetching(step string, held *os.File) fetch.Options {
	return fetch.Options{
		Dir: r.packages(), From: r.o.From, Offline: r.o.Offline, Held: held, Step: step, Progress: r.o.Progress,
	}
}

func (r *room) unpackTar(ctx context.Context, step, file, dir string, p fetch.Package) error {
	return unpack.TarGz(ctx, file, dir, p.Members, r.unpacking(step, p))
}

// unpacking reports how much of a package was unpacked.
func (r *room) unpacking(step string, p fetch.Package) func(int64) {
	var total int64
	for _, f := range p.Members {
		total += f.Size
	}
	return func(done int64) { r.o.Progress.Step(step, done, total, progress.Bytes) }
}

// replace writes a file that an interrupted run may have left, perhaps read-only.
func replace(path string, content []byte) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.WriteFile(path, content, 0o444)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
