package main

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"ringfence/internal/config"
	"ringfence/internal/residency"
	"ringfence/internal/residency/catalogue"
	"ringfence/internal/residency/evidence"
	"ringfence/internal/residency/geo"
	"ringfence/internal/residency/zone"
)

// places is what the configuration says about where things are.
type places struct {
	judge     *evidence.Judge
	databases []evidence.NamedDatabase
	catalogue *catalogue.Catalogue
	networks  []netip.Prefix // declared, for the egress proxy's clients
}

func catalogueFile(data string) string { return filepath.Join(data, "catalogue.note") }

// openPlaces reads what the residency section names. A database that cannot be
// read says nothing, and evidence that needs it is missing; problems tells of it.
func openPlaces(c *config.Config, data string) (p *places, problems []error, err error) {
	p = &places{}
	if p.catalogue, err = openCatalogue(c, data); err != nil {
		return nil, nil, err
	}
	o := evidence.Options{Catalogue: p.catalogue}
	if o.Accept, err = zone.Parse(c.Residency.Accept); err != nil {
		return nil, nil, fmt.Errorf("residency.accept: %w", err)
	}
	for _, name := range sorted(c.Residency.Databases) {
		g := c.Residency.Databases[name]
		db := geo.New(geo.Options{Path: g.Path, MaxAge: g.MaxAge})
		if _, err := db.Refresh(); err != nil {
			problems = append(problems, fmt.Errorf("geo database %s: %w", name, err))
		}
		p.databases = append(p.databases, evidence.NamedDatabase{Name: name, Database: db})
	}
	o.Databases = p.databases
	o.Anycast = prefixes(c.Residency.Anycast)
	p.networks = prefixes(c.Residency.Networks)
	for _, name := range sorted(c.Residency.Claims) {
		claim, err := claimOf(name, c.Residency.Claims[name])
		if err != nil {
			return nil, nil, fmt.Errorf("residency.claims.%s: %w", name, err)
		}
		o.Claims = append(o.Claims, claim)
	}
	for _, name := range sorted(c.Residency.Register) {
		o.Register = append(o.Register, rowOf(name, c.Residency.Register[name]))
	}
	p.judge = evidence.New(o)
	return p, problems, nil
}

// openPlacesTold is openPlaces with its problems in the log.
func openPlacesTold(c *config.Config, data string, log *slog.Logger) (*places, error) {
	p, problems, err := openPlaces(c, data)
	for _, problem := range problems {
		log.Warn("evidence that needs this is missing", "error", problem)
	}
	return p, err
}

func sorted[T any](m map[string]T) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// prefixes reads ranges that the configuration has checked.
func prefixes(list []string) (out []netip.Prefix) {
	for _, s := range list {
		if p, err := netip.ParsePrefix(s); err == nil {
			out = append(out, p)
		}
	}
	return out
}

func day(s string) time.Time {
	at, _ := config.ParseDay(s) // the configuration has checked it
	return at
}

func claimOf(name string, c config.Claim) (evidence.Claim, error) {
	accept, err := zone.Parse(c.Accept)
	if err != nil {
		return evidence.Claim{}, err
	}
	out := evidence.Claim{
		Name: name, Hosts: c.Hosts, Place: zone.Place(c.Jurisdiction), Contract: c.Contract, From: day(c.From), Until: day(c.Until),
		Accept: accept, Assurance: evidence.Assurance(c.Assurance), Certified: c.DPF, Ranges: prefixes(c.Ranges), Deployment: zone.Place(c.Deployment),
	}
	for _, s := range c.ASNs {
		n, _ := strconv.ParseUint(s, 10, 32)
		out.ASNs = append(out.ASNs, uint32(n))
	}
	if len(c.TLSPins) > 0 || c.SPIFFE != "" || c.TLSCA != "" {
		out.Identity = &residency.Identity{Pins: c.TLSPins, SPIFFE: c.SPIFFE}
	}
	if c.TLSCA != "" {
		pem, err := os.ReadFile(c.TLSCA)
		if err != nil {
			return out, err
		}
		out.Identity.Roots = x509.NewCertPool()
		if !out.Identity.Roots.AppendCertsFromPEM(pem) {
			return out, fmt.Errorf("%s holds no certificate", c.TLSCA)
		}
	}
	return out, nil
}

func rowOf(name string, r config.Register) evidence.Row {
	return evidence.Row{
		Name: name, Recipient: r.Recipient, Hosts: r.Hosts, Contract: r.Contract, Basis: evidence.Basis(r.Basis),
		Purposes: r.Purposes, Categories: r.Categories, From: day(r.From), Until: day(r.Until),
	}
}

// openCatalogue is the signed catalogue that was taken into use, or the one of
// this build if that is newer.
func openCatalogue(c *config.Config, data string) (*catalogue.Catalogue, error) {
	signed, err := os.ReadFile(catalogueFile(data))
	if errors.Is(err, fs.ErrNotExist) {
		return catalogue.Builtin(), nil
	}
	if err != nil {
		return nil, err
	}
	trusted, err := catalogueKeys(c)
	if err != nil {
		return nil, err
	}
	next, err := catalogue.Open(signed, trusted)
	if err != nil {
		return nil, fmt.Errorf("%s: %w; bring another with: ringfence residency catalogue use FILE, or remove it", catalogueFile(data), err)
	}
	if newer, err := catalogue.Builtin().Newer(next); err == nil {
		return newer, nil
	}
	return catalogue.Builtin(), nil
}

func catalogueKeys(c *config.Config) (note.Verifiers, error) {
	var keys []note.Verifier
	for i, text := range c.Residency.CatalogueKeys {
		v, err := note.NewVerifier(strings.TrimSpace(text))
		if err != nil {
			return nil, fmt.Errorf("residency.catalogue_keys[%d]: %w", i, err)
		}
		keys = append(keys, v)
	}
	return note.VerifierList(keys...), nil
}

// watch takes new files of the geo databases until ctx ends.
func (p *places) watch(ctx context.Context, log *slog.Logger) {
	if len(p.databases) == 0 {
		return
	}
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		for _, db := range p.databases {
			changed, err := db.Refresh()
			switch {
			case err != nil:
				log.Warn("a geo database was not taken; the old one stays", "name", db.Name, "error", err)
			case changed:
				log.Info("a new geo database is in use", "name", db.Name)
			}
		}
	}
}
