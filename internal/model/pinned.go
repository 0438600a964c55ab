package model

import (
	"context"
	"os"
	"path/filepath"

	"ringfence/internal/model/pin"
)

const serverName = "llama-server"

// pinned is one way to a pinned engine: a folder and how to fill it.
type pinned struct {
	source  Source
	dir     string     // its name changes with everything that goes into it
	members []pin.File // files whose digests the lock knows
	// possible returns why this way is closed on this machine, before anything is fetched.
	possible func(context.Context) error
	// fill puts every file into the folder out; work is kept until all succeeded.
	fill func(ctx context.Context, work, out string, held *os.File) (record, error)
	// downloads are the files to delete when the engine is in place.
	downloads []string
}

// notHere is what [Look] finds before the first pull.
func notHere(what string) closed {
	return closed(what + " is not here; `ringfence model pull` brings it")
}

// bringEngine installs p unless it is here, and checks it.
func (r *room) bringEngine(ctx context.Context, p pinned) (Files, error) {
	if !r.bring {
		return Files{}, notHere("the pinned engine, " + r.lock.Engine.Name + " " + r.lock.Engine.Version + ",")
	}
	if err := p.possible(ctx); err != nil {
		return Files{}, err
	}
	held, err := hold(ctx, r.o.Dir, r.o.Progress)
	if err != nil {
		return Files{}, err
	}
	defer held.Close()
	if !exists(p.dir) { // else another process was first
		if err := r.install(ctx, p, held); err != nil {
			return Files{}, err
		}
	}
	return r.checkEngine(ctx, p)
}

// install fills a folder beside p's place, starts the program once to see that
// it runs here, and puts the folder in place at once.
func (r *room) install(ctx context.Context, p pinned, held *os.File) error {
	work := p.dir + ".work"
	r.tidy(work)
	out := filepath.Join(work, "out")
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	rec, err := p.fill(ctx, work, out, held)
	if err != nil {
		return err
	}
	server := filepath.Join(out, serverName)
	if err := os.Chmod(server, 0o555); err != nil {
		return err
	}
	if rec.Says, err = version(ctx, server); err != nil {
		return err
	}
	rec.Engine, rec.Version, rec.Licence = r.lock.Engine.Name, r.lock.Engine.Version, r.lock.Engine.Licence
	rec.Source, rec.Platform = p.source, platform()
	if err := writeRecord(ctx, out, rec); err != nil {
		return err
	}
	if err := os.Rename(out, p.dir); err != nil {
		return err
	}
	syncDir(filepath.Dir(p.dir))
	// From here on leftovers cost disk, nothing else.
	_ = os.RemoveAll(work)
	for _, file := range p.downloads {
		_ = os.Remove(file)
	}
	return nil
}

// tidy removes what interrupted installs of other engines left; nobody else is
// installing while we hold the lock.
func (r *room) tidy(keep string) {
	left, _ := filepath.Glob(filepath.Join(filepath.Dir(keep), "*.work")) // the pattern is fine
	for _, dir := range left {
		if dir != keep {
			_ = os.RemoveAll(dir)
		}
	}
}

// engineDir is the folder of an engine made of these parts.
func (r *room) engineDir(parts ...string) string {
	id := digestOf(append(parts, platform())...)
	return filepath.Join(r.o.Dir, "engine", r.lock.Engine.Version+"-"+id[:8])
}
