package mask

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func hidden(t *testing.T, v *Vault, text string) string {
	t.Helper()
	masked, err := New(Options{}).Open(v).Hide(text)
	if err != nil {
		t.Fatal(err)
	}
	return masked.String()
}

func TestPlaceholdersAreStableInAConversation(t *testing.T) {
	s := NewVaults(VaultsOptions{})
	first := hidden(t, s.Get("shop", "c-1"), "a@example.org b@example.org")
	again := hidden(t, s.Get("shop", "c-1"), "b@example.org A@example.org")
	if first != "[EMAIL_1] [EMAIL_2]" || again != "[EMAIL_2] [EMAIL_1B]" {
		t.Errorf("first %q, again %q", first, again)
	}
}

func TestConversationsAreApart(t *testing.T) {
	s := NewVaults(VaultsOptions{})
	hidden(t, s.Get("shop", "c-1"), "a@example.org")
	for _, other := range []*Vault{s.Get("shop", "c-2"), s.Get("other", "c-1"), s.Get("shop", ""), s.Get("shopc", "-1")} {
		if got := other.Restore("[EMAIL_1]", Plain); got != "(e-mail)" {
			t.Errorf("another conversation restored %q", got)
		}
	}
	if one, two := s.Get("shop", ""), s.Get("shop", ""); one == two {
		t.Error("two calls without a conversation share a vault")
	}
}

func TestConversationsExpireAndAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewVaults(VaultsOptions{Max: 3, Idle: time.Hour})
		kept := s.Get("o", "1")
		s.Get("o", "2")
		s.Get("o", "3")
		if s.Get("o", "1") != kept {
			t.Error("a conversation was lost below the bound")
		}
		s.Get("o", "4") // the one unused longest is 2
		if s.Len() != 3 || s.Get("o", "1") != kept {
			t.Errorf("%d conversations kept, or the wrong ones", s.Len())
		}
		time.Sleep(59 * time.Minute)
		if s.Get("o", "1") != kept {
			t.Error("expired too early")
		}
		time.Sleep(2 * time.Minute)
		if s.Len() != 1 {
			t.Errorf("%d conversations kept, want the one just used", s.Len())
		}
		s.Forget("o", "1")
		if s.Get("o", "1") == kept {
			t.Error("a forgotten conversation came back")
		}
	})
}

// TestTwoValuesNeverShareAPlaceholder hides many values at once, in one vault.
func TestTwoValuesNeverShareAPlaceholder(t *testing.T) {
	v := NewVault(VaultOptions{})
	m := New(Options{})
	var wait sync.WaitGroup
	var mu sync.Mutex
	values := map[string]string{}
	for w := range 8 {
		wait.Go(func() {
			for i := range 100 {
				mail := fmt.Sprintf("user%d@example.org", i*(1+w%2))
				masked, err := m.Open(v).Hide(mail)
				mu.Lock()
				if old, ok := values[masked.String()]; err != nil || ok && old != mail {
					t.Errorf("%q stands for %q and %q, %v", masked, old, mail, err)
				}
				values[masked.String()] = mail
				mu.Unlock()
				if got := v.Restore(masked.String(), Plain); got != mail {
					t.Errorf("%q restored as %q", mail, got)
				}
			}
		})
	}
	wait.Wait()
}

func TestPeopleOfOneNamePartStayApart(t *testing.T) {
	v := NewVault(VaultOptions{})
	p := New(Options{}).Open(v)
	p.Seed(Person{Name: "Anna Muster"}, Person{Name: "Anna Schmidt"}, Person{Name: "Bernd Muster"})
	masked, err := p.Hide("Anna Muster, Anna Schmidt, Bernd Muster, Anna, Schmidt, Muster")
	if err != nil {
		t.Fatal(err)
	}
	const want = "[PERSON_1], [PERSON_2], [PERSON_3], [PERSON_4], [PERSON_2B], [PERSON_5]"
	if masked.String() != want {
		t.Errorf("got %q, want %q", masked, want)
	}
}

func TestIrreversibleValuesAreNotKept(t *testing.T) {
	v := NewVault(VaultOptions{Once: map[Type]bool{EMAIL: true}})
	text := "4111 1111 1111 1111, 4111111111111111, 5555 5555 5555 4444, password: hunter22, a@example.org"
	if got := hidden(t, v, text); got != "[CARD_1], [CARD_1], [CARD_2], password: [SECRET_1], [EMAIL_1]" {
		t.Errorf("masked %q", got)
	}
	if got := v.Restore("[CARD_1] [SECRET_1] [EMAIL_1]", Exact); got != "(card) (secret) (e-mail)" {
		t.Errorf("restored %q", got)
	}
	for id, val := range v.values {
		if strings.Contains(id.key, "4111") || val.forms[0] != (form{}) {
			t.Errorf("the vault keeps %q", id.key)
		}
	}
}

func TestManyFormsOfOneValue(t *testing.T) {
	v := NewVault(VaultOptions{})
	base := "abcdefghijklmnopqrstuvwxyz@example.org"
	for round := range 2 {
		for i := range 40 {
			mail := base[:i%26] + strings.ToUpper(base[i%26:])
			if i >= 26 {
				mail = strings.ToUpper(base[:i-25]) + base[i-25:]
			}
			if got := v.Restore(hidden(t, v, mail), Plain); got != mail {
				t.Fatalf("round %d: %q came back as %q", round, mail, got)
			}
		}
	}
	if n := len(v.marks[EMAIL]); n > 20 {
		t.Errorf("%d numbers for one value", n)
	}
}

func TestTallyAndSpans(t *testing.T) {
	p := New(Options{}).Open(NewVault(VaultOptions{}))
	p.Seed(Person{Name: "Änne Öztürk"})
	if _, err := p.Hide("😀 Änne Öztürk: a@example.org"); err != nil {
		t.Fatal(err)
	}
	spans := p.Spans()
	if len(spans) != 2 || spans[0].Start != 2 || spans[0].End != 13 || spans[1].Start != 15 || spans[1].End != 28 {
		t.Errorf("spans %+v", spans)
	}
	if _, err := p.Hide("b@example.org"); err != nil {
		t.Fatal(err)
	}
	if tally := p.Tally(); tally[EMAIL] != 2 || tally[PERSON] != 1 || len(tally) != 2 {
		t.Errorf("tally %v", tally)
	}
}
