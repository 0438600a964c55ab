// Package evidence says where a destination is: it weighs an operator's claim
// against observations that must agree with it.
//
// First step: [New], and give the judge to a residency.Dialer. Promise: without
// a claim, or with missing, stale or contradicting evidence, the answer is no.
// Danger: evidence tells where a connection ends and what a vendor vouches for;
// no evidence reaches inside a vendor's data centre.
package evidence

import (
	"context"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"ringfence/internal/residency"
	"ringfence/internal/residency/catalogue"
	"ringfence/internal/residency/geo"
	"ringfence/internal/residency/zone"
)

// The reasons of a judge, besides residency's own.
const (
	Agrees     residency.Reason = "evidence_agrees"      // allowed: two observations or more
	Contracted residency.Reason = "contract_agrees"      // allowed: contract and the vendor's regional name
	Declared   residency.Reason = "declared_by_operator" // allowed: the operator's word alone

	Expired          residency.Reason = "claim_expired"
	NotYet           residency.Reason = "claim_not_yet_valid"
	CallUnknown      residency.Reason = "call_unknown"      // what decides at this vendor is not known
	VendorRefuses    residency.Reason = "vendor_any_region" // what the call says lets it go anywhere
	Conflict         residency.Reason = "evidence_conflict"
	Stale            residency.Reason = "evidence_stale"
	OutsideZone      residency.Reason = "zone_refused"
	RegisterMissing  residency.Reason = "register_missing"
	RegisterExpired  residency.Reason = "register_expired"
	RegisterBasis    residency.Reason = "register_basis"
	RegisterPurpose  residency.Reason = "register_purpose"
	RegisterCategory residency.Reason = "register_category"
)

// Assurance is how good the evidence is, or has to be.
type Assurance string

// From the best down. Operator is the operator's word alone; it is not enough
// for a service that runs AI or collects data.
const (
	Evidenced   Assurance = "evidenced"
	Contractual Assurance = "contractual"
	Operator    Assurance = "declared"
)

// Options are what a judge goes by.
type Options struct {
	Accept    zone.Zone // jurisdictions of the store
	Claims    []Claim
	Register  []Row
	Databases []NamedDatabase // two, so that none is believed alone
	Anycast   []netip.Prefix  // besides those that are known
	Catalogue *catalogue.Catalogue
	Now       func() time.Time
}

// A NamedDatabase is a geo database with the name it has in findings.
type NamedDatabase struct {
	Name string
	*geo.Database
}

// A Claim is what an operator declares about one or more hosts.
type Claim struct {
	Name      string
	Hosts     []string   // names, or *.name for all below it
	Place     zone.Place // where it is processed
	Contract  string     // which says so
	From      time.Time
	Until     time.Time
	Accept    zone.Zone // instead of the store's, if not empty
	Assurance Assurance // needed; "" is Evidenced
	Certified bool      // the recipient is certified under the Data Privacy Framework

	Ranges     []netip.Prefix // its addresses
	ASNs       []uint32       // its networks
	Identity   *residency.Identity
	Deployment zone.Place // what the operator chose at vendors whose names do not show it
}

// A Judge implements residency.Judge.
type Judge struct{ o atomic.Pointer[Options] }

// New returns a judge that goes by o.
func New(o Options) *Judge {
	j := &Judge{}
	j.Use(o)
	return j
}

// Use changes what the judge goes by, for the next judgement.
func (j *Judge) Use(o Options) {
	if o.Catalogue == nil {
		o.Catalogue = catalogue.Builtin()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	j.o.Store(&o)
}

// Judge weighs the evidence for a destination.
func (j *Judge) Judge(_ context.Context, to residency.Destination, addrs []netip.Addr) residency.Decision {
	h := &hearing{Options: *j.o.Load(), to: to, addrs: addrs}
	reason := h.hear()
	d := residency.Decision{Outcome: residency.Refused, Reason: reason, Evidence: h.findings, Place: string(h.place), Assurance: string(h.assurance)}
	if slices.Contains([]residency.Reason{Agrees, Contracted, Declared}, reason) {
		d.Outcome, d.Zone = residency.Allowed, h.kind
	}
	return d
}

// Identity returns who must answer for a host, nil if no claim says.
func (j *Judge) Identity(host string) *residency.Identity {
	if c := claimFor(j.o.Load().Claims, host); c != nil {
		return c.Identity
	}
	return nil
}

// claimFor finds the claim of a host: one that names it before one that covers
// it, the longer pattern before the shorter.
func claimFor(claims []Claim, host string) *Claim {
	var found *Claim
	best := -1
	for i := range claims {
		for _, p := range claims[i].Hosts {
			if n := fits(p, host); n > best {
				found, best = &claims[i], n
			}
		}
	}
	return found
}

// fits says how well a pattern covers a host; -1 if not at all.
func fits(pattern, host string) int {
	if pattern == host {
		return 1 << 10
	}
	if tail, ok := strings.CutPrefix(pattern, "*."); ok && strings.HasSuffix(host, "."+tail) {
		return len(tail)
	}
	return -1
}
