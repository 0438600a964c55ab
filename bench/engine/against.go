package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"ringfence/internal/engine"
	"ringfence/internal/engine/llama"
	"ringfence/internal/mask"
)

// against compares how fast the default model and another one read a prompt and
// write an answer. Each round asks one right after the other.
func against(o llama.Options, other string, rounds, tokens int) error {
	ctx := context.Background()
	var engines [2]*llama.Engine
	models := [2]string{o.Model, other}
	for i, model := range models {
		o.Model, o.Dir = model, filepath.Join(o.Dir, fmt.Sprint(i))
		if err := os.MkdirAll(o.Dir, 0o700); err != nil {
			return err
		}
		e, err := llama.Start(ctx, o)
		if err != nil {
			return err
		}
		defer e.Close()
		if err := e.WaitReady(ctx, nil); err != nil {
			return err
		}
		engines[i] = e
	}
	var reads, writes [2][]float64
	for round := range rounds + 1 {
		for i, e := range engines {
			read, write, err := pace(ctx, e, tokens)
			if err != nil {
				return err
			}
			if round > 0 { // the first answers warm up both
				reads[i], writes[i] = append(reads[i], read), append(writes[i], write)
			}
		}
	}
	fmt.Printf("\n%-44s %18s %18s\n", "tokens/s, medians", "reading a prompt", "writing an answer")
	for i, model := range models {
		fmt.Printf("%-44s %18.1f %18.1f\n", filepath.Base(model), median(reads[i]), median(writes[i]))
	}
	fmt.Printf("%-44s %18.2f %18.2f\n", "ratio, median of the rounds' ratios", median(ratios(reads[0], reads[1])), median(ratios(writes[0], writes[1])))
	return nil
}

const (
	four  = story + " " + story + " " + story + " " + story + " "
	often = four + four + four + four // nothing of it is remembered: the engine keeps no prompts
)

// pace is how many tokens an engine reads and writes in a second.
func pace(ctx context.Context, e *llama.Engine, tokens int) (read, write float64, err error) {
	start := time.Now()
	var first time.Time
	used, err := e.Generate(ctx, engine.Prompt{
		Messages:  []engine.Message{{Role: "user", Content: mask.Literal(often)}},
		MaxTokens: tokens, Temperature: new(float64), Stream: true,
	}, func(engine.Event) error {
		if first.IsZero() {
			first = time.Now()
		}
		return nil
	})
	if err == nil && used.Completion < 2 {
		err = fmt.Errorf("an answer had %d tokens", used.Completion)
	}
	return float64(used.Prompt) / first.Sub(start).Seconds(), float64(used.Completion-1) / time.Since(first).Seconds(), err
}
