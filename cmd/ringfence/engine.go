package main

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"time"

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
	if s.config.Engine.Driver == "url" {
		return s.remoteEngine(ctx)
	}
	return s.localEngine(ctx, fetch, report)
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
		Server: files.Server, Model: files.Model, Dir: engineDir(s.data),
		ModelID: files.ModelName, Digest: "sha256:" + files.ModelDigest,
		ChatML:  c.Model == "", // the template our model brings knows no tools
		Threads: c.Threads, Slots: c.Slots, Context: c.Context, Memory: uint64(c.MemoryLimit),
		Record: s.record,
	}
}

func (s *service) remoteEngine(ctx context.Context) error {
	c := s.config.Engine
	var dialer residency.Dialer
	for _, text := range c.AllowedRanges {
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			return fmt.Errorf("engine.allowed_ranges: %w", err)
		}
		dialer.Networks = append(dialer.Networks, prefix)
	}
	e, err := remote.New(remote.Options{URL: c.URL, KeyFile: c.APIKeyFile, Dialer: &dialer})
	if err != nil {
		return err
	}
	s.engine, s.stopEngine = e, func() { e.Close() }
	s.place = proof.Engine{Driver: "url", Zone: "local"}
	if len(dialer.Networks) > 0 {
		s.place.Zone = "private" // declared by the operator, not proved
	}
	ctx, stop := context.WithTimeout(ctx, 10*time.Second)
	defer stop()
	if err := e.Ready(ctx); err != nil {
		s.log.Warn("the engine is not ready yet; calls are refused until it is", "error", err)
	}
	return nil
}

// about says what runs, for people.
func (s *service) about() [][2]string {
	if s.config.Engine.Driver == "url" {
		return [][2]string{{"engine", s.config.Engine.URL + ", run by somebody else: not sandboxed by Ringfence"}}
	}
	sha := s.files.ModelDigest
	return [][2]string{
		{"engine", s.place.Driver + " (" + string(s.files.ServerSource) + ")"},
		{"model", s.files.ModelName + ", sha256 " + sha[:min(12, len(sha))]},
		{"sandbox", strings.Join(s.layers, ", ")},
		{"audit", auditDir(s.data)},
	}
}
