package config

import (
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Residency says which places a store accepts, and by what evidence a
// destination is in one. A change needs a restart.
type Residency struct {
	// Jurisdictions that data may go to: EEA, ADEQUATE (an adequacy decision, the
	// United States apart), DPF (United States, certified recipients), or country
	// codes, as in DE. Danger: each one besides EEA is a transfer under Chapter V
	// GDPR and needs a basis.
	Accept []string `yaml:"accept"`
	// Geo databases that you supply, by name: .mmdb files of countries or networks.
	// Two are needed for them to say anything, because each is wrong now and then.
	Databases map[string]GeoDatabase `yaml:"databases" each:"NAME"`
	// Address ranges that are announced from many places, besides those that are
	// known: geo databases say nothing about them.
	Anycast []string `yaml:"anycast"`
	// Private ranges that the egress proxy may reach for its clients, as in
	// 10.0.5.0/24. Danger: every integration whose rules allow the name gets there.
	Networks []string `yaml:"networks"`
	// What you declare about places, by name. Without a claim nothing beyond this
	// machine and declared networks is reached.
	Claims map[string]Claim `yaml:"claims" each:"NAME"`
	// Contracts and bases of transfers, by name. A service that runs AI or collects
	// data is not reached without a row that holds.
	Register map[string]Register `yaml:"register" each:"NAME"`
	// A name server for PHP, which answers few names and asks nobody about others.
	Names Names `yaml:"names"`
	// What browsers of the store's visitors may connect to.
	Browser Browser `yaml:"browser"`
	// Public keys of those whose catalogues of services are taken (ringfence
	// residency catalogue use), as name+hash+key.
	CatalogueKeys []string `yaml:"catalogue_keys"`
}

// Names sets up the name server for PHP. With the egress proxy PHP needs none;
// only WordPress's wp_safe_remote_* functions look a name up before they ask a
// proxy. A change needs a restart.
type Names struct {
	// Address and port, as in 127.0.0.1:53; empty: there is none.
	Listen string `yaml:"listen"`
	// Names that are answered, each in full, if evidence lets them be reached.
	Answer []string `yaml:"answer"`
}

// Browser says what ringfence egress csp writes into the store's policy.
type Browser struct {
	// Origins that pages may connect to besides the store's own, as in
	// https://api.stripe.com.
	Connect []string `yaml:"connect"`
	// Where browsers report what was refused: an address on the store that leads to
	// /ringfence/csp of the gateway. Empty: they do not report.
	Report string `yaml:"report"`
}

// GeoDatabase is one file.
type GeoDatabase struct {
	// Path of the .mmdb file. Its SHA-256 stands beside it, in the same name with
	// .sha256 behind it. A new file is taken while Ringfence runs.
	Path string `yaml:"path"`
	// Age from which it says nothing. Left out: 720h.
	MaxAge time.Duration `yaml:"max_age" range:"0s..8760h"`
}

// Claim is what an operator declares about one or more hosts.
type Claim struct {
	// Host names, as in eu.api.openai.com, or *.example.com for all below it.
	Hosts []string `yaml:"hosts"`
	// Where they process: a country code, EU or EEA.
	Jurisdiction string `yaml:"jurisdiction"`
	// The contract that says so.
	Contract string `yaml:"contract"`
	// First day on which it holds, as in 2026-11-28.
	From string `yaml:"from"`
	// First day on which it does not hold any more.
	Until string `yaml:"until"`
	// Jurisdictions accepted for these hosts in place of residency.accept. Danger:
	// data goes there.
	Accept []string `yaml:"accept"`
	// How good the evidence must be. evidenced: two observations agree with the
	// claim. contractual: the vendor's regional host name is enough. declared: your
	// word is enough, but not for services that run AI or collect data. Left out:
	// evidenced.
	Assurance string `yaml:"assurance" oneof:"|evidenced|contractual|declared"`
	// The recipient is certified under the EU-US Data Privacy Framework.
	DPF bool `yaml:"dpf"`
	// Address ranges of these hosts. An address outside all of them is refused.
	Ranges []string `yaml:"ranges"`
	// Networks (AS numbers) of these hosts, as in 64500.
	ASNs []string `yaml:"asns"`
	// SHA-256 of public keys, in hexadecimal, one of which must be in the chain of
	// who answers. Only engines are looked at so; the egress proxy cannot see them.
	TLSPins []string `yaml:"tls_pins"`
	// SPIFFE id that who answers must have, as in spiffe://eu.example/engine; with
	// a slash at the end, all below it. It needs tls_ca.
	SPIFFE string `yaml:"spiffe"`
	// Path of the authority (PEM) that signs who answers.
	TLSCA string `yaml:"tls_ca"`
	// Where the deployment that you chose processes, at vendors whose host names do
	// not show it (Azure): a country code, EU or EEA. A global deployment has none.
	Deployment string `yaml:"deployment"`
}

// Register is a contract with a recipient of data.
type Register struct {
	// Who receives the data.
	Recipient string `yaml:"recipient"`
	// Host names, as in eu.api.openai.com, or *.example.com for all below it.
	Hosts []string `yaml:"hosts"`
	// The contract under Art. 28 GDPR.
	Contract string `yaml:"contract"`
	// Basis under Chapter V GDPR: eea (there is no transfer), adequacy, dpf, scc,
	// bcr, derogation.
	Basis string `yaml:"basis" oneof:"eea|adequacy|dpf|scc|bcr|derogation"`
	// Purposes it covers, as in service.reply.
	Purposes []string `yaml:"purposes"`
	// Categories of data it covers, as in contact or order.
	Categories []string `yaml:"categories"`
	// First day on which it holds.
	From string `yaml:"from"`
	// First day on which it does not hold any more.
	Until string `yaml:"until"`
}

func defaultResidency() Residency { return Residency{Accept: []string{"EEA"}} }

// checkResidency applies the rules that a range cannot state.
func (d *decoder) checkResidency(r Residency) {
	d.each("residency.accept", r.Accept, checkAccepted)
	d.each("residency.anycast", r.Anycast, checkRange)
	d.each("residency.networks", r.Networks, checkPrefix)
	if r.Names.Listen != "" {
		d.rule("residency.names.listen", checkListen(r.Names.Listen))
	}
	d.each("residency.names.answer", r.Names.Answer, func(name string) error {
		return matches(hostPattern, name, "must be a whole host name in lower case, as in api.wordpress.org")
	})
	d.each("residency.browser.connect", r.Browser.Connect, checkOrigin)
	if r.Browser.Report != "" && !reportPattern.MatchString(r.Browser.Report) {
		d.rule("residency.browser.report", errors.New("must be an address on the store, as in /ringfence/csp or https://shop.example/ringfence/csp"))
	}
	for name, g := range r.Databases {
		if g.Path == "" {
			d.rule("residency.databases."+name, errors.New("needs a path"))
		}
	}
	for name, c := range r.Claims {
		d.claim("residency.claims."+name, c)
	}
	for name, row := range r.Register {
		d.register("residency.register."+name, row)
	}
}

// each applies a rule to every item of a list.
func (d *decoder) each(key string, list []string, rule func(string) error) {
	for i, item := range list {
		d.rule(fmt.Sprintf("%s[%d]", key, i), rule(item))
	}
}

func (d *decoder) claim(key string, c Claim) {
	d.each(key+".hosts", c.Hosts, checkHosts)
	d.each(key+".accept", c.Accept, checkAccepted)
	d.each(key+".ranges", c.Ranges, checkRange)
	d.each(key+".asns", c.ASNs, checkASN)
	d.each(key+".tls_pins", c.TLSPins, checkPin)
	d.period(key, c.From, c.Until)
	for name, place := range map[string]string{"jurisdiction": c.Jurisdiction, "deployment": c.Deployment} {
		if place != "" || name == "jurisdiction" {
			d.rule(key+"."+name, checkPlace(place))
		}
	}
	switch {
	case len(c.Hosts) == 0:
		d.rule(key, errors.New("needs hosts"))
	case c.Contract == "":
		d.rule(key, errors.New("needs the contract that says where these hosts process"))
	case c.SPIFFE != "" && c.TLSCA == "":
		d.rule(key+".spiffe", errors.New("needs tls_ca: the world's authorities do not vouch for such names"))
	case c.SPIFFE != "" && !strings.HasPrefix(c.SPIFFE, "spiffe://"):
		d.rule(key+".spiffe", errors.New("must begin with spiffe://"))
	}
}

func (d *decoder) register(key string, r Register) {
	d.each(key+".hosts", r.Hosts, checkHosts)
	d.period(key, r.From, r.Until)
	switch {
	case r.Recipient == "" || r.Contract == "":
		d.rule(key, errors.New("needs a recipient and a contract"))
	case r.Basis == "":
		d.rule(key, errors.New("needs a basis: eea, adequacy, dpf, scc, bcr or derogation"))
	case len(r.Hosts) == 0 || len(r.Purposes) == 0 || len(r.Categories) == 0:
		d.rule(key, errors.New("needs hosts, purposes and categories"))
	}
}

func (d *decoder) period(key, from, until string) {
	begin, err := ParseDay(from)
	d.rule(key+".from", err)
	end, err := ParseDay(until)
	d.rule(key+".until", err)
	if !begin.IsZero() && !end.IsZero() && !end.After(begin) {
		d.rule(key+".until", errors.New("must be after from"))
	}
}

// ParseDay reads a day of a claim or register, as in 2026-11-28.
func ParseDay(s string) (time.Time, error) {
	at, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return time.Time{}, errors.New("must be a day, as in 2026-11-28")
	}
	return at, nil
}

func checkAccepted(word string) error {
	if slices.Contains([]string{"EEA", "ADEQUATE", "DPF"}, word) || regionPattern.MatchString(word) {
		return nil
	}
	return errors.New("must be EEA, ADEQUATE, DPF or a country code of two capitals, as in DE")
}

func checkPlace(place string) error {
	if place == "EEA" || regionPattern.MatchString(place) {
		return nil
	}
	return errors.New("must be a country code of two capitals, as in DE, or EU or EEA")
}

func checkHosts(pattern string) error {
	return matches(hostPattern, strings.TrimPrefix(pattern, "*."), "must be a host name in lower case, as in shop.example or *.shop.example")
}

func checkRange(cidr string) error {
	p, err := netip.ParsePrefix(cidr)
	switch {
	case err != nil:
		return errors.New("must be an address range, as in 198.51.100.0/24")
	case p.Masked() != p:
		return fmt.Errorf("has bits beyond its length; write %v", p.Masked())
	}
	return nil
}

var (
	originPattern = regexp.MustCompile(`^(https|wss)://(\*\.)?[a-z0-9.-]+(:[0-9]{1,5})?$`)
	reportPattern = regexp.MustCompile(`^(https://[a-z0-9.-]+(:[0-9]{1,5})?)?/[A-Za-z0-9/_.-]*$`)
)

func checkOrigin(origin string) error {
	return matches(originPattern, origin, "must be an origin, as in https://api.stripe.com")
}

func checkASN(n string) error {
	if v, err := strconv.ParseUint(n, 10, 32); err != nil || v == 0 {
		return errors.New("must be the number of a network, as in 64500")
	}
	return nil
}

func checkPin(pin string) error {
	if b, err := hex.DecodeString(pin); err != nil || len(b) != 32 || strings.ToLower(pin) != pin {
		return errors.New("must be a SHA-256 in lower-case hexadecimal")
	}
	return nil
}
