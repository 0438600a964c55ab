package llama_test

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ringfence/internal/engine"
	"ringfence/internal/engine/enginetest"
	"ringfence/internal/engine/llama"
	"ringfence/internal/engine/remote"
	"ringfence/internal/engine/sandbox"
	"ringfence/internal/mask"
)

// helperDir makes the test binary run an engine in that folder, say so, and
// wait: for tests that kill it or run it as another user.
const helperDir = "RINGFENCE_TEST_ENGINE_IN"

func TestMain(m *testing.M) {
	sandbox.Main()
	if dir := os.Getenv(helperDir); dir != "" {
		helper(dir)
	}
	os.Exit(m.Run())
}

func TestConformance(t *testing.T) {
	enginetest.Run(t, start(t, llama.Options{ChatML: true}))
}

// TestConformanceRemote runs the suite against a bare llama-server over
// loopback TCP.
func TestConformanceRemote(t *testing.T) {
	template, err := filepath.Abs("chatml.jinja")
	if err != nil {
		t.Fatal(err)
	}
	e, err := remote.New(remote.Options{URL: enginetest.Server(t, "--chat-template-file", template)})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	enginetest.Run(t, e)
}

// start runs a real engine and waits until it is ready.
func start(t *testing.T, o llama.Options) *llama.Engine {
	t.Helper()
	e := launch(t, o)
	waitReady(t, e)
	return e
}

func launch(t *testing.T, o llama.Options) *llama.Engine {
	t.Helper()
	server, model := enginetest.Files(t)
	o.Server, o.Nice = server, cmp.Or(o.Nice, 1) // other tests run beside it
	if o.Model == "" {
		o.Model = model
	}
	if o.Dir == "" {
		o.Dir = t.TempDir()
	}
	e, err := llama.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

func waitReady(t *testing.T, e *llama.Engine) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := e.WaitReady(ctx, nil); err != nil {
		t.Fatalf("%v\n%s", err, strings.Join(e.Status().Log, "\n"))
	}
}

// hello is a prompt with a short answer.
func hello() engine.Prompt {
	return engine.Prompt{
		Messages:  []engine.Message{{Role: "user", Content: mask.Literal("Say hello to the red boat.")}},
		MaxTokens: 4, Temperature: new(float64),
	}
}

func drop(engine.Event) error { return nil }

// helper is the whole program when helperDir is set. It prints one line: the
// server's process id and the layers, or an error.
func helper(dir string) {
	e, err := llama.Start(context.Background(), llama.Options{
		Server: os.Getenv("RINGFENCE_ENGINE"), Model: os.Getenv("RINGFENCE_MODEL"), Dir: dir,
		WithoutLayers: strings.Fields(os.Getenv("RINGFENCE_TEST_WITHOUT")),
	})
	if err == nil {
		err = e.WaitReady(context.Background(), nil)
	}
	if err == nil {
		_, err = e.Generate(context.Background(), hello(), drop)
	}
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	fmt.Println(e.Status().PID, strings.Join(e.Status().Layers, ","))
	select {} // until it is killed
}
