package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"ringfence/internal/config"
	"ringfence/internal/egress"
	"ringfence/internal/egress/ca"
	"ringfence/internal/egress/peer"
	"ringfence/internal/integration"
	"ringfence/internal/mask"
	"ringfence/internal/residency"
	"ringfence/internal/residency/catalogue"
)

func egressCADir(data string) string { return filepath.Join(data, "egress") }

// egressParts are what a proxy shares with the rest of a service.
type egressParts struct {
	config *config.Config
	data   string
	keys   *integration.Registry
	audit  egress.Journal
	door   egress.Door  // nil: nothing can be intercepted
	masker *mask.Masker // nil: nobody's data is looked for
	log    *slog.Logger
	places *places // nil: as the configuration says
}

// personal reports whether somebody's data is in a text. What cannot be
// searched counts as if it were.
func (p egressParts) personal() func(string) bool {
	if p.masker == nil {
		return nil
	}
	return func(text string) bool {
		found, err := p.masker.Open(mask.NewVault(mask.VaultOptions{})).Find(text)
		return err != nil || len(found) > 0
	}
}

// openEgress takes the proxy's address, and nothing if it is to have none.
func openEgress(c *config.Config) (net.Listener, error) {
	if c.Egress.Listen == "" {
		return nil, nil
	}
	// Idle tunnels end by their idle time; the kernel's probes would only cost.
	quiet := net.ListenConfig{KeepAlive: -1}
	l, err := quiet.Listen(context.Background(), "tcp", c.Egress.Listen)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("%s, the address of the egress proxy, is taken by another program; stop it, or set another egress.listen in ringfence.yaml: %w", c.Egress.Listen, err)
	case err != nil:
		return nil, fmt.Errorf("the egress proxy cannot listen on %s: %w; set another egress.listen in ringfence.yaml", c.Egress.Listen, err)
	}
	return l, nil
}

// newEgress puts the second road together.
func newEgress(parts egressParts) (*egress.Proxy, error) {
	c := parts.config
	policy, err := egressPolicy(c)
	if err != nil {
		return nil, err
	}
	if parts.places == nil {
		if parts.places, err = openPlacesTold(c, parts.data, parts.log); err != nil {
			return nil, err
		}
	}
	strict, lenient := egressDialers(parts.places)
	o := egress.Options{
		Keys: parts.keys, Users: &peer.Users{}, Catalogue: parts.places.catalogue, Dialer: strict, Lenient: lenient,
		Audit: parts.audit, Personal: parts.personal(), Policy: policy, Logger: parts.log,
	}
	if parts.door != nil && (c.Egress.Intercept || inspects(c)) {
		authority, err := ca.Open(egressCADir(parts.data), authorityNames(c, parts.places.catalogue))
		if err != nil {
			return nil, err
		}
		o.Intercept = &egress.Intercept{Leaves: authority, Door: parts.door}
	}
	return egress.New(o), nil
}

// inspects reports whether a rule needs the store's own authority.
func inspects(c *config.Config) bool {
	for _, r := range c.Egress.Rules {
		if r.Action == egress.RuleInspect || r.Action == egress.RuleIntercept {
			return true
		}
	}
	return false
}

// egressDialers judge places for the proxy's clients: strictly, and as watch
// mode does.
func egressDialers(p *places) (strict, lenient *residency.Dialer) {
	own := residency.OwnAddrsEvery(time.Second)
	return &residency.Dialer{Strangers: true, Own: own, Networks: p.networks, Judge: p.judge},
		&residency.Dialer{Strangers: true, Own: own, Networks: p.networks, Judge: egress.Anywhere{}}
}

// authorityNames are the names the store's own authority may vouch for: AI
// services whose hosts a name constraint can tell from others, and what rules
// ask to inspect.
func authorityNames(c *config.Config, known *catalogue.Catalogue) []string {
	var names []string
	for _, r := range c.Egress.Rules {
		if r.Action == egress.RuleInspect {
			for _, host := range r.Hosts {
				if name := strings.TrimPrefix(host, "*."); name != "*" {
					names = append(names, name)
				}
			}
		}
	}
	for _, s := range known.Services() {
		name := strings.TrimPrefix(s.Pattern, "*.")
		if s.Kind.AI() && !s.Shared() && !strings.Contains(name, "*") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// egressPolicy makes the room's policy of the configuration.
func egressPolicy(c *config.Config) (egress.Policy, error) {
	e := c.Egress
	p := egress.Policy{
		Mode: e.Mode, Intercept: e.Intercept, Ports: ports(e.Ports), PlainPorts: ports(e.PlainPorts),
		Users: e.Users, Certificates: e.TLS.Clients,
		Bounds: egress.Bounds{PerClient: e.Limits.Connections, Header: e.Limits.Header, Idle: e.Limits.Idle, Total: e.Limits.Total},
	}
	for name, r := range e.Rules {
		for _, kind := range r.Kinds {
			if !slices.Contains(catalogue.Kinds(), catalogue.Kind(kind)) {
				return p, fmt.Errorf("egress.rules.%s.kinds names %q, which is no kind of the catalogue; they are %v", name, kind, catalogue.Kinds())
			}
		}
		p.Rules = append(p.Rules, egress.Rule{Name: name, Hosts: r.Hosts, Kinds: r.Kinds, Clients: r.Clients, Action: r.Action, Mode: r.Mode})
	}
	if err := p.Check(); err != nil {
		return p, fmt.Errorf("egress.%w", err)
	}
	return p, nil
}

func ports(list []string) (out []uint16) {
	for _, text := range list {
		n, _ := strconv.ParseUint(text, 10, 16) // config has checked it
		out = append(out, uint16(n))
	}
	return out
}

// serveEgress answers clients of the proxy until ctx ends, and cuts what is
// open then.
func serveEgress(ctx context.Context, l net.Listener, proxy *egress.Proxy, c *config.Config) error {
	server := proxy.Server()
	tlsConfig, err := egressTLS(c.Egress.TLS)
	if err != nil {
		return err
	}
	if tlsConfig != nil {
		l = tls.NewListener(l, tlsConfig)
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	select {
	case err = <-failed:
	case <-ctx.Done():
	}
	server.Close()
	proxy.Close() // tunnels leave their closing entries
	return err
}

// egressTLS is TLS on the proxy's own address, or nil for none.
func egressTLS(t config.EgressTLS) (*tls.Config, error) {
	if t.Certificate == "" {
		return nil, nil
	}
	cert, err := tls.LoadX509KeyPair(t.Certificate, t.Key)
	if err != nil {
		return nil, fmt.Errorf("egress.tls: %w", err)
	}
	out := &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{cert}}
	if t.ClientCA != "" {
		text, err := os.ReadFile(t.ClientCA)
		if err != nil {
			return nil, fmt.Errorf("egress.tls.client_ca: %w", err)
		}
		out.ClientCAs, out.ClientAuth = x509.NewCertPool(), tls.VerifyClientCertIfGiven
		if !out.ClientCAs.AppendCertsFromPEM(text) {
			return nil, fmt.Errorf("egress.tls.client_ca: %s holds no certificate (PEM)", t.ClientCA)
		}
	}
	return out, nil
}
