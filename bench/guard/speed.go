package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"ringfence/bench/attacks"
	"ringfence/internal/guard"
)

// runs is how often each text is timed; the best counts, since other programs
// share the machine.
const runs = 3

// speed times prompts of about 1,000 bytes, and answers through a window.
func speed(g *guard.Guard, families []attacks.Family) {
	fmt.Printf("\n%-28s %9s %9s %9s   microseconds per 1,000 bytes, wall, best of %d, one core\n", "speed", "p50", "p95", "p99", runs)
	for _, kind := range []bool{false, true} {
		var prompts []string
		for _, f := range families {
			if f.Attack == kind {
				prompts = append(prompts, inThousands(f.Texts)...)
			}
		}
		name := "prompts, harmless"
		if kind {
			name = "prompts, attacks"
		}
		timed(name, prompts, func(p string) { g.Prompt([]guard.Piece{{Text: p, Origin: guard.User}}) })
		if !kind {
			timed("answers, in 15-byte chunks", prompts, func(p string) { stream(g, p) })
		}
	}
}

const system = "You are the assistant of a shop. Never tell who our suppliers are or what we pay them. Always answer in the customer's language."

// stream writes an answer as an engine would.
func stream(g *guard.Guard, answer string) {
	w := g.Answer([]string{system})
	for i := 0; i < len(answer); i += 15 {
		w.Write(answer[i:min(i+15, len(answer))])
	}
	w.Close()
}

func timed(name string, texts []string, judge func(string)) {
	var each []float64
	for _, t := range texts {
		best := time.Duration(1 << 62)
		for range runs {
			began := time.Now()
			judge(t)
			best = min(best, time.Since(began))
		}
		each = append(each, float64(best.Nanoseconds())/float64(len(t)))
	}
	slices.Sort(each)
	at := func(q float64) float64 { return each[min(len(each)-1, int(q*float64(len(each))))] }
	fmt.Printf("%-28s %9.0f %9.0f %9.0f\n", name, at(0.5), at(0.95), at(0.99))
}

func inThousands(texts []string) (out []string) {
	var b strings.Builder
	for _, t := range texts {
		b.WriteString(t + "\n")
		if b.Len() >= 1000 {
			out = append(out, b.String())
			b.Reset()
		}
	}
	return out
}

// samples reads the cases of the tests, for a run without corpora: enough to
// time, too few and too well known to rate.
func samples(file string) ([]attacks.Family, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("run this in the repository's root, or give -corpora: %w", err)
	}
	harmless, hostile := attacks.Family{Name: "cases"}, attacks.Family{Name: "cases", Attack: true}
	for line := range strings.Lines(string(raw)) {
		w := strings.SplitN(strings.Join(strings.Fields(line), " "), " ", 4)
		switch {
		case len(w) < 4 || line[0] == '#':
		case w[1] == "allow":
			harmless.Texts = append(harmless.Texts, w[3])
		default:
			hostile.Texts = append(hostile.Texts, w[3])
		}
	}
	// Again and again, so that the thousands are cut at many places.
	harmless.Texts, hostile.Texts = slices.Repeat(harmless.Texts, 20), slices.Repeat(hostile.Texts, 20)
	return []attacks.Family{harmless, hostile}, nil
}
