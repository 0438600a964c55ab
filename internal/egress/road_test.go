package egress_test

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"ringfence/internal/egress"
	"ringfence/internal/integration"
	"ringfence/proof"
)

var hello = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	io.WriteString(w, "hello "+r.Proto+" "+r.Host)
})

func TestSplice(t *testing.T) {
	w := newWorld(t)
	s := w.site("pay.example", "198.41.0.4:443", hello)
	answer, err := w.https(s).Get("https://pay.example/x?key=secret")
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(answer.Body)
	answer.Body.Close()
	if string(body) != "hello HTTP/2.0 pay.example" {
		t.Errorf("got %q", body)
	}
	w.proxy.Close()
	e := w.log.last(t, 2)
	if w.log.entries[0].Type != proof.TypeConnection || e.Type != proof.TypeConnectionClosed {
		t.Errorf("entries %v", w.log.types())
	}
	if e.Host != "pay.example" || e.Action != proof.ActionSplice || e.Rule != "partners" || e.Zone != "eea" || e.Name != "shop" ||
		e.Identity != "key" || e.Sent == 0 || e.Received == 0 || !slices.Equal(e.Addresses, []string{"198.41.0.4"}) || e.Sent != s.bytes.Load() {
		t.Errorf("entry %+v", e)
	}
}

// hostile is what must never leave, with the reason that the client and the
// log are given.
func TestRefused(t *testing.T) {
	w := newWorld(t, withRule(egress.Rule{Name: "test", Action: egress.RuleAllow, Hosts: []string{"*.hostile.example", "nowhere.example", "*"}}),
		withRule(egress.Rule{Name: "no", Action: egress.RuleDeny, Hosts: []string{"denied.example"}}))
	secret := w.site("inner.hostile.example", "198.41.0.5:443", hello)
	for name, addrs := range map[string]string{
		"loopback": "127.0.0.1", "private": "10.0.0.1", "metadata": "169.254.169.254", "mapped": "::ffff:10.0.0.1", "nat64": "64:ff9b::a00:1",
		"sixtofour": "2002:a00:1::", "teredo": "2001:0:4136:e378:8000:63bf:3fff:fdd2", "linklocal": "fe80::1", "cgnat": "100.64.0.1",
		"multicast": "224.0.0.1", "unspecified": "0.0.0.0", "mixed": "198.41.0.5 127.0.0.1", "own": "198.41.0.9", "ula": "fd00::1", "broken": "",
	} {
		w.names[name+".hostile.example"] = []netip.Addr{}
		for _, a := range strings.Fields(addrs) {
			w.names[name+".hostile.example"] = append(w.names[name+".hostile.example"], netip.MustParseAddr(a))
		}
	}
	w.names["nowhere.example"] = []netip.Addr{netip.MustParseAddr("198.41.0.5")}
	key := "Proxy-Authorization: " + w.basic(w.key)
	for i, c := range []struct {
		target, header, reason string
		status                 int
	}{
		{"inner.hostile.example:443", "X: y", "no_identity", 407},
		{"inner.hostile.example:443", "Proxy-Authorization: Basic !!!", "malformed_key", 407},
		{"other.example:443", "Proxy-Authorization: Digest x", "malformed_key", 407},
		{"inner.hostile.example:443", "Proxy-Authorization: Bearer rf_aaaaaaaa_" + strings.Repeat("x", 43), "unknown_key", 407},
		{"127.0.0.1:443", key, "ip_literal", 403},
		{"2130706433:443", key, "ip_literal", 403},
		{"0x7f.1:443", key, "ip_literal", 403},
		{"0177.0.0.1:443", key, "ip_literal", 403},
		{"127.1:443", key, "ip_literal", 403},
		{"[::1]:443", key, "ip_literal", 403},
		{"[::ffff:127.0.0.1]:443", key, "ip_literal", 403},
		{"inner.hostile.example", key, "bad_host", 400},
		{"inner.hostile.example:0", key, "bad_host", 400},
		{"inner.hostile.example:99999", key, "bad_host", 400},
		{"inner.hostile.example:25", key, "port_not_allowed", 403},
		{"inner.hostile.example:80", key, "port_not_allowed", 403},
		{"inner.hostile.example:22", key, "port_not_allowed", 403},
		{"denied.example:443", key, "rule_denied", 403},
		{"api.openai.com:443", key, "service_not_allowed", 403},
		{"dns.google:443", key, "service_not_allowed", 403},
		{"unheard.hostile.example:443", key, "name_empty", 403},
		{"broken.hostile.example:443", key, "resolve_failed", 502},
		{"nowhere.example:443", key, "evidence_missing", 403},
		{"private.hostile.example:443", key, "address_undeclared", 403},
		{"cgnat.hostile.example:443", key, "address_undeclared", 403},
		{"ula.hostile.example:443", key, "address_undeclared", 403},
		{"loopback.hostile.example:443", key, "address_class", 403},
		{"metadata.hostile.example:443", key, "address_class", 403},
		{"nat64.hostile.example:443", key, "address_class", 403},
		{"sixtofour.hostile.example:443", key, "address_class", 403},
		{"teredo.hostile.example:443", key, "address_class", 403},
		{"linklocal.hostile.example:443", key, "address_class", 403},
		{"multicast.hostile.example:443", key, "address_class", 403},
		{"unspecified.hostile.example:443", key, "address_class", 403},
		{"mixed.hostile.example:443", key, "address_class", 403},
		{"own.hostile.example:443", key, "address_class", 403},
		{"mapped.hostile.example:443", key, "address_undeclared", 403}, // judged as what it leads to
	} {
		before := len(w.log.types())
		_, answer := w.connect(c.target, c.header, fmt.Sprintf("Ringfence-Caller: plugin-%d", i)) // or those alike would share an entry
		if answer.StatusCode != c.status || answer.Header.Get("Ringfence-Reason") != c.reason {
			t.Errorf("%s: %d %s, want %d %s", c.target, answer.StatusCode, answer.Header.Get("Ringfence-Reason"), c.status, c.reason)
		}
		e := w.log.last(t, before+1)
		if e.Type != proof.TypeConnectionRefused || e.Reason != c.reason || e.Action != proof.ActionDeny || e.Connection.Connection != answer.Header.Get("Ringfence-Connection") {
			t.Errorf("%s: entry %+v", c.target, e)
		}
	}
	if n := secret.bytes.Load() + secret.conns.Load(); n != 0 {
		t.Errorf("%d bytes or connections left", n)
	}
}

// flights are what clients say once they have a tunnel to pay.example.
func TestFirstFlights(t *testing.T) {
	for name, c := range map[string]struct {
		say    []byte
		reason string
	}{
		"another name":  {clientHello(t, "evil.example"), "sni_mismatch"},
		"no name":       {clientHello(t, ""), "sni_missing"},
		"encrypted":     {withExtension(clientHello(t, "pay.example"), 0xfe0d), "encrypted_hello"},
		"plain HTTP":    {[]byte("GET / HTTP/1.1\r\nHost: pay.example\r\n\r\n"), "not_tls"},
		"ssh":           {[]byte("SSH-2.0-OpenSSH_9\r\n"), "not_tls"},
		"a TLS 1 alert": {[]byte{21, 3, 1, 0, 2, 2, 49}, "not_tls"},
		"SSL 2":         {[]byte{0x80, 0x2e, 1, 3, 1}, "not_tls"},
		"half a hello":  {clientHello(t, "pay.example")[:40], "client_gone"},
		"two hellos":    {twoMessages(clientHello(t, "pay.example")), "hello_malformed"},
		"nothing":       {nil, "client_gone"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			s := w.site("pay.example", "198.41.0.4:443", hello)
			conn, answer := w.connect("pay.example:443")
			if answer.StatusCode != 200 {
				t.Fatal(answer.Status)
			}
			conn.Write(c.say)
			conn.(*readAhead).Conn.(*net.TCPConn).CloseWrite()
			io.Copy(io.Discard, conn)
			if e := w.log.last(t, 2); e.Reason != c.reason || e.Type != proof.TypeConnectionClosed || e.Sent != 0 {
				t.Errorf("entry %+v", e)
			}
			if s.bytes.Load() != 0 {
				t.Errorf("%d bytes left", s.bytes.Load())
			}
		})
	}
}

// TestSpellings: the same host in another spelling is the same host.
func TestSpellings(t *testing.T) {
	w := newWorld(t)
	s := w.site("pay.example", "198.41.0.4:443", hello)
	for _, target := range []string{"PAY.example:443", "pay.example.:443"} {
		conn, answer := w.connect(target)
		if answer.StatusCode != 200 {
			t.Errorf("%s: %s", target, answer.Status)
			continue
		}
		c := tls.Client(conn, &tls.Config{ServerName: "pay.example", RootCAs: s.pool})
		if err := c.Handshake(); err != nil {
			t.Errorf("%s: %v", target, err)
		}
		c.Close()
	}
}

// TestWatch: what a rule would deny passes and is told; what lies or leads
// inside does not pass.
func TestWatch(t *testing.T) {
	w := newWorld(t, withMode(integration.ModeWatch))
	s := w.site("new.example", "198.41.0.4:443", hello)
	w.names["nowhere.example"], w.names["inside.example"] = w.names["new.example"], []netip.Addr{netip.MustParseAddr("127.0.0.1")}
	for target, would := range map[string]string{"new.example": "not_allowed", "nowhere.example": "not_allowed"} {
		conn, answer := w.connect(target + ":443")
		if answer.StatusCode != 200 {
			t.Fatalf("%s: %s", target, answer.Header.Get("Ringfence-Reason"))
		}
		c := tls.Client(conn, &tls.Config{ServerName: target, InsecureSkipVerify: true})
		if err := c.Handshake(); err != nil {
			t.Error(err)
		}
		c.Close()
		if e := w.log.last(t, 1); e.Mode != "watch" || e.Would != would {
			t.Errorf("%s: entry %+v", target, e)
		}
	}
	for target, reason := range map[string]string{"inside.example:443": "address_class", "127.0.0.1:443": "ip_literal", "new.example:22": "port_not_allowed"} {
		if _, answer := w.connect(target); answer.Header.Get("Ringfence-Reason") != reason {
			t.Errorf("%s: %s", target, answer.Header.Get("Ringfence-Reason"))
		}
	}
	before := s.bytes.Load()
	conn, _ := w.connect("new.example:443")
	conn.Write(clientHello(t, "evil.example"))
	io.Copy(io.Discard, conn)
	if s.bytes.Load() != before {
		t.Error("a hello for another name left in watch mode")
	}
}

// TestNoLogNoByte is law 3 for connections.
func TestNoLogNoByte(t *testing.T) {
	w := newWorld(t)
	s := w.site("pay.example", "198.41.0.4:443", hello)
	w.log.failing = proof.TypeConnection
	_, answer := w.connect("pay.example:443")
	if answer.StatusCode != 503 || answer.Header.Get("Ringfence-Reason") != "audit_unavailable" {
		t.Errorf("%s %s", answer.Status, answer.Header.Get("Ringfence-Reason"))
	}
	if s.conns.Load() != 0 {
		t.Error("it was dialled all the same")
	}
}

// TestRepeated: fifty refusals alike are two entries, and none is lost.
func TestRepeated(t *testing.T) {
	w := newWorld(t)
	for range 50 {
		w.connect("again.example:443")
	}
	if n := len(w.log.types()); n != 1 {
		t.Errorf("%d entries for one refusal again and again", n)
	}
	w.proxy.Close()
	if e := w.log.last(t, 2); len(w.log.entries) != 2 || e.Suppressed != 48 || e.Reason != "not_allowed" {
		t.Errorf("%d entries, %+v", len(w.log.entries), e)
	}
}
