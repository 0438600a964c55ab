package main

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"ringfence/internal/mask"
)

// speed prints the time to mask and to restore, per 1,000 characters.
func speed(g *generator) error {
	fmt.Printf("%s, %s/%s, one core. Study, hide and the check that all can be restored.\n\n", runtime.Version(), runtime.GOOS, runtime.GOARCH)
	fmt.Printf("%-34s %9s %9s %9s %9s %9s\n", "µs per 1,000 characters", "chars", "p50", "p95", "p99", "allocs")
	m := mask.New(mask.Options{})
	for _, c := range []struct {
		name   string
		rounds int
		text   func() string
	}{
		{"shop text with personal data", 3000, func() string { return g.longText(1000) }},
		{"shop text without", 3000, func() string { return g.plainText(1000) }},
		{"with personal data, 100,000", 40, func() string { return g.longText(100_000) }},
		{"all digits, 100,000", 40, func() string { return strings.Repeat("7", 100_000) }},
		{"all brackets, 100,000", 40, func() string { return strings.Repeat("[", 100_000) }},
	} {
		if err := timeHide(m, c.name, c.rounds, c.text); err != nil {
			return err
		}
	}
	return timeRestore(m, g)
}

func timeHide(m *mask.Masker, name string, rounds int, text func() string) error {
	took := make([]float64, 0, rounds)
	chars, allocs := 0, uint64(0)
	var before, after runtime.MemStats
	for range rounds {
		s := text()
		chars = utf8.RuneCountInString(s)
		runtime.ReadMemStats(&before)
		start := time.Now()
		p := m.Open(mask.NewVault(mask.VaultOptions{}))
		p.Study(s)
		if _, err := p.Hide(s); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		took = append(took, float64(time.Since(start).Nanoseconds())/float64(chars))
		runtime.ReadMemStats(&after)
		allocs += after.Mallocs - before.Mallocs
	}
	printTimes(name, chars, took, float64(allocs)/float64(rounds))
	return nil
}

// printTimes prints a line; times are in nanoseconds per character, which are microseconds per 1,000.
func printTimes(name string, chars int, took []float64, allocs float64) {
	slices.Sort(took)
	at := func(q float64) float64 { return took[min(len(took)-1, int(q*float64(len(took))))] }
	fmt.Printf("%-34s %9d %9.1f %9.1f %9.1f %9.0f\n", name, chars, at(.5), at(.95), at(.99), allocs)
}

// timeRestore times a stream of words.
func timeRestore(m *mask.Masker, g *generator) error {
	v := mask.NewVault(mask.VaultOptions{})
	masked, err := m.Open(v).Hide(g.longText(1000))
	if err != nil {
		return err
	}
	chunks := pieces(masked.String(), 4)
	took := make([]float64, 0, 3000)
	chars := utf8.RuneCountInString(masked.String())
	for range cap(took) {
		start := time.Now()
		r := v.Restorer(mask.Plain)
		for _, c := range chunks {
			r.Write(c)
		}
		r.Close()
		took = append(took, float64(time.Since(start).Nanoseconds())/float64(chars))
	}
	printTimes(fmt.Sprintf("restore, a stream of %d chunks", len(chunks)), chars, took, 0)
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
