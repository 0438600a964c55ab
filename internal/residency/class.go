// Package residency knows where an address is, and holds the only dialer of
// the product.
//
// First step: give a [Dialer]'s DialContext to whatever opens connections.
// Promise: every address that a name resolves to is judged, and exactly an
// address that was judged is dialled; what is not declared is refused.
// Danger: resolving a name already tells it to a DNS server, so prefer
// addresses and sockets over names.
package residency

import "net/netip"

// A Class says what kind of place an address is.
type Class string

// The classes. Only Loopback is reached without being declared.
const (
	Loopback    Class = "loopback"
	Private     Class = "private"     // RFC 1918, RFC 4193
	CGNAT       Class = "cgnat"       // RFC 6598, shared by a provider's customers
	LinkLocal   Class = "link_local"  // RFC 3927, RFC 4291
	Metadata    Class = "metadata"    // where clouds hand out credentials
	V4Mapped    Class = "v4_mapped"   // an IPv4 address written as IPv6
	NAT64       Class = "nat64"       // RFC 6052, RFC 8215: leads to an IPv4 address
	SixToFour   Class = "6to4"        // RFC 3056
	Teredo      Class = "teredo"      // RFC 4380
	Multicast   Class = "multicast"   //
	Unspecified Class = "unspecified" // reaches this machine, whatever it looks like
	Reserved    Class = "reserved"    // documentation, benchmarks, future use
	Public      Class = "public"      // the rest: the Internet
)

// special lists what the standard library does not tell apart. The first match
// counts. Sources: the IANA special-purpose address registries.
var special = []struct {
	prefix netip.Prefix
	class  Class
}{
	{netip.MustParsePrefix("169.254.169.254/32"), Metadata}, // AWS, Azure, Google and others
	{netip.MustParsePrefix("169.254.170.2/32"), Metadata},   // AWS container credentials
	{netip.MustParsePrefix("fd00:ec2::254/128"), Metadata},  // AWS over IPv6
	{netip.MustParsePrefix("100.100.100.200/32"), Metadata}, // Alibaba Cloud
	{netip.MustParsePrefix("100.64.0.0/10"), CGNAT},
	{netip.MustParsePrefix("64:ff9b::/96"), NAT64},
	{netip.MustParsePrefix("64:ff9b:1::/48"), NAT64},
	{netip.MustParsePrefix("2002::/16"), SixToFour},
	{netip.MustParsePrefix("192.88.99.0/24"), SixToFour},
	{netip.MustParsePrefix("2001::/32"), Teredo},
	{netip.MustParsePrefix("0.0.0.0/8"), Unspecified},
	{netip.MustParsePrefix("192.0.0.0/24"), Reserved},
	{netip.MustParsePrefix("192.0.2.0/24"), Reserved},
	{netip.MustParsePrefix("198.18.0.0/15"), Reserved},
	{netip.MustParsePrefix("198.51.100.0/24"), Reserved},
	{netip.MustParsePrefix("203.0.113.0/24"), Reserved},
	{netip.MustParsePrefix("240.0.0.0/4"), Reserved},
	{netip.MustParsePrefix("::/96"), Reserved}, // IPv4-compatible, but for :: and ::1
	{netip.MustParsePrefix("100::/64"), Reserved},
	{netip.MustParsePrefix("2001:db8::/32"), Reserved},
	{netip.MustParsePrefix("3fff::/20"), Reserved},
	{netip.MustParsePrefix("fec0::/10"), Reserved},
}

// Classify says what kind of place a is. An address that carries another one
// inside is classified by its outside: nobody who means the inner address
// writes it that way.
func Classify(a netip.Addr) Class {
	switch {
	case a.Is4In6():
		return V4Mapped
	case !a.IsValid() || a.IsUnspecified():
		return Unspecified
	case a.IsLoopback():
		return Loopback
	}
	for _, s := range special {
		if s.prefix.Contains(a.WithZone("")) {
			return s.class
		}
	}
	switch {
	case a.IsMulticast():
		return Multicast
	case a.IsLinkLocalUnicast():
		return LinkLocal
	case a.IsPrivate():
		return Private
	}
	return Public
}
