// Package pin says what a file must be, and checks it.
//
// First step: [File.Check]. Promise: a nil error means that every byte was read
// just now and the SHA-256 is the pinned one. Danger: the file may change after
// the check; keep it where only the operator can write.
package pin

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"regexp"
)

// File is a file whose content is known beforehand.
type File struct {
	Path   string `json:"path"` // where it stands in its package
	As     string `json:"as"`   // the plain name it gets when taken out
	Size   int64  `json:"size"` // bytes
	SHA256 string `json:"sha256"`
}

// Mismatch says that a file is not what it must be. Both digests are named, so
// that a reader can look either of them up.
type Mismatch struct {
	Name               string
	WantSize, GotSize  int64
	WantSHA256, SHA256 string // SHA256 is empty when the size alone was wrong
}

func (m *Mismatch) Error() string {
	if m.SHA256 == "" {
		return fmt.Sprintf("%s has %d bytes, expected %d (SHA-256 %s)", m.Name, m.GotSize, m.WantSize, m.WantSHA256)
	}
	return fmt.Sprintf("%s has SHA-256 %s, expected %s", m.Name, m.SHA256, m.WantSHA256)
}

var hexDigest = regexp.MustCompile(`^[0-9a-f]{64}$`)

// IsSHA256 reports whether s is a SHA-256 as this program writes it: 64 lower-case hex digits.
func IsSHA256(s string) bool { return hexDigest.MatchString(s) }

// Check reads the file at path and compares it with f. read, if not nil, is
// told how many bytes were read so far. The error is a [*Mismatch] when the
// content differs.
func (f File) Check(ctx context.Context, path string, read func(int64)) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is not a regular file", path)
	}
	if info.Size() != f.Size {
		return &Mismatch{Name: path, WantSize: f.Size, GotSize: info.Size(), WantSHA256: f.SHA256}
	}
	sum, err := Sum(ctx, path, read)
	if err != nil {
		return err
	}
	if sum != f.SHA256 {
		return &Mismatch{Name: path, WantSize: f.Size, GotSize: info.Size(), WantSHA256: f.SHA256, SHA256: sum}
	}
	return nil
}

// Sum returns the SHA-256 of the file at path. read is as for [File.Check].
func Sum(ctx context.Context, path string, read func(int64)) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, &watched{ctx: ctx, r: f, read: read}); err != nil {
		return "", err
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// watched ends a long read when the context ends, and counts.
type watched struct {
	ctx  context.Context
	r    io.Reader
	n    int64
	read func(int64)
}

func (w *watched) Read(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := w.r.Read(p)
	w.n += int64(n)
	if w.read != nil && n > 0 {
		w.read(w.n)
	}
	return n, err
}
