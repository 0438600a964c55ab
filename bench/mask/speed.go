package main

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/sys/unix"

	"ringfence/internal/mask"
)

// passes is how often each text is masked. Its time is the shortest of them, by the clock: what is longer was
// interrupted, by the collector or by a neighbour. Between two passes all other texts are masked, so that caches hold
// what they hold at work.
const passes = 9

// speed prints the time to mask and to restore, per 1,000 characters.
func speed(g *generator) error {
	fmt.Printf(`%s, %s/%s, one core. Study, hide and the check that all can be restored, each text in a new conversation.
A text's time is the shortest of %d passes over all texts; p50, p95 and p99 are over texts. cpu is the processor time of
all texts and passes, with the collector's.

`, runtime.Version(), runtime.GOOS, runtime.GOARCH, passes)
	fmt.Printf("%-34s %7s %7s %9s %9s %9s %9s %8s\n", "µs per 1,000 characters", "texts", "chars", "p50", "p95", "p99", "cpu", "allocs")
	m := mask.New(mask.Options{})
	for _, c := range []struct {
		name  string
		texts int
		text  func() string
	}{
		{"shop text with personal data", 1000, func() string { return g.longText(1000) }},
		{"shop text without", 1000, func() string { return g.plainText(1000) }},
		{"with personal data, 10,000", 100, func() string { return g.longText(10_000) }},
		{"with personal data, 100,000", 10, func() string { return g.longText(100_000) }},
		{"all digits, 100,000", 3, func() string { return strings.Repeat("7", 100_000) }},
		{"all brackets, 100,000", 3, func() string { return strings.Repeat("[", 100_000) }},
	} {
		texts := make([]string, c.texts)
		for i := range texts {
			texts[i] = c.text()
		}
		if err := timeHide(m, c.name, texts); err != nil {
			return err
		}
	}
	return timeRestore(m, g)
}

// timeHide prints the line of one kind of text.
func timeHide(m *mask.Masker, name string, texts []string) error {
	return timeTexts(name, texts, func(text string) error {
		p := m.Open(mask.NewVault(mask.VaultOptions{}))
		p.Study(text)
		_, err := p.Hide(text)
		return err
	})
}

// timeTexts works on all texts, pass after pass, and prints a line.
func timeTexts(name string, texts []string, work func(string) error) error {
	took := make([]float64, len(texts))
	var before, after runtime.MemStats
	var used float64
	for pass := range passes + 1 { // the first warms up
		if pass == 1 {
			runtime.ReadMemStats(&before)
			used = processorTime()
		}
		for i, text := range texts {
			start := time.Now()
			if err := work(text); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			if t := float64(time.Since(start).Nanoseconds()); pass > 0 && (took[i] == 0 || t < took[i]) {
				took[i] = t
			}
		}
	}
	used = processorTime() - used
	runtime.ReadMemStats(&after)
	chars := 0
	for i, text := range texts {
		n := utf8.RuneCountInString(text)
		took[i] /= float64(n)
		chars += n
	}
	printTimes(name, chars/len(texts), took, used/float64(passes*chars), float64(after.Mallocs-before.Mallocs)/float64(passes*len(texts)))
	return nil
}

// processorTime returns what this process has used, in nanoseconds.
func processorTime() float64 {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &t); err != nil {
		panic(err)
	}
	return float64(t.Nano())
}

// printTimes prints a line; times are in nanoseconds per character, which are microseconds per 1,000.
func printTimes(name string, chars int, took []float64, cpu, allocs float64) {
	slices.Sort(took)
	at := func(q float64) float64 { return took[min(len(took)-1, int(q*float64(len(took))))] }
	fmt.Printf("%-34s %7d %7d %9.1f %9.1f %9.1f %9.1f %8.0f\n", name, len(took), chars, at(.5), at(.95), at(.99), cpu, allocs)
}

// timeRestore times a stream of words.
func timeRestore(m *mask.Masker, g *generator) error {
	v := mask.NewVault(mask.VaultOptions{})
	masked, err := m.Open(v).Hide(g.longText(1000))
	if err != nil {
		return err
	}
	chunks := pieces(masked.String(), 4)
	err = timeTexts(fmt.Sprintf("restore, a stream of %d chunks", len(chunks)), slices.Repeat([]string{masked.String()}, 500), func(string) error {
		r := v.Restorer(mask.Plain)
		for _, c := range chunks {
			r.Write(c)
		}
		r.Close()
		return nil
	})
	if err != nil {
		return err
	}
	delayed, held := hold(v, chunks)
	fmt.Printf("\nHeld back: the end of %d of %d chunks of 4 bytes, at most %d bytes.\n", delayed, len(chunks), held)
	return nil
}

// pieces cuts a text as a model's tokens do, every few bytes.
func pieces(s string, size int) (out []string) {
	for len(s) > size {
		out, s = append(out, s[:size]), s[size:]
	}
	return append(out, s)
}

// hold counts the chunks whose end had to wait, and the most bytes that did.
func hold(v *mask.Vault, chunks []string) (delayed, most int) {
	r := v.Restorer(mask.Plain)
	in, out := 0, 0
	for _, c := range chunks {
		in += len(c)
		for _, p := range r.Write(c) {
			out += len(p.In)
		}
		if in > out {
			delayed++
			most = max(most, in-out)
		}
	}
	return delayed, most
}
