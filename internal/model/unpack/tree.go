package unpack

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
)

// Bounds of [Tree] in bytes; the largest source file we know has 4 MB. They hold
// for what is written: a few bytes of archive can stand for a huge empty file.
const (
	maxTreeFile = 64 << 20
	maxTree     = 512 << 20
)

// Tree writes the regular files and folders of a tar stream below dir. Links are
// left out: source trees do not need them, and they are how archives escape.
func Tree(r io.Reader, dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	archive := tar.NewReader(io.LimitReader(r, maxTree))
	var total int64
	for range maxEntries {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read archive: %w", err)
		}
		if total += header.Size; total > maxTree {
			return fmt.Errorf("archive has more than %d bytes", maxTree)
		}
		if err := plant(root, header, archive); err != nil {
			return err
		}
	}
	return fmt.Errorf("archive has more than %d entries", maxEntries)
}

func plant(root *os.Root, header *tar.Header, content io.Reader) error {
	if header.Typeflag != tar.TypeReg {
		return nil
	}
	if !filepath.IsLocal(header.Name) || header.Size > maxTreeFile {
		return fmt.Errorf("archive entry %q is outside the tree or too large", header.Name)
	}
	if err := root.MkdirAll(path.Dir(header.Name), 0o755); err != nil {
		return err
	}
	out, err := root.OpenFile(header.Name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, content)
	return errors.Join(err, out.Close())
}
