package main

import (
	"path/filepath"
	"strings"

	"ringfence/internal/facts"
	"ringfence/internal/gateway"
	"ringfence/internal/guard"
	"ringfence/internal/people"
)

// openFacts opens what the store keeps to itself.
func openFacts(data string) (*facts.Index, error) {
	key, err := secret(data)
	if err != nil {
		return nil, err
	}
	return facts.Open(facts.Options{Dir: filepath.Join(data, "facts"), Secret: key})
}

// both takes a line for masking and for the answer guard.
type both struct{ mask, guard gateway.SyncKind }

func (b both) Put(line []byte, generation string) error {
	if err := b.mask.Put(line, generation); err != nil {
		return err
	}
	return b.guard.Put(line, generation)
}

func (b both) Delete(line []byte) (bool, error) {
	found, err := b.mask.Delete(line)
	if err != nil {
		return found, err
	}
	too, err := b.guard.Delete(line)
	return found || too, err
}

func (b both) Complete(generation string) (int, error) {
	n, err := b.mask.Complete(generation)
	if err != nil {
		return n, err
	}
	_, err = b.guard.Complete(generation)
	return n, err
}

func (b both) Commit() error {
	if err := b.mask.Commit(); err != nil {
		return err
	}
	return b.guard.Commit()
}

// withFacts adds to a sync what the answer guard keeps.
func withFacts(s gateway.Sync, x *facts.Index) gateway.Sync {
	s.Kinds["confidential"] = x.Confidential()
	for name, read := range map[string]func([]byte) (facts.Line, error){"customer": customerFacts, "order": orderFacts} {
		s.Kinds[name] = both{s.Kinds[name], x.Kind(name, read)}
	}
	forget := s.Forget
	s.Forget = func(subject string) (int, error) {
		n, err := forget(subject)
		return max(n, x.Forget(subject)), err
	}
	return s
}

// customerFacts are what may be told to a customer only.
func customerFacts(line []byte) (facts.Line, error) {
	p, err := people.ReadCustomer(line)
	return facts.Line{ID: p.Subject, Owner: p.Subject, Facts: personFacts(&p)}, err
}

func orderFacts(line []byte) (facts.Line, error) {
	number, subject, guest, err := people.ReadOrder(line)
	l := facts.Line{ID: number, Owner: subject, Facts: []guard.Fact{{Kind: "order", Value: number, Owner: subject}}}
	if guest != nil {
		guest.Subject = subject
		l.Facts = append(l.Facts, personFacts(guest)...)
	}
	return l, err
}

func personFacts(p *people.Person) (out []guard.Fact) {
	for kind, values := range map[string][]string{"name": p.Names, "email": p.Emails, "phone": p.Phones, "order": p.Orders} {
		for _, v := range values {
			out = append(out, guard.Fact{Kind: kind, Value: v, Owner: p.Subject})
		}
	}
	for _, a := range p.Addresses {
		if len(a.Lines) > 0 {
			out = append(out, guard.Fact{Kind: "address", Value: strings.Join(a.Lines, ", ") + ", " + a.Postcode + " " + a.City, Owner: p.Subject})
		}
	}
	return out
}
