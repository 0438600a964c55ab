package guard_test

import (
	"math/rand/v2"
	"reflect"
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

// Of every leak, in every disguise and however it is cut: it is stopped, and
// neither the value nor its disguise was released before. Disguises that turn a
// short value into something else are left out by Fits.
func TestNothingOfALeakIsReleased(t *testing.T) {
	g, err := guard.New(guard.Policy{})
	if err != nil {
		t.Fatal(err)
	}
	missed, all := 0, 0
	for seed := range uint64(8) {
		w := leak.NewWorld(seed)
		c := contextOf(w)
		rnd := rand.New(rand.NewPCG(seed, 3))
		for _, kind := range leak.Kinds {
			for i := range leak.Disguises {
				d := &leak.Disguises[i]
				if !d.Fits(kind) {
					continue
				}
				a := w.Leak(kind)
				said := d.Write(rnd, a.Values[0])
				released, found := write(t, g, c, a.Around(strings.Replace(a.Text, a.Values[0], said, 1)), rnd)
				if strings.Contains(released, said) {
					missed++
					t.Logf("%s, %s: %q was released: %+v", kind, d.Name, released, found)
				}
				all++
			}
		}
	}
	if missed*100 > all {
		t.Errorf("%d of %d leaks came out", missed, all)
	}
}

// Honest answers of a store that keeps all this to itself pass as they are.
func TestHonestAnswersPass(t *testing.T) {
	g, err := guard.New(guard.Policy{})
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(16) {
		w := leak.NewWorld(seed)
		c := contextOf(w)
		rnd := rand.New(rand.NewPCG(seed, 4))
		for range 20 {
			a := w.Honest()
			if released, found := write(t, g, c, a.Text, rnd); released != a.Text {
				t.Errorf("%q came out as %q: %+v", a.Text, released, found)
			}
		}
	}
}

// Any chunking of a leak gives the same bytes and findings.
func FuzzKnown(f *testing.F) {
	g, err := guard.New(guard.Policy{})
	if err != nil {
		f.Fatal(err)
	}
	w := leak.NewWorld(5)
	c := contextOf(w)
	rnd := rand.New(rand.NewPCG(5, 5))
	for i, kind := range leak.Kinds {
		a := w.Leak(kind)
		f.Add(leak.Disguises[(i*3)%len(leak.Disguises)].Write(rnd, a.Text), uint64(i))
	}
	f.Fuzz(func(t *testing.T, answer string, seed uint64) {
		want, whole := write(t, g, c, answer, nil)
		got, cut := write(t, g, c, answer, rand.New(rand.NewPCG(seed, 1)))
		if got != want || !reflect.DeepEqual(whole, cut) {
			t.Fatalf("in chunks %q %+v, whole %q %+v", got, cut, want, whole)
		}
	})
}

// write writes an answer in random pieces, or whole.
func write(t testing.TB, g *guard.Guard, c guard.Context, text string, rnd *rand.Rand) (string, []guard.Verdict) {
	t.Helper()
	w, err := g.AnswerIn(c)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for len(text) > 0 {
		n := len(text)
		if rnd != nil {
			n = min(n, 1+rnd.IntN(9))
		}
		out, _ := w.Write(text[:n])
		b.WriteString(out)
		text = text[n:]
	}
	out, _ := w.Close()
	return b.String() + out, w.Findings()
}
