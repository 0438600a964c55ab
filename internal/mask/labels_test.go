package mask

import (
	"strings"
	"testing"
)

// TestLabelsSayNothingOfWho: texts that differ in their people only have one label text, no value stays, and the
// vault learns nothing.
func TestLabelsSayNothingOfWho(t *testing.T) {
	m := New(Options{NoModel: true, Store: knownStore()})
	say := func(p Person) string {
		return "Dear " + p.Name + ", write to " + p.Email + " or call " + p.Phone + ", " + p.Address + ", IBAN DE89370400440532013000. Yours, [PERSON_7]"
	}
	people := []Person{
		{Name: "Anna Muster", Email: "anna@example.org", Phone: "+49 170 1234567", Address: "Hauptstraße 5, 10115 Berlin"},
		{Name: "Bela Zorblax", Email: "bela.z@shop.example", Phone: "+33 6 12 34 56 78", Address: "12 rue de la Paix, 75002 Paris"},
		{Name: "Cara Quix-Olsen", Email: "c@quix.example.com", Phone: "+48 601 234 567", Address: "ul. Długa 7, 00-950 Warszawa"},
	}
	var first string
	for _, who := range people {
		v := NewVault(VaultOptions{})
		p := m.Open(v)
		p.Seed(who)
		text := say(who)
		p.Study(text)
		out, err := p.Generalise(text)
		if err != nil {
			t.Fatal(err)
		}
		if first == "" {
			first = out.String()
		}
		if out.String() != first {
			t.Errorf("%q and %q", out, first)
		}
		for _, value := range []string{who.Name, who.Email, who.Phone, "Hauptstr", "rue", "0532013"} {
			if strings.Contains(out.String(), value) {
				t.Errorf("%q stays in %q", value, out)
			}
		}
		if v.count != 0 {
			t.Errorf("the vault learnt %d values", v.count)
		}
	}
	if !strings.HasPrefix(first, "Dear [PERSON], write to [EMAIL] or call [PHONE], [ADDRESS]") {
		t.Error(first)
	}
}
