package model

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"ringfence/internal/model/build"
	"ringfence/internal/model/fetch"
	"ringfence/internal/model/progress"
	"ringfence/internal/model/unpack"
)

// compiled is the engine of prebuilt libraries and a front compiled here.
func (r *room) compiled(libs fetch.Package) pinned {
	source := r.lock.Engine.Source
	return pinned{
		source:    Compiled,
		dir:       r.engineDir(libs.SHA256, source.SHA256, r.lock.Engine.Commit, build.Recipe()),
		members:   libs.Members,
		downloads: []string{filepath.Join(r.packages(), libs.File), filepath.Join(r.packages(), source.File)},
		possible: func(ctx context.Context) error {
			_, err := build.FindTools(ctx)
			return err
		},
		fill: func(ctx context.Context, work, out string, held *os.File) (record, error) {
			if err := r.unpackEngine(ctx, libs, work, out, held); err != nil {
				return record{}, err
			}
			return r.compile(ctx, work, out, held)
		},
	}
}

// unpackEngine fetches both packages and takes libraries and source out of them.
func (r *room) unpackEngine(ctx context.Context, libs fetch.Package, work, out string, held *os.File) error {
	libsFile, libsErr := libs.Fetch(ctx, r.fetching("fetch engine libraries", held))
	source := r.lock.Engine.Source
	sourceFile, sourceErr := source.Fetch(ctx, r.fetching("fetch engine source", held))
	if err := errors.Join(libsErr, sourceErr); err != nil {
		return err
	}
	if err := unpack.TarGz(ctx, libsFile, out, libs.Members, r.unpacking("unpack engine libraries", libs)); err != nil {
		return err
	}
	return unpack.TarGz(ctx, sourceFile, work, source.Members, r.unpacking("unpack source package", source))
}

// compile makes the front and lays it beside the libraries.
func (r *room) compile(ctx context.Context, work, out string, held *os.File) (record, error) {
	job := build.Job{
		Bundle: filepath.Join(work, r.lock.Engine.Source.Members[0].As), Commit: r.lock.Engine.Commit,
		Libs: out, Work: work, Held: held, Progress: r.o.Progress,
	}
	made, err := job.Run(ctx)
	if err != nil {
		return record{}, err
	}
	if err := os.Rename(made.Program, filepath.Join(out, serverName)); err != nil {
		return record{}, err
	}
	licence, err := os.ReadFile(made.Licence)
	if err != nil {
		return record{}, err
	}
	return record{Recipe: build.Recipe(), Compiler: made.Compiler}, replace(filepath.Join(out, "LICENSE.llama.cpp"), licence)
}

func (r *room) fetching(step string, held *os.File) fetch.Options {
	return fetch.Options{
		Dir: r.packages(), From: r.o.From, Offline: r.o.Offline, Held: held, Step: step, Progress: r.o.Progress,
	}
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
