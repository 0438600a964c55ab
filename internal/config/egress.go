package config

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// Egress sets up the proxy through which a store's own connections leave.
type Egress struct {
	// Address and port of the egress proxy; empty: there is none. A change needs a
	// restart. Danger: whoever reaches it and has a key, or the user of an
	// integration, can use what the rules allow.
	Listen string `yaml:"listen"`
	// enforce: what no rule allows is refused. watch: it passes, and the log says
	// what would have been refused. Addresses inside, hidden names and other ports
	// are refused in both. Danger: watch lets everything named pass.
	Mode string `yaml:"mode" oneof:"watch|enforce"`
	// Answer calls to the AI services of the catalogue by the gateway on this
	// machine, in place of the vendor: plugins with a built-in address then work
	// unchanged. They must trust the store's own authority: see ringfence egress
	// ca. Rules can say otherwise for a host. A change needs a restart.
	Intercept bool `yaml:"intercept"`
	// What may leave, by name of the rule. The rule that says most about the host
	// counts: its own name, then its kind, then the longest pattern; of equals one
	// that names the client, then deny before intercept before inspect before allow.
	Rules map[string]EgressRule `yaml:"rules" each:"RULE"`
	// Ports of TLS connections (CONNECT).
	Ports []string `yaml:"ports"`
	// Ports of plain HTTP requests.
	PlainPorts []string `yaml:"plain_ports"`
	// Users of this machine that need no key, and the integration each one is, as
	// in www-data: shop. Danger: every program of that user counts as it.
	Users map[string]string `yaml:"users"`
	// How much one client may hold open.
	Limits EgressLimits `yaml:"limits"`
	// TLS on the proxy's own address, with client certificates.
	TLS EgressTLS `yaml:"tls"`
}

// EgressRule is one rule. All that it names must match.
type EgressRule struct {
	// Host names, as in api.stripe.com, or *.example.com for all below it; "*" is
	// any. A host of the catalogue is matched by its own name or kind only.
	Hosts []string `yaml:"hosts"`
	// Kinds of the catalogue, as in llm or analytics; ringfence egress check HOST
	// tells them.
	Kinds []string `yaml:"kinds"`
	// Integrations the rule is for. Left out: all.
	Clients []string `yaml:"clients"`
	// What happens to the connection. inspect is for watch mode: TLS ends here, the
	// log tells what requests look like, and they are passed on. Danger: the proxy
	// then reads what the store says to these hosts.
	Action string `yaml:"action" oneof:"allow|deny|intercept|inspect"`
	// watch or enforce for this rule; left out: egress.mode.
	Mode string `yaml:"mode" oneof:"watch|enforce"`
}

// EgressLimits bound clients of the proxy.
type EgressLimits struct {
	// Connections of one integration at the same time.
	Connections int `yaml:"connections" range:"1..1000000"`
	// To receive the head of a request, and the first message of TLS. A change
	// needs a restart.
	Header time.Duration `yaml:"header" range:"100ms..5m"`
	// With nothing going either way. A change needs a restart.
	Idle time.Duration `yaml:"idle" range:"1s..24h"`
	// For one connection.
	Total time.Duration `yaml:"total" range:"1s..720h"`
}

// EgressTLS puts TLS on the proxy's address. All its settings need a restart.
type EgressTLS struct {
	// Path of the proxy's certificate (PEM); empty: the proxy speaks plain HTTP.
	Certificate string `yaml:"certificate"`
	// Path of its key (PEM).
	Key string `yaml:"key"`
	// Path of the authority (PEM) that client certificates must come from.
	ClientCA string `yaml:"client_ca"`
	// The integration each client certificate is for, by its URI name, as in
	// spiffe://shop.example/php, or else its common name.
	Clients map[string]string `yaml:"clients"`
}

func defaultEgress() Egress {
	return Egress{
		Listen: "127.0.0.1:3128", Mode: "enforce", Ports: []string{"443"}, PlainPorts: []string{"80"},
		Limits: EgressLimits{Connections: 512, Header: 10 * time.Second, Idle: 5 * time.Minute, Total: 24 * time.Hour},
	}
}

// checkEgress applies the rules that a range cannot state.
func (d *decoder) checkEgress(e Egress) {
	if e.Listen != "" {
		d.rule("egress.listen", checkListen(e.Listen))
	}
	for key, list := range map[string][]string{"egress.ports": e.Ports, "egress.plain_ports": e.PlainPorts} {
		for i, port := range list {
			if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
				d.rule(key+"["+strconv.Itoa(i)+"]", errors.New("must be a port between 1 and 65535"))
			}
		}
	}
	for name, r := range e.Rules {
		d.egressRule("egress.rules."+name, r)
	}
	if t := e.TLS; (t.Certificate == "") != (t.Key == "") || t.Certificate == "" && t.ClientCA != "" || t.ClientCA == "" && len(t.Clients) > 0 {
		d.rule("egress.tls", errors.New("needs certificate and key, and client_ca where clients are named"))
	}
}

func (d *decoder) egressRule(key string, r EgressRule) {
	if r.Action == "" {
		d.rule(key, errors.New("needs an action: allow, deny, intercept or inspect"))
	}
	if len(r.Hosts) == 0 && len(r.Kinds) == 0 && r.Action != "deny" {
		d.rule(key, errors.New(`names neither hosts nor kinds; an open door is written as hosts: ["*"]`))
	}
	for i, host := range r.Hosts {
		if host != "*" {
			d.rule(key+".hosts["+strconv.Itoa(i)+"]", matches(hostPattern, strings.TrimPrefix(host, "*."), "must be a host name in lower case, as in shop.example or *.shop.example"))
		}
	}
}
