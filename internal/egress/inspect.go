package egress

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"

	"ringfence/internal/integration"
	"ringfence/internal/residency/host"
	"ringfence/proof"
)

// To learn what a plugin says to a host that no catalogue knows, an operator can
// have its TLS ended here, in watch mode only: each request is looked at, told
// of in the log by its shape, and then passed on over TLS of our own. Vendors
// that nobody knew are found this way.

// inspectable says why a destination cannot be inspected, or nothing.
func (p *Proxy) inspectable(d *destination, v ruled) error {
	switch {
	case !v.watch:
		return refused(http.StatusForbidden, "inspect_watch_only", "A rule asks to inspect this host, which is for watch mode only. Allow or deny it instead, or set the rule's mode to watch.")
	case p.Intercept == nil || !p.Intercept.Leaves.Covers(d.host):
		return refused(http.StatusForbidden, "not_interceptable", "The store's authority may not vouch for this host. It is asked for names of inspect rules when it is made: `ringfence egress ca rotate`.")
	}
	return nil
}

// inspected is one request on a connection that is inspected. It has entries of
// its own, and a connection of its own to an address that was judged.
func (p *Proxy) inspected(w http.ResponseWriter, r *http.Request, in *inside) {
	if h, err := host.Parse(hostOnly(r.Host)); err != nil || h.Name != in.said.host {
		in.refuse(w, refused(http.StatusMisdirectedRequest, "host_mismatch", "This connection is for another host."))
		return
	}
	r.URL.Scheme, r.URL.Host = "http", r.Host // as forward expects it; TLS is under it
	a := p.newAttempt(w, r)
	was := in.a.record
	a.record.Integration, a.record.Name, a.record.Identity, a.record.Caller, a.record.Agent = was.Integration, was.Name, was.Identity, was.Caller, was.Agent
	a.record.Protocol, a.record.Host, a.record.Port, a.record.Service = "https", was.Host, was.Port, was.Service
	a.record.Action, a.record.Rule, a.record.Mode, a.record.Would = was.Action, was.Rule, integration.ModeWatch, was.Would
	a.record.Addresses, a.record.Zone, a.record.Evidence = was.Addresses, was.Zone, was.Evidence
	defer a.end()
	if err := p.passOn(a, in.said.judged); err != nil {
		a.refuse(err)
		return
	}
	a.closed(proof.Answered, "")
}

// passOn takes an inspected request down the rest of the road.
func (p *Proxy) passOn(a *attempt, j *judged) error {
	if err := p.look(a, j.granted); err != nil {
		return err
	}
	intent, err := p.intend(a, j)
	if err != nil {
		return err
	}
	up, err := p.reach(a, intent)
	if err != nil {
		return err
	}
	defer up.close()
	secure := tls.Client(up.conn, &tls.Config{ServerName: j.host, RootCAs: p.Intercept.Roots, NextProtos: []string{"http/1.1"}, MinVersion: tls.VersionTLS12})
	ctx, stop := context.WithTimeout(a.ctx, a.policy.Bounds.Header)
	defer stop()
	if err := secure.HandshakeContext(ctx); err != nil {
		r := failed(http.StatusBadGateway, "tls_failed", "The host's certificate is not valid, or it speaks no TLS that is safe.")
		r.cause = err
		return r
	}
	return p.forward(a, &upstream{intent, net.Conn(secure)})
}
