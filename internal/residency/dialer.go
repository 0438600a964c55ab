package residency

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"path/filepath"
	"slices"
	"time"
)

// Denied is the reason code of a DeniedError.
const Denied = "residency_denied"

// A Dialer reaches unix sockets by path, loopback, and the private networks
// that an operator declared. Its zero value reaches the first two.
type Dialer struct {
	// Networks are ranges that the operator declares as inside the store's
	// own walls: private and shared (CGNAT) addresses in them are reached.
	// Addresses of other classes are refused even if a range holds them.
	Networks []netip.Prefix

	// Resolver turns names into addresses; nil for the system's.
	Resolver interface {
		LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
	}
}

// A DeniedError says that a place was refused before anything was sent to it.
type DeniedError struct {
	Host  string     // as it was asked for
	Addr  netip.Addr // that it resolved to; zero if it was not resolved
	Class Class
}

// Reason is the stable code for logs, entries and answers.
func (e *DeniedError) Reason() string { return Denied }

func (e *DeniedError) Error() string {
	switch {
	case !e.Addr.IsValid():
		return fmt.Sprintf("%s: %q is not a place that can be reached: use a path, an address or a name", Denied, e.Host)
	case e.Class == Private || e.Class == CGNAT:
		return fmt.Sprintf("%s: %s (%s) is a %s address that is not declared; "+
			"declare its network as the store's own if that is where it is", Denied, e.Host, e.Addr, e.Class)
	}
	return fmt.Sprintf("%s: %s (%s) is a %s address; only unix sockets, loopback and declared private networks are reached",
		Denied, e.Host, e.Addr, e.Class)
}

// DialContext connects to addr: a path if network is unix, and host:port if it
// is tcp, tcp4 or tcp6. If one of the addresses of a name is refused, the name
// is: a name that leads both inside and outside is a mistake or an attack.
func (d *Dialer) DialContext(ctx context.Context, network, addr string) (net.Conn, error) {
	out := net.Dialer{Timeout: 10 * time.Second}
	if network == "unix" {
		if !filepath.IsAbs(addr) { // also abstract sockets, which have no owner
			return nil, &DeniedError{Host: addr}
		}
		return out.DialContext(ctx, network, addr)
	}
	if network != "tcp" && network != "tcp4" && network != "tcp6" {
		return nil, &DeniedError{Host: addr}
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, &DeniedError{Host: addr}
	}
	places, err := d.resolve(ctx, network, host)
	if err != nil {
		return nil, err
	}
	var failed []error
	for _, place := range places {
		conn, err := out.DialContext(ctx, network, net.JoinHostPort(place.String(), port))
		if err == nil {
			return conn, nil
		}
		failed = append(failed, err)
	}
	return nil, errors.Join(failed...)
}

// resolve returns the judged addresses of host, never none without an error.
func (d *Dialer) resolve(ctx context.Context, network, host string) ([]netip.Addr, error) {
	if literal, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{literal}, d.judge(host, literal)
	}
	var resolver = d.Resolver
	if resolver == nil {
		resolver = net.DefaultResolver
	}
	places, err := resolver.LookupNetIP(ctx, "ip"+network[len("tcp"):], host)
	if err != nil {
		return nil, err
	}
	if len(places) == 0 {
		return nil, &DeniedError{Host: host}
	}
	for i, place := range places {
		// A resolver may return IPv4 in its longer form. Only there is it
		// harmless: what is dialled is the short form that is judged here.
		places[i] = place.Unmap()
		if err := d.judge(host, places[i]); err != nil {
			return nil, err
		}
	}
	return places, nil
}

func (d *Dialer) judge(host string, a netip.Addr) error {
	class := Classify(a)
	declared := slices.ContainsFunc(d.Networks, func(p netip.Prefix) bool { return p.Contains(a.WithZone("")) })
	if class == Loopback || declared && (class == Private || class == CGNAT) {
		return nil
	}
	return &DeniedError{Host: host, Addr: a, Class: class}
}
