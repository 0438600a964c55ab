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
	"strings"

	"ringfence/internal/model/pin"
	"ringfence/internal/model/progress"
)

// Package is one file of a package registry, known beforehand.
type Package struct {
	Client  string     `json:"client"` // who can bring it: npm, pip, or curl from URL
	Name    string     `json:"name"`
	Version string     `json:"version"`
	File    string     `json:"file"` // its name in our folder
	Size    int64      `json:"size"` // bytes
	SHA256  string     `json:"sha256"`
	Licence string     `json:"licence"` // SPDX
	URL     string     `json:"url,omitempty"`
	Wheel   string     `json:"wheel,omitempty"`   // pip: the platform whose file is wanted, whatever this machine is
	Folder  string     `json:"folder,omitempty"`  // the folder inside it that is used as a whole
	Members []pin.File `json:"members,omitempty"` // or the files taken out of it, each pinned
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

// add keeps one of several attempts that failed in the same words.
func (a *Absent) add(err error) {
	for _, tried := range a.Tried {
		if tried.Error() == err.Error() {
			return
		}
	}
	a.Tried = append(a.Tried, err)
}

func (a *Absent) Unwrap() []error { return a.Tried }

// ByHand is the command that brings the package on a machine with a registry.
func (p Package) ByHand() string {
	switch p.Client {
	case "curl":
		return "curl --fail --location --remote-name " + p.URL
	case "pip":
		words := append([]string{"pip download --no-deps"}, p.wheel()...)
		return strings.Join(append(words, p.spec("==")), " ")
	}
	return "npm pack " + p.spec("@")
}

// file is the package as a pinned file.
func (p Package) file() pin.File {
	return pin.File{Path: p.File, As: p.File, Size: p.Size, SHA256: p.SHA256}
}

// Names of temporary files and folders in Dir.
const (
	clientDirs = ".client-*"
	copyFiles  = ".copy-*"
)

// Fetch returns the path of the package's file, checked. The caller holds a lock
// on o.Dir. The error is an [*Absent] when no way led to it.
func (p Package) Fetch(ctx context.Context, o Options) (string, error) {
	if err := os.MkdirAll(o.Dir, 0o755); err != nil {
		return "", err
	}
	tidy(o.Dir)
	way := &way{p: p, o: o, path: filepath.Join(o.Dir, p.File)}
	way.part = way.path + ".part"
	absent := &Absent{Package: p}
	for _, attempt := range way.attempts() {
		err := attempt(ctx)
		switch {
		case err == nil:
			return way.path, nil
		case ctx.Err() != nil:
			return "", ctx.Err()
		case isLocal(err): // another source would meet the same disk
			return "", fmt.Errorf("fetch %s: %w", p.File, err)
		case !errors.Is(err, errNotYet):
			absent.add(err)
		}
	}
	return "", absent
}

// tidy removes what a killed run left beside the downloads that can be continued.
func tidy(dir string) {
	for _, pattern := range []string{clientDirs, copyFiles} {
		left, _ := filepath.Glob(filepath.Join(dir, pattern)) // the patterns are fine
		for _, path := range left {
			_ = os.RemoveAll(path)
		}
	}
}

// way is one package on its way into one folder.
type way struct {
	p          Package
	o          Options
	path, part string
	unknown    bool // the client has no such package, or no registry
}

func (w *way) attempts() []func(context.Context) error {
	ways := []func(context.Context) error{w.here}
	if w.o.From != "" {
		ways = append(ways, w.fromFolder)
	}
	if w.o.Offline {
		return ways
	}
	if w.p.URL != "" {
		return append(ways, w.byURL)
	}
	return append(ways, w.byURL, w.byClient)
}

// errNotYet ends an attempt about which there is nothing to report.
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
	if err := os.Rename(path, w.path); err != nil {
		return err
	}
	_ = os.Remove(w.part) // of another way, no longer needed
	return nil
}
