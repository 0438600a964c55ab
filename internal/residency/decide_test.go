package residency_test

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"testing"

	"ringfence/internal/residency"
)

// everywhere accepts any public address, so that only the dialer's own rules
// are seen.
type everywhere struct{ asked []netip.Addr }

func (e *everywhere) Judge(_ context.Context, _ residency.Destination, addrs []netip.Addr) residency.Decision {
	e.asked = append(e.asked, addrs...)
	return residency.Decision{Outcome: residency.Allowed, Reason: "evidence_agrees", Zone: "eea", Place: "DE", Assurance: "evidenced"}
}

type broken struct{}

func (broken) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) {
	return nil, errors.New("no answer")
}

// TestDecideForStrangers: what a proxy's client may not reach, each with the
// reason it is told.
func TestDecideForStrangers(t *testing.T) {
	list := func(s ...string) (out []netip.Addr) {
		for _, a := range s {
			out = append(out, netip.MustParseAddr(a))
		}
		return out
	}
	d := residency.Dialer{
		Strangers: true,
		Judge:     &everywhere{},
		Own:       func() ([]netip.Addr, error) { return list("10.1.0.5", "9.9.9.9", "2a00::5"), nil },
		Networks:  []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")},
		Resolver: names{
			"public.example": list("8.8.8.8", "2a00:1450::1"), "inside.example": list("10.1.2.3"), "other.example": list("10.2.2.3"),
			"loop.example": list("127.0.0.1"), "own.example": list("10.1.0.5"), "own4.example": list("9.9.9.9"), "own6.example": list("2a00::5"),
			"mapped.example": list("::ffff:127.0.0.1"), "nat.example": list("8.8.8.8", "64:ff9b::a9fe:a9fe"), "meta.example": list("169.254.169.254"),
			"mixed.example": list("8.8.8.8", "10.1.2.3"), "none.example": nil,
		},
	}
	for to, want := range map[string]residency.Reason{
		"public.example": "evidence_agrees", "PUBLIC.example.": "evidence_agrees", "inside.example": "evidence_agrees",
		"other.example": residency.ReasonUndeclared, "loop.example": residency.ReasonAddress, "own.example": residency.ReasonAddress,
		"own4.example": residency.ReasonAddress, "own6.example": residency.ReasonAddress, "mapped.example": residency.ReasonAddress,
		"nat.example": residency.ReasonAddress, "meta.example": residency.ReasonAddress, "mixed.example": residency.ReasonMixed,
		"none.example": residency.ReasonNoAddress, "8.8.8.8": residency.ReasonLiteral, "[2a00:1450::1]": residency.ReasonLiteral,
		"127.1": residency.ReasonDisguise, "0x8080808": residency.ReasonDisguise, "010.1.2.3": residency.ReasonDisguise, "": residency.ReasonHost,
		"a b": residency.ReasonHost,
	} {
		got := d.Decide(t.Context(), residency.Destination{Host: to, Port: 443})
		good := slices.Contains([]residency.Reason{"evidence_agrees", residency.ReasonDeclared}, want)
		if got.Reason != want || got.Allowed() != good || (got.Err() == nil) != good {
			t.Errorf("%s: %s %s %v, want %s", to, got.Outcome, got.Reason, got.Err(), want)
		}
	}
}

// TestNobodyElseMakesADecision: a decision that was not made by Decide is not
// dialled, and one whose resolver failed is not called refused.
func TestNobodyElseMakesADecision(t *testing.T) {
	var d residency.Dialer
	var denied *residency.DeniedError
	if _, err := d.Dial(t.Context(), residency.Decision{Host: "127.0.0.1", Port: 1, Outcome: residency.Allowed}); !errors.As(err, &denied) {
		t.Errorf("made by hand: %v", err)
	}
	if _, err := d.Dial(t.Context(), residency.Decision{}); err == nil {
		t.Error("the zero decision was dialled")
	}
	d.Resolver = broken{}
	got := d.Decide(t.Context(), residency.Destination{Host: "a.example", Port: 1})
	if got.Outcome != residency.Failed || errors.As(got.Err(), &denied) || got.Err() == nil {
		t.Errorf("a broken resolver: %+v", got)
	}
}

// changing is a resolver that answers differently each time: rebinding.
type changing struct{ answers []string }

func (c *changing) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) {
	a := c.answers[0]
	c.answers = c.answers[min(1, len(c.answers)-1):]
	return []netip.Addr{netip.MustParseAddr(a)}, nil
}

// TestDialsWhatWasJudged: between the judgement and the dialling nobody is
// asked again.
func TestDialsWhatWasJudged(t *testing.T) {
	l, err := net.Listen("tcp4", "127.0.0.2:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	port := uint16(l.Addr().(*net.TCPAddr).Port)
	d := residency.Dialer{Resolver: &changing{answers: []string{"127.0.0.2", "169.254.169.254"}}}
	to := d.Decide(t.Context(), residency.Destination{Host: "rebind.example", Port: port})
	conn, err := d.Dial(t.Context(), to)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if got := conn.RemoteAddr().(*net.TCPAddr).AddrPort(); len(to.Addrs) != 1 || got.Addr() != to.Addrs[0].Addr || got.Port() != port {
		t.Errorf("judged %+v, dialled %v", to.Addrs, got)
	}
	if again := d.Decide(t.Context(), residency.Destination{Host: "rebind.example", Port: port}); again.Allowed() {
		t.Errorf("the second answer: %+v", again)
	}
}
