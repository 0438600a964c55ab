package egress_test

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os/user"
	"testing"

	"ringfence/internal/egress"
	"ringfence/internal/egress/peer"
	"ringfence/internal/integration"
	"ringfence/proof"
)

// TestAnythingMissingDenies tries every set of things that can be missing: a
// byte leaves only when none is.
func TestAnythingMissingDenies(t *testing.T) {
	const identity, rule, address, place, log, name, all = 1, 2, 4, 8, 16, 32, 64
	for missing := range all {
		has := func(what int) bool { return missing&what == 0 }
		host := "pay.example"
		if !has(place) {
			host = "nowhere.example"
		}
		w := newWorld(t, func(w *world, _ *egress.Options) {
			w.policy.Rules = nil
			if has(rule) {
				w.policy.Rules = []egress.Rule{{Name: "r", Hosts: []string{host}, Action: egress.RuleAllow}}
			}
		})
		s := w.site(host, "198.41.0.4:443", hello)
		header, said := "Proxy-Authorization: "+w.basic(w.key), host
		if !has(identity) {
			header = "X-No: identity"
		}
		if !has(address) {
			delete(w.names, host)
		}
		if !has(log) {
			w.log.failing = proof.TypeConnection
		}
		if !has(name) {
			said = ""
		}
		conn, answer := w.connect(host+":443", header)
		if answer.StatusCode == http.StatusOK {
			conn.Write(clientHello(t, said))
			conn.(*readAhead).Conn.(*net.TCPConn).CloseWrite()
			io.Copy(io.Discard, conn)
		}
		if left := s.bytes.Load() > 0; left != (missing == 0) {
			t.Errorf("with %06b missing, bytes left: %v", missing, left)
		}
	}
}

// TestUser: who opened a loopback connection is who asks, if the operator says so.
func TestUser(t *testing.T) {
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ integration, reason string }{
		"named":   {"shop", ""},
		"unknown": {"nobody", "unknown_integration"},
	} {
		w := newWorld(t, func(w *world, o *egress.Options) {
			o.Users, w.policy.Users = &peer.Users{}, map[string]string{me.Username: c.integration}
		})
		w.raw("pay.example", "198.41.0.4:443", echo)
		if _, answer := w.connect("pay.example:443", "X-No: key"); answer.Header.Get("Ringfence-Reason") != c.reason {
			t.Errorf("%s: %s %s", name, answer.Status, answer.Header.Get("Ringfence-Reason"))
		}
		if _, answer := w.connect("pay.example:443", "Proxy-Authorization: Bearer rf_wrong"); answer.Header.Get("Ringfence-Reason") != "malformed_key" {
			t.Errorf("%s: a wrong key is overlooked: %s", name, answer.Status)
		}
	}
}

// TestCertificate: a proxy with TLS knows its clients by certificates.
func TestCertificate(t *testing.T) {
	w := newWorld(t, func(w *world, _ *egress.Options) { w.policy.Certificates = map[string]string{"php": "shop"} })
	w.raw("pay.example", "198.41.0.4:443", echo)
	own, theirs := certFor("proxy.example"), certFor("php")
	pool, clients := x509.NewCertPool(), x509.NewCertPool()
	pool.AddCert(own.Leaf)
	clients.AddCert(theirs.Leaf)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := w.proxy.Server()
	go server.Serve(tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{own}, ClientCAs: clients, ClientAuth: tls.VerifyClientCertIfGiven}))
	t.Cleanup(func() { server.Close() })
	for status, certs := range map[int][]tls.Certificate{200: {theirs}, 407: nil} {
		c, err := tls.Dial("tcp", l.Addr().String(), &tls.Config{RootCAs: pool, ServerName: "proxy.example", Certificates: certs})
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(c, "CONNECT pay.example:443 HTTP/1.1\r\nHost: pay.example:443\r\n\r\n")
		head := make([]byte, 12)
		io.ReadFull(c, head)
		if string(head) != map[int]string{200: "HTTP/1.1 200", 407: "HTTP/1.1 407"}[status] {
			t.Errorf("%d: %s", status, head)
		}
		if status == 200 { // the tunnel works over TLS too
			said := clientHello(t, "pay.example")
			c.Write(said)
			c.CloseWrite()
			if heard, _ := io.ReadAll(c); len(heard) < len(said) {
				t.Errorf("heard %d bytes", len(heard))
			}
		}
		c.Close()
	}
}

// TestRules: which rule counts.
func TestRules(t *testing.T) {
	shop, other := integration.Integration{Name: "shop"}, integration.Integration{Name: "other"}
	w := newWorld(t, func(w *world, _ *egress.Options) {
		w.policy.Rules = []egress.Rule{
			{Name: "any", Hosts: []string{"*"}, Action: egress.RuleAllow},
			{Name: "wide", Hosts: []string{"*.example"}, Action: egress.RuleDeny},
			{Name: "narrow", Hosts: []string{"*.pay.example"}, Action: egress.RuleAllow},
			{Name: "exact", Hosts: []string{"bad.pay.example"}, Action: egress.RuleDeny},
			{Name: "client", Hosts: []string{"bad.pay.example"}, Clients: []string{"other"}, Action: egress.RuleAllow},
			{Name: "kind", Kinds: []string{"analytics"}, Action: egress.RuleAllow},
			{Name: "vendor", Hosts: []string{"*.google-analytics.com"}, Action: egress.RuleDeny},
			{Name: "a", Hosts: []string{"tie.example"}, Action: egress.RuleAllow},
			{Name: "b", Hosts: []string{"tie.example"}, Action: egress.RuleDeny},
		}
	})
	for _, host := range []string{"any.test", "x.pay.example", "bad.pay.example", "pay.example", "x.example", "tie.example", "www.google-analytics.com", "api.openai.com"} {
		w.names[host] = []netip.Addr{netip.MustParseAddr("198.41.0.4")}
	}
	for _, c := range []struct {
		client           integration.Integration
		host, rule, want string
	}{
		{shop, "any.test", "any", proof.ActionSplice},
		{shop, "x.example", "wide", proof.ActionDeny},
		{shop, "pay.example", "wide", proof.ActionDeny},
		{shop, "x.pay.example", "narrow", proof.ActionSplice},
		{shop, "bad.pay.example", "exact", proof.ActionDeny},
		{other, "bad.pay.example", "client", proof.ActionSplice},
		{shop, "tie.example", "b", proof.ActionDeny},
		{shop, "www.google-analytics.com", "kind", proof.ActionSplice},
		{shop, "api.openai.com", "", proof.ActionDeny}, // "*" does not open what the catalogue knows
	} {
		if e := w.proxy.Explain(t.Context(), c.client, c.host+":443", false); e.Rule != c.rule || e.Action != c.want {
			t.Errorf("%s for %s: rule %q, %s (%s)", c.host, c.client.Name, e.Rule, e.Action, e.Reason)
		}
	}
	for _, bad := range []egress.Rule{
		{Action: "perhaps", Hosts: []string{"x.example"}}, {Action: egress.RuleAllow}, {Action: egress.RuleAllow, Hosts: []string{"X.example"}},
		{Action: egress.RuleAllow, Hosts: []string{"10.0.0.1"}}, {Action: egress.RuleAllow, Hosts: []string{"a.*.example"}},
	} {
		if err := (&egress.Policy{Rules: []egress.Rule{bad}}).Check(); err == nil {
			t.Errorf("%+v is taken", bad)
		}
	}
}
