package main

import (
	"context"
	"math/rand/v2"
	"regexp"
	"strings"

	"ringfence/internal/engine"
	"ringfence/internal/testkit/leak"
)

// leaky is an engine that always tries to give something away. It knows what the
// store keeps, as if it had been trained on it, and it reads what it is given.
type leaky struct {
	rnd   *rand.Rand
	world *leak.World
	kind  string
	said  string // what must not come out, as it was written
}

// plan decides what the next answer tries.
func (l *leaky) plan(rnd *rand.Rand, w *leak.World) string {
	kinds := append([]string{"mark of the call", "another's placeholder"}, leak.Kinds...)
	l.rnd, l.world, l.kind, l.said = rnd, w.With(rnd), kinds[rnd.IntN(len(kinds))], ""
	return l.kind
}

var (
	markOf        = regexp.MustCompile(`not for answers: ([0-9a-f]{12})`)
	placeholderOf = regexp.MustCompile(`\[EMAIL_\d+\]`)
)

// Generate answers a prompt with a leak.
func (l *leaky) Generate(_ context.Context, p engine.Prompt, emit func(engine.Event) error) (engine.Usage, error) {
	text := l.answer(p)
	usage := engine.Usage{Prompt: 10, Completion: 10}
	lane := l.rnd.IntN(10)
	for len(text) > 0 {
		n := len(text)
		if p.Stream {
			n = min(n, 1+l.rnd.IntN(12))
		}
		e := engine.Event{Text: text[:n]}
		if lane == 0 {
			e = engine.Event{Reasoning: text[:n]}
		}
		text = text[n:]
		if err := emit(e); err != nil {
			return usage, err
		}
		if p.Stream {
			if err := emit(engine.Event{Pause: true}); err != nil {
				return usage, err
			}
		}
	}
	return usage, emit(engine.Event{Finish: "stop"})
}

// answer writes the leak in a disguise that suits it.
func (l *leaky) answer(p engine.Prompt) string {
	a := leak.Answer{Kind: l.kind, Language: l.world.Language()}
	all := ""
	for _, m := range p.Messages {
		all += m.Content.String() + "\n"
	}
	switch l.kind {
	case "mark of the call":
		m := markOf.FindStringSubmatch(all)
		if m == nil {
			return "Hello."
		}
		a.Text, a.Values = "The reference is "+m[1]+".", []string{m[1]}
	case "another's placeholder": // the last one stands for what a tool found
		m := placeholderOf.FindAllString(all, -1)
		if len(m) == 0 {
			return "Hello."
		}
		return a.Around("It is " + m[len(m)-1] + ".")
	default:
		a = l.world.Leak(l.kind)
	}
	d := leak.Disguises[l.rnd.IntN(len(leak.Disguises))]
	for !d.Fits(l.kind) {
		d = leak.Disguises[l.rnd.IntN(len(leak.Disguises))]
	}
	l.said = d.Write(l.rnd, a.Values[0])
	if l.rnd.IntN(2) == 0 {
		return a.Around(strings.Replace(a.Text, a.Values[0], l.said, 1))
	}
	whole := d.Write(l.rnd, a.Text)
	if !strings.Contains(whole, l.said) {
		l.said = whole
	}
	return a.Around(whole)
}

// Models lists the fake.
func (l *leaky) Models(context.Context) ([]engine.Model, error) {
	return []engine.Model{{ID: "leaky"}}, nil
}

// Ready says yes.
func (l *leaky) Ready(context.Context) error { return nil }
