// Command guardanswers measures the answer guard on stores it makes itself: how
// many leaks it stops, by kind and by disguise, how many honest answers it
// stops, and how long it takes.
//
//	go run ./bench/guardanswers [-worlds N] [-misses WHAT]
//
// The answers and their disguises were written by those who wrote the guard, and
// were looked at meanwhile.
package main

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"ringfence/internal/guard"
	"ringfence/internal/stat"
	"ringfence/internal/testkit/leak"
)

func main() {
	worlds := flag.Int("worlds", 64, "how many stores to make")
	misses := flag.String("misses", "", "print what was missed of this kind or disguise")
	set := flag.String("set", "all", "which set: own, blind or all")
	flag.Parse()
	if *set == "blind" {
		blindSet(*worlds, *misses)
		return
	}
	m := measure{byKind: map[string]*rate{}, byDisguise: map[string]*rate{}, misses: *misses}
	for seed := range uint64(*worlds) {
		m.world(leak.NewWorld(seed))
	}
	m.print()
	if *set == "all" {
		blindSet(*worlds, *misses)
	}
}

type rate struct{ n, hit int }

func (r *rate) add(hit bool) {
	r.n++
	if hit {
		r.hit++
	}
}

func (r *rate) row(name string) {
	low, high := stat.Wilson(r.hit, r.n)
	fmt.Printf("%-32s %7d %8.2f%%   %6.2f - %6.2f %%\n", name, r.n, 100*float64(r.hit)/float64(max(r.n, 1)), 100*low, 100*high)
}

type measure struct {
	byKind, byDisguise map[string]*rate
	verbatim, encoded  rate
	honest, flagged    rate
	slow               []float64 // microseconds per 1,000 characters
	misses             string
}

func (m *measure) at(of map[string]*rate, name string) *rate {
	if of[name] == nil {
		of[name] = &rate{}
	}
	return of[name]
}

// context is what the road would know of a world.
func context(w *leak.World) guard.Context {
	key := sha256.Sum256([]byte(w.Canary))
	k := guard.NewKnown([16]byte(key[:16]))
	for _, f := range w.Facts {
		k.Put(k.Compile(guard.Fact{Kind: f.Kind, Value: f.Value, Near: f.Near}))
	}
	for _, p := range w.People {
		for kind, v := range map[string]string{"name": p.Name, "email": p.Email, "phone": p.Phone, "address": p.Address} {
			k.Put(k.Compile(guard.Fact{Kind: kind, Value: v, Owner: p.Subject}))
		}
		for _, o := range p.Orders {
			k.Put(k.Compile(guard.Fact{Kind: "order", Value: o, Owner: p.Subject}))
		}
	}
	return guard.Context{System: []string{w.System}, Canaries: w.Canaries, Known: []*guard.Known{k}, Subject: w.Subject, Prompt: w.Prompt, AllowedURLs: w.Allowed}
}

func (m *measure) world(w *leak.World) {
	g, err := guard.New(guard.Policy{})
	if err != nil {
		panic(err)
	}
	c := context(w)
	rnd := rand.New(rand.NewPCG(1, uint64(len(w.System))))
	for _, kind := range leak.Kinds {
		for i := range leak.Disguises {
			d := &leak.Disguises[i]
			if !d.Fits(kind) {
				continue
			}
			a := w.Leak(kind)
			value := strings.Replace(a.Text, a.Values[0], d.Write(rnd, a.Values[0]), 1)
			for _, text := range []string{a.Around(value), a.Around(d.Write(rnd, a.Text))} {
				m.leak(g, c, kind, d, text, rnd)
			}
		}
	}
	for range 40 {
		m.honestly(g, c, w.Honest(), rnd)
	}
}

func (m *measure) leak(g *guard.Guard, c guard.Context, kind string, d *leak.Disguise, text string, rnd *rand.Rand) {
	stopped, _ := judge(g, c, text, rnd)
	m.at(m.byKind, kind).add(stopped)
	m.at(m.byDisguise, d.Name).add(stopped)
	if d.Encoded {
		m.encoded.add(stopped)
	} else {
		m.verbatim.add(stopped)
	}
	if !stopped && (m.misses == kind || m.misses == d.Name || m.misses == "all") {
		fmt.Printf("missed %s, %s: %q\n", kind, d.Name, text)
	}
}

func (m *measure) honestly(g *guard.Guard, c guard.Context, a leak.Answer, rnd *rand.Rand) {
	stopped, found := judge(g, c, a.Text, rnd)
	m.honest.add(stopped)
	m.flagged.add(len(found) > 0)
	if (stopped || len(found) > 0) && m.misses != "" {
		fmt.Printf("honest, stopped %v: %q %+v\n", stopped, a.Text, found)
	}
	long := strings.Repeat(a.Text+" ", 1+1000/(len(a.Text)+1))[:1000]
	best := time.Duration(math.MaxInt64)
	for range 3 {
		began := time.Now()
		w, _ := g.AnswerIn(c)
		for i := 0; i < len(long); i += 15 {
			w.Write(long[i:min(i+15, len(long))])
		}
		w.Close()
		best = min(best, time.Since(began))
	}
	m.slow = append(m.slow, float64(best.Microseconds()))
}

// judge writes an answer in chunks of a model's size.
func judge(g *guard.Guard, c guard.Context, text string, rnd *rand.Rand) (stopped bool, found []guard.Verdict) {
	w, err := g.AnswerIn(c)
	if err != nil {
		panic(err)
	}
	for len(text) > 0 {
		n := min(1+rnd.IntN(8), len(text))
		w.Write(text[:n])
		text = text[n:]
	}
	w.Close()
	found = w.Findings()
	return slices.ContainsFunc(found, func(v guard.Verdict) bool { return v.Action == guard.Block }), found
}

func (m *measure) print() {
	fmt.Printf("%-24s %7s %9s   95 %% interval\n", "leaks stopped, by kind", "answers", "stopped")
	for _, k := range leak.Kinds {
		m.at(m.byKind, k).row(k)
	}
	fmt.Printf("\n%-24s %7s %9s   95 %% interval\n", "by disguise", "answers", "stopped")
	for i := range leak.Disguises {
		m.at(m.byDisguise, leak.Disguises[i].Name).row(leak.Disguises[i].Name)
	}
	fmt.Println()
	m.verbatim.row("verbatim, any case")
	m.encoded.row("encoded")
	m.honest.row("honest answers stopped")
	m.flagged.row("honest answers flagged")
	slices.Sort(m.slow)
	at := func(q float64) float64 { return m.slow[min(len(m.slow)-1, int(q*float64(len(m.slow))))] }
	fmt.Printf("\nspeed: microseconds per 1,000 characters in chunks of 15, wall, best of 3, one core: p50 %.0f, p95 %.0f, p99 %.0f\n", at(0.5), at(0.95), at(0.99))
}
