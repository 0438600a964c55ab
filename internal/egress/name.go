package egress

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"ringfence/internal/residency/catalogue"
	"ringfence/internal/residency/host"
	"ringfence/proof"
)

// destination is what a known client asks for. Only name makes one.
type destination struct {
	client  identified
	host    string // in its one spelling
	port    uint16
	service *catalogue.Match // nil: not in the catalogue
}

// kind is what the catalogue says the host is for, or "".
func (d *destination) kind() string {
	if d.service == nil {
		return ""
	}
	return string(d.service.Kind)
}

// name gives the host its one spelling and looks it up. Addresses are refused
// in every spelling: a rule is about a name, and so is TLS.
func (p *Proxy) name(a *attempt, client identified) (*destination, error) {
	raw, port, err := a.authority()
	if err != nil {
		return nil, err
	}
	h, err := host.Parse(raw)
	switch {
	case errors.Is(err, host.ErrDisguise) || err == nil && h.IsAddr():
		return nil, refused(http.StatusForbidden, "ip_literal", "This proxy connects to names, not to addresses. Use the service's host name.")
	case err != nil:
		return nil, refused(http.StatusBadRequest, "bad_host", "This is not a host name.")
	}
	d := &destination{client: client, host: h.Name, port: port}
	a.record.Host, a.record.Port = discreet(d.host), int(port)
	path := "" // not known inside TLS
	if !a.connect {
		path = a.r.URL.Path
	}
	if p.Catalogue != nil {
		if s, known := p.Catalogue.Lookup(d.host, path); known {
			d.service = &s
			a.record.Service = &proof.Service{Vendor: s.Vendor, Kind: string(s.Kind)}
			if s.Pattern == d.host {
				a.record.Host = d.host
			}
		}
	}
	if !slices.Contains(a.policy.ports(a.connect), port) {
		return nil, refused(http.StatusForbidden, "port_not_allowed", "This proxy connects to this port for nobody. egress.ports in ringfence.yaml lists those it does.")
	}
	return d, nil
}

// authority returns host and port as the client wrote them.
func (a *attempt) authority() (string, uint16, error) {
	u := a.r.URL
	bad := refused(http.StatusBadRequest, "bad_host", "The request names no host and port.")
	if a.connect {
		h, p, ok := cutPort(a.r.Host)
		port, err := strconv.ParseUint(p, 10, 16)
		if !ok || err != nil || port == 0 {
			return "", 0, bad
		}
		return h, uint16(port), nil
	}
	switch {
	case !u.IsAbs() || u.Host == "":
		return "", 0, refused(http.StatusBadRequest, "not_for_a_proxy", "This is a proxy: set it as the proxy of your client, not as its base URL. The gateway for AI calls listens elsewhere (listen in ringfence.yaml).")
	case u.Scheme != "http":
		return "", 0, refused(http.StatusBadRequest, "scheme_not_allowed", "Plain requests are for http:// alone; use CONNECT for https://.")
	case u.User != nil:
		return "", 0, refused(http.StatusBadRequest, "bad_host", "The URL holds a user or a password. Put them in a header.")
	}
	h, p, ok := cutPort(u.Host)
	if !ok {
		return u.Host, 80, nil
	}
	port, err := strconv.ParseUint(p, 10, 16)
	if err != nil || port == 0 {
		return "", 0, bad
	}
	return h, uint16(port), nil
}

// cutPort splits host:port at the last colon, unless that is inside brackets.
func cutPort(s string) (host, port string, ok bool) {
	i := strings.LastIndexByte(s, ':')
	if i < 0 || strings.IndexByte(s[i:], ']') >= 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}
