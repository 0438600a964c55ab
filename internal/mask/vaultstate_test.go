package mask

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"ringfence/internal/mask/shelf"
)

func shelved(t *testing.T, dir string) *Vaults {
	t.Helper()
	s, err := shelf.Open(dir, bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	return NewVaults(VaultsOptions{Shelf: s})
}

// TestConversationsOutliveTheProcess: after a restart a conversation restores as before, links too, goes on with
// its numbers, and still tells equal secrets.
func TestConversationsOutliveTheProcess(t *testing.T) {
	dir := t.TempDir()
	s := shelved(t, dir)
	const text = "I am Anna Muster, ANNA MUSTER, a@example.org. See https://shop.example/?m=a@example.org, card 4111111111111111"
	masked := hidden(t, s.Get("shop", "c"), text)
	if err := s.Keep("shop", "c"); err != nil {
		t.Fatal(err)
	}
	before := s.Get("shop", "c").Restore(masked, Exact)
	s = shelved(t, dir)
	v := s.Get("shop", "c")
	if got := v.Restore(masked, Exact); got != before || !strings.Contains(got, "?m=a@example.org") {
		t.Errorf("after a restart %q\nbefore it %q", got, before)
	}
	if again := hidden(t, v, text); again != masked {
		t.Errorf("masked again it is %q, not %q", again, masked)
	}
	if got := hidden(t, v, "b@example.org"); got != "[EMAIL_2]" {
		t.Error(got)
	}
	s.Forget("shop", "c")
	if got := shelved(t, dir).Get("shop", "c").Restore(masked, Plain); strings.Contains(got, "Anna") {
		t.Errorf("forgotten, but %q", got)
	}
}

// TestConversationsNeverMeet is law 8: whatever owners and conversations there are, restarts in between, no vault
// gives away a value that was masked in another.
func TestConversationsNeverMeet(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	dir := t.TempDir()
	s := shelved(t, dir)
	type place struct{ owner, conversation string }
	values := map[place][]string{}
	for step := range 400 {
		p := place{[]string{"a", "ab", "a/b", ""}[r.IntN(4)], []string{"b", "", "/b", "ab", "b1"}[r.IntN(5)]}
		v := s.Get(p.owner, p.conversation)
		for other, theirs := range values {
			for n, value := range theirs {
				got := v.Restore(fmt.Sprintf("[EMAIL_%d]", n+1), Plain)
				if (other != p || p.conversation == "") && got == value {
					t.Fatalf("%v restores %q of %v", p, value, other)
				}
				if other == p && p.conversation != "" && got != value {
					t.Fatalf("%v lost %q: %q", p, value, got)
				}
			}
		}
		value := fmt.Sprintf("m%d@example.org", step)
		if hidden(t, v, value); p.conversation != "" {
			values[p] = append(values[p], value)
		}
		if err := s.Keep(p.owner, p.conversation); err != nil {
			t.Fatal(err)
		}
		if r.IntN(40) == 0 {
			s = shelved(t, dir)
		}
	}
}

// TestOwnersDataIsNotForOthers: a value that is known to be one customer's does not come back for another.
func TestOwnersDataIsNotForOthers(t *testing.T) {
	v := NewVault(VaultOptions{})
	p := New(Options{NoModel: true, Store: knownStore()}).Open(v)
	p.Seed(Person{Name: "Bela Zorblax", Subject: "cust:8"})
	masked, err := p.Hide("Anna Muster, Bela Zorblax, c@example.org")
	if err != nil {
		t.Fatal(err)
	}
	state, _ := v.state()
	kept, err := vaultOf(VaultOptions{}, state)
	if err != nil {
		t.Fatal(err)
	}
	for subject, want := range map[string]string{
		"":       "Anna Muster, Bela Zorblax, c@example.org",
		"cust:1": "Anna Muster, (name), c@example.org",
		"cust:8": "(name), Bela Zorblax, c@example.org",
		"cust:9": "(name), (name), c@example.org",
	} {
		for _, v := range []*Vault{v, kept} {
			var b strings.Builder
			r := v.Restorer(Plain).For(subject)
			for _, piece := range append(r.Write(masked.String()), r.Close()...) {
				b.WriteString(piece.Out)
			}
			if b.String() != want {
				t.Errorf("for %q: %q", subject, &b)
			}
		}
	}
	r := v.Restorer(JSONString).Outside()
	if out := append(r.Write(masked.String()), r.Close()...); strings.Contains(fmt.Sprint(out), "Anna Muster,") || strings.Contains(out[0].Out, "Anna") {
		t.Errorf("to third parties: %v", out)
	}
}

func FuzzVaultState(f *testing.F) {
	v := NewVault(VaultOptions{})
	if _, err := New(Options{NoModel: true}).Open(v).Hide("Dear Anna Muster, a@example.org 4111111111111111 http://a.example/?x=a@example.org"); err != nil {
		f.Fatal(err)
	}
	state, _ := v.state()
	f.Add(state)
	f.Add([]byte{stateVersion})
	f.Fuzz(func(t *testing.T, b []byte) {
		v, err := vaultOf(VaultOptions{}, b)
		if err != nil {
			return
		}
		v.Restore("[PERSON_1] [EMAIL_1] [CARD_1B]", Plain)
		again, _ := v.state()
		if _, err := vaultOf(VaultOptions{}, again); err != nil {
			t.Error(err)
		}
	})
}
