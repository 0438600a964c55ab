// Package host gives the name of a host its one spelling.
//
// First step: [Parse]. Promise: what it returns is a fixed point, so two
// spellings of one host are equal after it, and nothing that some resolver
// would read as an address passes for a name. Danger: a name that passes is
// well formed, not harmless; who may be reached is decided elsewhere.
package host

import (
	"errors"
	"net/netip"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// A Host is a name or an address, in its one spelling. Compare it with ==.
type Host struct {
	Name string     // lower-case ASCII, no dot at the end; empty for an address
	Addr netip.Addr // zero for a name
}

// IsAddr tells an address from a name.
func (h Host) IsAddr() bool { return h.Addr.IsValid() }

// String is the host as it stands in a URL or before :port.
func (h Host) String() string {
	switch {
	case h.Addr.Is6():
		return "[" + h.Addr.String() + "]"
	case h.IsAddr():
		return h.Addr.String()
	}
	return h.Name
}

// The ways in which a host can be wrong.
var (
	ErrEmpty    = errors.New("the host is empty")
	ErrLong     = errors.New("the host is longer than a name can be")
	ErrLetters  = errors.New("the host has characters that no host name has")
	ErrDisguise = errors.New("the host is an address in disguise: octal, hexadecimal, short or as one number")
	ErrZone     = errors.New("the host is an address bound to a network interface")
)

// maxName is the most characters a name can have in the domain name system.
const maxName = 253

// profile maps letters to their plain forms (case, width, compositions) and
// names of other scripts to ASCII, as browsers do. What DNS allows beyond that
// (underscores) is allowed here too.
var profile = idna.New(idna.MapForLookup(), idna.BidiRule(), idna.Transitional(false), idna.StrictDomainName(false))

// Parse reads a host without a port. An IPv6 address may stand in brackets.
func Parse(raw string) (Host, error) {
	if raw == "" || raw == "." {
		return Host{}, ErrEmpty
	}
	if len(raw) > 4*maxName { // before anybody spends time on it
		return Host{}, ErrLong
	}
	if strings.HasPrefix(raw, "[") || strings.Contains(raw, ":") {
		return parseV6(raw)
	}
	if !utf8.ValidString(raw) {
		return Host{}, ErrLetters
	}
	name, err := profile.ToASCII(raw)
	if err != nil {
		return Host{}, ErrLetters
	}
	name = strings.TrimSuffix(name, ".")
	if name == "" {
		return Host{}, ErrEmpty
	}
	if numeric(name[strings.LastIndexByte(name, '.')+1:]) {
		a, err := netip.ParseAddr(name) // refuses octal, hexadecimal and short forms
		if err != nil {
			return Host{}, ErrDisguise
		}
		return Host{Addr: a}, nil
	}
	if err := wellFormed(name); err != nil {
		return Host{}, err
	}
	return Host{Name: name}, nil
}

func parseV6(raw string) (Host, error) {
	inner := raw
	if strings.HasPrefix(raw, "[") {
		var closed bool
		if inner, closed = strings.CutSuffix(raw[1:], "]"); !closed {
			return Host{}, ErrLetters
		}
	}
	a, err := netip.ParseAddr(inner)
	switch {
	case err != nil || !a.Is6():
		return Host{}, ErrLetters
	case a.Zone() != "":
		return Host{}, ErrZone
	}
	return Host{Addr: a}, nil
}

// numeric says whether a resolver may take a name with this last label for an
// IPv4 address: all digits, or hexadecimal after 0x (the URL standard's rule).
func numeric(label string) bool {
	if label == "" {
		return false
	}
	if hex, ok := strings.CutPrefix(label, "0x"); ok {
		return strings.Trim(hex, "0123456789abcdef") == ""
	}
	return strings.Trim(label, "0123456789") == ""
}

func wellFormed(name string) error {
	if len(name) > maxName {
		return ErrLong
	}
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || len(label) > 63 {
			return ErrLetters
		}
		for _, c := range []byte(label) {
			if c != '-' && c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') {
				return ErrLetters
			}
		}
	}
	return nil
}
