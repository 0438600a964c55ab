// Package integration keeps the named callers of a store and their keys.
//
// An integration is one plugin, theme or script that calls AI. It owns one key
// (rf_...), one surface, and bounds: purposes, models, limits, watch or enforce.
// First step: Open the key file and Lookup what the caller presented.
//
// Promise: a key is shown once and never stored; a change made by one process is
// seen by a running gateway within 200 ms; two processes changing at once lose
// nothing; a broken file never widens what is allowed. Danger: whoever can write
// the key file can admit callers, so it belongs in a directory only the gateway's
// user can write.
package integration

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Integration is one named caller. It holds no secret.
type Integration struct {
	ID       string   `json:"id"`       // 8 characters, public, part of the key
	Name     string   `json:"name"`     // unique among the integrations that are not revoked
	Surface  string   `json:"surface"`  // one of Surfaces
	Purposes []string `json:"purposes"` // of its surface; empty: every purpose of the surface
	Models   []string `json:"models"`   // names a call may ask for; empty: every model
	// Aliases are names its calls may use for models of the engine, before those
	// of ringfence.yaml; a name may end in *.
	Aliases map[string]string `json:"aliases,omitempty"`

	// External are tools that somebody else runs: nothing of a customer is put
	// back into their arguments. "*" stands for every tool.
	External []string `json:"external_tools,omitempty"`
	// Tools are those its calls may offer, each with a JSON schema for what the
	// model may do with it, or null; no list: every tool.
	Tools map[string]json.RawMessage `json:"tools,omitempty"`

	Limits Limits `json:"limits"`
	Mode   string `json:"mode"`           // ModeWatch, ModeEnforce, or "": as guard.mode in ringfence.yaml
	Strict bool   `json:"strict"`         // refuse unknown request fields instead of dropping them
	Sync   bool   `json:"sync,omitempty"` // may tell the gateway about the store's customers, orders and catalogue

	Created time.Time  `json:"created"`
	Revoked *time.Time `json:"revoked,omitempty"` // nil while the key is valid
}

// Limits bound one integration; 0 means the default given in ringfence.yaml.
// The fields match meter.Limits, so one converts to the other.
type Limits struct {
	RequestsPerMinute int `json:"requests_per_minute"`
	TokensPerMinute   int `json:"tokens_per_minute"`
	Concurrent        int `json:"concurrent"`
}

// Or returns l with every 0 replaced by the value of def.
func (l Limits) Or(def Limits) Limits {
	if l.RequestsPerMinute == 0 {
		l.RequestsPerMinute = def.RequestsPerMinute
	}
	if l.TokensPerMinute == 0 {
		l.TokensPerMinute = def.TokensPerMinute
	}
	if l.Concurrent == 0 {
		l.Concurrent = def.Concurrent
	}
	return l
}

// The two modes of an integration: ModeWatch records what a guard would have
// done, ModeEnforce does it.
const (
	ModeWatch   = "watch"
	ModeEnforce = "enforce"
)

// Surfaces lists the places where AI touches a store. The set is closed: rules
// about data are written per surface.
func Surfaces() []string {
	return []string{"checkout", "account", "discovery", "service", "admin", "training"}
}

// AllowsPurpose reports whether a call may name this purpose. No purpose at all
// is always allowed: such a call simply gets no structured store data.
func (i Integration) AllowsPurpose(purpose string) bool {
	if purpose == "" || slices.Contains(i.Purposes, purpose) {
		return true
	}
	surface, _, ok := strings.Cut(purpose, ".")
	return ok && len(i.Purposes) == 0 && surface == i.Surface
}

// RunsOutside reports whether a tool is run by somebody else.
func (i Integration) RunsOutside(tool string) bool {
	return slices.Contains(i.External, tool) || slices.Contains(i.External, "*")
}

// AllowsModel reports whether a call may ask for this model name.
func (i Integration) AllowsModel(model string) bool {
	return len(i.Models) == 0 || slices.Contains(i.Models, model)
}

var (
	namePattern    = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N} ._/:-]{0,63}$`)
	purposePattern = regexp.MustCompile(`^[a-z]+\.[a-z][a-z0-9_]{0,63}$`)
	modelPattern   = regexp.MustCompile(`^[^\s\x00-\x1f\x7f]{1,200}$`)
)

// maxList bounds purposes and models: far above any real plugin.
const maxList = 200

// InvalidError refuses a value that an integration may not have.
type InvalidError struct {
	Field  string // as in the key file: limits.concurrent
	Reason string // a sentence without its subject
}

func (e *InvalidError) Error() string { return e.Field + ": " + e.Reason }

func invalid(field, format string, args ...any) error {
	return &InvalidError{field, fmt.Sprintf(format, args...)}
}

// check returns what is wrong with i as an *InvalidError.
func (i Integration) check() error {
	if !idPattern.MatchString(i.ID) {
		return invalid("id", "%q is not 8 characters of a-z and 2-7", i.ID)
	}
	if !namePattern.MatchString(i.Name) || strings.TrimSpace(i.Name) != i.Name {
		return invalid("name", "%q must be 1 to 64 letters, digits, spaces or . _ / : - and begin with a letter or digit", i.Name)
	}
	if !slices.Contains(Surfaces(), i.Surface) {
		return invalid("surface", "%q is not one of %s", i.Surface, strings.Join(Surfaces(), ", "))
	}
	if i.Mode != "" && i.Mode != ModeWatch && i.Mode != ModeEnforce {
		return invalid("mode", "%q is neither watch nor enforce", i.Mode)
	}
	if i.Created.IsZero() {
		return invalid("created", "the time is missing")
	}
	if err := i.checkLists(); err != nil {
		return err
	}
	return i.Limits.check()
}

func (i Integration) checkLists() error {
	if len(i.Purposes) > maxList || len(i.Models) > maxList {
		return invalid("purposes, models", "at most %d each", maxList)
	}
	for _, p := range i.Purposes {
		if !purposePattern.MatchString(p) {
			return invalid("purposes", "%q does not look like %s.order_status", p, i.Surface)
		}
		if !strings.HasPrefix(p, i.Surface+".") {
			return invalid("purposes", "%q is not of the surface %q", p, i.Surface)
		}
	}
	for _, tool := range i.External {
		if len(i.External) > maxList || tool == "" || len(tool) > 200 {
			return invalid("external_tools", "at most %d names of 1 to 200 characters", maxList)
		}
	}
	for _, m := range i.Models {
		if !modelPattern.MatchString(m) {
			return invalid("models", "%q must be 1 to 200 characters without spaces", m)
		}
	}
	if err := i.checkTools(); err != nil {
		return err
	}
	return i.checkAliases()
}

// maxToolRule bounds one tool's schema.
const maxToolRule = 64 << 10

func (i Integration) checkTools() error {
	if len(i.Tools) > maxList {
		return invalid("tools", "at most %d", maxList)
	}
	for name, rule := range i.Tools {
		if !modelPattern.MatchString(name) {
			return invalid("tools", "%q must be 1 to 200 characters without spaces", name)
		}
		if len(rule) > maxToolRule || len(rule) > 0 && !json.Valid(rule) {
			return invalid("tools", "the rule for %q must be a JSON schema of at most %d bytes, or null", name, maxToolRule)
		}
	}
	return nil
}

// AllowsTool reports whether calls may offer a tool of this name.
func (i Integration) AllowsTool(name string) bool {
	_, listed := i.Tools[name]
	return listed || i.Tools == nil
}

func (i Integration) checkAliases() error {
	if len(i.Aliases) > maxList {
		return invalid("aliases", "at most %d", maxList)
	}
	for from, to := range i.Aliases {
		if !modelPattern.MatchString(from) || !modelPattern.MatchString(to) || strings.Contains(strings.TrimSuffix(from, "*"), "*") {
			return invalid("aliases", "%q must be a name, which may end in *, and a model's name, without spaces", from+"="+to)
		}
	}
	return nil
}

// maxLimit keeps rate arithmetic far from overflow.
const maxLimit = 1_000_000_000

func (l Limits) check() error {
	fields := []struct {
		name  string
		value int
	}{
		{"requests_per_minute", l.RequestsPerMinute},
		{"tokens_per_minute", l.TokensPerMinute},
		{"concurrent", l.Concurrent},
	}
	for _, f := range fields {
		if f.value < 0 || f.value > maxLimit {
			return invalid("limits."+f.name, "%d is not between 0 (default of ringfence.yaml) and %d", f.value, maxLimit)
		}
	}
	return nil
}
