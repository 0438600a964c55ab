// Package shelf keeps sealed things in files of one folder: one file each, named by a key that says nothing.
//
// First step: Open a folder with a key. Promise: a file is there whole or not at all; it is sealed with AES-256-GCM
// and bound to its name, so that one cannot be put in another's place. Danger: files are written without a sync: a
// killed process loses nothing, a machine that loses power may lose what was kept last.
package shelf

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"
)

// Shelf is a folder of sealed files. Safe for concurrent use.
type Shelf struct {
	dir  string
	name []byte // keys the names
	seal cipher.AEAD
}

// Open opens a folder, and makes it where there is none. The secret has at least 32 bytes.
func Open(dir string, secret []byte) (*Shelf, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(derive(secret, "seal"))
	if err != nil {
		return nil, err
	}
	seal, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	return &Shelf{dir, derive(secret, "name"), seal}, nil
}

func derive(secret []byte, use string) []byte {
	h := hmac.New(sha256.New, secret)
	h.Write([]byte("ringfence shelf " + use))
	return h.Sum(nil)
}

// Name returns the name for a thing that is known by several texts.
func (s *Shelf) Name(parts ...string) string {
	h := hmac.New(sha256.New, s.name)
	for _, p := range parts {
		h.Write([]byte(strconv.Itoa(len(p)) + ":" + p))
	}
	return hex.EncodeToString(h.Sum(nil)[:20])
}

// Put keeps a thing under a name.
func (s *Shelf) Put(name string, plain []byte) error {
	nonce := make([]byte, s.seal.NonceSize(), s.seal.NonceSize()+len(plain)+s.seal.Overhead())
	rand.Read(nonce)
	f, err := os.CreateTemp(s.dir, ".new-*")
	if err != nil {
		return err
	}
	_, err = f.Write(s.seal.Seal(nonce, nonce, plain, []byte(name)))
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), filepath.Join(s.dir, name))
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}

// ErrDamaged says that a file is not what was put there.
var ErrDamaged = errors.New("a kept file is damaged, or was sealed with another secret")

// Get returns what is kept under a name and when it was last put or touched; fs.ErrNotExist where nothing is.
func (s *Shelf) Get(name string) (plain []byte, used time.Time, err error) {
	path := filepath.Join(s.dir, name)
	info, err := os.Stat(path)
	if err != nil {
		return nil, used, err
	}
	sealed, err := os.ReadFile(path)
	if err != nil {
		return nil, used, err
	}
	n := s.seal.NonceSize()
	if len(sealed) < n {
		return nil, used, ErrDamaged
	}
	plain, err = s.seal.Open(nil, sealed[:n], sealed[n:], []byte(name))
	if err != nil {
		return nil, used, ErrDamaged
	}
	return plain, info.ModTime(), nil
}

// Touch notes that a thing was used now.
func (s *Shelf) Touch(name string) {
	now := time.Now()
	os.Chtimes(filepath.Join(s.dir, name), now, now)
}

// Drop removes what is kept under a name.
func (s *Shelf) Drop(name string) error {
	err := os.Remove(filepath.Join(s.dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Sweep removes what was not used since a time, and of the rest the oldest beyond most.
func (s *Shelf) Sweep(since time.Time, most int) error {
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return err
	}
	var kept []fs.FileInfo
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			continue // gone meanwhile
		}
		if info.ModTime().Before(since) {
			os.Remove(filepath.Join(s.dir, e.Name()))
			continue
		}
		kept = append(kept, info)
	}
	slices.SortFunc(kept, func(a, b fs.FileInfo) int { return b.ModTime().Compare(a.ModTime()) })
	for _, info := range kept[min(most, len(kept)):] {
		os.Remove(filepath.Join(s.dir, info.Name()))
	}
	return nil
}
