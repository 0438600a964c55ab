package residency

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"ringfence/internal/residency/host"
)

// A Dialer reaches unix sockets by path, loopback, the private networks that an
// operator declared, and public places whose evidence its Judge accepts. Its
// zero value reaches the first two.
type Dialer struct {
	// Networks are ranges that the operator declares as inside the store's
	// own walls: private and shared (CGNAT) addresses in them are reached.
	// Addresses of other classes are refused even if a range holds them.
	Networks []netip.Prefix

	// Strangers says that destinations are chosen by somebody else, as a
	// proxy's are by its clients: then names alone are dialled, and neither
	// loopback nor an address of this machine is reached unless a network of
	// Networks holds it.
	Strangers bool

	// Own returns the addresses of this machine; nil asks its interfaces. Only
	// Strangers are refused them.
	Own func() ([]netip.Addr, error)

	// Judge says where addresses beyond this machine are; nil knows of none.
	Judge Judge

	// Verifies says that the TLS identity which Judge knows for a host is
	// checked by whoever uses this dialer.
	Verifies bool

	// Call is what is said on every connection, where that is known before.
	Call *Call

	// Zone, if set, is the only zone that is dialled: an engine that was in one
	// when it was configured is not followed into another.
	Zone string

	// Resolver turns names into addresses; nil for the system's.
	Resolver Resolver

	// Timeout of one connection attempt; 0 is ten seconds.
	Timeout time.Duration
}

// A Resolver turns a name into its addresses; network is ip, ip4 or ip6.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// A Judge weighs the evidence for where a destination is.
type Judge interface {
	// Judge is asked once for all addresses of a destination: all of them are
	// public, or all in declared networks. It fills in Outcome, Reason, Zone,
	// Place, Assurance and Evidence. Where it answers ReasonNoClaim, declared
	// networks speak for themselves.
	Judge(ctx context.Context, to Destination, addrs []netip.Addr) Decision
}

// DialContext connects to addr: a path if network is unix, and host:port if it
// is tcp, tcp4 or tcp6. The error of a refusal is a *[DeniedError].
func (d *Dialer) DialContext(ctx context.Context, network, addr string) (net.Conn, error) {
	return d.Dial(ctx, d.decide(ctx, network, addr))
}

// Decide judges a destination and every address it resolves to, and sends
// nothing to it. If one of the addresses of a name is refused, the name is: a
// name that leads both inside and outside is a mistake or an attack.
func (d *Dialer) Decide(ctx context.Context, to Destination) Decision {
	return d.decideHost(ctx, "ip", to)
}

// Dial connects to an address that was judged, in the order the resolver gave.
func (d *Dialer) Dial(ctx context.Context, to Decision) (net.Conn, error) {
	if err := to.Err(); err != nil {
		return nil, err
	}
	out := net.Dialer{Timeout: d.Timeout}
	if out.Timeout == 0 {
		out.Timeout = 10 * time.Second
	}
	if to.path != "" {
		return out.DialContext(ctx, "unix", to.path)
	}
	if len(to.dial) == 0 { // made by hand, not by Decide
		return nil, &DeniedError{Host: to.Host, Code: ReasonNoAddress}
	}
	var failed []error
	for _, place := range to.dial {
		conn, err := out.DialContext(ctx, "tcp", place.String())
		if err == nil {
			return conn, nil
		}
		failed = append(failed, err)
	}
	return nil, errors.Join(failed...)
}

func (d *Dialer) decide(ctx context.Context, network, addr string) Decision {
	switch network {
	case "unix":
		if !filepath.IsAbs(addr) { // also abstract sockets, which have no owner
			return refuse(addr, 0, ReasonHost)
		}
		return Decision{Host: addr, Outcome: Allowed, Reason: ReasonSocket, Zone: "local", path: addr}
	case "tcp", "tcp4", "tcp6":
	default:
		return refuse(addr, 0, ReasonNetwork)
	}
	h, p, err := net.SplitHostPort(addr)
	port, perr := strconv.ParseUint(p, 10, 16)
	if err != nil || perr != nil {
		return refuse(addr, 0, ReasonHost)
	}
	return d.decideHost(ctx, "ip"+network[len("tcp"):], Destination{Host: h, Port: uint16(port), Call: d.Call, Verifies: d.Verifies})
}

func (d *Dialer) decideHost(ctx context.Context, family string, to Destination) Decision {
	h, err := host.Parse(to.Host)
	switch {
	case errors.Is(err, host.ErrDisguise):
		return refuse(to.Host, to.Port, ReasonDisguise)
	case err != nil:
		return refuse(to.Host, to.Port, ReasonHost)
	case h.IsAddr() && d.Strangers:
		return refuse(h.String(), to.Port, ReasonLiteral)
	}
	to.Host = h.String()
	addrs, err := d.resolve(ctx, family, h)
	if err != nil {
		return Decision{Host: to.Host, Port: to.Port, Outcome: Failed, Reason: ReasonResolve, err: err}
	}
	own, err := d.own()
	if err != nil {
		return Decision{Host: to.Host, Port: to.Port, Outcome: Failed, Reason: ReasonResolve, err: err}
	}
	return d.judge(ctx, to, addrs, own)
}

// judge classifies each address, and asks for evidence about those that are
// not this machine.
func (d *Dialer) judge(ctx context.Context, to Destination, addrs, own []netip.Addr) Decision {
	if len(addrs) == 0 {
		return refuse(to.Host, to.Port, ReasonNoAddress)
	}
	out := Decision{Host: to.Host, Port: to.Port, Outcome: Refused}
	met := map[Reason]bool{}
	for _, a := range addrs {
		j := d.classify(a, own)
		out.Addrs = append(out.Addrs, j)
		if out.Reason = j.Reason; j.Reason == ReasonAddress || j.Reason == ReasonUndeclared {
			return out
		}
		met[j.Reason] = true
		out.dial = append(out.dial, netip.AddrPortFrom(a, to.Port))
	}
	switch {
	case len(met) > 1 && met[ReasonNoEvidence]:
		out.Reason, out.dial = ReasonMixed, nil
		return out
	case met[ReasonDeclared]:
		out.Outcome, out.Reason, out.Zone = Allowed, ReasonDeclared, "private"
	case met[ReasonLoopback]:
		out.Outcome, out.Zone = Allowed, "local"
		return d.inZone(out)
	}
	return d.inZone(d.weigh(ctx, to, out))
}

// weigh asks the judge about addresses beyond this machine. What was decided
// without one stands where it has no claim.
func (d *Dialer) weigh(ctx context.Context, to Destination, plain Decision) Decision {
	if d.Judge == nil {
		return plain
	}
	addrs := make([]netip.Addr, len(plain.Addrs))
	for i, j := range plain.Addrs {
		addrs[i] = j.Addr
	}
	said := d.Judge.Judge(ctx, to, addrs)
	if said.Reason == ReasonNoClaim && plain.Allowed() {
		return plain
	}
	said.Host, said.Port, said.dial = to.Host, to.Port, nil
	said.Addrs = slices.Clone(plain.Addrs)
	for i := range said.Addrs {
		said.Addrs[i].Reason = said.Reason
	}
	if said.Outcome == Allowed {
		said.dial = plain.dial
	}
	return said
}

// inZone holds a dialer in its zone.
func (d *Dialer) inZone(to Decision) Decision {
	if d.Zone != "" && to.Allowed() && to.Zone != d.Zone {
		to.Outcome, to.Reason, to.dial = Refused, ReasonZone, nil
	}
	return to
}

// classify says what one address is and what speaks for or against it.
func (d *Dialer) classify(a netip.Addr, own []netip.Addr) Judged {
	class := Classify(a)
	declared := slices.ContainsFunc(d.Networks, func(p netip.Prefix) bool { return p.Contains(a) })
	if d.Strangers && class != Loopback && slices.Contains(own, a) {
		return Judged{a, Own, ReasonAddress}
	}
	switch class {
	case Loopback:
		if !d.Strangers || declared {
			return Judged{a, class, ReasonLoopback}
		}
	case Private, CGNAT:
		if declared {
			return Judged{a, class, ReasonDeclared}
		}
		return Judged{a, class, ReasonUndeclared}
	case Public:
		return Judged{a, class, ReasonNoEvidence}
	}
	return Judged{a, class, ReasonAddress}
}

func (d *Dialer) own() ([]netip.Addr, error) {
	if !d.Strangers {
		return nil, nil
	}
	if d.Own != nil {
		return d.Own()
	}
	return OwnAddrs()
}

// OwnAddrs returns the addresses of this machine's interfaces.
func OwnAddrs() ([]netip.Addr, error) {
	all, err := net.InterfaceAddrs()
	var out []netip.Addr
	for _, a := range all {
		if n, ok := a.(*net.IPNet); ok {
			if ip, ok := netip.AddrFromSlice(n.IP); ok {
				out = append(out, ip.Unmap())
			}
		}
	}
	return out, err
}

// resolve returns the addresses of h in their short form.
func (d *Dialer) resolve(ctx context.Context, family string, h host.Host) ([]netip.Addr, error) {
	if h.IsAddr() {
		return []netip.Addr{h.Addr}, nil
	}
	var resolver = d.Resolver
	if resolver == nil {
		resolver = net.DefaultResolver
	}
	found, err := resolver.LookupNetIP(ctx, family, h.Name)
	var none *net.DNSError
	if errors.As(err, &none) && none.IsNotFound {
		return nil, nil
	}
	addrs := make([]netip.Addr, 0, len(found))
	for _, a := range found {
		// A resolver may return IPv4 in its longer form. Only there is it
		// harmless: what is dialled is the short form that is judged here.
		addrs = append(addrs, a.Unmap())
	}
	return addrs, err
}
