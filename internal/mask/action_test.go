package mask

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestActions(t *testing.T) {
	policy := map[Type]Action{DATE: Coarse, ADDRESS: Coarse, IP: Coarse, EMAIL: Irreversible, PHONE: Keep, SECRET: Keep, CARD: Reversible, PERSON: Coarse}
	const text = `born 14.03.1985, 10115 Berlin, Hauptstraße 5, 203.0.113.77, a@example.org, +49 170 1234567, 4111111111111111, Dear Anna Muster`
	v := NewVault(VaultOptions{})
	p := New(Options{NoModel: true}).Open(v).Apply(policy)
	p.Study(text)
	masked, err := p.Hide(text)
	if err != nil {
		t.Fatal(err)
	}
	const want = `born 1985, 10xxx, [ADDRESS_1], 203.0.113.0/24, [EMAIL_1], +49 170 1234567, [CARD_1], Dear [PERSON_1]`
	if masked.String() != want {
		t.Errorf("got  %s\nwant %s", masked, want)
	}
	const back = `born 1985, 10xxx, Hauptstraße 5, 203.0.113.0/24, (e-mail), +49 170 1234567, (card), Dear Anna Muster`
	if got := v.Restore(masked.String(), Plain); got != back {
		t.Errorf("got  %s\nwant %s", got, back)
	}
}

// TestActionsKeepJSON: whatever is done with values, JSON stays JSON, and what is to be gone is.
func TestActionsKeepJSON(t *testing.T) {
	const order = `{"order":{"id":1042,"customer_ip_address":"203.0.113.77","billing":{"postcode":"10115","city":"Berlin","first_name":"Anna","last_name":"Muster"},"date_of_birth":"1985-03-14","a":{"postcode":10115}}}`
	for _, a := range []Action{Reversible, Irreversible, Coarse, Keep} {
		policy := map[Type]Action{}
		for _, k := range kinds {
			policy[k.typ] = a
		}
		out, err := New(Options{NoModel: true}).Open(NewVault(VaultOptions{})).Apply(policy).HideJSON(order)
		if err != nil || !json.Valid([]byte(out.String())) {
			t.Errorf("%s: %v %s", a, err, out)
		}
		if gone := !strings.Contains(out.String(), "Muster") && !strings.Contains(out.String(), "203.0.113.77"); gone == (a == Keep) {
			t.Errorf("%s: %s", a, out)
		}
	}
}
