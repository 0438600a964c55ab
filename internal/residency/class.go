package residency

import "net/netip"

// A Class says what kind of place an address is.
type Class string

// The classes. Each is the named outcome of a row of the table below.
const (
	Loopback      Class = "loopback"
	Private       Class = "private"       // RFC 1918, RFC 4193
	CGNAT         Class = "cgnat"         // RFC 6598, shared by a provider's customers
	LinkLocal     Class = "link_local"    // RFC 3927, RFC 4291
	Metadata      Class = "metadata"      // where clouds hand out credentials
	V4Mapped      Class = "v4_mapped"     // an IPv4 address written as IPv6
	V4Compatible  Class = "v4_compatible" // the same in the form of RFC 4291, long deprecated
	NAT64         Class = "nat64"         // RFC 6052, RFC 8215: leads to an IPv4 address
	SixToFour     Class = "6to4"          // RFC 3056: leads to an IPv4 address
	Teredo        Class = "teredo"        // RFC 4380: leads to an IPv4 address
	ISATAP        Class = "isatap"        // RFC 5214: leads to an IPv4 address
	Multicast     Class = "multicast"
	Broadcast     Class = "broadcast"     // RFC 919
	Unspecified   Class = "unspecified"   // reaches this machine, whatever it looks like
	Documentation Class = "documentation" // RFC 5737, RFC 3849, RFC 9637
	Benchmark     Class = "benchmark"     // RFC 2544, RFC 5180
	Reserved      Class = "reserved"      // future use, protocols' own, discard only
	Own           Class = "own"           // an address of this machine; see [Dialer]
	Public        Class = "public"        // the rest: the Internet
)

// special lists what the standard library does not tell apart. The first match
// counts. Sources: the IANA special-purpose address registries, and what clouds
// document about their metadata services.
var special = []struct {
	prefix netip.Prefix
	class  Class
}{
	{netip.MustParsePrefix("169.254.169.254/32"), Metadata}, // AWS, Azure, Google and others
	{netip.MustParsePrefix("169.254.170.2/32"), Metadata},   // AWS container credentials
	{netip.MustParsePrefix("169.254.170.23/32"), Metadata},  // AWS pod identity
	{netip.MustParsePrefix("168.63.129.16/32"), Metadata},   // Azure's host agent, a public-looking address
	{netip.MustParsePrefix("192.0.0.192/32"), Metadata},     // Oracle Cloud
	{netip.MustParsePrefix("100.100.100.200/32"), Metadata}, // Alibaba Cloud
	{netip.MustParsePrefix("fd00:ec2::/32"), Metadata},      // AWS over IPv6
	{netip.MustParsePrefix("fd20:ce::254/128"), Metadata},   // Google over IPv6
	{netip.MustParsePrefix("100.64.0.0/10"), CGNAT},
	{netip.MustParsePrefix("64:ff9b::/96"), NAT64},
	{netip.MustParsePrefix("64:ff9b:1::/48"), NAT64},
	{netip.MustParsePrefix("2002::/16"), SixToFour},
	{netip.MustParsePrefix("192.88.99.0/24"), SixToFour},
	{netip.MustParsePrefix("2001::/32"), Teredo},
	{netip.MustParsePrefix("0.0.0.0/8"), Unspecified},
	{netip.MustParsePrefix("192.0.2.0/24"), Documentation},
	{netip.MustParsePrefix("198.51.100.0/24"), Documentation},
	{netip.MustParsePrefix("203.0.113.0/24"), Documentation},
	{netip.MustParsePrefix("2001:db8::/32"), Documentation},
	{netip.MustParsePrefix("3fff::/20"), Documentation},
	{netip.MustParsePrefix("198.18.0.0/15"), Benchmark},
	{netip.MustParsePrefix("2001:2::/48"), Benchmark},
	{netip.MustParsePrefix("192.0.0.0/24"), Reserved},
	{netip.MustParsePrefix("192.31.196.0/24"), Reserved},
	{netip.MustParsePrefix("192.52.193.0/24"), Reserved},
	{netip.MustParsePrefix("192.175.48.0/24"), Reserved},
	{netip.MustParsePrefix("255.255.255.255/32"), Broadcast},
	{netip.MustParsePrefix("240.0.0.0/4"), Reserved},
	{netip.MustParsePrefix("::/96"), V4Compatible},       // but for :: and ::1
	{netip.MustParsePrefix("::ffff:0:0:0/96"), V4Mapped}, // the translated form of RFC 2765
	{netip.MustParsePrefix("100::/64"), Reserved},
	{netip.MustParsePrefix("100:0:0:1::/64"), Reserved},
	{netip.MustParsePrefix("2001::/23"), Reserved}, // protocols' own, but for the rows above
	{netip.MustParsePrefix("2620:4f:8000::/48"), Reserved},
	{netip.MustParsePrefix("5f00::/16"), Reserved},
	{netip.MustParsePrefix("fec0::/10"), Reserved},
}

// Classify says what kind of place a is. An address that carries another one
// inside is classified by its outside: nobody who means the inner address
// writes it that way.
func Classify(a netip.Addr) Class {
	a = a.WithZone("")
	switch {
	case a.Is4In6():
		return V4Mapped
	case !a.IsValid() || a.IsUnspecified():
		return Unspecified
	case a.IsLoopback():
		return Loopback
	}
	for _, s := range special {
		if s.prefix.Contains(a) {
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
	case isISATAP(a):
		return ISATAP
	case a.Is6() && !globalUnicast.Contains(a):
		return Reserved
	}
	return Public
}

// globalUnicast is all of IPv6 that is in use on the Internet.
var globalUnicast = netip.MustParsePrefix("2000::/3")

// isISATAP finds an interface identifier made of an IPv4 address: 0:5efe or
// 200:5efe before it.
func isISATAP(a netip.Addr) bool {
	b := a.As16()
	return a.Is6() && b[8]&^2 == 0 && b[9] == 0 && b[10] == 0x5e && b[11] == 0xfe
}
