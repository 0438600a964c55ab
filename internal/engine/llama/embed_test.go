package llama_test

import (
	"testing"

	"ringfence/internal/engine/enginetest"
	"ringfence/internal/engine/llama"
	"ringfence/internal/engine/remote"
)

func TestEmbedder(t *testing.T) {
	enginetest.RunEmbedder(t, start(t, llama.Options{Model: enginetest.Embedder(t), Embeddings: true, E5: true, Context: 512, Slots: 1}))
}

// TestEmbedderRemote runs the suite against a bare llama-server over loopback TCP.
func TestEmbedderRemote(t *testing.T) {
	e, err := remote.New(remote.Options{URL: enginetest.Server(t, "--model", enginetest.Embedder(t), "--embeddings",
		"--ctx-size", "1024", "--batch-size", "512", "--ubatch-size", "512")})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	enginetest.RunEmbedder(t, e)
}
