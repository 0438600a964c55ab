// Package unpack takes named files out of archives written by strangers.
//
// First step: [TarGz] or [Zip] with the pinned files wanted. Promise: nothing is
// written outside the given folder, nothing that was not asked for, no link, and
// never more bytes than pinned; a wrong digest leaves no file behind. Danger: a
// wanted file that is in place is overwritten.
package unpack

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"

	"ringfence/internal/model/pin"
)

// Limits on what is read while looking for the wanted files. They are far above
// every package we know, and stop an archive made to unpack for ever.
const (
	maxEntries  = 200_000
	maxUnpacked = 4 << 30
)

// TarGz takes the wanted files out of the gzipped tar at path into the folder dir,
// under their As names. read, if not nil, is told how many bytes were written so far.
func TarGz(ctx context.Context, path, dir string, want []pin.File, read func(int64)) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	zipped, err := gzip.NewReader(f)
	if err != nil {
		return fmt.Errorf("%s is not a gzip file: %w", path, err)
	}
	return newTaker(ctx, dir, want, read).tar(tar.NewReader(io.LimitReader(zipped, maxUnpacked)))
}

// Zip takes the wanted files out of the zip file at path, like [TarGz].
func Zip(ctx context.Context, path, dir string, want []pin.File, read func(int64)) error {
	archive, err := zip.OpenReader(path)
	if err != nil {
		return fmt.Errorf("%s is not a zip file: %w", path, err)
	}
	defer archive.Close()
	return newTaker(ctx, dir, want, read).zip(archive.File)
}

// taker writes the wanted files of one archive.
type taker struct {
	ctx     context.Context
	dir     string
	missing map[string]pin.File // by path in the archive
	written int64
	read    func(int64)
}

func newTaker(ctx context.Context, dir string, want []pin.File, read func(int64)) *taker {
	t := &taker{ctx: ctx, dir: dir, missing: make(map[string]pin.File), read: read}
	for _, f := range want {
		t.missing[f.Path] = f
	}
	return t
}

func (t *taker) tar(archive *tar.Reader) error {
	for range maxEntries {
		if len(t.missing) == 0 {
			return nil
		}
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return t.complain()
		}
		if err != nil {
			return fmt.Errorf("read archive: %w", err)
		}
		want, wanted := t.missing[header.Name]
		if !wanted || header.Typeflag != tar.TypeReg {
			continue
		}
		if err := t.take(want, archive); err != nil {
			return err
		}
	}
	return fmt.Errorf("archive has more than %d entries", maxEntries)
}

func (t *taker) zip(entries []*zip.File) error {
	for _, entry := range entries {
		want, wanted := t.missing[entry.Name]
		if !wanted || !entry.Mode().IsRegular() {
			continue
		}
		content, err := entry.Open()
		if err != nil {
			return fmt.Errorf("read archive: %w", err)
		}
		err = t.take(want, content)
		content.Close()
		if err != nil {
			return err
		}
	}
	return t.complain()
}

// complain names a wanted file that the archive does not hold, if there is one.
func (t *taker) complain() error {
	for path := range t.missing {
		return fmt.Errorf("archive does not hold %s", path)
	}
	return nil
}

// take writes one wanted file: beside its place first, in place when it is right.
func (t *taker) take(want pin.File, content io.Reader) error {
	root, err := os.OpenRoot(t.dir)
	if err != nil {
		return err
	}
	defer root.Close()
	part := want.As + ".part"
	if err := t.write(root, part, want, content); err != nil {
		return errors.Join(err, root.Remove(part))
	}
	if err := root.Rename(part, want.As); err != nil {
		return err
	}
	delete(t.missing, want.Path)
	return nil
}

func (t *taker) write(root *os.Root, name string, want pin.File, content io.Reader) error {
	out, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	hash := sha256.New()
	// One byte more than pinned is read, to see that there is no more.
	n, err := io.Copy(io.MultiWriter(out, hash), io.LimitReader(&counted{t, content}, want.Size+1))
	if err == nil {
		err = out.Sync()
	}
	if closed := out.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("unpack %s: %w", want.As, err)
	}
	if sum := hex.EncodeToString(hash.Sum(nil)); n != want.Size || sum != want.SHA256 {
		return &pin.Mismatch{Name: want.Path, WantSize: want.Size, GotSize: n, WantSHA256: want.SHA256, SHA256: sum}
	}
	return nil
}

// counted reports progress and ends with the context.
type counted struct {
	t *taker
	r io.Reader
}

func (c *counted) Read(p []byte) (int, error) {
	if err := c.t.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := c.r.Read(p)
	c.t.written += int64(n)
	if c.t.read != nil && n > 0 {
		c.t.read(c.t.written)
	}
	return n, err
}
