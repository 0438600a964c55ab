// Package fetch brings one package file to disk and proves that it is the pinned one.
//
// First step: [Package.Fetch]. Promise: a returned path names a file whose
// SHA-256 was just checked; a wrong file is deleted and both digests are named;
// what a broken download left is continued next time. This program opens no
// socket for it: the operator's own npm, pip and curl do, with the operator's
// mirror, proxy and credentials. Danger: those programs are the operator's; what
// they deliver is trusted for nothing but its digest.
package fetch

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"ringfence/internal/model/pin"
	"ringfence/internal/model/progress"
)

// Package is one file of a package registry, known beforehand.
type Package struct {
	Client  string     `json:"client"` // who can bring it: npm or pip
	Name    string     `json:"name"`
	Version string     `json:"version"`
	File    string     `json:"file"` // its name in our folder
	Size    int64      `json:"size"` // bytes
	SHA256  string     `json:"sha256"`
	Licence string     `json:"licence"` // SPDX
	Members []pin.File `json:"members"` // what is taken out of it
}

// Options says where a package may come from and who wants to know.
type Options struct {
	Dir      string   // where the file goes; made if missing
	From     string   // folder to look in before anybody is asked; may be empty
	Offline  bool     // ask nobody
	Held     *os.File // lock that children inherit; may be nil
	Step     string   // what to call this in progress reports
	Progress progress.Func
}

// Absent is a package that is needed, not here, and could not be brought.
type Absent struct {
	Package Package
	Tried   []error // what went wrong, in order; empty when nobody was asked
}

func (a *Absent) Error() string {
	text := fmt.Sprintf("%s %s is not here (%s, %.1f MB, SHA-256 %s; bring it with: %s)",
		a.Package.Name, a.Package.Version, a.Package.File, float64(a.Package.Size)/1e6, a.Package.SHA256, a.Package.ByHand())
	for _, err := range a.Tried {
		text += "\n    " + err.Error()
	}
	return text
}

func (a *Absent) Unwrap() []error { return a.Tried }

// ByHand is the command that brings the package on a machine with a registry.
func (p Package) ByHand() string {
	if p.Client == "pip" {
		return fmt.Sprintf("pip download --no-deps %s==%s", p.Name, p.Version)
	}
	return fmt.Sprintf("npm pack %s@%s", p.Name, p.Version)
}

// file is the package as a pinned file.
func (p Package) file() pin.File {
	return pin.File{Path: p.File, As: p.File, Size: p.Size, SHA256: p.SHA256}
}

// Fetch returns the path of the package's file, checked. The error is an
// [*Absent] when no way led to it.
func (p Package) Fetch(ctx context.Context, o Options) (string, error) {
	if err := os.MkdirAll(o.Dir, 0o755); err != nil {
		return "", err
	}
	way := &way{p: p, o: o, path: filepath.Join(o.Dir, p.File)}
	way.part = way.path + ".part"
	absent := &Absent{Package: p}
	for _, attempt := range way.attempts() {
		err := attempt(ctx)
		if err == nil {
			return way.path, nil
		}
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		if !errors.Is(err, errNotYet) {
			absent.Tried = append(absent.Tried, err)
		}
		if isLocal(err) {
			break // another source would meet the same disk
		}
	}
	return "", absent
}

// way is one package on its way into one folder.
type way struct {
	p          Package
	o          Options
	path, part string
}

func (w *way) attempts() []func(context.Context) error {
	ways := []func(context.Context) error{w.here}
	if w.o.From != "" {
		ways = append(ways, w.fromFolder)
	}
	if w.o.Offline {
		return ways
	}
	return append(ways, w.byURL, w.byClient)
}

// errNotYet is the ordinary case of a first run: nothing to report.
var errNotYet = errors.New("not fetched yet")

// here accepts what an earlier run brought.
func (w *way) here(ctx context.Context) error {
	err := w.check(ctx, w.path)
	if errors.Is(err, fs.ErrNotExist) {
		return errNotYet
	}
	return err
}

// check verifies a file that should be the package, and deletes it when it is not.
func (w *way) check(ctx context.Context, path string) error {
	err := w.p.file().Check(ctx, path, nil)
	var wrong *pin.Mismatch
	if errors.As(err, &wrong) {
		return errors.Join(fmt.Errorf("refused and deleted: %w", err), os.Remove(path))
	}
	return err
}

// arrive checks a finished download and gives it its name.
func (w *way) arrive(ctx context.Context, path string) error {
	if err := w.check(ctx, path); err != nil {
		return err
	}
	w.o.Progress.Step(w.o.Step, w.p.Size, w.p.Size, progress.Bytes)
	return os.Rename(path, w.path)
}
