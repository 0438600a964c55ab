package residency

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// An Identity is who must answer on a TLS connection for it to be evidence.
type Identity struct {
	// Pins are hexadecimal SHA-256 digests of public keys (SubjectPublicKeyInfo);
	// one of them must be in the chain.
	Pins []string
	// SPIFFE is the URI that the certificate must carry: equal, or below it
	// where it ends in a slash.
	SPIFFE string
	// Roots signs the certificate; nil is the system's. SPIFFE needs its own,
	// for the world's authorities do not vouch for such names.
	Roots *x509.CertPool
}

// ErrIdentity says that somebody else answered.
var ErrIdentity = errors.New("residency_identity: who answers is not who was declared")

// Config is what a TLS client needs to look who answers. A nil identity asks
// for no more than TLS does.
func (id *Identity) Config() *tls.Config {
	if id == nil {
		return &tls.Config{MinVersion: tls.VersionTLS12}
	}
	c := &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: id.Roots, VerifyConnection: id.verify}
	if id.SPIFFE != "" {
		c.InsecureSkipVerify = true // such certificates name no host; verify checks their chain
	}
	return c
}

func (id *Identity) verify(s tls.ConnectionState) error {
	if len(s.PeerCertificates) == 0 {
		return ErrIdentity
	}
	chains := s.VerifiedChains
	if id.SPIFFE != "" {
		var err error
		if chains, err = id.chains(s.PeerCertificates); err != nil {
			return err
		}
	}
	if len(id.Pins) > 0 && !slices.ContainsFunc(chains, id.pinned) {
		return fmt.Errorf("%w: no declared key is in its chain", ErrIdentity)
	}
	return nil
}

// chains verifies a certificate that is named by a URI.
func (id *Identity) chains(certs []*x509.Certificate) ([][]*x509.Certificate, error) {
	named := slices.ContainsFunc(uris(certs[0]), func(u string) bool {
		return u == id.SPIFFE || strings.HasSuffix(id.SPIFFE, "/") && strings.HasPrefix(u, id.SPIFFE)
	})
	if !named || id.Roots == nil {
		return nil, fmt.Errorf("%w: its certificate does not carry %s", ErrIdentity, id.SPIFFE)
	}
	between := x509.NewCertPool()
	for _, c := range certs[1:] {
		between.AddCert(c)
	}
	chains, err := certs[0].Verify(x509.VerifyOptions{Roots: id.Roots, Intermediates: between})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrIdentity, err)
	}
	return chains, nil
}

func uris(c *x509.Certificate) []string {
	var out []string
	for _, u := range c.URIs {
		out = append(out, u.String())
	}
	return out
}

func (id *Identity) pinned(chain []*x509.Certificate) bool {
	return slices.ContainsFunc(chain, func(c *x509.Certificate) bool {
		sum := sha256.Sum256(c.RawSubjectPublicKeyInfo)
		return slices.Contains(id.Pins, hex.EncodeToString(sum[:]))
	})
}
