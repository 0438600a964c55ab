package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"ringfence/internal/engine"
	"ringfence/internal/engine/llama"
	"ringfence/internal/engine/remote"
	"ringfence/internal/model"
	"ringfence/internal/model/progress"
	"ringfence/internal/residency"
	"ringfence/proof"
)

// startEngine makes the configured engine ready to answer. With fetch, what is
// missing is brought first.
func (s *service) startEngine(ctx context.Context, fetch bool, report progress.Func) error {
	start := s.localEngine
	if s.config.Engine.Driver == "url" {
		start = s.remoteEngine
	}
	if err := start(ctx, fetch, report); err != nil {
		return err
	}
	if err := s.startEmbedder(ctx, fetch, report); err != nil {
		s.stopEngine()
		return err
	}
	return nil
}

func (s *service) localEngine(ctx context.Context, fetch bool, report progress.Func) error {
	c := s.config.Engine
	files, err := model.Ensure(ctx, model.Options{
		Dir: s.data, EnginePath: c.Server, ModelPath: c.Model, Offline: !fetch, Progress: report,
	})
	if err != nil {
		return err
	}
	// Not until ctx ends: calls under way then still need their engine.
	e, err := llama.Start(context.WithoutCancel(ctx), s.localOptions(files))
	if err != nil {
		return err
	}
	s.engine, s.stopEngine = e, func() { e.Close() }
	s.files = files
	s.place = proof.Engine{Driver: "llama.cpp " + files.ServerVersion, Zone: "local"}
	if err := e.WaitReady(ctx, nil); err != nil {
		s.stopEngine()
		return fmt.Errorf("the engine did not start: %w\n%s", err, strings.Join(e.Status().Log, "\n"))
	}
	s.layers = e.Status().Layers
	return nil
}

// localOptions is how a local engine runs these files.
func (s *service) localOptions(files model.Files) llama.Options {
	c := s.config.Engine
	return llama.Options{
		Server: files.Server, Model: files.Model, Dir: cmp.Or(s.engineAt, engineDir(s.data)),
		ModelID: files.ModelName, Digest: "sha256:" + files.ModelDigest,
		ChatML:  c.Model == "", // the template our model brings knows no tools
		Threads: c.Threads, Slots: c.Slots, Context: c.Context, Memory: uint64(c.MemoryLimit),
		Record: s.record,
	}
}

// elsewhere is how an engine that somebody else runs is reached, and where it is.
type elsewhere struct {
	options remote.Options
	place   proof.Engine
}

// findEngine says by evidence where the engine at address is, and holds it there:
// wherever it is dialled again, it must still be in that zone.
func (s *service) findEngine(ctx context.Context, address string) (elsewhere, error) {
	dialer := engineDialer(s.config.Engine.AllowedRanges, address, s.places)
	d, err := engineZone(ctx, address, dialer)
	if err != nil {
		return elsewhere{}, err
	}
	dialer.Zone = d.Zone
	host, _ := engineHost(address)
	o := remote.Options{URL: address, Dialer: dialer, TLS: s.places.judge.Identity(host).Config()}
	return elsewhere{o, proof.Engine{Driver: "url", Zone: d.Zone, Jurisdiction: d.Place, Assurance: d.Assurance}}, nil
}

func (s *service) remoteEngine(ctx context.Context, _ bool, _ progress.Func) error {
	c := s.config.Engine
	there, err := s.findEngine(ctx, c.URL)
	if err != nil {
		return err
	}
	there.options.KeyFile = c.APIKeyFile
	e, err := remote.New(there.options)
	if err != nil {
		return err
	}
	s.engine, s.stopEngine = e, func() { e.Close() }
	s.place = there.place
	ctx, stop := context.WithTimeout(ctx, 10*time.Second)
	defer stop()
	if err := e.Ready(ctx); err != nil {
		s.log.Warn("the engine is not ready yet; calls are refused until it is", "error", err)
	}
	return nil
}

// startEmbedder makes ready what turns texts into vectors. The gateway works
// without it, so what is in its way is told and calls for vectors are refused.
func (s *service) startEmbedder(ctx context.Context, fetch bool, report progress.Func) error {
	driver, address := s.config.Engine.EmbedBy()
	switch driver {
	case "llama":
		err := s.localEmbedder(ctx, fetch, report)
		var missing *model.Incomplete
		if errors.As(err, &missing) {
			s.log.Warn("no model for embeddings: calls for vectors are refused; ringfence model pull brings one, engine.embeddings.driver: off says that none is wanted", "error", err)
			return nil
		}
		return err
	case "url":
		return s.remoteEmbedder(ctx, address)
	}
	return nil
}

func (s *service) localEmbedder(ctx context.Context, fetch bool, report progress.Func) error {
	c := s.config.Engine
	weights, err := model.EnsureEmbedder(ctx, model.Options{
		Dir: s.data, EmbedderPath: c.Embeddings.Model, Offline: !fetch, Progress: report,
	})
	if err != nil {
		return err
	}
	server := s.files.Server
	if server == "" { // the engine that answers is somebody else's
		files, err := model.Ensure(ctx, model.Options{Dir: s.data, EnginePath: c.Server, Offline: !fetch, Progress: report})
		if err != nil {
			return err
		}
		server = files.Server
	}
	e, err := llama.Start(context.WithoutCancel(ctx), llama.Options{
		Server: server, Model: weights.Path, Dir: embedderDir(s.data),
		ModelID: weights.Name, Digest: "sha256:" + weights.Digest,
		Embeddings: true, E5: c.Embeddings.Model == "",
		Threads: c.Threads, Slots: 1, Context: c.Embeddings.Context, Memory: uint64(c.MemoryLimit),
		Record: s.record,
	})
	if err != nil {
		return err
	}
	s.addEmbedder(e, proof.Engine{Driver: s.place.Driver, Zone: "local"})
	s.vectors = weights.Name + ", sha256 " + weights.Digest[:12]
	if err := e.WaitReady(ctx, nil); err != nil {
		s.log.Warn("the model for embeddings did not start; calls for vectors are refused until it does", "error", err, "said", strings.Join(e.Status().Log, "\n"))
	}
	return nil
}

func (s *service) remoteEmbedder(ctx context.Context, address string) error {
	c := s.config.Engine
	there, err := s.findEngine(ctx, address)
	if err != nil {
		return err
	}
	if address == c.URL {
		there.options.KeyFile = c.APIKeyFile
	}
	e, err := remote.New(there.options)
	if err != nil {
		return err
	}
	s.addEmbedder(e, there.place)
	s.vectors = address + ", run by somebody else"
	return nil
}

// addEmbedder notes an embedder, which stops with the engine.
func (s *service) addEmbedder(e interface {
	engine.Embedder
	Close() error
}, place proof.Engine) {
	s.embedder, s.embedPlace = e, place
	stop := s.stopEngine
	s.stopEngine = func() { e.Close(); stop() }
}

// engineZone says in which zone an engine of driver url is, by evidence.
func engineZone(ctx context.Context, address string, dialer *residency.Dialer) (residency.Decision, error) {
	host, port := engineHost(address)
	if host == "" { // a socket
		return residency.Decision{Outcome: residency.Allowed, Zone: "local"}, nil
	}
	d := dialer.Decide(ctx, residency.Destination{Host: host, Port: port, Verifies: dialer.Verifies})
	if err := d.Err(); err != nil {
		return d, fmt.Errorf("the engine may not be reached: %w; ringfence residency explain engine tells why", err)
	}
	return d, nil
}

// about says what runs, for people.
func (s *service) about() [][2]string {
	lines := [][2]string{{"engine", s.config.Engine.URL + ", run by somebody else: not sandboxed by Ringfence"}}
	if s.config.Engine.Driver != "url" {
		lines = [][2]string{
			{"engine", s.place.Driver + " (" + string(s.files.ServerSource) + ")"},
			{"model", s.files.ModelName + ", sha256 " + s.files.ModelDigest[:12]},
			{"sandbox", strings.Join(s.layers, ", ")},
		}
	}
	if s.vectors != "" {
		lines = append(lines, [2]string{"vectors", s.vectors})
	}
	return append(lines, [2]string{"audit", auditDir(s.data)})
}
