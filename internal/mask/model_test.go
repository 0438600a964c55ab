package mask

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

// talk is what texts of the model's tests are made of: names and everyday words between all kinds of
// borders and broken characters.
var talk = []string{"Petra", "petra", "Lindqvist", "O'Neil", "José", "Jose\u0301", "An\u00adna", "van den", "Berg", "Kowalskiego",
	"ask", "bitte", "paket", "from", "to", "Oslo", " ", " ", " ", " ", ", ", ". ", "\n", "\n\n", "-", "'", "’", ":", "\"", "{\"name\":\"",
	"\"}", "[PERSON_1]", "PERSON_1", "@", "/", "_", "=", "\xff", "\u200b", "é", "漢", "🙂", "\u0301", "J\\u00fcrgen", "&uuml;", "%20"}

func randomTalk(r *rand.Rand) string {
	var b strings.Builder
	for range r.IntN(24) {
		b.WriteString(talk[r.IntN(len(talk))])
	}
	return b.String()
}

func TestTheModelKeepsTheLaws(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	m := New(Options{})
	found := 0
	for range 15_000 {
		text := randomTalk(r)
		v := NewVault(VaultOptions{})
		p := m.Open(v)
		p.Seed(Person{Name: "Petra Lindqvist"})
		masked, err := p.Hide(text)
		if err != nil {
			t.Fatalf("Hide(%q): %v", text, err)
		}
		if got := v.Restore(masked.String(), Exact); got != text {
			t.Fatalf("text   %q\nmasked %q\ngot    %q", text, masked, got)
		}
		found += wholeCharacters(t, p, text)
	}
	if found == 0 {
		t.Error("the model found nothing in all of them")
	}
}

// wholeCharacters checks that the model's spans cut no character, no mark from its letter and no placeholder,
// and counts them.
func wholeCharacters(t *testing.T, p *Pass, text string) (found int) {
	t.Helper()
	for _, c := range p.cuts {
		if c.layer != LayerModel {
			continue
		}
		found++
		next, _ := utf8.DecodeRuneInString(text[c.to:])
		if c.to < len(text) && utf8.RuneStart(text[c.from]) && !utf8.RuneStart(text[c.to]) || next == '\u0301' {
			t.Fatalf("%q is cut at %d and %d", text, c.from, c.to)
		}
	}
	return found
}

func TestTheModelOnlyAdds(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	with, without := New(Options{}), New(Options{NoModel: true})
	for range 3_000 {
		text := randomTalk(r) + scraps[r.IntN(len(scraps))] + randomTalk(r)
		a, b := with.Open(NewVault(VaultOptions{})), without.Open(NewVault(VaultOptions{}))
		if _, err := a.Hide(text); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Hide(text); err != nil {
			t.Fatal(err)
		}
		for _, want := range b.cuts {
			if !covered(a.cuts, want) {
				t.Fatalf("with the model %q of %q is masked no more: %v", text[want.from:want.to], text, a.cuts)
			}
		}
	}
}

// covered says whether cuts cover all of one, as its type where they begin alike.
func covered(cuts []cut, want cut) bool {
	at := want.from
	for _, c := range cuts {
		if c.from <= at && at < c.to {
			at = c.to
		}
	}
	return at >= want.to
}

func TestKnownPeopleStayThemselves(t *testing.T) {
	for _, text := range []string{"Annas Paket", "Hallo Anna, danke", "Anna Musters Paket kam heute an"} {
		v := NewVault(VaultOptions{})
		p := New(Options{}).Open(v)
		p.Seed(Person{Name: "Anna Muster"})
		if _, err := p.Hide(text); err != nil {
			t.Fatal(err)
		}
		if spans := p.Spans(); len(spans) != 1 || spans[0].Layer != LayerPeople {
			t.Errorf("%q: %v", text, spans)
		}
	}
}

func TestStreamsOfModelNamesGiveTheSameBytes(t *testing.T) {
	v := NewVault(VaultOptions{})
	masked, err := New(Options{}).Open(v).Hide("Please ask Petra Lindqvist or Tomasz about the parcel of Björn Öberg.")
	if err != nil || !strings.Contains(masked.String(), "[PERSON_1]") {
		t.Fatalf("%q, %v", masked, err)
	}
	text := masked.String()
	want := v.Restore(text, Plain)
	for i := range len(text) + 1 {
		r := v.Restorer(Plain)
		var got strings.Builder
		for _, p := range append(append(r.Write(text[:i]), r.Write(text[i:])...), r.Close()...) {
			got.WriteString(p.Out)
		}
		if got.String() != want {
			t.Fatalf("cut at %d: %q", i, got.String())
		}
	}
}

func TestNoModelMeansNoModel(t *testing.T) {
	p := New(Options{NoModel: true}).Open(NewVault(VaultOptions{}))
	masked, err := p.Hide("Please ask Petra Lindqvist about the parcel")
	if err != nil || masked.String() != "Please ask Petra Lindqvist about the parcel" {
		t.Errorf("%q, %v", masked, err)
	}
}

func BenchmarkModel(b *testing.B) {
	m := New(Options{})
	b.SetBytes(int64(len(plainText)))
	for b.Loop() {
		p := m.Open(NewVault(VaultOptions{}))
		if _, err := p.Hide(plainText); err != nil {
			b.Fatal(err)
		}
	}
}
