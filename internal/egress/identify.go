package egress

import (
	"encoding/base64"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"ringfence/internal/integration"
)

// identified is a client that is known. Only identify makes one.
type identified struct{ integration.Integration }

// identify answers who asks: by key, by certificate, or by the user of this
// machine who opened the connection. A wrong key is refused even when the user
// would be known: it says that something is set up wrongly.
func (p *Proxy) identify(a *attempt) (identified, error) {
	who, how, err := p.whoIs(a)
	if err != nil {
		return identified{}, err
	}
	if who.ID == "" {
		return identified{}, refused(http.StatusProxyAuthRequired, "no_identity",
			"This proxy does not know who asks. Give it a key as the password: http://store:rf_...@ADDRESS:PORT (ringfence key create NAME), or name the system user in egress.users.")
	}
	a.record.Integration, a.record.Name, a.record.Identity = who.ID, who.Name, how
	return identified{who}, nil
}

func (p *Proxy) whoIs(a *attempt) (who integration.Integration, how string, err error) {
	if key, given := proxyKey(a.r); given {
		who, err = p.Keys.Lookup(key)
		return who, "key", keyProblem(err)
	}
	if name := a.policy.certified(a.r.TLS); name != "" {
		who, err = p.Keys.Named(name)
		return who, "certificate", mappingProblem(err)
	}
	if name := a.policy.Users[p.user(a)]; name != "" {
		who, err = p.Keys.Named(name)
		return who, "user", mappingProblem(err)
	}
	return who, "", nil
}

// proxyKey returns the key in Proxy-Authorization: the password of Basic,
// which is what a proxy URL can carry, or a Bearer token.
func proxyKey(r *http.Request) (key string, given bool) {
	header := r.Header.Get("Proxy-Authorization")
	scheme, rest, _ := strings.Cut(header, " ")
	switch {
	case header == "":
		return "", false
	case strings.EqualFold(scheme, "Bearer"):
		return strings.TrimSpace(rest), true
	case strings.EqualFold(scheme, "Basic"):
		plain, _ := base64.StdEncoding.DecodeString(strings.TrimSpace(rest))
		_, password, _ := strings.Cut(string(plain), ":")
		return password, true
	}
	return "", true
}

func keyProblem(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, integration.ErrRevokedKey):
		return refused(http.StatusProxyAuthRequired, "revoked_key", "This key was revoked. Make another with `ringfence key create NAME`.")
	case errors.Is(err, integration.ErrNoKey):
		return refused(http.StatusProxyAuthRequired, "malformed_key", "The proxy's password must be a whole Ringfence key (rf_...). Make one with `ringfence key create NAME`.")
	}
	return refused(http.StatusProxyAuthRequired, "unknown_key", "No integration has this key. Check that it is complete, or make another with `ringfence key create NAME`.")
}

// mappingProblem is about a user or a certificate that leads to an integration
// which does not exist: known to the operator, but to nobody's key file.
func mappingProblem(err error) error {
	if err == nil {
		return nil
	}
	return refused(http.StatusProxyAuthRequired, "unknown_integration", "ringfence.yaml names an integration for this client that does not exist or was revoked. `ringfence key list` shows those there are.")
}

// user names the user of this machine at the other end, or "".
func (p *Proxy) user(a *attempt) string {
	local, ok := a.r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if p.Users == nil || !ok || len(a.policy.Users) == 0 {
		return ""
	}
	from, err1 := netip.ParseAddrPort(a.r.RemoteAddr)
	to, err2 := netip.ParseAddrPort(local.String())
	if err1 != nil || err2 != nil || !from.Addr().Unmap().IsLoopback() {
		return ""
	}
	name, err := p.Users.Owner(from, to)
	if err != nil {
		p.Logger.Warn("the user of a connection cannot be found", "error", err)
		return ""
	}
	return name
}
