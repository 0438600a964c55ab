package engine_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"ringfence/internal/engine"
	"ringfence/internal/mask"
)

// letters embeds a text as the numbers of a and b in it, and reads at most max bytes.
func letters(max int, calls *int) engine.Batch {
	return func(_ context.Context, inputs []string) ([][]float32, int, error) {
		*calls++
		var out [][]float32
		tokens := 0
		for _, s := range inputs {
			if len(s) > max {
				return nil, 0, &engine.RefusedError{Status: 400, Code: engine.CodeContextOverflow}
			}
			out = append(out, []float32{float32(strings.Count(s, "a")), float32(strings.Count(s, "b"))})
			tokens += len(s)
		}
		return out, tokens, nil
	}
}

func prompt(t *testing.T, texts ...string) engine.EmbedPrompt {
	t.Helper()
	var p engine.EmbedPrompt
	pass := mask.New(mask.Options{}).Open(mask.NewVault(mask.VaultOptions{}))
	for _, s := range texts {
		text, err := pass.Hide(s)
		if err != nil {
			t.Fatal(err)
		}
		p.Inputs = append(p.Inputs, text)
	}
	return p
}

func TestEmbedInBatches(t *testing.T) {
	texts := make([]string, 40)
	for i := range texts {
		texts[i] = strings.Repeat("a", i%3) + strings.Repeat("b", 3-i%3)
	}
	calls := 0
	out, err := prompt(t, texts...).Embed(t.Context(), 100, letters(100, &calls))
	if err != nil || calls != 3 || out.Cut != 0 || out.Tokens != 120 {
		t.Fatalf("%d calls, %d cut, %d tokens, %v", calls, out.Cut, out.Tokens, err)
	}
	for i, v := range out.Vectors {
		if length := math.Hypot(float64(v[0]), float64(v[1])); math.Abs(length-1) > 1e-6 {
			t.Errorf("vector %d has length %f", i, length)
		}
		if want := float32(i % 3); v[0]*(3-want) != v[1]*want && math.Abs(float64(v[0]*(3-want)-v[1]*want)) > 1e-6 {
			t.Errorf("vector %d belongs to another text: %v", i, v)
		}
	}
}

// A long text is cut where the window says, and shorter if the model says so;
// nothing of it is left out.
func TestEmbedLongTexts(t *testing.T) {
	long := strings.Repeat("aab ", 500)
	calls := 0
	out, err := prompt(t, long, "b").Embed(t.Context(), 1000, letters(200, &calls))
	if err != nil || out.Cut != 1 || out.Tokens != len(long)+1 {
		t.Fatalf("%d cut, %d tokens of %d, %v", out.Cut, out.Tokens, len(long)+1, err)
	}
	if v := out.Vectors[0]; math.Abs(float64(v[0]/v[1])-2) > 0.01 {
		t.Errorf("the long text is %v", v)
	}
	if v := out.Vectors[1]; v[0] != 0 || v[1] != 1 {
		t.Errorf("the short text is %v", v)
	}
}

func TestEmbedGivesUp(t *testing.T) {
	calls := 0
	_, err := prompt(t, strings.Repeat("a ", 600)).Embed(t.Context(), 1000, letters(10, &calls))
	var no *engine.RefusedError
	if !errors.As(err, &no) || no.Code != engine.CodeContextOverflow || calls > 20 {
		t.Errorf("%v after %d calls", err, calls)
	}
	broken := errors.New("broken")
	_, err = prompt(t, "a").Embed(t.Context(), 1000, func(context.Context, []string) ([][]float32, int, error) { return nil, 0, broken })
	if !errors.Is(err, broken) {
		t.Error(err)
	}
}
