package llama

import (
	"context"
	"fmt"
	"time"

	"ringfence/internal/engine"
)

// Status says how the server is.
func (e *Engine) Status() engine.Status {
	e.mu.Lock()
	s := e.status
	e.mu.Unlock()
	if s.State != engine.StateReady {
		s.Log = e.log.last()
	}
	return s
}

// WaitReady returns nil once the server is ready, or why it will not be. It
// calls progress, unless nil, at every change of the state.
func (e *Engine) WaitReady(ctx context.Context, progress func(engine.Status)) error {
	for {
		e.mu.Lock()
		changed := e.changed
		e.mu.Unlock()
		s := e.Status()
		if progress != nil {
			progress(s)
		}
		switch s.State {
		case engine.StateReady:
			return nil
		case engine.StateFailed, engine.StateStopped:
			return unavailable(s)
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("%w: %w", unavailable(s), context.Cause(ctx))
		}
	}
}

// unavailable explains a state in which no prompt is answered.
func unavailable(s engine.Status) error {
	switch s.State {
	case engine.StateReady:
		return nil
	case engine.StateFailed:
		return fmt.Errorf("%w: it failed for good after %d restarts: %s; see its log, then start it again",
			engine.ErrUnavailable, s.Restarts, s.Err)
	case engine.StateBackoff:
		return fmt.Errorf("%w: it crashed and will be started again: %s", engine.ErrUnavailable, s.Err)
	}
	return fmt.Errorf("%w: it is %s", engine.ErrUnavailable, s.State)
}

// become enters a state. A process id is kept while there is a process.
func (e *Engine) become(state engine.State, err error) {
	e.update(func(s *engine.Status) {
		s.State, s.Since, s.Err = state, time.Now(), ""
		if err != nil {
			s.Err = err.Error()
		}
		if state != engine.StateReady {
			s.PID = 0
		}
	})
}

func (e *Engine) update(change func(*engine.Status)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	change(&e.status)
	close(e.changed)
	e.changed = make(chan struct{})
}
