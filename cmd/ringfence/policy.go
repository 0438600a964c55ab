package main

import (
	"strings"

	"ringfence/internal/config"
	"ringfence/internal/gateway"
	"ringfence/internal/gateway/dialect"
	"ringfence/internal/integration"
	"ringfence/internal/mask"
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
	return mask.Options{Regions: c.Mask.Regions, Sensitive: mask.Sensitive(c.Mask.Sensitive), Store: known}
}

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
