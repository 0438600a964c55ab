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
	links := map[string]string{}
	var total int64
	entries := tar.NewReader(io.LimitReader(zipped, maxUnpacked))
	for range maxEntries {
		header, err := entries.Next()
		if errors.Is(err, io.EOF) {
			return follow(root, links)
		}
		if err = errors.Join(err, ctx.Err()); err != nil {
			return fmt.Errorf("read archive: %w", err)
		}
		name := path.Base(path.Clean(header.Name))
		if path.Dir(path.Clean(header.Name)) != folder || !filepath.IsLocal(name) || !accept(name) {
			continue
		}
		switch header.Typeflag {
		case tar.TypeReg:
			if total += header.Size; total > maxFlat {
				return fmt.Errorf("archive has more than %d bytes", maxFlat)
			}
			err = plain(root, name, entries)
		case tar.TypeSymlink:
			links[name] = header.Linkname
		}
		if err != nil {
			return err
		}
	}
	return fmt.Errorf("archive has more than %d entries", maxEntries)
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
func follow(root *os.Root, links map[string]string) error {
	for name, target := range links {
		for range links { // a chain longer than this is a ring
			next, more := links[target]
			if !more {
				break
			}
			target = next
		}
		if target != path.Base(target) || !filepath.IsLocal(target) {
			continue
		}
		if info, err := root.Lstat(target); err != nil || !info.Mode().IsRegular() {
			continue
		}
		if err := root.Link(target, name); err != nil && !errors.Is(err, os.ErrExist) {
			return err
		}
	}
	return nil
}
