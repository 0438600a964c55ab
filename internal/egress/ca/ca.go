// Package ca is the private certificate authority of interception: it vouches,
// on this machine alone, for hosts whose calls the gateway answers.
//
// First step: [Open] with the names it may vouch for, then [Authority.Leaf].
// Promise: the key never leaves its directory; the certificate is constrained
// to the given names, so that even a stolen key can impersonate nobody else;
// leaves live for a day. Danger: whoever trusts this authority lets the holder
// of its key read what is said to those names, so its certificate belongs in
// the store's PHP and Node, not in a browser or a whole system.
package ca

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// How long certificates live.
const (
	life     = 2 * 365 * 24 * time.Hour
	leafLife = 24 * time.Hour
	leafUse  = 12 * time.Hour // a leaf is renewed when it is this old
	backdate = 5 * time.Minute
	leaves   = 1024 // kept; far more hosts than the catalogue has
)

// Authority makes leaves. Safe for concurrent use.
type Authority struct {
	dir string

	mu      sync.Mutex
	current *pair
	stamp   time.Time // of the current certificate's file
	checked time.Time
	leafKey *ecdsa.PrivateKey // one for all leaves, in memory only
	made    map[string]*leaf
}

type leaf struct {
	cert   *tls.Certificate
	renew  time.Time
	issuer *pair
}

type pair struct {
	cert *x509.Certificate
	key  crypto.Signer
}

// File names inside the directory.
const (
	certName, keyName         = "ca.pem", "ca.key"
	nextCertName, nextKeyName = "next.pem", "next.key"
)

// Open opens the authority in dir. The first call makes it, for names and
// whatever is below them, and nothing else.
func Open(dir string, names []string) (*Authority, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("ca: %w", err)
	}
	if _, err := os.Stat(filepath.Join(dir, certName)); errors.Is(err, fs.ErrNotExist) {
		if err := create(dir, certName, keyName, names); err != nil {
			return nil, err
		}
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	a := &Authority{dir: dir, leafKey: key, made: map[string]*leaf{}}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a, a.refresh(time.Now())
}

// recheck is how often the files are looked at: a rotation is in force within
// this time.
const recheck = 2 * time.Second

// refresh takes a rotated authority.
func (a *Authority) refresh(now time.Time) error {
	if a.current != nil && now.Sub(a.checked) < recheck {
		return nil
	}
	a.checked = now
	fi, err := os.Stat(filepath.Join(a.dir, certName))
	if err == nil && a.current != nil && fi.ModTime().Equal(a.stamp) {
		return nil
	}
	next, err := readPair(a.dir, certName, keyName)
	if err != nil {
		if a.current != nil {
			return nil // in the middle of a rotation: the old one serves on
		}
		return err
	}
	a.current, a.stamp = next, fi.ModTime()
	return nil
}

// Covers reports whether the authority may vouch for host.
func (a *Authority) Covers(host string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.refresh(time.Now())
	return Covers(a.current.cert.PermittedDNSDomains, host)
}

// Covers reports whether host is one of the names or below one.
func Covers(names []string, host string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		return host == name || strings.HasSuffix(host, "."+name)
	})
}

// Leaf returns a certificate for host.
func (a *Authority) Leaf(host string) (*tls.Certificate, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := time.Now()
	if err := a.refresh(now); err != nil {
		return nil, err
	}
	if l := a.made[host]; l != nil && now.Before(l.renew) && l.issuer == a.current {
		return l.cert, nil
	}
	if !Covers(a.current.cert.PermittedDNSDomains, host) {
		return nil, fmt.Errorf("ca: %s is not among the names this authority may vouch for; `ringfence egress ca rotate` makes one that may", host)
	}
	cert, err := a.sign(host, now)
	if err != nil {
		return nil, err
	}
	if len(a.made) >= leaves {
		clear(a.made)
	}
	a.made[host] = &leaf{cert, now.Add(leafUse), a.current}
	return cert, nil
}

func (a *Authority) sign(host string, now time.Time) (*tls.Certificate, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 126))
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{Organization: []string{organization}},
		NotBefore:    now.Add(-backdate),
		NotAfter:     now.Add(leafLife),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames:     []string{host},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.current.cert, &a.leafKey.PublicKey, a.current.key)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{der, a.current.cert.Raw}, PrivateKey: a.leafKey}, nil
}

const organization = "Ringfence (private, this store only)"

// create makes a pair of files. The key is written first: a certificate
// without its key would be handed out and of no use.
func create(dir, certFile, keyFile string, names []string) error {
	if len(names) == 0 {
		return errors.New("ca: an authority without names would vouch for everything")
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	now := time.Now()
	public, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		return err
	}
	id := sha256.Sum256(public)
	template := &x509.Certificate{
		SerialNumber:                new(big.Int).SetBytes(id[:15]),
		Subject:                     pkix.Name{Organization: []string{organization}, CommonName: "Ringfence interception " + now.UTC().Format(time.DateOnly) + " " + hex.EncodeToString(id[:3])},
		NotBefore:                   now.Add(-backdate),
		NotAfter:                    now.Add(life),
		IsCA:                        true,
		BasicConstraintsValid:       true,
		MaxPathLenZero:              true,
		KeyUsage:                    x509.KeyUsageCertSign,
		ExtKeyUsage:                 []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		PermittedDNSDomainsCritical: true,
		PermittedDNSDomains:         names,
		ExcludedIPRanges:            everyAddress(),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return err
	}
	return writePair(dir, certFile, keyFile, der, key)
}

// everyAddress excludes addresses: what names permit says nothing about them.
func everyAddress() []*net.IPNet {
	return []*net.IPNet{
		{IP: net.IPv4zero.To4(), Mask: net.CIDRMask(0, 32)},
		{IP: net.IPv6zero, Mask: net.CIDRMask(0, 128)},
	}
}
