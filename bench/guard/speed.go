package main

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"ringfence/bench/attacks"
	"ringfence/internal/guard"
)

// runs is how often each text is timed, in turns with all others; the best
// counts, since other programs share the machine.
const runs = 3

// every is which of the thousands are timed: one of so many.
const every = 6

// speed times prompts of about 1,000 bytes, and answers through a window: the
// processor time of the thread, and the wall time, in which it also waits for
// its turn on a shared machine.
func speed(g *guard.Guard, families []attacks.Family) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var harmless, hostile []string
	for _, f := range families {
		if f.Attack {
			hostile = append(hostile, inThousands(f.Texts)...)
		} else {
			harmless = append(harmless, inThousands(f.Texts)...)
		}
	}
	prompt := func(p string) { g.Prompt([]guard.Piece{{Text: p, Origin: guard.User}}) }
	rows := []*timed{
		{name: "prompts, harmless", texts: harmless, judge: prompt},
		{name: "answers, in 15-byte chunks", texts: harmless, judge: func(p string) { stream(g, p) }},
		{name: "prompts, attacks", texts: hostile, judge: prompt},
	}
	for range runs {
		for _, t := range rows {
			t.run()
		}
	}
	fmt.Printf("\n%-28s %6s %26s %29s\n", "speed", "texts", "processor", "wall")
	fmt.Printf("%-28s %6s %8s %8s %8s   %8s %8s %8s   microseconds per 1,000 bytes, best of %d, one core\n", "", "", "p50", "p95", "p99", "p50", "p95", "p99", runs)
	for _, t := range rows {
		t.print()
	}
}

// timed is texts and how long each takes.
type timed struct {
	name            string
	texts           []string
	judge           func(string)
	processor, wall []float64 // nanoseconds per byte, the best so far
}

func (t *timed) run() {
	first := t.wall == nil
	for i, text := range t.texts {
		began, busy := time.Now(), threadTime()
		t.judge(text)
		p, w := float64(threadTime()-busy)/float64(len(text)), float64(time.Since(began))/float64(len(text))
		if first {
			t.processor, t.wall = append(t.processor, p), append(t.wall, w)
			continue
		}
		t.processor[i], t.wall[i] = min(t.processor[i], p), min(t.wall[i], w)
	}
}

func (t *timed) print() {
	fmt.Printf("%-28s %6d", t.name, len(t.texts))
	for _, each := range [][]float64{t.processor, t.wall} {
		slices.Sort(each)
		for _, q := range []float64{0.5, 0.95, 0.99} {
			fmt.Printf(" %8.0f", each[min(len(each)-1, int(q*float64(len(each))))])
		}
		fmt.Print("  ")
	}
	fmt.Println()
}

// threadTime is the processor time of this thread: what else the machine does
// is no property of a text.
func threadTime() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t); err != nil {
		panic(err)
	}
	return time.Duration(t.Nano())
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

// inThousands returns some of the thousands of bytes that texts make.
func inThousands(texts []string) (out []string) {
	var b strings.Builder
	n := 0
	for _, t := range texts {
		b.WriteString(t + "\n")
		if b.Len() >= 1000 {
			if n++; n%every == 1 {
				out = append(out, b.String())
			}
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
