package main

import (
	"fmt"
	"strings"
)

func (b *bench) plain() {
	fmt.Println("Plain answers, 2-character prompt, 16 clients: the road itself, with next to nothing to mask and judge")
	b.table(b.each(func(t *target) sample { return b.load(t, 16, always(body("Hi", false))) }), false)
	for _, clients := range []int{1, 16} {
		fmt.Printf("Plain answers, 1,000-character prompt, %d clients\n", clients)
		b.table(b.each(func(t *target) sample { return b.load(t, clients, always(body(prompt, false))) }), false)
	}
}

// conversations makes calls that send all that was said before, as plugins do.
func (b *bench) conversations() {
	fmt.Printf("Conversations of %d turns of 1,000 characters, 4 clients\n", turns)
	b.table(b.each(func(t *target) sample { return b.load(t, 4, talk()) }), false)
}

func (b *bench) streams() {
	fmt.Printf("Streams of %d events, 4 clients\n", streamEvents)
	b.table(b.each(func(t *target) sample { return b.load(t, 4, always(body(prompt, true))) }), true)
}

func (b *bench) steady() {
	fmt.Printf("Steady %d calls/s, plain\n", steadyRate)
	b.table(b.each(func(t *target) sample { return b.pace(t, steadyRate, body(prompt, false)) }), false)
}

func (b *bench) table(all [][]sample, stream bool) {
	fmt.Printf("  %-26s %9s %6s %9s %6s %9s %9s %6s %10s %9s\n", "", "calls/s", "x", "p50 ms", "x", "p99 ms", "CPU us", "x", "added us", "RSS MB")
	bare := all[0]
	for i, samples := range all {
		fmt.Printf("  %-26s %9.0f %6.2f %9.3f %6.2f %9.3f %9.0f %6.2f %10.0f %9.1f\n", b.targets[i].name,
			median(samples, rate), ratio(samples, bare, rate),
			median(samples, p50), ratio(samples, bare, p50), median(samples, p99),
			median(samples, cpu), ratio(samples, bare, cpu), median(samples, cpu)-median(bare, cpu),
			residentMB(b.targets[i]))
	}
	if stream {
		var parts []string
		for i, samples := range all {
			parts = append(parts, fmt.Sprintf("%s %.3f ms", b.targets[i].name, median(samples, first)))
		}
		fmt.Println("  first piece, p50:", strings.Join(parts, "; "))
	}
	fmt.Println()
}
