package egress

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"ringfence/internal/integration"
	"ringfence/internal/residency/host"
	"ringfence/proof"
)

// Intercept lets the gateway answer calls to catalogued AI hosts in their
// place. Nothing of such a call leaves this machine.
type Intercept struct {
	Leaves Leaves
	Door   Door
	Roots  *x509.CertPool // that inspected hosts are held to; nil: the system's

	server *http.Server
	queue  *handover
}

// Leaves makes certificates. *ca.Authority is one.
type Leaves interface {
	Covers(host string) bool
	Leaf(host string) (*tls.Certificate, error)
}

// Door is the way into the gateway for a client that is already known.
// *gateway.Gateway is one.
type Door interface {
	For(integration.Integration) http.Handler
}

// start makes the inner server: the far end of intercepted connections.
func (i *Intercept) start(p *Proxy) {
	bounds := p.policy.Load().Bounds
	i.queue = &handover{conns: make(chan net.Conn), closed: make(chan struct{})}
	i.server = &http.Server{
		Handler:           http.HandlerFunc(p.called),
		ReadHeaderTimeout: bounds.Header,
		IdleTimeout:       bounds.Idle,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(p.Logger.Handler(), slog.LevelDebug),
		HTTP2:             &http.HTTP2Config{MaxConcurrentStreams: 32},
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			return context.WithValue(ctx, insideKey{}, c.(*tls.Conn).NetConn())
		},
	}
	config := &tls.Config{
		MinVersion: tls.VersionTLS12,
		NextProtos: []string{"h2", "http/1.1"},
		GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			in, ok := hello.Conn.(*inside)
			if !ok {
				return nil, errors.New("egress: not an intercepted connection")
			}
			return i.Leaves.Leaf(in.said.host)
		},
	}
	plain := config.Clone() // requests that are passed on go one after another
	plain.NextProtos = []string{"http/1.1"}
	config.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		if in, ok := hello.Conn.(*inside); ok && in.said.action == proof.ActionInspect {
			return plain, nil
		}
		return nil, nil
	}
	go i.server.Serve(tls.NewListener(i.queue, config))
}

// grace is how long calls under way may take to finish.
const grace = 10 * time.Second

func (i *Intercept) stop() {
	ctx, done := context.WithTimeout(context.Background(), grace)
	defer done()
	if i.server.Shutdown(ctx) != nil {
		i.server.Close()
	}
}

type insideKey struct{}

// interceptable says why a destination cannot be intercepted, or nothing.
func (p *Proxy) interceptable(d *destination) error {
	switch {
	case p.Intercept == nil:
		return refused(http.StatusForbidden, "intercept_off", "A rule asks to intercept this host, but egress.intercept in ringfence.yaml is off.")
	case d.service == nil || !d.service.Kind.AI() || d.service.Shared():
		return refused(http.StatusForbidden, "not_interceptable", "Only AI services of the catalogue are intercepted. Allow or deny this host instead.")
	case !p.Intercept.Leaves.Covers(d.host):
		return refused(http.StatusForbidden, "not_interceptable", "The store's authority may not vouch for this host. `ringfence egress ca rotate` makes one for the catalogue as it is now.")
	}
	return nil
}

// intercept ends the client's TLS here and lets the gateway answer what comes
// out of it.
func (p *Proxy) intercept(a *attempt, s *spoken) error {
	in := &inside{Conn: a.down, first: bytes.NewReader(s.hello.raw), said: s, a: a, gone: make(chan struct{})}
	defer context.AfterFunc(a.ctx, func() { in.Close() })()
	if !p.Intercept.queue.give(in) {
		return errGone
	}
	<-in.gone
	if a.ctx.Err() != nil {
		return ended("total_timeout", a.ctx.Err())
	}
	return nil
}

// inside is a connection whose TLS ends here: the hello that was read comes
// first, then the rest.
type inside struct {
	net.Conn
	first *bytes.Reader
	said  *spoken
	a     *attempt
	gone  chan struct{}
	once  sync.Once
}

func (c *inside) Read(b []byte) (int, error) {
	if c.first != nil && c.first.Len() > 0 {
		return c.first.Read(b)
	}
	c.first = nil
	return c.Conn.Read(b)
}

func (c *inside) Close() error {
	err := c.Conn.Close()
	c.once.Do(func() { close(c.gone) })
	return err
}

// handover is a listener whose connections come from the road.
type handover struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (h *handover) give(c net.Conn) bool {
	select {
	case h.conns <- c:
		return true
	case <-h.closed:
		return false
	}
}

func (h *handover) Accept() (net.Conn, error) {
	select {
	case c := <-h.conns:
		return c, nil
	case <-h.closed:
		return nil, net.ErrClosed
	}
}

func (h *handover) Close() error {
	h.once.Do(func() { close(h.closed) })
	return nil
}

func (h *handover) Addr() net.Addr { return &net.TCPAddr{} }

// called is one request on an intercepted connection. It goes down THE ROAD of
// the gateway under the integration that opened the connection, or is refused:
// in no case is it passed on.
func (p *Proxy) called(w http.ResponseWriter, r *http.Request) {
	in, ok := r.Context().Value(insideKey{}).(*inside)
	if !ok {
		panic(http.ErrAbortHandler)
	}
	in.a.calls.Add(1)
	if in.said.action == proof.ActionInspect {
		p.inspected(w, r, in)
		return
	}
	w.Header().Set("Ringfence-Connection", in.a.record.Connection)
	caller := in.said.client.Integration
	if h, err := host.Parse(hostOnly(r.Host)); err != nil || h.Name != in.said.host {
		in.refuse(w, refused(http.StatusMisdirectedRequest, "host_mismatch", "This connection is for another host."))
		return
	}
	if now, err := p.Keys.Named(caller.Name); err != nil || now.ID != caller.ID {
		in.refuse(w, refused(http.StatusUnauthorized, "revoked_key", "The key this connection was opened with was revoked."))
		return
	} else {
		caller = now
	}
	shaped := &vendorShape{ResponseWriter: w, in: in}
	p.Intercept.Door.For(caller).ServeHTTP(shaped, withoutCredentials(r))
}

func hostOnly(s string) string {
	h, _, _ := cutPort(s)
	return h
}

// credentials are headers in which the vendors' keys come. They are worth money
// elsewhere and nothing here: the gateway never sees them.
var credentials = []string{"Authorization", "Proxy-Authorization", "X-Api-Key", "Api-Key", "X-Goog-Api-Key", "Cookie",
	"X-Goog-User-Project", "Openai-Organization", "Openai-Project", "X-Amz-Security-Token", "Ocp-Apim-Subscription-Key", "Xi-Api-Key"}

func withoutCredentials(r *http.Request) *http.Request {
	r = r.Clone(r.Context())
	google := r.Header.Get("X-Goog-Api-Key") != "" || r.URL.Query().Has("key")
	for _, name := range credentials {
		delete(r.Header, name)
	}
	if google { // that there was one tells Google's protocol from others at the same path
		r.Header.Set("X-Goog-Api-Key", "taken-out")
	}
	if r.URL.RawQuery != "" {
		q := r.URL.Query()
		for name := range q {
			switch strings.ToLower(name) {
			case "key", "api_key", "api-key", "apikey", "access_token", "token", "subscription-key":
				delete(q, name)
			}
		}
		r.URL.RawQuery = q.Encode()
	}
	r.RequestURI = ""
	return r
}
