package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"ringfence/internal/model/progress"
)

// fromFolder looks for the package among files that the operator brought. Names
// do not matter: registries and clients name the same file differently.
func (w *way) fromFolder(ctx context.Context) error {
	entries, err := os.ReadDir(w.o.From)
	if err != nil {
		return fmt.Errorf("look in %s: %w", w.o.From, err)
	}
	var wrong error
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil || !info.Mode().IsRegular() || info.Size() != w.p.Size {
			continue
		}
		path := filepath.Join(w.o.From, entry.Name())
		if err := w.p.file().Check(ctx, path, nil); err != nil {
			wrong = err // the operator's file stays: it is not ours to delete
			continue
		}
		return w.copy(ctx, path)
	}
	if wrong != nil {
		return wrong
	}
	return fmt.Errorf("%s holds no file with %d bytes and SHA-256 %s", w.o.From, w.p.Size, w.p.SHA256)
}

// copy writes beside the download's place, so that a download begun earlier is not lost.
func (w *way) copy(ctx context.Context, from string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.CreateTemp(w.o.Dir, copyFiles)
	if err != nil {
		return err
	}
	defer os.Remove(out.Name())
	_, err = io.Copy(out, in)
	if err = errors.Join(err, out.Close()); err != nil {
		return err
	}
	w.o.Progress.Step(w.o.Step, w.p.Size, w.p.Size, progress.Bytes)
	return w.arrive(ctx, out.Name())
}

// errDisk is a write that another program could not do.
var errDisk = errors.New("the disk is full or not writable")

// isLocal reports whether err is about our own disk rather than about a source.
func isLocal(err error) bool {
	for _, e := range []error{errDisk, syscall.ENOSPC, syscall.EROFS, syscall.EDQUOT, syscall.EFBIG, fs.ErrPermission} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}
