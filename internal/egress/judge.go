package egress

import (
	"errors"
	"net/http"

	"ringfence/internal/residency"
	"ringfence/proof"
)

// judged is a destination whose every address was judged. Only judge makes
// one; only the dialer can make the decision in it.
type judged struct {
	*granted
	place residency.Decision // the zero value where nobody is dialled
}

// judge resolves the name here, classifies every address and weighs the
// evidence for where it is. What the gateway answers itself is not resolved:
// that call goes nowhere.
func (p *Proxy) judge(a *attempt, g *granted) (*judged, error) {
	if g.action == proof.ActionIntercept {
		a.record.Zone = "local"
		return &judged{granted: g}, nil
	}
	to := residency.Destination{Host: g.host, Port: g.port}
	place := p.Dialer.Decide(a.ctx, to)
	if !place.Allowed() && g.watch && p.Lenient != nil {
		strict := place
		if place = p.Lenient.Decide(a.ctx, to); place.Allowed() && a.record.Would == "" {
			a.record.Would = string(strict.Reason)
		}
	}
	a.located(place)
	if !place.Allowed() {
		a.record.Action = proof.ActionDeny
		return nil, placeProblem(place)
	}
	return &judged{g, place}, p.look(a, g)
}

// located notes what was found about the place.
func (a *attempt) located(d residency.Decision) {
	a.record.Zone, a.record.Addresses, a.record.Evidence = d.Zone, nil, nil
	for _, j := range d.Addrs {
		a.record.Addresses = append(a.record.Addresses, j.Addr.String())
	}
	for _, f := range d.Evidence {
		says := f.Step + "=" + f.Says
		if !f.OK {
			says += " (no)"
		}
		a.record.Evidence = append(a.record.Evidence, says)
	}
}

func placeProblem(d residency.Decision) error {
	var denied *residency.DeniedError
	err := d.Err()
	switch {
	case errors.As(err, &denied):
		return refused(http.StatusForbidden, string(d.Reason), placeSentence(d.Reason))
	case d.Reason == residency.ReasonResolve:
		r := failed(http.StatusBadGateway, string(d.Reason), "The name could not be resolved, so nobody knows where it leads.")
		r.cause = err
		return r
	}
	r := failed(http.StatusBadGateway, string(d.Reason), "It could not be decided where this host is, so it is not reached. `ringfence residency explain HOST` says more.")
	r.cause = err
	return r
}

func placeSentence(r residency.Reason) string {
	switch r {
	case residency.ReasonAddress:
		return "The name leads to an address that is not reached from here: this machine, its network, or one that hides another address."
	case residency.ReasonUndeclared:
		return "The name leads to a private address whose network nobody declared as the store's own."
	case residency.ReasonNoAddress:
		return "The name leads nowhere."
	}
	return "The evidence for where this host is does not satisfy the policy. `ringfence residency explain HOST` says what is missing."
}
