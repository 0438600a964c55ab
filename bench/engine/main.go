// Command engine compares the supervised, sandboxed engine behind our driver
// with a bare llama-server under the same flags: tokens per second, time to
// ready and memory. Rounds alternate between the two, so that whatever else
// the machine does hits both.
//
// With -against it compares two models instead: how fast each reads and writes.
//
// It needs the real server and model: `make bench` sets RINGFENCE_ENGINE and
// RINGFENCE_MODEL.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"ringfence/internal/engine/llama"
	"ringfence/internal/engine/sandbox"
)

// target is how close the driver must come to the bare server.
const target = 0.97

func main() {
	sandbox.Main()
	rounds := flag.Int("rounds", 15, "rounds; each asks both servers once, plain and streamed")
	tokens := flag.Int("tokens", 96, "tokens to generate per answer")
	other := flag.String("against", "", "compare the model with this one instead, a GGUF file")
	flag.Parse()
	if err := run(*rounds, *tokens, *other); err != nil {
		fmt.Fprintln(os.Stderr, "bench/engine:", err)
		os.Exit(1)
	}
}

func run(rounds, tokens int, other string) error {
	o := llama.Options{Server: os.Getenv("RINGFENCE_ENGINE"), Model: os.Getenv("RINGFENCE_MODEL"), ChatML: true, Nice: 5}
	if o.Server == "" || o.Model == "" {
		return fmt.Errorf("RINGFENCE_ENGINE and RINGFENCE_MODEL are not set: run `make bench`")
	}
	dir, err := os.MkdirTemp("", "ringfence-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	o.Dir = dir
	conditions(o, rounds, tokens)
	if other != "" {
		return against(o, other, rounds, tokens)
	}
	ours, err := startOurs(ctx, o)
	if err != nil {
		return err
	}
	defer ours.close()
	bare, err := startBare(ctx, o)
	if err != nil {
		return err
	}
	defer bare.close()
	return compare(ctx, ours, bare, rounds, tokens)
}

// compare prints one line for each way of asking, and the servers' own
// figures.
func compare(ctx context.Context, ours, bare *server, rounds, tokens int) error {
	fmt.Printf("\n%-28s %12s %12s %8s\n", "", "driver", "bare", "ratio")
	answers := 2 * (rounds + 1)
	cpuOurs, cpuBare := cpuTime(ours.pid()), cpuTime(bare.pid())
	for _, stream := range []bool{false, true} {
		a, b, err := alternate(ctx, ours, bare, rounds, tokens, stream)
		if err != nil {
			return err
		}
		name := "tokens/s, plain"
		if stream {
			name = "tokens/s, streamed"
		}
		ratio := median(ratios(a, b))
		fmt.Printf("%-28s %12.1f %12.1f %8.3f   target >= %.2f: %s\n", name, median(a), median(b), ratio, target, verdict(ratio))
	}
	cpuOurs, cpuBare = cpuTime(ours.pid())-cpuOurs, cpuTime(bare.pid())-cpuBare
	fmt.Printf("%-28s %12d %12d %8.3f\n", "server CPU per answer, ms", cpuOurs.Milliseconds()/int64(answers),
		cpuBare.Milliseconds()/int64(answers), float64(cpuBare)/float64(cpuOurs))
	fmt.Printf("%-28s %12d %12d\n", "time to ready, ms", ours.ready.Milliseconds(), bare.ready.Milliseconds())
	for _, what := range []string{"VmHWM", "RssAnon"} {
		fmt.Printf("%-28s %12d %12d\n", what+", MiB", memory(ours.pid(), what), memory(bare.pid(), what))
	}
	return nil
}

// alternate returns the tokens per second of every round. Who goes first
// changes from round to round.
func alternate(ctx context.Context, ours, bare *server, rounds, tokens int, stream bool) (a, b []float64, err error) {
	for i := range rounds + 1 {
		x, y := ours, bare
		if i%2 == 1 {
			x, y = y, x
		}
		first, err := x.speed(ctx, tokens, stream)
		if err != nil {
			return nil, nil, err
		}
		second, err := y.speed(ctx, tokens, stream)
		if err != nil {
			return nil, nil, err
		}
		if i == 0 {
			continue // the first answers warm up both
		}
		if i%2 == 1 {
			first, second = second, first
		}
		a, b = append(a, first), append(b, second)
	}
	return a, b, nil
}

// ratios compares within rounds: two answers that were asked one right after
// the other had the same machine.
func ratios(a, b []float64) []float64 {
	out := make([]float64, len(a))
	for i := range a {
		out[i] = a[i] / b[i]
	}
	return out
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

func verdict(ratio float64) string {
	if ratio >= target {
		return "met"
	}
	return "missed"
}

// conditions prints what the figures depend on.
func conditions(o llama.Options, rounds, tokens int) {
	flags, err := llama.Flags(o)
	if err != nil {
		flags = []string{err.Error()}
	}
	load, _ := os.ReadFile("/proc/loadavg") // not everywhere
	fmt.Printf("engine: %s, %d CPUs (%s), load %s\n", time.Now().Format(time.DateOnly), runtime.NumCPU(), cpuName(),
		strings.Join(strings.Fields(string(load))[:min(3, len(strings.Fields(string(load))))], " "))
	fmt.Printf("%d rounds, %d tokens per answer, medians; ratio is the median of the rounds' ratios\n", rounds, tokens)
	fmt.Printf("flags of both: %s\n", strings.ReplaceAll(strings.Join(flags, " "), o.Dir, "DIR"))
}
