package recall

import (
	"context"
	"testing"

	"ringfence/internal/engine"
	"ringfence/internal/guard"
	"ringfence/internal/mask"
)

// counting answers honestly and ends the run after some answers.
type counting struct {
	answers int
	end     func()
}

func (c *counting) Generate(ctx context.Context, _ engine.Prompt, emit func(engine.Event) error) (engine.Usage, error) {
	if c.answers--; c.answers < 0 {
		c.end()
		return engine.Usage{}, ctx.Err()
	}
	return engine.Usage{}, emit(engine.Event{Text: "Hello.", Finish: "stop"})
}

func (c *counting) Models(context.Context) ([]engine.Model, error) {
	return []engine.Model{{ID: "m", Digest: "sha256:00"}}, nil
}

func (c *counting) Ready(context.Context) error { return nil }

// What is known when the run is ended early stays.
func TestInterrupted(t *testing.T) {
	g, err := guard.New(guard.Policy{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	r := Run(ctx, Options{Engine: &counting{13, cancel}, Masker: mask.New(mask.Options{NoModel: true}), Guard: g, PerFamily: 10})
	if r.Complete() || r.Problem != "interrupted" || r.Wanted != 80 || len(r.Families) != 2 || r.Families[0].Asked != 10 || r.Families[1].Asked != 3 || r.Families[1].Failed != 0 {
		t.Errorf("%+v", r)
	}
}
