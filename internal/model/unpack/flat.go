package unpack

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
)

// maxFlat bounds what [Flat] writes, in bytes.
const maxFlat = 1 << 30

// Flat takes the files of one folder of a gzipped tar into dir, those whose
// plain name is accepted. It is for archives that are pinned as a whole. A link
// to another accepted file of that folder becomes a file of its own; all other
// links are left out.
func Flat(ctx context.Context, archive, folder, dir string, accept func(name string) bool) error {
	f, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer f.Close()
	zipped, err := gzip.NewReader(f)
	if err != nil {
		return fmt.Errorf("%s is not a gzip file: %w", archive, err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	flat := &flat{root: root, folder: folder, accept: accept, links: map[string]string{}}
	entries := tar.NewReader(io.LimitReader(zipped, maxUnpacked))
	for range maxEntries {
		header, err := entries.Next()
		if errors.Is(err, io.EOF) {
			return flat.follow()
		}
		if err = errors.Join(err, ctx.Err()); err != nil {
			return fmt.Errorf("read archive: %w", err)
		}
		if err := flat.take(header, entries); err != nil {
			return err
		}
	}
	return fmt.Errorf("archive has more than %d entries", maxEntries)
}

// flat is one folder being taken out of an archive.
type flat struct {
	root   *os.Root
	folder string
	accept func(name string) bool
	links  map[string]string // link to target
	total  int64             // bytes written
}

// take writes an accepted file, or remembers an accepted link.
func (f *flat) take(header *tar.Header, content io.Reader) error {
	full := path.Clean(header.Name)
	name := path.Base(full)
	if path.Dir(full) != f.folder || !filepath.IsLocal(name) || !f.accept(name) {
		return nil
	}
	switch header.Typeflag {
	case tar.TypeSymlink:
		f.links[name] = header.Linkname
	case tar.TypeReg:
		if f.total += header.Size; f.total > maxFlat {
			return fmt.Errorf("archive has more than %d bytes", maxFlat)
		}
		return plain(f.root, name, content)
	}
	return nil
}

func plain(root *os.Root, name string, content io.Reader) error {
	out, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, content)
	return errors.Join(err, out.Close())
}

// follow makes a file of each link whose chain of links ends at a file.
func (f *flat) follow() error {
	for name, target := range f.links {
		for range f.links { // a chain longer than this is a ring
			next, more := f.links[target]
			if !more {
				break
			}
			target = next
		}
		if target != path.Base(target) || !filepath.IsLocal(target) {
			continue
		}
		if info, err := f.root.Lstat(target); err != nil || !info.Mode().IsRegular() {
			continue
		}
		if err := f.root.Link(target, name); err != nil && !errors.Is(err, os.ErrExist) {
			return err
		}
	}
	return nil
}
