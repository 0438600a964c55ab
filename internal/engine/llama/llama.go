// Package llama runs llama.cpp's server as a child in a sandbox, starts it
// again when it crashes, and speaks to it over a unix socket.
//
// First step: [Start], then WaitReady. Promise: the child is one process with
// no network, no files but the model and no environment but ours; three of
// its fifty routes are ever called, with bodies built from typed values; it
// never outlives this process. Danger: prompts of different owners share the
// child's memory one after the other. What it computed for one prompt is
// thrown away before the next, except within one Prompt.Conversation.
package llama

import (
	"cmp"
	"context"
	_ "embed" // the chat template
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"ringfence/internal/engine"
	"ringfence/internal/engine/sandbox"
	"ringfence/internal/engine/wire"
	"ringfence/internal/residency"
)

// Options say what to run and how. Server, Model and Dir are needed; every
// other zero value means the default.
type Options struct {
	Server string // path of llama-server; its libraries are beside it
	Model  string // path of the GGUF file
	Dir    string // gets the folder run/ for the socket, and the log

	ModelID string // the model's name for callers; the file's name without ending
	Digest  string // of the model file, as Models reports it
	ChatML  bool   // use our chat template, which knows tools, instead of the model's own

	Embeddings bool // the model turns texts into vectors and does nothing else
	E5         bool // of the family E5, which wants to be told what a text is for

	Threads      int           // physical cores less one, at least 1, within the CPU quota
	Slots        int           // prompts answered at the same time; 2
	Context      int           // tokens of prompt and answer together, for each slot; 4096
	Memory       uint64        // address space of the child in bytes; no limit
	Nice         int           // 0..19; 5
	StartTimeout time.Duration // from start to ready, loading the model included; 5 minutes
	Grace        time.Duration // from the wish to stop to the kill; 5 seconds

	// Record gets every body that is sent to the child. For tests: it sees
	// prompts.
	Record func(body []byte)

	// WithoutLayers leaves out sandbox layers, see sandbox.Options.Without.
	WithoutLayers []string
}

const (
	socketName = "engine.sock"
	base       = "http://engine" // of URLs; the name is never resolved
)

// An Engine is a supervised llama-server. It implements engine.Engine.
type Engine struct {
	o      Options
	client wire.Client
	slots  *slots
	log    *journal
	run    *os.File // the socket's folder, held open, see socketPath
	stop   context.CancelFunc
	done   chan struct{} // closed when nothing of the engine runs any more

	mu      sync.Mutex
	status  engine.Status
	changed chan struct{} // closed and replaced whenever status changes
}

// Start checks the options and begins to run and supervise the server until
// ctx ends or Close is called. It does not wait: see WaitReady.
func Start(ctx context.Context, o Options) (*Engine, error) {
	o, err := o.complete()
	if err != nil {
		return nil, err
	}
	runDir := filepath.Join(o.Dir, "run")
	if err := os.MkdirAll(runDir, 0o700); err != nil {
		return nil, fmt.Errorf("the engine's folder cannot be made: %w", err)
	}
	run, err := os.Open(runDir)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(o.template(), chatML, 0o644); err != nil {
		return nil, errors.Join(fmt.Errorf("the chat template cannot be written: %w", err), run.Close())
	}
	log, err := openJournal(filepath.Join(o.Dir, "log"))
	if err != nil {
		return nil, errors.Join(err, run.Close())
	}
	ctx, stop := context.WithCancel(ctx)
	e := &Engine{
		o: o, slots: newSlots(o.Slots), log: log, run: run, stop: stop, done: make(chan struct{}),
		changed: make(chan struct{}), status: engine.Status{State: engine.StateStarting, Since: time.Now()},
	}
	e.client = wire.Client{HTTP: e.httpClient(), Base: base + "/v1", Record: o.Record}
	go e.supervise(ctx)
	return e, nil
}

// complete fills in defaults and makes paths absolute.
func (o Options) complete() (Options, error) {
	for _, path := range []*string{&o.Server, &o.Model, &o.Dir} {
		if *path == "" {
			continue
		}
		abs, err := filepath.Abs(*path)
		if err == nil && path != &o.Dir {
			// The sandbox shows files where they really are.
			abs, err = filepath.EvalSymlinks(abs)
		}
		if err != nil {
			return o, fmt.Errorf("the engine's files: %w", err)
		}
		*path = abs
	}
	if o.Server == "" || o.Model == "" || o.Dir == "" {
		return o, errors.New("the engine needs the paths of a server, a model and a folder for its socket")
	}
	name := filepath.Base(o.Model)
	o.ModelID = cmp.Or(o.ModelID, name[:len(name)-len(filepath.Ext(name))])
	o.Threads = cmp.Or(o.Threads, defaultThreads())
	o.Slots, o.Context = cmp.Or(o.Slots, 2), cmp.Or(o.Context, 4096)
	o.Nice = cmp.Or(o.Nice, 5)
	o.StartTimeout, o.Grace = cmp.Or(o.StartTimeout, 5*time.Minute), cmp.Or(o.Grace, 5*time.Second)
	return o, nil
}

// chatML is a chat template for models that were trained on ChatML but bring a
// template without tools, such as SmolLM2.
//
//go:embed chatml.jinja
var chatML []byte

func (o Options) template() string { return filepath.Join(o.Dir, "chatml.jinja") }

// httpClient reaches the child's socket and nothing else.
func (e *Engine) httpClient() *http.Client {
	var d residency.Dialer
	return wire.NewHTTP(d.DialContext, "unix", e.socketPath(), e.o.Slots)
}

// socketPath goes through the open folder, because the path of a unix socket
// may have 107 bytes and that of a data folder is often longer.
func (e *Engine) socketPath() string {
	return fmt.Sprintf("/proc/self/fd/%d/%s", e.run.Fd(), socketName)
}

// Close stops the server and waits until it is gone.
func (e *Engine) Close() error {
	e.stop()
	<-e.done
	return nil
}

var _ engine.Engine = (*Engine)(nil)

// layers tells the status how the child is held.
func layers(s *engine.Status, l sandbox.Layers) { s.Layers, s.Missing = l.List(), l.Missing }
