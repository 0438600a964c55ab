package residency

import (
	"fmt"
	"net/netip"
	"slices"

	"ringfence/internal/residency/host"
)

// Denied is the reason code of a DeniedError, whatever the finer reason is.
const Denied = "residency_denied"

// Outcome says how a decision ended.
type Outcome string

// The outcomes. Refused and failed never mean the same.
const (
	Allowed Outcome = "allowed"
	Refused Outcome = "refused" // a rule said no
	Failed  Outcome = "failed"  // it could not be decided, so nobody is reached
)

// Reason is a stable code for logs, entries and answers.
type Reason string

// The reasons of the dialer itself. Evidence has more, see [Judge].
const (
	ReasonSocket     Reason = "local_socket"        // allowed: a unix socket by path
	ReasonLoopback   Reason = "loopback"            // allowed: this machine
	ReasonDeclared   Reason = "declared_network"    // allowed: in a declared network
	ReasonNetwork    Reason = "network_unsupported" // neither tcp nor a unix socket
	ReasonHost       Reason = "host_malformed"
	ReasonDisguise   Reason = "host_disguised"     // an address in a spelling that hides it
	ReasonLiteral    Reason = "host_literal"       // an address where a name is needed
	ReasonNoAddress  Reason = "name_empty"         // the name leads nowhere
	ReasonAddress    Reason = "address_class"      // the class of an address is never reached
	ReasonUndeclared Reason = "address_undeclared" // private, and nobody declared its network
	ReasonMixed      Reason = "address_mixed"      // the name leads both inside and outside
	ReasonNoEvidence Reason = "evidence_missing"   // public, and nothing says where it is
	ReasonNoClaim    Reason = "claim_missing"      // nobody declared where this is
	ReasonZone       Reason = "zone_changed"       // the evidence now says another zone than before
	ReasonResolve    Reason = "resolve_failed"     // failed: the resolver did not answer
)

// A Destination is what somebody wants to reach.
type Destination struct {
	Host string // as it was asked for: a name, or an address where literals are allowed
	Port uint16
	Call *Call // what is going to be said, where somebody knows it

	// Verifies says that who dials will check the TLS identity that a claim
	// names, on this very connection; only then is it evidence.
	Verifies bool
}

// A Call is what decides the place of processing at vendors whose host name
// does not: rules on path and body need it.
type Call struct {
	Path       string            // of the URL, without its query
	Model      string            // the model asked for
	Body       map[string]string // top-level text fields of the body that rules may name; nil: not known
	Purpose    string            // what the call is for
	Categories []string          // of data in it
}

// A Judged address is one that a destination resolved to.
type Judged struct {
	Addr   netip.Addr `json:"addr"`
	Class  Class      `json:"class"`
	Reason Reason     `json:"reason"`
}

// A Decision says whether a destination may be reached, and why. Only
// [Dialer.Decide] makes one that can be dialled.
type Decision struct {
	Host      string    `json:"host"` // in its one spelling, or as asked for if it has none
	Port      uint16    `json:"port,omitempty"`
	Outcome   Outcome   `json:"outcome"`
	Reason    Reason    `json:"reason"`
	Zone      string    `json:"zone,omitempty"`         // "local", "private" or the zone whose evidence agreed
	Place     string    `json:"jurisdiction,omitempty"` // ISO code, by evidence
	Assurance string    `json:"assurance,omitempty"`    // how good the evidence is
	Addrs     []Judged  `json:"addrs,omitempty"`
	Evidence  []Finding `json:"evidence,omitempty"` // step by step

	err  error            // why it failed
	dial []netip.AddrPort // exactly these
	path string           // of a unix socket
}

// A Finding is one step of a judgement.
type Finding struct {
	Step string `json:"step"` // claim, cidr, geo:a, geo:b, anycast, vendor, tls, contract, zone
	Says string `json:"says"` // a jurisdiction, or what was found
	OK   bool   `json:"ok"`
}

// Allowed says whether the destination may be dialled.
func (d Decision) Allowed() bool { return d.Outcome == Allowed }

// Err is nil for an allowed destination, a *DeniedError for a refused one, and
// what went wrong for one that could not be decided.
func (d Decision) Err() error {
	switch d.Outcome {
	case Allowed:
		return nil
	case Failed:
		return fmt.Errorf("%s: %s: %w", d.Reason, d.Host, d.err)
	}
	e := &DeniedError{Host: d.Host, Code: d.Reason}
	if i := slices.IndexFunc(d.Addrs, func(j Judged) bool { return j.Reason == d.Reason }); i >= 0 {
		e.Addr, e.Class = d.Addrs[i].Addr, d.Addrs[i].Class
	}
	return e
}

func refuse(h string, port uint16, r Reason) Decision {
	return Decision{Host: h, Port: port, Outcome: Refused, Reason: r}
}

// A DeniedError says that a place was refused before anything was sent to it.
type DeniedError struct {
	Host  string     // as it was asked for
	Addr  netip.Addr // that it resolved to; zero if it was not resolved
	Class Class
	Code  Reason
}

// Reason is the stable code for callers who need no finer one than Code.
func (e *DeniedError) Reason() string { return Denied }

func (e *DeniedError) Error() string {
	says := map[Reason]string{
		ReasonNetwork:    "only TCP and unix sockets are dialled",
		ReasonHost:       "this is not a place that can be reached: use a path, an address or a name",
		ReasonDisguise:   host.ErrDisguise.Error(),
		ReasonLiteral:    "an address was given where a name is needed",
		ReasonNoAddress:  "the name leads nowhere",
		ReasonUndeclared: "the address is not declared; declare its network as the store's own if that is where it is",
		ReasonAddress:    "only unix sockets, loopback, declared private networks and places with evidence are reached",
		ReasonMixed:      "the name leads both inside and outside the store's walls",
		ReasonNoClaim:    "nobody declared where this is; add a claim to `residency.claims` if it may be reached",
		ReasonZone:       "the evidence now says another zone than when it was configured",
		ReasonNoEvidence: "nothing says where this is: `ringfence residency explain` tells what is missing",
	}[e.Code]
	if says == "" {
		says = string(e.Code) + ": `ringfence residency explain` tells why"
	}
	if e.Addr.IsValid() {
		return fmt.Sprintf("%s: %s (%s, %s): %s", Denied, e.Host, e.Addr, e.Class, says)
	}
	return fmt.Sprintf("%s: %q: %s", Denied, e.Host, says)
}
