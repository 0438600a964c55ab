package residency_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"errors"
	"math/big"
	"net"
	"net/url"
	"testing"
	"time"

	"ringfence/internal/residency"
)

// authority signs certificates for one test.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) authority {
	a := authority{}
	a.key, _ = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	tpl := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, tpl, tpl, &a.key.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	a.cert, _ = x509.ParseCertificate(der)
	return a
}

func (a authority) pool() *x509.CertPool {
	p := x509.NewCertPool()
	p.AddCert(a.cert)
	return p
}

func (a authority) leaf(t *testing.T, name, uri string) tls.Certificate {
	key, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	tpl := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name}, NotAfter: time.Now().Add(time.Hour), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	if name != "" {
		tpl.DNSNames = []string{name}
	}
	if uri != "" {
		u, _ := url.Parse(uri)
		tpl.URIs = []*url.URL{u}
	}
	der, err := x509.CreateCertificate(rand.Reader, tpl, a.cert, &key.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func pin(der []byte) string {
	c, _ := x509.ParseCertificate(der)
	sum := sha256.Sum256(c.RawSubjectPublicKeyInfo)
	return hex.EncodeToString(sum[:])
}

// TestIdentity: only who was declared is talked to.
func TestIdentity(t *testing.T) {
	ours, theirs := newAuthority(t), newAuthority(t)
	named, other := ours.leaf(t, "model.example", ""), ours.leaf(t, "model.example", "")
	spiffe := ours.leaf(t, "", "spiffe://eu.example/engine/a")
	forged := theirs.leaf(t, "", "spiffe://eu.example/engine/a")
	for name, c := range map[string]struct {
		id     residency.Identity
		server tls.Certificate
		good   bool
	}{
		"pinned":               {residency.Identity{Pins: []string{pin(named.Certificate[0])}, Roots: ours.pool()}, named, true},
		"pinned authority":     {residency.Identity{Pins: []string{pin(ours.cert.Raw)}, Roots: ours.pool()}, named, true},
		"another key":          {residency.Identity{Pins: []string{pin(named.Certificate[0])}, Roots: ours.pool()}, other, false},
		"pinned, not trusted":  {residency.Identity{Pins: []string{pin(named.Certificate[0])}, Roots: theirs.pool()}, named, false},
		"spiffe":               {residency.Identity{SPIFFE: "spiffe://eu.example/engine/a", Roots: ours.pool()}, spiffe, true},
		"spiffe below":         {residency.Identity{SPIFFE: "spiffe://eu.example/engine/", Roots: ours.pool()}, spiffe, true},
		"spiffe, another path": {residency.Identity{SPIFFE: "spiffe://eu.example/engine", Roots: ours.pool()}, spiffe, false},
		"spiffe, forged":       {residency.Identity{SPIFFE: "spiffe://eu.example/engine/a", Roots: ours.pool()}, forged, false},
		"spiffe, a name":       {residency.Identity{SPIFFE: "spiffe://eu.example/engine/a", Roots: ours.pool()}, named, false},
		"spiffe, no roots":     {residency.Identity{SPIFFE: "spiffe://eu.example/engine/a"}, spiffe, false},
		"spiffe and pin":       {residency.Identity{SPIFFE: "spiffe://eu.example/engine/a", Pins: []string{pin(named.Certificate[0])}, Roots: ours.pool()}, spiffe, false},
	} {
		l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{c.server}})
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			if conn, err := l.Accept(); err == nil {
				conn.(*tls.Conn).Handshake()
				conn.Close()
			}
		}()
		a, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		config := c.id.Config()
		config.ServerName = "model.example"
		err = tls.Client(a, config).Handshake()
		a.Close()
		l.Close()
		if (err == nil) != c.good {
			t.Errorf("%s: %v", name, err)
		}
		if !c.good && !errors.Is(err, residency.ErrIdentity) && name != "pinned, not trusted" {
			t.Errorf("%s is refused as %v", name, err)
		}
	}
	if c := (*residency.Identity)(nil).Config(); c.InsecureSkipVerify || c.MinVersion < tls.VersionTLS12 {
		t.Error("without an identity TLS is weaker")
	}
}
