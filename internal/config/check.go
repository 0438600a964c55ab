package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// check applies the rules that a range cannot state.
func (d *decoder) check(c *Config) {
	d.rule("listen", checkListen(c.Listen))
	d.rule("engine.url", checkURL(c.Engine))
	d.forDriver(c.Engine.Driver)
	d.embeddings(c.Engine.Embeddings)
	for i, cidr := range c.Engine.AllowedRanges {
		d.rule(fmt.Sprintf("engine.allowed_ranges[%d]", i), checkPrefix(cidr))
	}
	for from, to := range c.Aliases {
		d.rule("aliases."+from, checkAlias(from, to))
	}
	for i, code := range c.Mask.Regions {
		d.rule(fmt.Sprintf("mask.regions[%d]", i), matches(regionPattern, code, "must be a country code of two capitals, as in DE"))
	}
	d.rule("mask.sensitive", among([]string{"flag", "mask", "refuse", "local_only"}, c.Mask.Sensitive))
	for i, kind := range c.Mask.Irreversible {
		d.rule(fmt.Sprintf("mask.irreversible[%d]", i), among(Kinds(), kind))
	}
	d.rule("mask.detector", checkDetector(c.Mask.Detector))
	for i, form := range c.Mask.Orders {
		d.rule(fmt.Sprintf("mask.orders[%d]", i), checkForm(form))
	}
	for i, form := range c.Mask.Parcels {
		d.rule(fmt.Sprintf("mask.parcels[%d]", i), checkForm(form))
	}
	for key, action := range c.Mask.Policy {
		d.rule("mask.policy."+key, checkMaskPolicy(key, action))
	}
	for origin, t := range c.Guard.Thresholds {
		d.rule("guard.thresholds."+origin, among(Origins(), origin))
		d.threshold("guard.thresholds."+origin, t)
	}
	for surface, shift := range c.Guard.Surfaces {
		d.rule("guard.surfaces."+surface, among(Surfaces(), surface))
		d.rule("guard.surfaces."+surface, between(shift, -0.5, 0.5))
	}
	for surface, mode := range c.Guard.Modes {
		d.rule("guard.modes."+surface, among(Surfaces(), surface))
		d.rule("guard.modes."+surface, among([]string{"watch", "enforce"}, mode))
	}
	if p := c.Guard.Probing; p.Stop < p.Slow {
		d.rule("guard.probing.stop", errors.New("must not be below slow"))
	}
	for i, host := range c.Guard.AllowedHosts {
		d.rule(fmt.Sprintf("guard.allowed_hosts[%d]", i), matches(hostPattern, host, "must be a host name in lower case, as in shop.example"))
	}
	d.checkEgress(c.Egress)
	d.checkResidency(c.Residency)
	d.rule("audit.origin", matches(logPattern, c.Audit.Origin, "must be a name without spaces or +, as in shop.example/ringfence"))
}

// rule notes err at the place of key, or of the section it is missing from.
func (d *decoder) rule(key string, err error) {
	if err == nil {
		return
	}
	at, given := d.seen[key]
	for section := key; !given && strings.Contains(section, "."); {
		section = section[:strings.LastIndexByte(section, '.')]
		at, given = d.seen[section]
	}
	d.fail(at, key, "%s %v", key, err)
}

// forDriver refuses settings that the chosen driver would ignore.
func (d *decoder) forDriver(driver string) {
	for name, of := range driverOf {
		if _, given := d.seen["engine."+name]; given && of != driver {
			d.rule("engine."+name, fmt.Errorf("is only for driver %s, but engine.driver is %s; remove one of them", of, driver))
		}
	}
}

// driverOf says which engine driver a setting of Engine belongs to; the others are
// for both.
var driverOf = map[string]string{
	"model": "llama", "server": "llama", "threads": "llama", "context": "llama", "memory_limit": "llama",
	"url": "url", "api_key_file": "url", "allowed_ranges": "url",
}

// threshold checks one entry of a map, which the tags of Threshold do not reach
// when a value is left out.
func (d *decoder) threshold(key string, t Threshold) {
	for _, name := range []string{"flag", "block"} {
		if _, given := d.seen[key+"."+name]; !given {
			d.rule(key, fmt.Errorf("needs both flag and block"))
			return
		}
	}
	if t.Block < t.Flag {
		d.rule(key+".block", errors.New("must not be below flag: what is refused is suspicious too"))
	}
}

func checkListen(address string) error {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return errors.New("must be address:port, as in 127.0.0.1:8787")
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
		return errors.New("needs a port between 1 and 65535")
	}
	if _, err := netip.ParseAddr(host); err != nil && host != "localhost" {
		return errors.New("needs an IP address before the port; 127.0.0.1 is this machine only, 0.0.0.0 every network it is in")
	}
	return nil
}

func checkURL(e Engine) error {
	if e.URL == "" {
		if e.Driver == "url" {
			return errors.New("is needed when engine.driver is url")
		}
		return nil
	}
	u, err := url.Parse(e.URL)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return errors.New("must be a web address, as in http://127.0.0.1:11434/v1")
	case u.User != nil:
		return errors.New("must hold no user or password; put the key in a file and name it in api_key_file")
	case u.RawQuery != "" || u.Fragment != "":
		return errors.New("must end with its path; remove what follows ? or #")
	}
	return nil
}

// inside are the ranges a store's own network can be in: private addresses, and
// those that providers share among customers (RFC 1918, 4193, 6598).
var inside = []netip.Prefix{
	netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("192.168.0.0/16"),
	netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("fc00::/7"),
}

func checkPrefix(cidr string) error {
	p, err := netip.ParsePrefix(cidr)
	switch {
	case err != nil:
		return errors.New("must be an address range, as in 10.0.5.0/24")
	case !slices.ContainsFunc(inside, func(in netip.Prefix) bool { return in.Contains(p.Addr()) && in.Bits() <= p.Bits() }):
		return errors.New("must be a private range (within 10/8, 172.16/12, 192.168/16, 100.64/10 or fc00::/7): prompts stay inside")
	case p.Masked() != p:
		return fmt.Errorf("has bits beyond its length; write %v", p.Masked())
	}
	return nil
}

func checkAlias(from, to string) error {
	if from == "" || to == "" || strings.Contains(strings.TrimSuffix(from, "*"), "*") {
		return errors.New("must be a name, which may end in *, and the engine's model")
	}
	return nil
}

var (
	regionPattern = regexp.MustCompile(`^[A-Z]{2}$`)
	hostPattern   = regexp.MustCompile(`^([a-z0-9_]([a-z0-9_-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?$`)
	logPattern    = regexp.MustCompile(`^[^\s+\x00-\x1f\x7f]{0,200}$`)
)

func matches(p *regexp.Regexp, s, sentence string) error {
	if !p.MatchString(s) {
		return errors.New(sentence)
	}
	return nil
}

func among(list []string, s string) error {
	if !slices.Contains(list, s) {
		return fmt.Errorf("must be one of %s", strings.Join(list, ", "))
	}
	return nil
}

// Kinds lists the kinds of personal data that mask.irreversible may name.
func Kinds() []string {
	return []string{"PERSON", "EMAIL", "PHONE", "ADDRESS", "COMPANY", "IBAN", "CARD", "IP", "VAT", "SECRET", "ORDER", "DATE",
		"PLACE", "TITLE", "AGE", "GROUP", "ID", "ACCOUNT", "PARCEL", "DEVICE", "URL", "SENSITIVE"}
}

// Origins lists the origins of text that guard.thresholds may name.
func Origins() []string {
	return []string{"system", "operator", "user", "catalog", "review", "tool", "document"}
}

// Surfaces lists the surfaces that guard.surfaces and guard.modes may name.
func Surfaces() []string {
	return []string{"checkout", "account", "discovery", "service", "admin", "training"}
}

func between(v, low, high float64) error {
	if v < low || v > high {
		return fmt.Errorf("must be from %v to %v", low, high)
	}
	return nil
}
