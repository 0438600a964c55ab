package enginetest

import (
	"os"
	"strings"
	"testing"

	"ringfence/internal/engine"
	"ringfence/internal/mask"
)

// Embedder returns the path of the real model for embeddings, like [Files].
func Embedder(t testing.TB) string {
	t.Helper()
	path := os.Getenv("RINGFENCE_EMBEDDER")
	if path == "" {
		t.Fatal("this test needs the real model for embeddings: run `make test`, which fetches it and sets RINGFENCE_EMBEDDER")
	}
	return path
}

// RunEmbedder is the suite that everything passes which embeds with the model
// that comes along.
func RunEmbedder(t *testing.T, e engine.Embedder) {
	embed := func(t *testing.T, texts ...string) engine.Vectors {
		t.Helper()
		out, err := e.Embed(t.Context(), engine.EmbedPrompt{Inputs: masked(t, texts...)})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	t.Run("ready", func(t *testing.T) {
		models, err := e.Models(t.Context())
		if err != nil || len(models) != 1 || e.Ready(t.Context()) != nil {
			t.Errorf("%v, %v", models, err)
		}
	})
	t.Run("meaning counts, not the language", func(t *testing.T) {
		for _, c := range [][3]string{
			{"Wo ist meine Bestellung?", "Where is my order?", "Gartenschlauch 25 m"},
			{"A warm woollen jumper for cold winter days", "Ein warmer Wollpullover für kalte Wintertage", "Ein 25 m langer Gartenschlauch für den Sommer"},
			{"Ich möchte das Paket zurückschicken und mein Geld zurück", "Je voudrais retourner le colis et être remboursé", "Dieser Tee schmeckt nach Bergamotte"},
		} {
			v := embed(t, c[0], c[1], c[2]).Vectors
			if near, far := dot(v[0], v[1]), dot(v[0], v[2]); near < far+0.05 {
				t.Errorf("%q is at %.3f from %q, and at %.3f from %q", c[0], near, c[1], far, c[2])
			}
		}
	})
	t.Run("the same text, the same vector", func(t *testing.T) {
		out := embed(t, "Wo ist meine Bestellung?", "Earl Grey", "Wo ist meine Bestellung?")
		if out.Tokens < 10 || dot(out.Vectors[0], out.Vectors[2]) < 0.9999 || dot(out.Vectors[0], out.Vectors[1]) > 0.99 {
			t.Errorf("%d tokens, %.4f and %.4f", out.Tokens, dot(out.Vectors[0], out.Vectors[2]), dot(out.Vectors[0], out.Vectors[1]))
		}
	})
	t.Run("a long text", func(t *testing.T) {
		out := embed(t, strings.Repeat("Warm und weich, aus Merinowolle. 羊毛セーター ", 40), "warm wool")
		if out.Cut != 1 || dot(out.Vectors[0], out.Vectors[1]) < 0.7 {
			t.Errorf("%d cut, %.3f from what it is about", out.Cut, dot(out.Vectors[0], out.Vectors[1]))
		}
	})
	t.Run("odd texts", func(t *testing.T) {
		for _, v := range embed(t, "", " ", "\x00", strings.Repeat("x", 3000), "🧶", "<s></s>[PAD250036]").Vectors {
			if len(v) != 384 {
				t.Errorf("%d dimensions", len(v))
			}
		}
	})
}

func masked(t *testing.T, texts ...string) []mask.Text {
	t.Helper()
	pass := mask.New(mask.Options{}).Open(mask.NewVault(mask.VaultOptions{}))
	var out []mask.Text
	for _, s := range texts {
		text, err := pass.Hide(s)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, text)
	}
	return out
}

func dot(a, b []float32) (sum float64) {
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}
