// Package model brings the engine program and a model to this machine, and proves
// at each start that they are still the ones that were brought.
//
// First step: [Ensure]. Promise: what it returns was checked against a pinned
// SHA-256, or, where nothing can be pinned (a program named by the operator, one
// found on PATH, one compiled here, the operator's own model), its digest was
// taken so that the audit log can name it. Nothing is contacted when everything
// is here. Danger: the engine and the model run afterwards; keep the folder
// where only the operator can write.
package model

import (
	"context"
	"errors"
	"path/filepath"
	"strings"

	"ringfence/internal/model/fetch"
	"ringfence/internal/model/progress"
)

// Options says where things are and what may be done. Only Dir is needed.
type Options struct {
	Dir          string        // the data folder
	EnginePath   string        // the operator's own llama-server; empty for ours
	EngineSHA256 string        // what EnginePath must be; empty accepts it and takes its digest
	ModelPath    string        // the operator's own GGUF file; empty for the default model
	ModelSHA256  string        // what ModelPath must be; empty accepts it and takes its digest
	EmbedderPath string        // the operator's own GGUF file for embeddings; empty for ours
	From         string        // folder with package files brought by hand; may be empty
	Offline      bool          // contact nobody, whatever is missing
	Verify       bool          // read large models again even when they look untouched
	Progress     progress.Func // told about long steps; may be nil
}

// Files is a complete engine and model.
type Files struct {
	Server        string // absolute path of the program; its libraries lie beside it
	ServerDigest  string // SHA-256 of the program, hex
	EngineDigest  string // SHA-256 over the program and its libraries, see [FolderDigest]; equals ServerDigest for a single file
	ServerSource  Source
	ServerVersion string // release of llama.cpp, e.g. v0.5.0; where it is not pinned, what the program says

	Model        string // absolute path of the GGUF file
	ModelDigest  string // SHA-256, hex
	ModelName    string
	ModelLicence string // SPDX where known, else empty
}

// Source says where an engine program came from.
type Source string

// Sources, in the order in which they are considered.
const (
	Configured Source = "configured" // named by the operator
	Compiled   Source = "compiled"   // pinned libraries and source, front compiled on this machine
	OnPath     Source = "path"       // an installed llama-server; not pinned
	Released   Source = "released"   // the makers' own release, pinned as an archive
)

// Incomplete says that the engine or the model is not here and could not be
// brought. Its sentences name every missing file and how to bring it.
type Incomplete struct{ Problems []error }

func (i *Incomplete) Error() string {
	var text strings.Builder
	text.WriteString("not everything is here:")
	for _, problem := range i.Problems {
		text.WriteString("\n  " + strings.ReplaceAll(problem.Error(), "\n", "\n  "))
	}
	if i.absent() {
		text.WriteString("\non a machine with a registry, run the commands above in an empty folder; " +
			"then run here: ringfence model pull --from FOLDER")
	}
	return text.String()
}

func (i *Incomplete) Unwrap() []error { return i.Problems }

func (i *Incomplete) absent() bool {
	var a *fetch.Absent
	return errors.As(errors.Join(i.Problems...), &a)
}

// Ensure returns an engine and a model, bringing what is missing. It may be
// called by several processes at once: one works, the others wait. The error is
// an [*Incomplete] when something could not be brought, a [*Damaged] when
// something here is not what was brought, a gguf.Error for an unfit model.
func Ensure(ctx context.Context, o Options) (Files, error) {
	l, err := readLock()
	if err != nil {
		return Files{}, err
	}
	return ensure(ctx, l, o, true)
}

// Look is [Ensure] without bringing or writing anything. Where one of the two is
// missing or wrong, the error says so and the other's fields are still filled.
func Look(ctx context.Context, o Options) (Files, error) {
	l, err := readLock()
	if err != nil {
		return Files{}, err
	}
	return ensure(ctx, l, o, false)
}

// EnsureEmbedder returns the model for embeddings, bringing it if it is missing.
// Errors are those of [Ensure].
func EnsureEmbedder(ctx context.Context, o Options) (Weights, error) {
	l, err := readLock()
	if err != nil {
		return Weights{}, err
	}
	return embedder(ctx, l, o, true)
}

// LookEmbedder is [EnsureEmbedder] without bringing or writing anything.
func LookEmbedder(ctx context.Context, o Options) (Weights, error) {
	l, err := readLock()
	if err != nil {
		return Weights{}, err
	}
	return embedder(ctx, l, o, false)
}

func embedder(ctx context.Context, l lock, o Options, bring bool) (Weights, error) {
	room, err := newRoom(l, o, bring)
	if err != nil {
		return Weights{}, err
	}
	return room.weights(ctx, l.Embedder, o.EmbedderPath, "")
}

func newRoom(l lock, o Options, bring bool) (*room, error) {
	dir, err := filepath.Abs(o.Dir)
	o.Dir = dir
	return &room{o: o, lock: l, bring: bring, always: alwaysRead}, err
}

func ensure(ctx context.Context, l lock, o Options, bring bool) (Files, error) {
	room, err := newRoom(l, o, bring)
	if err != nil {
		return Files{}, err
	}
	// Both are tried before giving up, so that one message names all that is missing.
	weights, modelErr := room.weights(ctx, l.Model, o.ModelPath, o.ModelSHA256)
	if bring && modelErr != nil && !isIncomplete(modelErr) {
		return Files{}, modelErr
	}
	files, engineErr := room.engine(ctx)
	files.Model, files.ModelDigest = weights.Path, weights.Digest
	files.ModelName, files.ModelLicence = weights.Name, weights.Licence
	return files, merge(engineErr, modelErr)
}

func isIncomplete(err error) bool {
	var i *Incomplete
	return errors.As(err, &i)
}

// merge makes one Incomplete of two, and keeps both of other errors.
func merge(a, b error) error {
	var x, y *Incomplete
	if errors.As(a, &x) && errors.As(b, &y) {
		return &Incomplete{Problems: append(x.Problems, y.Problems...)}
	}
	return errors.Join(a, b)
}

// room is one run of this package: what is wanted, what is pinned, and where.
type room struct {
	o      Options
	lock   lock
	bring  bool  // fetch and build what is missing; else only look
	always int64 // models up to this size are read at each start
}

// packages is where downloads wait until they are unpacked.
func (r *room) packages() string { return filepath.Join(r.o.Dir, "packages") }
