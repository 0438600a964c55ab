package llama_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"ringfence/internal/engine/enginetest"
	"ringfence/internal/engine/llama"
	"ringfence/internal/engine/sandbox"
)

func TestMain(m *testing.M) {
	sandbox.Main()
	os.Exit(m.Run())
}

// start runs a real engine and waits until it is ready.
func start(t *testing.T, o llama.Options) *llama.Engine {
	t.Helper()
	o.Server, o.Model = enginetest.Files(t)
	if o.Dir == "" {
		o.Dir = t.TempDir()
	}
	e, err := llama.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := e.WaitReady(ctx, nil); err != nil {
		t.Fatalf("%v\n%s", err, strings.Join(e.Status().Log, "\n"))
	}
	return e
}

func TestConformance(t *testing.T) {
	enginetest.Run(t, start(t, llama.Options{ChatML: true}))
}
