package main

import (
	"context"
	"fmt"
	"io"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"ringfence/internal/config"
	"ringfence/internal/residency"
	"ringfence/internal/residency/catalogue"
	"ringfence/internal/residency/evidence"
	"ringfence/internal/residency/host"
	"ringfence/internal/residency/zone"
)

const residencyHelp = `Usage: ringfence residency explain HOST|engine [options]
       ringfence residency catalogue verify|use|sign FILE [options]
       ringfence residency catalogue key NAME [options]

  explain    whether a host may be reached, step by step: what it is, what you
             declared about it, what was seen, and what is missing. "engine" is
             the engine of ringfence.yaml. It resolves the name, which tells it to
             your resolver, unless you give addresses with --addr; it connects to
             nobody
  catalogue  the list of services that take AI requests or collect data. verify
             checks a signed one, use takes it into use, key makes a pair of keys
             for whoever keeps a catalogue for many stores, sign signs one

Exit codes: 0 it may be reached, or the catalogue is fine, 1 the catalogue is not
fine, 2 wrong use, 3 it could not be decided, 4 it is refused by policy.

Options:
`

// residencyVerb is "ringfence residency".
func residencyVerb(args []string, stdout, stderr io.Writer) int {
	f, p := newFlags("residency", residencyHelp, stderr)
	q := question{place: p, stdout: stdout, stderr: stderr, call: &residency.Call{}}
	f.BoolVar(&q.asJSON, "json", false, "print JSON: host, service, decision, databases, warnings, next")
	f.StringVar(&q.call.Path, "path", "", "`path` of the call, where the vendor's rules need it")
	f.StringVar(&q.call.Model, "model", "", "`id` of the model asked for")
	f.StringVar(&q.call.Purpose, "purpose", "", "`purpose` of the call, to look up in the register")
	f.Func("field", "field=value of the body, as in inference_geo=us (repeat)", q.field)
	f.Func("addr", "`address` of the host, in place of asking a resolver (repeat)", q.addr)
	port := f.Uint("port", 443, "`port`")
	key := f.String("key", "", "`file` of the private key, for catalogue sign and key")
	words, err := parseMixed(f, args)
	if err != nil {
		return helpCode(err)
	}
	switch {
	case len(words) == 2 && words[0] == "explain" && *port > 0 && *port < 1<<16:
		return q.explain(words[1], uint16(*port))
	case len(words) == 3 && words[0] == "catalogue":
		return catalogueVerb(words[1], words[2], *key, p, stdout, stderr)
	}
	f.Usage()
	return exitUsage
}

// question is one run of "residency explain".
type question struct {
	place          *place
	call           *residency.Call
	addrs          given
	asJSON         bool
	stdout, stderr io.Writer
}

// given is a resolver that answers what the command line says.
type given []netip.Addr

func (g given) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) { return g, nil }

func (q *question) field(s string) error {
	name, value, ok := strings.Cut(s, "=")
	if !ok {
		return fmt.Errorf("must be field=value")
	}
	if q.call.Body == nil {
		q.call.Body = map[string]string{}
	}
	q.call.Body[name] = value
	return nil
}

func (q *question) addr(s string) error {
	a, err := netip.ParseAddr(s)
	q.addrs = append(q.addrs, a)
	return err
}

// explained is what is told about one destination.
type explained struct {
	Host      string             `json:"host"`
	Service   *catalogued        `json:"service,omitempty"` // of the catalogue
	Decision  residency.Decision `json:"decision"`
	Databases []databaseState    `json:"databases,omitempty"`
	Warnings  []string           `json:"warnings,omitempty"`
	Next      string             `json:"next,omitempty"`
}

type catalogued struct {
	Pattern string         `json:"pattern"`
	Vendor  string         `json:"vendor"`
	Kind    catalogue.Kind `json:"kind"`
	AI      bool           `json:"ai"`
	Seat    string         `json:"seat"`
	Shared  bool           `json:"shared,omitempty"` // only some paths are this service
}

type databaseState struct {
	Name  string `json:"name"`
	State string `json:"state"`
	Built string `json:"built,omitempty"`
}

func (q *question) explain(what string, port uint16) int {
	c, err := config.Load(q.place.config)
	if err != nil {
		fmt.Fprintln(q.stderr, err)
		return exitIncomplete
	}
	p, problems, err := openPlaces(c, q.place.data)
	if err != nil {
		fmt.Fprintln(q.stderr, "ringfence residency:", err)
		return exitIncomplete
	}
	d := residency.Dialer{Judge: p.judge, Networks: p.networks, Strangers: true}
	if what == "engine" {
		d = *engineDialer(c.Engine.AllowedRanges, c.Engine.URL, p)
		if what, port = engineHost(c.Engine.URL); what == "" || c.Engine.Driver != "url" {
			fmt.Fprintln(q.stdout, "engine: on this machine, in a sandbox without network or by a socket; zone local")
			return exitFine
		}
	}
	if q.addrs != nil {
		d.Resolver = q.addrs
	}
	to := residency.Destination{Host: what, Port: port, Verifies: d.Verifies, Call: d.Call}
	if q.call.Path != "" || q.call.Model != "" || q.call.Body != nil || q.call.Purpose != "" {
		to.Call = q.call
	}
	ctx, stop := context.WithTimeout(context.Background(), 15*time.Second)
	defer stop()
	e := explained{Host: what, Decision: d.Decide(ctx, to), Warnings: zone.Stale(time.Now())}
	for _, problem := range problems {
		e.Warnings = append(e.Warnings, problem.Error())
	}
	q.about(&e, p)
	return q.print(e)
}

// about adds what the catalogue and the databases are.
func (q *question) about(e *explained, p *places) {
	if h, err := host.Parse(e.Host); err == nil {
		e.Host = h.String()
	}
	if m, ok := p.catalogue.Lookup(e.Host, q.call.Path); ok {
		e.Service = &catalogued{m.Pattern, m.Vendor, m.Kind, m.Kind.AI(), m.Seat, m.Shared()}
	}
	for _, db := range p.databases {
		state, built := db.State()
		s := databaseState{Name: db.Name, State: string(state)}
		if !built.IsZero() {
			s.Built = built.UTC().Format(time.DateOnly)
		}
		e.Databases = append(e.Databases, s)
	}
	e.Next = nextStep(e.Decision.Reason)
}

func (q *question) print(e explained) int {
	code := map[residency.Outcome]int{residency.Allowed: exitFine, residency.Refused: exitRefused, residency.Failed: exitIncomplete}[e.Decision.Outcome]
	if q.asJSON {
		return max(code, printJSON(q.stdout, e))
	}
	d := e.Decision
	fmt.Fprintf(q.stdout, "%s: %s (%s)\n", e.Host, d.Outcome, d.Reason)
	if s := e.Service; s != nil {
		fmt.Fprintf(q.stdout, "  is       %s, %s, seat %s\n", s.Vendor, s.Kind, s.Seat)
	}
	for _, a := range d.Addrs {
		fmt.Fprintf(q.stdout, "  leads to %s, %s\n", a.Addr, a.Class)
	}
	for _, f := range d.Evidence {
		fmt.Fprintf(q.stdout, "  %-3s %s: %s\n", map[bool]string{true: "yes", false: "no"}[f.OK], f.Step, f.Says)
	}
	if d.Zone != "" {
		fmt.Fprintf(q.stdout, "  zone     %s\n", strings.TrimSpace(d.Zone+" "+d.Place+" "+d.Assurance))
	}
	if d.Outcome == residency.Failed {
		fmt.Fprintf(q.stdout, "  failed   %v\n", d.Err())
	}
	for _, db := range e.Databases {
		fmt.Fprintf(q.stdout, "  database %s: %s %s\n", db.Name, db.State, db.Built)
	}
	for _, w := range e.Warnings {
		fmt.Fprintf(q.stdout, "  warning  %s\n", w)
	}
	if e.Next != "" {
		fmt.Fprintf(q.stdout, "  next     %s\n", e.Next)
	}
	return code
}

// nextStep says what an operator can do about a refusal.
func nextStep(r residency.Reason) string {
	return map[residency.Reason]string{
		residency.ReasonNoAddress:  "the name leads nowhere from here; give its addresses with --addr to see the rest",
		residency.ReasonNoClaim:    "if it may be reached, say where it is: residency.claims in ringfence.yaml",
		residency.ReasonNoEvidence: "declare what can be seen of it (ranges, asns, two geo databases), or accept less: assurance: contractual",
		residency.ReasonUndeclared: "declare its range: residency.networks for the egress proxy, engine.allowed_ranges for the engine",
		residency.ReasonResolve:    "ask again when the resolver answers, or give addresses with --addr",
		evidence.Stale:             "bring a newer geo database",
		evidence.Expired:           "renew the contract and the claim's until",
		evidence.Conflict:          "find out which is right: the claim, or what was seen",
		evidence.OutsideZone:       "accept its jurisdiction (residency.accept, or accept in the claim), or use another service",
		evidence.VendorRefuses:     "use the vendor's regional host or model, if there is one",
		evidence.CallUnknown:       "give --path, --model or --field; a spliced connection does not show them, so intercept it or use another service",
		evidence.RegisterMissing:   "enter the contract: residency.register in ringfence.yaml",
		evidence.RegisterExpired:   "renew the contract and the row's until",
		evidence.RegisterBasis:     "find a basis under Chapter V GDPR that holds for the place",
	}[r]
}

// engineDialer reaches an engine that somebody else runs.
func engineDialer(ranges []string, address string, p *places) *residency.Dialer {
	return &residency.Dialer{Networks: prefixes(ranges), Judge: p.judge, Verifies: strings.HasPrefix(address, "https://")}
}

// engineHost is where the address of an engine leads; empty for sockets.
func engineHost(address string) (string, uint16) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return "", 0
	}
	port, err := strconv.ParseUint(u.Port(), 10, 16)
	switch {
	case err == nil:
	case u.Scheme == "https":
		port = 443
	default:
		port = 80
	}
	return u.Hostname(), uint16(port)
}
