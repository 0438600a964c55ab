package guard_test

import (
	"strings"
	"testing"

	"ringfence/internal/guard"
	"ringfence/internal/testkit/leak"
)

// known is what a guard would know of a world.
func known(w *leak.World) *guard.Known {
	k := guard.NewKnown([16]byte{1})
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
	return k
}

func contextOf(w *leak.World) guard.Context {
	return guard.Context{System: []string{w.System}, Canaries: w.Canaries, Known: []*guard.Known{known(w)}, Subject: w.Subject, Prompt: w.Prompt, AllowedURLs: w.Allowed}
}

func BenchmarkWindowOfAStore(b *testing.B) {
	g, err := guard.New(guard.Policy{})
	if err != nil {
		b.Fatal(err)
	}
	w := leak.NewWorld(8)
	c := contextOf(w)
	var text strings.Builder
	for text.Len() < 1000 {
		text.WriteString(w.Honest().Text + " ")
	}
	answer := text.String()[:1000]
	b.SetBytes(1000)
	b.ReportAllocs()
	for b.Loop() {
		w, _ := g.AnswerIn(c)
		for i := 0; i < len(answer); i += 15 {
			w.Write(answer[i:min(i+15, len(answer))])
		}
		w.Close()
	}
}
