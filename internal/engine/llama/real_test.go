package llama_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ringfence/internal/engine"
	"ringfence/internal/engine/llama"
	"ringfence/internal/engine/sandbox"
	"ringfence/internal/mask"
)

func TestMain(m *testing.M) {
	sandbox.Main()
	os.Exit(m.Run())
}

func TestSmoke(t *testing.T) {
	e, err := llama.Start(t.Context(), llama.Options{Server: os.Getenv("RINGFENCE_ENGINE"), Model: os.Getenv("RINGFENCE_MODEL"), Dir: filepath.Join(t.TempDir(), strings.Repeat("x", 120))})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	ctx, c := context.WithTimeout(t.Context(), 20*time.Second)
	defer c()
	start := time.Now()
	if err := e.WaitReady(ctx, func(s engine.Status) { t.Log(s.State, s.Layers, s.Missing, s.Err) }); err != nil {
		t.Fatal(err, strings.Join(e.Status().Log, "\n"))
	}
	t.Log(time.Since(start))
	u, err := e.Generate(ctx, engine.Prompt{Messages: []engine.Message{{Role: "user", Content: mask.Literal("Say hi")}}, Stream: true, MaxTokens: 20, N: 2}, func(ev engine.Event) error { t.Logf("%+v", ev); return nil })
	t.Log(u, err)
	m, err := e.Models(ctx)
	t.Log(m, err)
}
