package llama

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"ringfence/internal/engine"
	"ringfence/internal/engine/sandbox"
)

const (
	healthEvery = 5 * time.Second // of a server that is ready
	maxMissed   = 6               // answers that may be missed in a row
	healthLimit = 5 * time.Second // for one answer
)

// supervise runs one server after another until ctx ends or crashes pile up.
func (e *Engine) supervise(ctx context.Context) {
	defer close(e.done)
	defer e.run.Close()
	defer e.log.close()
	defer e.client.HTTP.CloseIdleConnections()
	var b backoff
	for {
		ready, err := e.life(ctx)
		if ctx.Err() != nil {
			e.become(engine.StateStopped, nil)
			return
		}
		e.log.note("the server ended: %v", err)
		delay, again := b.next(ready)
		if !again || errors.Is(err, sandbox.ErrNotEnough) {
			e.become(engine.StateFailed, err)
			return
		}
		e.become(engine.StateBackoff, err)
		select {
		case <-time.After(delay):
		case <-ctx.Done():
		}
		e.update(func(s *engine.Status) { s.Restarts++ })
	}
}

// life runs one server from its start to its end, and returns how long it was
// ready and why it ended.
func (e *Engine) life(ctx context.Context) (ready time.Duration, err error) {
	e.become(engine.StateStarting, nil)
	e.log.serving.Store(false)
	e.slots.forget()
	if err := e.cleanRun(); err != nil {
		return 0, err
	}
	p, err := sandbox.Start(sandbox.Options{
		Program: e.o.Server, Args: e.o.arguments(), Env: environment(), Dir: e.run.Name(), Read: e.o.files(),
		Memory: e.o.Memory, Nice: e.o.Nice, Stdout: e.log, Stderr: e.log, Without: e.o.WithoutLayers,
	})
	if err != nil {
		return 0, err
	}
	defer p.Stop(e.o.Grace)
	e.update(func(s *engine.Status) { s.PID = p.PID; layers(s, p.Layers) })
	if err := e.untilReady(ctx, p); err != nil {
		return 0, err
	}
	e.log.serving.Store(true)
	e.become(engine.StateReady, nil)
	since := time.Now()
	err = e.whileReady(ctx, p)
	return time.Since(since), err
}

// files are what the server may read beside its own folder.
func (o Options) files() []string {
	if o.ChatML {
		return []string{o.Model, o.template()}
	}
	return []string{o.Model}
}

// cleanRun empties the socket's folder: the last server may have left its
// socket, and one that was taken over anything else it was able to make.
func (e *Engine) cleanRun() error {
	names, err := os.ReadDir(e.run.Name())
	for _, name := range names {
		err = errors.Join(err, os.RemoveAll(filepath.Join(e.run.Name(), name.Name())))
	}
	return err
}

// untilReady asks for the server's health until it is good.
func (e *Engine) untilReady(ctx context.Context, p *sandbox.Process) error {
	limit := time.NewTimer(e.o.StartTimeout)
	defer limit.Stop()
	for pause := 10 * time.Millisecond; ; pause = min(2*pause, 100*time.Millisecond) {
		if e.health(ctx) == nil {
			return nil
		}
		select {
		case <-p.Exited():
			return fmt.Errorf("the server ended before it was ready: %w", exitReason(p))
		case <-limit.C:
			return fmt.Errorf("the server was not ready within %v", e.o.StartTimeout)
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}

// whileReady returns when the server has ended, hangs, or shall stop.
func (e *Engine) whileReady(ctx context.Context, p *sandbox.Process) error {
	tick := time.NewTicker(healthEvery)
	defer tick.Stop()
	for missed := 0; missed < maxMissed; {
		select {
		case <-p.Exited():
			return fmt.Errorf("the server ended: %w", exitReason(p))
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
			missed++
			if e.health(ctx) == nil {
				missed = 0
			}
		}
	}
	return fmt.Errorf("the server did not answer %d times in a row", maxMissed)
}

// exitReason is how a process that has ended did.
func exitReason(p *sandbox.Process) error {
	if err := p.Wait(); err != nil {
		return err
	}
	return errors.New("exit status 0")
}

// health returns nil when the server has loaded its model and answers.
func (e *Engine) health(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, healthLimit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/health", nil)
	if err != nil {
		return err
	}
	resp, err := e.client.HTTP.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("its health is status %d", resp.StatusCode)
	}
	return nil
}
