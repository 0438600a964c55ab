// Package egress is THE SECOND ROAD: the forward proxy through which everything
// of a store must go that is not a call to the gateway. [Proxy.road] is the trip
// of a connection on one screen; each stage is a file of its own name. Start
// with [New] and serve the Proxy as an HTTP handler on an address of its own.
//
// Promise: nothing leaves by default. No byte reaches a destination before its
// name was allowed, every address of it judged, and the decision is durable in
// the audit log; what is dialled is the address that was judged. Each stage
// needs the value that the stage before it made, so the order cannot be mixed
// up. Danger: what is spliced is not read, so a rule that allows a host allows
// everything that can be said to it.
package egress

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync/atomic"

	"ringfence/internal/audit"
	"ringfence/internal/integration"
	"ringfence/internal/residency"
	"ringfence/internal/residency/catalogue"
	"ringfence/proof"
)

// Options are the parts a Proxy works with.
type Options struct {
	Keys      Keys
	Users     Users     // who holds the other end of a connection on this machine; nil: nobody is known by it
	Catalogue Catalogue // nil: no host is known
	Dialer    Dialer
	Lenient   Dialer // for watch mode: judges classes of addresses, not evidence; nil: evidence is enforced always
	Audit     Journal
	Intercept *Intercept             // nil: nothing is intercepted
	Personal  func(text string) bool // whether somebody's data is in it, for requests that can be read; nil: not asked
	Policy    Policy
	Logger    *slog.Logger // operational lines without content; nil for none
}

// Keys answers who a key belongs to. *integration.Registry is one.
type Keys interface {
	Lookup(key string) (integration.Integration, error)
	Named(name string) (integration.Integration, error)
}

// Users answers which user of this machine opened a connection.
type Users interface {
	Owner(client, proxy netip.AddrPort) (name string, err error)
}

// Catalogue knows services by their hosts. *catalogue.Catalogue is one.
type Catalogue interface {
	Lookup(host, path string) (catalogue.Match, bool)
}

// Dialer judges places, and reaches those it judged. *residency.Dialer is one.
type Dialer interface {
	Decide(ctx context.Context, to residency.Destination) residency.Decision
	Dial(ctx context.Context, to residency.Decision) (net.Conn, error)
}

// Journal is where entries go. *audit.Log is one.
type Journal interface {
	Append(ctx context.Context, typ, subject string, data any) (audit.Receipt, error)
}

// Proxy decides about connections and carries those it allows. Safe for
// concurrent use.
type Proxy struct {
	Options
	policy  atomic.Pointer[Policy]
	tunnels tunnels
	denied  suppressor
	open    openConns
}

// New returns a proxy.
func New(o Options) *Proxy {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	p := &Proxy{Options: o}
	p.Use(o.Policy)
	if o.Intercept != nil {
		o.Intercept.start(p)
	}
	return p
}

// Use replaces the policy. Connections under way keep the one they began with.
func (p *Proxy) Use(policy Policy) { p.policy.Store(&policy) }

// Server returns a server for the proxy with its limits on headers set.
func (p *Proxy) Server() *http.Server {
	bounds := p.policy.Load().Bounds
	return &http.Server{
		Handler:           p,
		ReadHeaderTimeout: bounds.Header,
		IdleTimeout:       bounds.Idle,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(p.Logger.Handler(), slog.LevelDebug),
	}
}

// maxHeader is the most bytes of a request's or an answer's header.
const maxHeader = 64 << 10

// Close lets intercepted calls finish for a while, then cuts every connection
// that is open. Each has left its closing entry when Close returns.
func (p *Proxy) Close() {
	if p.Intercept != nil {
		p.Intercept.stop()
	}
	p.open.closeAll()
	p.tellRepeated()
}

// ServeHTTP takes one attempt down the road. A CONNECT is taken from the HTTP
// server first, whose buffers would otherwise stay as long as the tunnel.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a := p.newAttempt(w, r)
	if !a.connect {
		p.travel(a)
	} else if a.takeOver() {
		go p.travel(a)
	}
}

// travel takes an attempt down the road and ends it, whatever happens.
func (p *Proxy) travel(a *attempt) {
	defer a.end()
	if err := p.road(a); err != nil {
		a.refuse(err)
		return
	}
	a.closed(proof.Answered, "")
}

// road is the trip of one connection, or of one plain HTTP request.
func (p *Proxy) road(a *attempt) error {
	client, err := p.identify(a) // who asks
	if err != nil {
		return err
	}
	asked, err := p.name(a, client) // for which host, in its one spelling; what the catalogue knows of it
	if err != nil {
		return err
	}
	granted, err := p.permit(a, asked) // the name, before anything resolves it
	if err != nil {
		return err
	}
	place, err := p.judge(a, granted) // every address it resolves to, and evidence of where that is
	if err != nil {
		return err
	}
	permit, err := p.limit(a, place) // one more connection of this client
	if err != nil {
		return err
	}
	defer permit.release()
	intent, err := p.intend(a, place) // durable before a byte leaves
	if err != nil {
		return err
	}
	up, err := p.dial(a, intent) // exactly an address that was judged; nobody, if the gateway answers
	if err != nil {
		return err
	}
	defer up.close()
	return p.carry(a, up) // plain request, or: hello read, same name, in the open; then splice or intercept
}

// carry moves what the client sends, once it is known to be what it was
// allowed for.
func (p *Proxy) carry(a *attempt, up *upstream) error {
	if !a.connect {
		return p.forward(a, up)
	}
	first, err := p.peek(a, up) // the TLS hello, read before a byte of it goes on
	if err != nil {
		return err
	}
	if up.conn == nil {
		return p.intercept(a, first)
	}
	return p.splice(a, first)
}
