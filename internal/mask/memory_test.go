package mask

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// chatter are texts of conversations: what is in one says what is to be found in another.
var chatter = []string{
	"Hello, I am Anna Muster. My parcel RF-10422 has not come.", "Anna asked for it, and Muster too.", "Please be brief and kind.",
	"Piotr Kowalski, Hauptstraße 5, 10115 Berlin", "write to anna@example.org or p.kowalski@shop.example", "Call me: +49 30 901820.",
	"The card is 4111 1111 1111 1111, the key sk_live_abcdefghijklmnop123456.", "I am 42 years old and have diabetes.", "[PERSON_1] says no.",
	`{"billing":{"first_name":"Rose","last_name":"Lang","phone":"+49 170 1234567"},"total":4111111111111111}`, "Rose is a colour.",
	"see https://shop.example/?u=anna@example.org&x=1", "Dear Mr Kowalski,\nthank you.\n\nBest regards\nAnna Muster", "[EMAIL_1] [email_1] (PERSON_2)",
	"Ich heiße Jürgen Groß-Lange und bin am 3.4.1980 geboren.", "RF-10422", "", "192.168.7.9", "Earl Grey, please. Zorblax Werke GmbH wants two.",
	"rose asked for it", "kowalski came by", "Zorblax in Amsterdam makes them with Kessler & Sons.", "we know erika musterfrau well", "the order is 88412", "meet Petra in Lindenstraße 12, 10969 Berlin", "our team: Erika Musterfrau, Max Mustermann", "030 901820",
}

// conversation is one that is held twice, with and without memory.
type conversation struct {
	with, without *Vault
	m             *Masker
	store         *mapStore
	remembered    int // texts
}

// turn masks the same texts in both and compares all that can be seen of it.
func (c *conversation) turn(t *testing.T, r *rand.Rand, texts []string) {
	t.Helper()
	subject := []string{"cust:1", "", "cust:3"}[max(0, r.IntN(9)-6)]
	var policy map[Type]Action
	switch r.IntN(8) {
	case 0:
		policy = map[Type]Action{PERSON: Irreversible, DATE: Coarse, AGE: Coarse, IP: Coarse}
	case 1:
		policy = map[Type]Action{PLACE: Keep, EMAIL: Keep}
	}
	var people []Person
	if r.IntN(4) == 0 {
		people = []Person{{Name: "Petra Schmidt", Phone: "030 901820", Subject: "cust:2"}}
	}
	a, b := c.m.Open(c.with).For(subject).Apply(policy), c.m.Open(c.without).For(subject).Apply(policy)
	for _, p := range []*Pass{a, b} {
		p.Seed(people...)
		for _, s := range texts {
			p.Study(s)
		}
	}
	for _, s := range texts {
		operator := r.IntN(8) == 0
		if a.Operator(operator); c.with.memory.get(a.memoryKey(s, toHide)) != nil {
			c.remembered++
		}
		got, want := hideOne(a, s, operator), hideOne(b, s, operator)
		if got != want {
			t.Fatalf("with memory:\n%s\nwithout:\n%s", got, want)
		}
	}
	if got, want := valuesOf(c.with), valuesOf(c.without); got != want {
		t.Fatalf("with memory:\n%s\nwithout:\n%s", got, want)
	}
}

// valuesOf returns what a vault can give back.
func valuesOf(v *Vault) string {
	var b strings.Builder
	for _, k := range kinds {
		for _, val := range v.marks[k.typ] {
			fmt.Fprintln(&b, val.typ, val.n, val.once, val.owner, val.forms)
		}
	}
	return b.String() + fmt.Sprint(len(v.links))
}

// hideOne masks one text and returns all that is told of it.
func hideOne(p *Pass, s string, operator bool) string {
	p.Operator(operator)
	hide := p.Hide
	if strings.HasPrefix(s, "{") {
		hide = p.HideJSON
	}
	text, err := hide(s)
	return fmt.Sprintln(s, "\n", text, err, p.Spans(), p.Flags(), p.Tally(), p.Sensitive())
}

// TestMemoryChangesNothing: whatever changes between two turns, a conversation that remembers is masked as one that does
// not, and its vault knows the same.
func TestMemoryChangesNothing(t *testing.T) {
	remembered := 0
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 5))
		c := conversation{store: knownStore()}
		c.with = NewVaults(VaultsOptions{}).Get("owner", "c")
		c.without = NewVault(VaultOptions{})
		c.m = New(Options{Store: c.store, Sensitive: SensitiveMask, Orders: []string{"RF-#####"}})
		other := New(Options{NoModel: true, Store: c.store})
		var texts []string
		for range 12 {
			for range 1 + r.IntN(2) {
				texts = append(texts, chatter[r.IntN(len(chatter))])
			}
			switch r.IntN(12) {
			case 0:
				c.store.put("cust:9", func(s *Spelling) { s.Name("Erika Musterfrau"); s.Order("88412") })
			case 1:
				c.store.put("cust:2", func(s *Spelling) { s.Name("Anna Muster") })
			case 2:
				c.m, other = other, c.m
			case 3:
				texts = texts[r.IntN(len(texts)):]
			}
			c.turn(t, r, texts)
		}
		remembered += c.remembered
	}
	if remembered < 500 {
		t.Errorf("only %d texts were remembered", remembered)
	}
}

// TestMemoryIsOfOneState: what is remembered counts for the rules, the store's index and the customer it was found with.
func TestMemoryIsOfOneState(t *testing.T) {
	plain, orders := New(Options{NoModel: true}), New(Options{NoModel: true, Orders: []string{"RF-#####"}})
	store := knownStore()
	known := New(Options{NoModel: true, Store: store})
	for name, c := range map[string]struct {
		text        string
		first, then func(*Vault) *Pass
	}{
		"rules":   {"it is about RF-10422 again", plain.Open, orders.Open},
		"subject": {"it is Rose who asks", known.Open, func(v *Vault) *Pass { return known.Open(v).For("cust:3") }},
		"index": {"it is zelda zuckerbrot who asks", known.Open, func(v *Vault) *Pass {
			store.put("cust:9", func(s *Spelling) { s.Name("Zelda Zuckerbrot") })
			return known.Open(v)
		}},
	} {
		v := NewVaults(VaultsOptions{}).Get("owner", "c")
		var got [3]string
		for i, open := range []func(*Vault) *Pass{c.first, c.then, c.first} {
			p := open(v)
			p.Study(c.text)
			text, err := p.Hide(c.text)
			if err != nil {
				t.Fatal(err)
			}
			got[i] = text.String()
		}
		if got[0] != c.text || got[1] == c.text {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// TestMemoryKeepsNoText: of values that are forgotten at once, nothing is left in it.
func TestMemoryKeepsNoText(t *testing.T) {
	v := NewVaults(VaultsOptions{}).Get("owner", "c")
	p := New(Options{}).Open(v)
	text := "Anna Muster pays with 4111 1111 1111 1111, password: Zx9!kkQw77"
	p.Study(text)
	if _, err := p.Hide(text); err != nil {
		t.Fatal(err)
	}
	kept := fmt.Sprint(v.memory.texts)
	for _, h := range v.memory.texts {
		kept += fmt.Sprintf("%+v", *h)
	}
	if !strings.Contains(kept, "[CARD_1]") {
		t.Fatalf("nothing is remembered: %s", kept)
	}
	for _, secret := range []string{"4111", "Zx9", "pays"} {
		if strings.Contains(kept, secret) {
			t.Errorf("%q is remembered: %s", secret, kept)
		}
	}
}

// TestMemoryIsBounded: the oldest texts are forgotten.
func TestMemoryIsBounded(t *testing.T) {
	var m memory
	for i := range 5 * rememberedTexts {
		m.put(memoryKey{byte(i), byte(i >> 8)}, &outcome{cuts: make([]cut, 3)})
	}
	if n := len(m.texts) + len(m.old); n > 2*rememberedTexts || m.held > rememberedCuts+3 {
		t.Errorf("%d texts, %d cuts", n, m.held)
	}
	if m.get(memoryKey{0, 0}) != nil {
		t.Error("the first is still there")
	}
}
