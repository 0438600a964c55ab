package egress_test

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ringfence/internal/audit"
	"ringfence/internal/egress"
	"ringfence/internal/integration"
	"ringfence/internal/residency"
	"ringfence/internal/residency/catalogue"
	"ringfence/proof"
)

// world is a proxy in front of a made-up internet: names with addresses, and
// hosts that count every byte that reaches them.
type world struct {
	t       *testing.T
	proxy   *egress.Proxy
	address string
	key     string
	client  integration.Integration
	keys    *integration.Registry
	log     *journal
	names   names
	hosts   map[netip.AddrPort]*site
	policy  egress.Policy
	caDir   string
}

// names answers as a DNS server would, also with lies.
type names map[string][]netip.Addr

func (n names) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	found, ok := n[host]
	if !ok {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	if len(found) == 0 {
		return nil, errors.New("the resolver does not answer")
	}
	return slices.Clone(found), nil
}

// site is a host of the made-up internet.
type site struct {
	net.Listener
	bytes atomic.Int64 // that reached it
	conns atomic.Int64
	pool  *x509.CertPool
	cert  *x509.Certificate
}

// internet dials what was judged, in the made-up internet.
type internet struct {
	*residency.Dialer
	w *world
}

func (n internet) Dial(ctx context.Context, d residency.Decision) (net.Conn, error) {
	if err := d.Err(); err != nil {
		return nil, err
	}
	for _, a := range d.Addrs {
		if s := n.w.hosts[netip.AddrPortFrom(a.Addr, d.Port)]; s != nil {
			s.conns.Add(1)
			conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", s.Addr().String())
			if err != nil {
				return nil, err
			}
			return &counting{conn.(*net.TCPConn), s}, nil
		}
	}
	return nil, errors.New("nobody is there")
}

// counting is the border: what is written here has left.
type counting struct {
	*net.TCPConn
	s *site
}

func (c *counting) Write(b []byte) (int, error) {
	n, err := c.TCPConn.Write(b)
	c.s.bytes.Add(int64(n))
	return n, err
}

// everywhere finds evidence for all but the places a test names.
type everywhere struct{ without map[string]bool }

func (e everywhere) Judge(_ context.Context, to residency.Destination, _ []netip.Addr) residency.Decision {
	if e.without[to.Host] {
		return residency.Decision{Outcome: residency.Refused, Reason: residency.ReasonNoEvidence}
	}
	return residency.Decision{Outcome: residency.Allowed, Reason: "evidence_agrees", Zone: "eea"}
}

type journal struct {
	mu      sync.Mutex
	entries []entry
	failing string
	changed chan struct{}
}

type entry struct {
	Type string
	proof.Connection
}

func (j *journal) Append(_ context.Context, typ, _ string, data any) (audit.Receipt, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.failing == typ {
		return audit.Receipt{}, errors.New("the disk is full")
	}
	j.entries = append(j.entries, entry{typ, data.(proof.Connection)})
	close(j.changed)
	j.changed = make(chan struct{})
	return audit.Receipt{}, nil
}

// last waits until n entries are there and returns the last one.
func (j *journal) last(t *testing.T, n int) entry {
	t.Helper()
	for deadline := time.After(10 * time.Second); ; {
		j.mu.Lock()
		if len(j.entries) >= n {
			e := j.entries[len(j.entries)-1]
			j.mu.Unlock()
			return e
		}
		changed := j.changed
		j.mu.Unlock()
		select {
		case <-changed:
		case <-deadline:
			t.Fatalf("the log has %v, not %d entries", j.types(), n)
		}
	}
}

func (j *journal) types() (out []string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, e := range j.entries {
		out = append(out, e.Type+":"+e.Reason)
	}
	return out
}

type option func(*world, *egress.Options)

func newWorld(t *testing.T, options ...option) *world {
	t.Helper()
	dir := t.TempDir()
	w := &world{t: t, names: names{}, hosts: map[netip.AddrPort]*site{}, log: &journal{changed: make(chan struct{})}, caDir: filepath.Join(dir, "ca")}
	w.keys = integration.Open(filepath.Join(dir, "keys.json"))
	var err error
	if w.client, w.key, err = w.keys.Create(integration.Integration{Name: "shop", Surface: "service"}); err != nil {
		t.Fatal(err)
	}
	w.policy = egress.Policy{
		Mode: integration.ModeEnforce, Ports: []uint16{443}, PlainPorts: []uint16{80},
		Rules:  []egress.Rule{{Name: "partners", Hosts: []string{"pay.example", "*.cdn.example"}, Action: egress.RuleAllow}},
		Bounds: egress.Bounds{PerClient: 100, Header: 5 * time.Second, Idle: 10 * time.Second, Total: time.Minute},
	}
	strangers := func(judge residency.Judge) *residency.Dialer {
		return &residency.Dialer{Strangers: true, Resolver: w.names, Judge: judge, Own: func() ([]netip.Addr, error) {
			return []netip.Addr{netip.MustParseAddr("198.41.0.9")}, nil
		}}
	}
	o := egress.Options{
		Keys: w.keys, Catalogue: catalogue.Builtin(), Audit: w.log,
		Dialer:  internet{strangers(everywhere{map[string]bool{"nowhere.example": true}}), w},
		Lenient: internet{strangers(everywhere{}), w},
	}
	for _, f := range options {
		f(w, &o)
	}
	o.Policy = w.policy
	w.proxy = egress.New(o)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w.address = l.Addr().String()
	server := w.proxy.Server()
	go server.Serve(l)
	t.Cleanup(func() {
		server.Close()
		w.proxy.Close()
	})
	return w
}

func withRule(r egress.Rule) option {
	return func(w *world, _ *egress.Options) { w.policy.Rules = append([]egress.Rule{r}, w.policy.Rules...) }
}

func withMode(mode string) option {
	return func(w *world, _ *egress.Options) { w.policy.Mode = mode }
}

func withBounds(f func(*egress.Bounds)) option {
	return func(w *world, _ *egress.Options) { f(&w.policy.Bounds) }
}

// quiet takes what servers say about clients that break off, as many here do.
var quiet = log.New(io.Discard, "", 0)

// put makes a listener the host at an address, with one more name.
func (w *world) put(name, address string) (*site, netip.AddrPort) {
	w.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		w.t.Fatal(err)
	}
	at := netip.MustParseAddrPort(address)
	s := &site{Listener: l}
	w.names[name] = append(w.names[name], at.Addr())
	w.hosts[at] = s
	return s, at
}

// site puts a host into the internet, served by handler over TLS or not.
func (w *world) site(name, address string, handler http.Handler) *site {
	w.t.Helper()
	s, at := w.put(name, address)
	server := &http.Server{Handler: handler, ErrorLog: quiet}
	if at.Port() == 443 {
		cert := certFor(name)
		s.pool, s.cert = x509.NewCertPool(), cert.Leaf
		s.pool.AddCert(cert.Leaf)
		server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{cert}}
		go server.ServeTLS(s, "", "")
	} else {
		go server.Serve(s)
	}
	w.t.Cleanup(func() { server.Close() })
	return s
}

// raw puts a host into the internet that does what serve does.
func (w *world) raw(name, address string, serve func(net.Conn)) *site {
	w.t.Helper()
	s, _ := w.put(name, address)
	go func() {
		for {
			c, err := s.Accept()
			if err != nil {
				return
			}
			go serve(c)
		}
	}()
	w.t.Cleanup(func() { s.Close() })
	return s
}

func certFor(name string) tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		panic(err)
	}
	leaf, _ := x509.ParseCertificate(der)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

func (w *world) basic(key string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte("store:"+key))
}

// connect asks for a tunnel as the shop, and returns the connection and the
// proxy's answer.
func (w *world) connect(target string, headers ...string) (net.Conn, *http.Response) {
	w.t.Helper()
	return w.ask("CONNECT "+target+" HTTP/1.1\r\nHost: "+target, headers...)
}

func (w *world) ask(head string, headers ...string) (net.Conn, *http.Response) {
	w.t.Helper()
	c, err := net.Dial("tcp", w.address)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(20 * time.Second))
	if len(headers) == 0 {
		headers = []string{"Proxy-Authorization: " + w.basic(w.key)}
	}
	for _, h := range headers {
		head += "\r\n" + h
	}
	io.WriteString(c, head+"\r\n\r\n")
	r := bufio.NewReaderSize(c, 16)
	answer, err := http.ReadResponse(r, &http.Request{Method: strings.SplitN(head, " ", 2)[0]})
	if err != nil {
		w.t.Fatalf("%s: %v", head, err)
	}
	return &readAhead{c, r}, answer
}

// readAhead is a connection of which a reader has taken some bytes.
type readAhead struct {
	net.Conn
	r *bufio.Reader
}

func (r *readAhead) Read(b []byte) (int, error) { return r.r.Read(b) }

// https is a client that knows one host's certificate and goes through the proxy.
func (w *world) https(s *site) *http.Client {
	return &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{
		ForceAttemptHTTP2: true,
		TLSClientConfig:   &tls.Config{RootCAs: s.pool},
		Proxy:             http.ProxyURL(w.url()),
	}}
}

func (w *world) url() *url.URL {
	return &url.URL{Scheme: "http", User: url.UserPassword("store", w.key), Host: w.address}
}
