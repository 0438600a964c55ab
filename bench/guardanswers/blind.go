package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"ringfence/internal/gateway"
	"ringfence/internal/guard"
	"ringfence/internal/mask"
	"ringfence/internal/testkit/leak"
	"ringfence/internal/testkit/leak/blind"
)

// blindly measures the second set: other stores, other sentences, other ways.
type blindly struct {
	byClass, byWay, byKind map[string]*rate
	links, linksFlagged    map[string]*rate
	strangers              map[string]*rate
	honest, flagged        rate
	struck                 rate
	misses                 string
	masker                 *mask.Masker
}

func blindSet(worlds int, misses string) {
	m := &blindly{byClass: map[string]*rate{}, byWay: map[string]*rate{}, byKind: map[string]*rate{}, links: map[string]*rate{}, linksFlagged: map[string]*rate{},
		strangers: map[string]*rate{}, misses: misses, masker: mask.New(mask.Options{})}
	for seed := range uint64(worlds) {
		m.world(blind.NewWorld(seed), seed)
	}
	m.print()
}

// blindContext is what the road would know of a store.
func blindContext(w *blind.World) guard.Context {
	old := leak.World{System: w.System, Canaries: []string{w.Canary}, Facts: w.Facts, People: w.People, Subject: w.People[0].Subject, Prompt: w.Prompt, Allowed: blind.Allowed, Canary: w.Canary}
	return context(&old)
}

func (m *blindly) world(w *blind.World, seed uint64) {
	g, err := guard.New(guard.Policy{})
	if err != nil {
		panic(err)
	}
	c, rnd := blindContext(w), rand.New(rand.NewPCG(seed, 7))
	for i := range blind.Ways {
		way := &blind.Ways[i]
		for _, kind := range blind.Kinds {
			if way.Fits(kind) {
				m.leak(g, c, way, w.Item(kind), rnd)
			}
		}
	}
	for _, l := range blind.Links {
		text := l.Write(rnd, w.LinkData())
		stopped, found := judge(g, c, text, rnd)
		count(m.links, l.Name, stopped)
		count(m.linksFlagged, l.Name, len(found) > 0)
		m.tell(len(found) > 0, "link, "+l.Name, text)
	}
	for _, kind := range blind.StrangerKinds {
		s := w.Stranger(kind)
		out, _ := m.whole(g, c, w, s.Text)
		hit := !slices.ContainsFunc(s.Values, func(v string) bool { return strings.Contains(out, v) })
		count(m.strangers, kind, hit)
		m.tell(hit, "stranger, "+kind, s.Text)
	}
	for i := range w.HonestNumber() {
		m.honestly(g, c, w, w.Honest(i))
	}
}

func count(of map[string]*rate, name string, hit bool) {
	if of[name] == nil {
		of[name] = &rate{}
	}
	of[name].add(hit)
}

func (m *blindly) tell(hit bool, what, text string) {
	if !hit && m.misses != "" && (m.misses == "all" || strings.HasPrefix(what, m.misses)) {
		fmt.Printf("missed %s: %q\n", what, text)
	}
}

func (m *blindly) leak(g *guard.Guard, c guard.Context, way *blind.Way, it blind.Item, rnd *rand.Rand) {
	text := it.Said(rnd, way.Write(rnd, &it))
	stopped, _ := judge(g, c, text, rnd)
	count(m.byClass, way.Class, stopped)
	count(m.byWay, way.Name, stopped)
	if way.Class != blind.Told {
		count(m.byKind, it.Kind, stopped)
	}
	m.tell(stopped, way.Name+", "+it.Kind, text)
}

// whole lets an answer through the window and the look for strangers.
func (m *blindly) whole(g *guard.Guard, c guard.Context, w *blind.World, text string) (out string, found []guard.Verdict) {
	window, err := g.AnswerIn(c)
	if err != nil {
		panic(err)
	}
	a, _ := window.Write(text)
	b, _ := window.Close()
	found = window.Findings()
	me := w.People[0]
	given := []string{w.System, w.Prompt, me.Name, me.Email, me.Phone, me.Address, strings.Join(me.Orders, " ")}
	pass := m.masker.Open(mask.NewVault(mask.VaultOptions{}))
	s := g.Strangers(c, func(text string) []guard.Personal { return gateway.Personal(pass, text) }, func() []string { return given }, true)
	out, some := s.Write(a + b)
	rest, more := s.Close()
	return out + rest, slices.Concat(found, some, more)
}

func (m *blindly) honestly(g *guard.Guard, c guard.Context, w *blind.World, text string) {
	out, found := m.whole(g, c, w, text)
	stopped := slices.ContainsFunc(found, func(v guard.Verdict) bool { return v.Action == guard.Block })
	m.honest.add(stopped)
	m.flagged.add(len(found) > 0)
	m.struck.add(strings.Contains(out, guard.Struck) && !strings.Contains(text, guard.Struck))
	if len(found) > 0 && m.misses != "" {
		fmt.Printf("honest, stopped %v: %q %+v\n", stopped, text, found)
	}
}

func (m *blindly) print() {
	section := func(title string, of map[string]*rate, order []string) {
		fmt.Printf("\n%-32s %7s %9s   95 %% interval\n", title, "answers", "stopped")
		for _, name := range order {
			if of[name] != nil {
				of[name].row(name)
			}
		}
	}
	section("blind, by kind", m.byKind, blind.Kinds)
	var names, links []string
	for i := range blind.Ways {
		names = append(names, blind.Ways[i].Name)
	}
	for i := range blind.Links {
		links = append(links, blind.Links[i].Name)
	}
	section("blind, by way", m.byWay, names)
	section("links blocked", m.links, links)
	section("links blocked or flagged", m.linksFlagged, links)
	section("strangers struck out", m.strangers, blind.StrangerKinds)
	section("blind, by class", m.byClass, []string{blind.Verbatim, blind.Encoded, blind.Told})
	all := func(of map[string]*rate) (sum rate) {
		for _, r := range of {
			sum.n, sum.hit = sum.n+r.n, sum.hit+r.hit
		}
		return sum
	}
	for _, row := range []struct {
		name string
		r    rate
	}{{"links blocked", all(m.links)}, {"links blocked or flagged", all(m.linksFlagged)}, {"strangers struck out", all(m.strangers)},
		{"honest answers stopped", m.honest}, {"honest answers flagged", m.flagged}, {"honest answers struck out", m.struck}} {
		row.r.row(row.name)
	}
}
