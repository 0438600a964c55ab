package main

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"ringfence/internal/gateway"
	"ringfence/internal/guard"
	"ringfence/internal/mask"
)

// answerContext is the file of "guard --answers --context".
type answerContext struct {
	System       string         `json:"system"`
	Canaries     []string       `json:"canaries"`
	Confidential []confidential `json:"confidential"`
	People       []knownPerson  `json:"people"`
	Subject      string         `json:"subject"` // whose data may be told
	AllowedURLs  []string       `json:"allowed_urls"`
	Prompt       string         `json:"prompt"` // what the customer wrote anyway
}

// confidential is a value the store keeps to itself.
type confidential struct {
	Kind  string   `json:"kind"`
	Value string   `json:"value"`
	Near  []string `json:"near"`
}

// knownPerson is a customer of the store.
type knownPerson struct {
	Subject string   `json:"subject"`
	Name    string   `json:"name"`
	Email   string   `json:"email"`
	Phone   string   `json:"phone"`
	Address string   `json:"address"`
	Orders  []string `json:"orders"`
}

// facts are what may be told to this customer only.
func (p *knownPerson) facts() []guard.Fact {
	out := []guard.Fact{}
	for kind, value := range map[string]string{"name": p.Name, "email": p.Email, "phone": p.Phone, "address": p.Address} {
		if strings.TrimSpace(value) != "" {
			out = append(out, guard.Fact{Kind: kind, Value: value, Owner: p.Subject})
		}
	}
	for _, order := range p.Orders {
		out = append(out, guard.Fact{Kind: "order", Value: order, Owner: p.Subject})
	}
	return out
}

// readContext reads what answers are judged by. A field nobody knows is an
// error: it may be a misspelt one, and then nothing would be judged by it.
func (r *guardRun) readContext(file string) error {
	raw, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var c answerContext
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.DisallowUnknownFields()
	if err := d.Decode(&c); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	r.given = []string{c.System, c.Prompt}
	for i := range c.People {
		if p := &c.People[i]; p.Subject == c.Subject {
			r.given = append(r.given, p.Name, p.Email, p.Phone, p.Address, strings.Join(p.Orders, " "))
		}
	}
	r.context = guard.Context{System: []string{c.System}, Canaries: c.Canaries, AllowedURLs: c.AllowedURLs,
		Subject: c.Subject, Prompt: c.Prompt, Known: []*guard.Known{r.known(&c)}}
	if _, err := r.guard.AnswerIn(r.context); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

// known puts together what must not be told. A value that is too short to be
// found by is named in not_judged.
func (r *guardRun) known(c *answerContext) *guard.Known {
	var key [16]byte
	rand.Read(key[:])
	k := guard.NewKnown(key)
	put := func(where string, f guard.Fact) {
		if err := f.Check(); err != nil {
			r.notJudged = appendOnce(r.notJudged, where)
			return
		}
		k.Put(k.Compile(f))
	}
	for i, f := range c.Confidential {
		put(fmt.Sprintf("confidential[%d]", i), guard.Fact{Kind: f.Kind, Value: f.Value, Near: f.Near})
	}
	for i := range c.People {
		for _, f := range c.People[i].facts() {
			put(fmt.Sprintf("people[%d].%s", i, f.Kind), f)
		}
	}
	return k
}

// strangers looks for personal data that the context does not hold.
func (r *guardRun) strangers(released string, found []guard.Verdict) (string, []guard.Verdict) {
	if r.masker == nil {
		return released, found
	}
	pass := r.masker.Open(mask.NewVault(mask.VaultOptions{}))
	find := func(text string) []guard.Personal { return gateway.Personal(pass, text) }
	s := r.guard.Strangers(r.context, find, func() []string { return r.given }, r.strike)
	a, some := s.Write(released)
	b, more := s.Close()
	for _, v := range append(some, more...) {
		if r.strike {
			v.Action = guard.Strip
		}
		found = append(found, v)
	}
	return a + b, found
}
