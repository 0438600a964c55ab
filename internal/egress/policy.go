package egress

import (
	"crypto/tls"
	"fmt"
	"slices"
	"strings"
	"time"

	"ringfence/internal/integration"
	"ringfence/internal/residency/host"
	"ringfence/proof"
)

// Policy is what an operator decides; it may change while the proxy runs.
type Policy struct {
	Mode         string            // integration.ModeEnforce or ModeWatch, where a rule does not say
	Rules        []Rule            // the closest counts, see rule; none: denied
	Intercept    bool              // AI services of the catalogue that no rule speaks of
	Ports        []uint16          // for CONNECT, which must carry TLS
	PlainPorts   []uint16          // for plain HTTP
	Users        map[string]string // user of this machine -> name of the integration
	Certificates map[string]string // URI or name in a client certificate -> name of the integration
	Bounds       Bounds
}

// A Rule allows, denies or intercepts. All that it names must match.
type Rule struct {
	Name    string
	Hosts   []string // names, or *.name for all below it; empty: any
	Kinds   []string // of the catalogue, as in llm-api; empty: any, but see matches
	Clients []string // names of integrations; empty: every known one
	Action  string   // allow, deny, intercept, inspect
	Mode    string   // "": the policy's
}

// What a rule does.
const (
	RuleAllow     = "allow"
	RuleDeny      = "deny"
	RuleIntercept = "intercept"
	RuleInspect   = "inspect" // watch mode only: TLS ends here, requests are looked at and passed on
)

// Bounds keep clients from holding the proxy.
type Bounds struct {
	PerClient int           // connections at the same time
	Header    time.Duration // to receive a request, and a TLS hello
	Idle      time.Duration // with nothing going either way
	Total     time.Duration // for one connection
}

// ports returns where a request of this form may lead.
func (p *Policy) ports(connect bool) []uint16 {
	if connect {
		return p.Ports
	}
	return p.PlainPorts
}

// certified returns the integration that a verified client certificate stands
// for, or "".
func (p *Policy) certified(state *tls.ConnectionState) string {
	if state == nil || len(state.VerifiedChains) == 0 || len(p.Certificates) == 0 {
		return ""
	}
	leaf := state.VerifiedChains[0][0]
	for _, uri := range leaf.URIs {
		if name := p.Certificates[uri.String()]; name != "" {
			return name
		}
	}
	return p.Certificates[leaf.Subject.CommonName]
}

// Check says what is wrong with a policy, in the operator's words.
func (p *Policy) Check() error {
	for i, r := range p.Rules {
		if err := r.check(); err != nil {
			return fmt.Errorf("rules[%d] %w", i, err)
		}
	}
	return nil
}

func (r *Rule) check() error {
	if !slices.Contains([]string{RuleAllow, RuleDeny, RuleIntercept, RuleInspect}, r.Action) {
		return fmt.Errorf("has the action %q; it must be allow, deny, intercept or inspect", r.Action)
	}
	if len(r.Hosts) == 0 && len(r.Kinds) == 0 && r.Action != RuleDeny {
		return fmt.Errorf("names neither hosts nor kinds; an open door is written as hosts: [\"*\"]")
	}
	for _, pattern := range r.Hosts {
		if pattern == "*" {
			continue
		}
		name := strings.TrimPrefix(pattern, "*.")
		h, err := host.Parse(name)
		if err != nil || h.IsAddr() || h.Name != name {
			return fmt.Errorf("names %q, which is no host name in its plain spelling, with or without *. before it", pattern)
		}
	}
	return nil
}

// matches reports whether r is about this client and destination. A host of
// the catalogue is matched by its own name or by its kind, never by a pattern
// that happens to cover it: a rule for *.example.com must not open the
// vendor's AI service that is there too.
func (r *Rule) matches(d *destination) bool {
	if len(r.Clients) > 0 && !slices.Contains(r.Clients, d.client.Name) {
		return false
	}
	if len(r.Kinds) > 0 && !slices.Contains(r.Kinds, d.kind()) {
		return false
	}
	if len(r.Hosts) == 0 || slices.Contains(r.Hosts, d.host) {
		return true
	}
	if d.service != nil && len(r.Kinds) == 0 && r.Action != RuleDeny {
		return false
	}
	return slices.ContainsFunc(r.Hosts, func(pattern string) bool { return covers(pattern, d.host) })
}

func covers(pattern, host string) bool {
	if pattern == "*" || pattern == host {
		return true
	}
	below, wild := strings.CutPrefix(pattern, "*")
	return wild && strings.HasPrefix(below, ".") && strings.HasSuffix(host, below)
}

// ruled is what the rules say of a destination.
type ruled struct {
	action string // proof.Action...
	rule   string // that decided; "" for the default
	named  bool   // the rule names this very host
	would  string // watch: the reason it would have been refused for
	watch  bool
	reason string // deny: why
}

// rule finds what the policy says. Of the rules that match, the one that says
// most about the host counts: its own name, then its kind, then the longest
// pattern, then any host; then one that names the client before one that does
// not; then deny before intercept before inspect before allow. Without a rule the destination
// is denied.
func (p *Policy) rule(d *destination, connect bool) ruled {
	out := ruled{action: proof.ActionDeny, reason: "not_allowed", watch: p.Mode == integration.ModeWatch}
	if d.service != nil {
		out.reason = "service_not_allowed" // one the catalogue knows
	}
	open := proof.ActionForward
	if connect {
		open = proof.ActionSplice
	}
	if r := p.closest(d); r != nil {
		out.rule, out.named, out.reason = r.Name, slices.Contains(r.Hosts, d.host), ""
		if r.Mode != "" {
			out.watch = r.Mode == integration.ModeWatch
		}
		switch r.Action {
		case RuleAllow:
			out.action = open
		case RuleIntercept:
			out.action = proof.ActionIntercept
		case RuleInspect:
			out.action = proof.ActionInspect
			if !connect {
				out.action = open // can be read as it is
			}
		default:
			out.reason = "rule_denied"
		}
	}
	if out.action == proof.ActionDeny && out.watch {
		out.action, out.would, out.reason = open, out.reason, ""
	}
	return out
}

func (p *Policy) closest(d *destination) (best *Rule) {
	var most [4]int
	for i := range p.Rules {
		r := &p.Rules[i]
		if !r.matches(d) {
			continue
		}
		rank := r.rank(d)
		if c := slices.Compare(rank[:], most[:]); best == nil || c > 0 || c == 0 && r.Name < best.Name {
			best, most = r, rank
		}
	}
	return best
}

// rank says how much a matching rule says about a destination.
func (r *Rule) rank(d *destination) (rank [4]int) {
	for _, pattern := range r.Hosts {
		switch {
		case pattern == d.host:
			rank[0] = 2
		case pattern != "*" && covers(pattern, d.host):
			rank[1] = max(rank[1], len(pattern))
		}
	}
	if len(r.Kinds) > 0 {
		rank[0] = max(rank[0], 1)
	}
	if len(r.Clients) > 0 {
		rank[2] = 1
	}
	rank[3] = slices.Index([]string{RuleAllow, RuleInspect, RuleIntercept, RuleDeny}, r.Action)
	return rank
}
