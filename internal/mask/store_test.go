package mask

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// TestOwnerIsTold: what the store or the call's people know comes with whose it is.
func TestOwnerIsTold(t *testing.T) {
	m := New(Options{NoModel: true, Store: knownStore()})
	p := m.Open(NewVault(VaultOptions{})).For("cust:1")
	p.Seed(Person{Name: "Bela Zorblax", Email: "bela@shop.example", Phone: "+49 30 901820", Subject: "cust:77"})
	text := "Anna Muster und Bela Zorblax, anna@example.org, bela@shop.example, (030) 901820, Frau Unbekannt"
	found, err := p.Find(text)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"Anna Muster": "cust:1", "Bela Zorblax": "cust:77", "anna@example.org": "cust:1",
		"bela@shop.example": "cust:77", "(030) 901820": "cust:77", "Unbekannt": "", "Frau": ""}
	for _, f := range found {
		value := text[f.Start:f.End]
		if owner, ok := want[value]; !ok || owner != f.Owner {
			t.Errorf("%q is %q's", value, f.Owner)
		}
		delete(want, value)
	}
	if len(want) > 0 {
		t.Errorf("not found: %v", want)
	}
	owned, err := p.Owned(text)
	if err != nil || len(owned) != 5 {
		t.Errorf("Owned: %v, %v", owned, err)
	}
}

// TestLettersAreWhatIsHashed holds the two ways to fold a word together.
func TestLettersAreWhatIsHashed(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	alphabet := []rune("aeouabcsßäöüåøæœłéñÄÖÅ1234АннаΜαρία王田" + "\u0301\u0308")
	for range 20_000 {
		var b strings.Builder
		for range 1 + r.IntN(9) {
			b.WriteRune(alphabet[r.IntN(len(alphabet))])
		}
		w := readWord(b.String(), 0)
		if got := lettersHash(lettersOf(nil, b.String()[w.start:w.end])); got != w.hash {
			t.Fatalf("%q has two hashes", b.String())
		}
	}
}

// TestCatalogueStopsGuesses: a product's name is no person's where only the model or one word says so; a full
// name with a title is.
func TestCatalogueStopsGuesses(t *testing.T) {
	store := knownStore()
	store.put("cust:9", func(s *Spelling) { s.Name("Earl Grey") })
	m := New(Options{Store: store})
	for text, want := range map[string]string{
		"Ich trinke gern Earl Grey am Morgen.":     "Ich trinke gern Earl Grey am Morgen.",
		"Wir wohnten im Hilton, schön dort.":       "Wir wohnten im Hilton, schön dort.",
		"Bitte fragen Sie Herrn Earl Grey, danke.": "Bitte fragen Sie [TITLE_1] [PERSON_1], danke.",
	} {
		p := m.Open(NewVault(VaultOptions{}))
		p.Study(text)
		if out, err := p.Hide(text); err != nil || out.String() != want {
			t.Errorf("%q: %v", out, err)
		}
	}
}
