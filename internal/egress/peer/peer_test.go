package peer_test

import (
	"errors"
	"net"
	"net/netip"
	"os/user"
	"testing"

	"ringfence/internal/egress/peer"
)

func TestOwner(t *testing.T) {
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	for _, listen := range []string{"127.0.0.1:0", "[::]:0"} {
		l, err := net.Listen("tcp", listen)
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		_, port, _ := net.SplitHostPort(l.Addr().String())
		c, err := net.Dial("tcp", "127.0.0.1:"+port)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		client, proxy := netip.MustParseAddrPort(c.LocalAddr().String()), netip.MustParseAddrPort(c.RemoteAddr().String())
		var users peer.Users
		for range 2 {
			if name, err := users.Owner(client, proxy); err != nil || name != me.Username {
				t.Errorf("%s: %q, %v", listen, name, err)
			}
		}
		stranger := netip.AddrPortFrom(client.Addr(), 1)
		if name, err := users.Owner(stranger, proxy); !errors.Is(err, peer.ErrNotFound) {
			t.Errorf("nobody is %q, %v", name, err)
		}
	}
}

func BenchmarkOwner(b *testing.B) {
	l, _ := net.Listen("tcp", "127.0.0.1:0")
	defer l.Close()
	c, _ := net.Dial("tcp", l.Addr().String())
	defer c.Close()
	client, proxy := netip.MustParseAddrPort(c.LocalAddr().String()), netip.MustParseAddrPort(c.RemoteAddr().String())
	var users peer.Users
	for b.Loop() {
		users.Owner(client, proxy)
	}
}
