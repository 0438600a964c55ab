package residency_test

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"

	"ringfence/internal/residency"
)

// TestClassify: each class, its first and last addresses, and the addresses
// just beside it that are something else.
func TestClassify(t *testing.T) {
	for class, addrs := range map[residency.Class]string{
		residency.Loopback:      "127.0.0.0 127.0.0.1 127.255.255.255 ::1",
		residency.Private:       "10.0.0.0 10.255.255.255 172.16.0.0 172.31.255.255 192.168.0.0 192.168.255.255 fc00::1 fd12:3456::1 fdff:ffff::",
		residency.CGNAT:         "100.64.0.0 100.127.255.255 100.100.100.199 100.100.100.201",
		residency.LinkLocal:     "169.254.0.1 169.254.255.255 169.254.169.253 fe80::1 fe80::1%eth0 febf::1",
		residency.Metadata:      "169.254.169.254 169.254.170.2 169.254.170.23 168.63.129.16 192.0.0.192 fd00:ec2::254 fd00:ec2::23 fd20:ce::254 100.100.100.200",
		residency.V4Mapped:      "::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:8.8.8.8 ::ffff:0:7f00:1",
		residency.V4Compatible:  "::7f00:1 ::808:808 ::2",
		residency.NAT64:         "64:ff9b::7f00:1 64:ff9b::808:808 64:ff9b:1::1 64:ff9b:1:ffff::",
		residency.SixToFour:     "2002:7f00:1:: 2002:808:808::1 192.88.99.1",
		residency.Teredo:        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
		residency.ISATAP:        "2a00:1450::5efe:7f00:1 2a00:1450::200:5efe:808:808",
		residency.Multicast:     "224.0.0.1 239.255.255.250 ff02::1 ff0e::1",
		residency.Broadcast:     "255.255.255.255",
		residency.Unspecified:   "0.0.0.0 :: 0.0.0.1 0.255.255.255",
		residency.Documentation: "192.0.2.1 198.51.100.1 203.0.113.7 2001:db8::1 3fff::1 3fff:fff::1",
		residency.Benchmark:     "198.18.0.1 198.19.255.255 2001:2::1",
		residency.Reserved:      "192.0.0.1 192.31.196.1 192.52.193.1 192.175.48.1 240.0.0.1 255.255.255.254 100::1 100:0:0:1::1 2001:5::1 2001:20::1 2620:4f:8000::1 5f00::1 fec0::1 1::1 4000::1 8000::1",
		residency.Public: "1.0.0.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.1 126.255.255.255 128.0.0.1 168.63.129.15 169.253.1.1 172.15.255.255 172.32.0.1 " +
			"192.0.1.1 192.88.98.1 192.167.255.255 192.169.0.1 198.17.255.255 198.20.0.0 223.255.255.255 " +
			"2606:4700::1111 2001:4860:4860::8888 2001:200::1 2003::1 2a00:1450::5eff:1 3ffe:ffff::1",
	} {
		for _, a := range strings.Fields(addrs) {
			if got := residency.Classify(netip.MustParseAddr(a)); got != class {
				t.Errorf("%s is %s, want %s", a, got, class)
			}
		}
	}
	if got := residency.Classify(netip.Addr{}); got != residency.Unspecified {
		t.Errorf("no address is %s", got)
	}
}

// names is a resolver with answers of its own.
type names map[string][]netip.Addr

func (n names) LookupNetIP(_ context.Context, network, host string) ([]netip.Addr, error) {
	var out []netip.Addr
	for _, a := range n[host] {
		if network == "ip" || (network == "ip4") == a.Unmap().Is4() {
			out = append(out, a)
		}
	}
	return out, nil
}

func TestDialRefuses(t *testing.T) {
	addr := netip.MustParseAddr
	d := residency.Dialer{
		Networks: []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("0.0.0.0/0"), netip.MustParsePrefix("::/0")},
		Resolver: names{
			"public.example": {addr("8.8.8.8")},
			"mixed.example":  {addr("127.0.0.1"), addr("8.8.8.8")},
			"rebind.example": {addr("127.0.0.1"), addr("169.254.169.254")},
			"none.example":   nil,
		},
	}
	for _, c := range []struct{ network, addr string }{
		{"tcp", "8.8.8.8:80"}, {"tcp", "169.254.169.254:80"}, {"tcp", "[::ffff:127.0.0.1]:80"}, {"tcp", "[64:ff9b::7f00:1]:80"},
		{"tcp", "0.0.0.0:80"}, {"tcp", "[::]:80"}, {"tcp", "[fe80::1%lo]:80"}, {"tcp", "224.0.0.1:80"},
		{"tcp", "public.example:80"}, {"tcp", "mixed.example:80"}, {"tcp", "rebind.example:80"}, {"tcp", "none.example:80"},
		{"tcp", "127.0.0.1"}, {"udp", "127.0.0.1:53"}, {"ip", "127.0.0.1"}, {"unixgram", "/run/x.sock"},
		{"unix", "@abstract"}, {"unix", "relative.sock"}, {"unix", ""}, {"unix", "\x00abstract"},
	} {
		conn, err := d.DialContext(t.Context(), c.network, c.addr)
		var denied *residency.DeniedError
		if conn != nil || !errors.As(err, &denied) || denied.Reason() != "residency_denied" || !strings.HasPrefix(err.Error(), "residency_denied: ") {
			t.Errorf("%s %q: %v", c.network, c.addr, err)
		}
	}
}

// TestUndeclared: what is private is not reached for that alone.
func TestUndeclared(t *testing.T) {
	var d residency.Dialer
	for _, a := range []string{"10.1.2.3:80", "192.168.0.1:80", "100.64.0.1:80", "[fd00::1]:80"} {
		_, err := d.DialContext(t.Context(), "tcp", a)
		if err == nil || !strings.Contains(err.Error(), "declare its network") {
			t.Errorf("%s: %v", a, err)
		}
	}
}

func TestDialReaches(t *testing.T) {
	tcp := listen(t, "tcp4", "127.0.0.1:0")
	unix := listen(t, "unix", filepath.Join(t.TempDir(), "engine.sock"))
	_, port, _ := net.SplitHostPort(tcp)
	d := residency.Dialer{Resolver: names{"engine.intern": {netip.MustParseAddr("::ffff:127.0.0.1"), netip.MustParseAddr("127.0.0.1")}}}
	for _, c := range []struct{ network, addr string }{
		{"tcp", tcp}, {"tcp4", tcp}, {"unix", unix}, {"tcp", "engine.intern:" + port}, {"tcp4", "engine.intern:" + port},
	} {
		conn, err := d.DialContext(t.Context(), c.network, c.addr)
		if err != nil {
			t.Errorf("%s %s: %v", c.network, c.addr, err)
			continue
		}
		conn.Close()
	}
}

// TestDeclared: a declared network is dialled. Nobody answers there, so all
// that can be seen is that the dialer tried until it was told to stop.
func TestDeclared(t *testing.T) {
	d := residency.Dialer{Networks: []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")}}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := d.DialContext(ctx, "tcp", "10.1.2.3:80")
	var denied *residency.DeniedError
	if err == nil || errors.As(err, &denied) {
		t.Errorf("declared: %v", err)
	}
	if _, err := d.DialContext(ctx, "tcp", "10.2.2.3:80"); !errors.As(err, &denied) || denied.Class != residency.Private {
		t.Errorf("outside: %v", err)
	}
}

func listen(t *testing.T, network, addr string) string {
	t.Helper()
	l, err := net.Listen(network, addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l.Addr().String()
}
