package main

import (
	"strings"

	"ringfence/internal/config"
	"ringfence/internal/detector"
	"ringfence/internal/gateway"
	"ringfence/internal/gateway/dialect"
	"ringfence/internal/integration"
	"ringfence/internal/mask"
	"ringfence/internal/residency"
)

// policyOf makes the rooms' options of the configuration: what may change
// while the gateway runs.
func policyOf(c *config.Config) (gateway.Policy, error) {
	g, err := guardOf(c)
	if err != nil {
		return gateway.Policy{}, err
	}
	l := c.Limits
	return gateway.Policy{
		Masker:    mask.New(maskOptions(c, nil)),
		Actions:   actionsOf(c),
		Sensitive: mask.Sensitive(c.Mask.Sensitive),
		Guard:     g,
		Canary:    c.Guard.Canary,
		Mode:      c.Guard.Mode,
		Modes:     c.Guard.Modes,
		Strangers: c.Guard.Strangers,
		Aliases:   c.Aliases,
		Limits:    integration.Limits{RequestsPerMinute: l.RequestsPerMinute, TokensPerMinute: l.TokensPerMinute, Concurrent: l.Concurrent},
		Bounds: gateway.Bounds{
			BodyBytes:    int64(l.Body.MaxBytes),
			Decode:       dialect.Limits{Depth: l.Body.MaxDepth, Items: l.Body.MaxItems},
			AnswerTokens: l.AnswerTokens,
			Body:         l.Timeouts.Body,
			Call:         l.Timeouts.Call,
			Write:        l.Timeouts.Write,
		},
	}, nil
}

// maskOptions are those of a masker that knows the store's own people, or nobody with nil.
func maskOptions(c *config.Config, known mask.Store) mask.Options {
	o := mask.Options{Regions: c.Mask.Regions, Sensitive: mask.Sensitive(c.Mask.Sensitive), Store: known,
		Hosts: c.Guard.AllowedHosts, Orders: c.Mask.Orders, Parcels: c.Mask.Parcels}
	if c.Mask.Detector != "" {
		// No judge: texts before masking go nowhere but to this machine and the store's own networks.
		dialer := &residency.Dialer{Networks: prefixes(c.Residency.Networks)}
		o.Outside = detector.New(detector.Options{Address: c.Mask.Detector, Dial: dialer.DialContext, Least: leastOutside})
	}
	return o
}

// leastOutside is how sure the outside detector must be, as its makers' examples have it.
const leastOutside = .5

// actionsOf says what masking does with each kind, by surface.
func actionsOf(c *config.Config) map[string]map[mask.Type]mask.Action {
	actions := map[string]map[mask.Type]mask.Action{}
	for _, surface := range integration.Surfaces() {
		actions[surface] = map[mask.Type]mask.Action{}
		for _, of := range []string{config.AllSurfaces, surface} { // what names the surface counts more
			for key, action := range c.Mask.Policy {
				if named, kind, _ := strings.Cut(key, "."); named == of {
					actions[surface][mask.Type(kind)] = mask.Action(action)
				}
			}
		}
	}
	return actions
}

func vaultOptions(c *config.Config) mask.VaultOptions {
	o := mask.VaultOptions{Once: map[mask.Type]bool{}}
	for _, kind := range c.Mask.Irreversible {
		o.Once[mask.Type(kind)] = true
	}
	return o
}
