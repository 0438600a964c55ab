package ca

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// State is what the directory of an authority holds; keys are never read.
type State struct {
	Current *x509.Certificate
	Next    *x509.Certificate // made by Rotate, not in use yet; nil if there is none
}

// ErrNone says that there is no authority yet.
var ErrNone = errors.New("ca: there is no authority yet; it is made when the proxy first starts with egress.intercept: true, or by `ringfence egress ca export`")

// Look reads the certificates in dir.
func Look(dir string) (State, error) {
	current, err := readCert(filepath.Join(dir, certName))
	if errors.Is(err, fs.ErrNotExist) {
		return State{}, ErrNone
	}
	if err != nil {
		return State{}, err
	}
	next, err := readCert(filepath.Join(dir, nextCertName))
	if errors.Is(err, fs.ErrNotExist) {
		return State{Current: current}, nil
	}
	return State{current, next}, err
}

// Bundle is what clients are to trust, as PEM: while a rotation is under way,
// both authorities.
func (s State) Bundle() []byte {
	out := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Current.Raw})
	if s.Next != nil {
		out = append(out, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Next.Raw})...)
	}
	return out
}

// Rotate begins a rotation: it makes the next authority, which is not used yet,
// so that clients can be given its certificate first.
func Rotate(dir string, names []string) error {
	if _, err := Look(dir); err != nil {
		return err
	}
	return create(dir, nextCertName, nextKeyName, names)
}

// Finish ends a rotation: the next authority is the current one, and the key of
// the old one is gone.
func Finish(dir string) error {
	if _, err := readPair(dir, nextCertName, nextKeyName); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return errors.New("ca: no rotation is under way; `ringfence egress ca rotate` begins one")
		}
		return err
	}
	// A reader that sees the new key with the old certificate keeps what it has.
	if err := os.Rename(filepath.Join(dir, nextKeyName), filepath.Join(dir, keyName)); err != nil {
		return fmt.Errorf("ca: %w", err)
	}
	if err := os.Rename(filepath.Join(dir, nextCertName), filepath.Join(dir, certName)); err != nil {
		return fmt.Errorf("ca: %w", err)
	}
	now := time.Now()
	return os.Chtimes(filepath.Join(dir, certName), now, now)
}

func readCert(file string) (*x509.Certificate, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil || block.Type != "CERTIFICATE" {
		return nil, fmt.Errorf("ca: %s is damaged; restore it, or remove its directory to begin anew", file)
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil || !cert.IsCA || !cert.PermittedDNSDomainsCritical || len(cert.PermittedDNSDomains) == 0 {
		return nil, fmt.Errorf("ca: %s is not a certificate that Ringfence made; restore it, or remove its directory to begin anew", file)
	}
	return cert, nil
}

func readPair(dir, certFile, keyFile string) (*pair, error) {
	cert, err := readCert(filepath.Join(dir, certFile))
	if err != nil {
		return nil, err
	}
	file := filepath.Join(dir, keyFile)
	fi, err := os.Stat(file)
	if err != nil {
		return nil, fmt.Errorf("ca: %w", err)
	}
	if fi.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("ca: others may read %s (mode %04o); set 0600 and rotate, for it may be known", file, fi.Mode().Perm())
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("ca: %w", err)
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, fmt.Errorf("ca: %s is damaged; restore it, or remove its directory to begin anew", file)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	key, ok := parsed.(crypto.Signer)
	if err != nil || !ok {
		return nil, fmt.Errorf("ca: %s is damaged; restore it, or remove its directory to begin anew", file)
	}
	if public, ok := cert.PublicKey.(*ecdsa.PublicKey); !ok || !public.Equal(key.Public()) {
		return nil, fmt.Errorf("ca: %s does not belong to %s; restore the two, or remove their directory to begin anew", file, certFile)
	}
	return &pair{cert, key}, nil
}

func writePair(dir, certFile, keyFile string, der []byte, key crypto.Signer) error {
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	if err := write(dir, keyFile, "PRIVATE KEY", private, 0o600); err != nil {
		return err
	}
	return write(dir, certFile, "CERTIFICATE", der, 0o644)
}

// write puts a file in place whole.
func write(dir, name, kind string, der []byte, mode fs.FileMode) error {
	tmp, err := os.CreateTemp(dir, ".new-*") // mode 0600
	if err != nil {
		return fmt.Errorf("ca: %w", err)
	}
	defer os.Remove(tmp.Name())
	err = errors.Join(pem.Encode(tmp, &pem.Block{Type: kind, Bytes: der}), tmp.Chmod(mode), tmp.Sync(), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), filepath.Join(dir, name))
	}
	if err != nil {
		return fmt.Errorf("ca: %w", err)
	}
	return nil
}
