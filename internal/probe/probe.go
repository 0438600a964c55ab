// Package probe finds out what can still leave a PHP runtime, by trying it from
// inside.
//
// First step: [Run] with a [CLI] or an [FPM]. Promise: it sends one random word,
// to a listener of its own on this machine and to addresses it is told, and
// reads nothing of the site. Danger: what it could not try may still be open;
// the report names it.
package probe

import (
	"context"
	"crypto/rand"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"strings"
)

//go:embed probe.php
var script string

// Options say where the probe tries to get.
type Options struct {
	Outside []string // host:port beyond this machine; none are tried unless named
	Names   []string // that PHP should not be able to resolve
	Proxies []string // host:port of the proxy, which must be reached
	Seconds float64  // for one attempt; 0 is 1
}

// An Attempt is one way that was tried.
type Attempt struct {
	Way   string `json:"way"`
	To    string `json:"to,omitempty"`
	State State  `json:"state"`
	Says  string `json:"says,omitempty"`
}

// State is how an attempt ended.
type State string

// The states. Reached is good where it is the proxy, and bad elsewhere.
const (
	Left    State = "left"
	Stopped State = "stopped"
	Unknown State = "unknown" // handed to the network; nobody can say whether it arrived
	Untried State = "untried"
	Reached State = "reached" // the proxy
	Missed  State = "missed"  // the proxy
)

// A Report is what one runtime can do.
type Report struct {
	Runtime     string            `json:"runtime"`
	PHP         string            `json:"php"`
	User        *int              `json:"user"` // nil if PHP cannot tell
	Environment map[string]string `json:"environment"`
	Settings    map[string]string `json:"settings"`
	Programs    bool              `json:"programs"` // it may start programs
	Attempts    []Attempt         `json:"attempts"`
}

// Verdict sums a report up: Left if anything left, Unknown if something cannot
// be told or nothing could be tried, else Stopped.
func (r Report) Verdict() State {
	tried, verdict := false, Stopped
	for _, a := range r.Attempts {
		switch a.State {
		case Left:
			return Left
		case Unknown, Missed:
			verdict = Unknown
		case Stopped:
			tried = true
		}
	}
	if !tried {
		return Unknown
	}
	return verdict
}

// A Runtime runs a PHP script with a text as its input, and returns its output.
type Runtime interface {
	Run(ctx context.Context, script, input string) (string, error)
	String() string
}

// answer is what the script prints.
type answer struct {
	Word     string            `json:"word"`
	PHP      string            `json:"php"`
	User     *int              `json:"user"`
	Settings map[string]string `json:"settings"`
	Programs bool              `json:"programs"`
	Attempts []struct {
		Way  string `json:"way"`
		To   string `json:"to"`
		Left *bool  `json:"left"`
		Says string `json:"says"`
	} `json:"attempts"`
	Environment map[string]string `json:"environment"`
}

// Run lets a runtime try everything.
func Run(ctx context.Context, in Runtime, o Options) (Report, error) {
	word := "rf" + strings.ToLower(rand.Text()[:14])
	ear, err := listen(word)
	if err != nil {
		return Report{}, err
	}
	defer ear.close()
	if o.Seconds == 0 {
		o.Seconds = 1
	}
	question, err := json.Marshal(map[string]any{
		"word": word, "seconds": o.Seconds, "to": append(ear.addresses(), o.Outside...),
		"names": nonNil(o.Names), "proxies": nonNil(o.Proxies),
	})
	if err != nil {
		return Report{}, err
	}
	out, err := in.Run(ctx, script, string(question))
	if err != nil {
		return Report{}, err
	}
	return report(in, word, out, ear)
}

func nonNil(s []string) []string { return append([]string{}, s...) }

func report(in Runtime, word, out string, ear *ear) (Report, error) {
	var a answer
	start := strings.IndexByte(out, '{')
	if start < 0 || json.Unmarshal([]byte(out[start:]), &a) != nil || a.Word != word {
		return Report{}, fmt.Errorf("%s did not run the probe: %.200q", in, out)
	}
	r := Report{Runtime: in.String(), PHP: a.PHP, User: a.User, Environment: a.Environment, Settings: a.Settings, Programs: a.Programs}
	for _, t := range a.Attempts {
		state := stateOf(t.Way, t.Left)
		switch {
		case ear.heard(t.To, t.Way): // whatever PHP thinks
			state = Left
		case state == Unknown && ear.is(t.To):
			state = Stopped
		}
		r.Attempts = append(r.Attempts, Attempt{Way: t.Way, To: t.To, State: state, Says: t.Says})
	}
	if len(r.Attempts) == 0 {
		return r, errors.New("the probe tried nothing")
	}
	return r, nil
}

func stateOf(way string, left *bool) State {
	switch {
	case way == "proxy" && left != nil && *left:
		return Reached
	case way == "proxy":
		return Missed
	case left == nil && way == "udp":
		return Unknown
	case left == nil:
		return Untried
	case *left:
		return Left
	}
	return Stopped
}

// addressOf is one address of this machine that is not loopback, because
// firewalls often let loopback pass.
func addressOf(all []netip.Addr) (netip.Addr, bool) {
	for _, a := range all {
		if !a.IsLoopback() && !a.IsLinkLocalUnicast() && a.Is4() {
			return a, true
		}
	}
	return netip.Addr{}, false
}
