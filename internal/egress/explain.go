package egress

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"ringfence/internal/integration"
	"ringfence/internal/residency"
	"ringfence/proof"
)

// Explanation is what the proxy would decide, and why.
type Explanation struct {
	proof.Connection
	Sentence string `json:"sentence,omitempty"` // of a refusal
}

// Explain decides as the road would for this client, and opens nothing. A name
// that the policy allows is resolved, as it would be.
func (p *Proxy) Explain(ctx context.Context, client integration.Integration, hostPort string, plain bool) Explanation {
	r := &http.Request{Method: http.MethodConnect, Host: hostPort, URL: &url.URL{Host: hostPort}, Header: http.Header{}}
	if plain {
		r.Method, r.URL = http.MethodGet, &url.URL{Scheme: "http", Host: hostPort, Path: "/"}
	}
	a := p.newAttempt(nil, r.WithContext(ctx))
	defer a.stop()
	a.record.Integration, a.record.Name = client.ID, client.Name
	err := p.explain(a, identified{client})
	out := Explanation{Connection: a.record}
	out.Connection.Connection, out.Millis = "", time.Since(a.began).Milliseconds()
	var no *refusal
	if errors.As(err, &no) {
		out.Action, out.Reason, out.Sentence, out.Outcome = proof.ActionDeny, no.code, no.sentence, proof.Refused
		if no.failed {
			out.Outcome = proof.Failed
		}
	}
	return out
}

func (p *Proxy) explain(a *attempt, client identified) error {
	asked, err := p.name(a, client)
	if err != nil {
		return err
	}
	a.record.Host = asked.host // whoever asks wrote it
	granted, err := p.permit(a, asked)
	if err != nil {
		return err
	}
	_, err = p.judge(a, granted)
	return err
}

// Anywhere is a judge for watch mode: it takes every public address, with or
// without evidence.
type Anywhere struct{}

// Judge allows.
func (Anywhere) Judge(context.Context, residency.Destination, []netip.Addr) residency.Decision {
	return residency.Decision{Outcome: residency.Allowed, Reason: "watched", Zone: "unknown"}
}
