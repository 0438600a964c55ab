package ca_test

import (
	"crypto/x509"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ringfence/internal/egress/ca"
)

var names = []string{"api.openai.com", "openai.azure.com"}

// verify asks whether a client that trusts the bundle would believe the leaf.
func verify(t *testing.T, dir string, a *ca.Authority, host string) error {
	t.Helper()
	leaf, err := a.Leaf(host)
	if err != nil {
		return err
	}
	state, err := ca.Look(dir)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(state.Bundle())
	cert, err := x509.ParseCertificate(leaf.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	_, err = cert.Verify(x509.VerifyOptions{Roots: pool, DNSName: host, CurrentTime: time.Now()})
	return err
}

func TestLeaves(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "egress")
	a, err := ca.Open(dir, names)
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{"api.openai.com", "shop-1.openai.azure.com"} {
		if err := verify(t, dir, a, host); err != nil {
			t.Errorf("%s: %v", host, err)
		}
	}
	for _, host := range []string{"openai.com", "evil.com", "xapi.openai.com.evil.com", "127.0.0.1"} {
		if _, err := a.Leaf(host); err == nil {
			t.Errorf("%s has a leaf", host)
		}
	}
	first, _ := a.Leaf("api.openai.com")
	if again, _ := a.Leaf("api.openai.com"); again != first {
		t.Error("a leaf is made for every connection")
	}
}

// TestTheKeyStays: readable by its owner alone, or not used; in no export.
func TestTheKeyStays(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "egress")
	if _, err := ca.Open(dir, names); err != nil {
		t.Fatal(err)
	}
	for file, mode := range map[string]os.FileMode{"ca.key": 0o600, ".": 0o700} {
		fi, err := os.Stat(filepath.Join(dir, file))
		if err != nil || fi.Mode().Perm() != mode {
			t.Errorf("%s: %v, %v", file, fi.Mode(), err)
		}
	}
	state, _ := ca.Look(dir)
	if strings.Contains(string(state.Bundle()), "PRIVATE") {
		t.Error("the key is exported")
	}
	os.Chmod(filepath.Join(dir, "ca.key"), 0o644)
	if _, err := ca.Open(dir, names); err == nil || !strings.Contains(err.Error(), "others may read") {
		t.Errorf("a key that all may read is used: %v", err)
	}
}

// TestRotation: both are exported until it is finished, then the next one signs.
func TestRotation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "egress")
		if err := ca.Rotate(dir, names); !errors.Is(err, ca.ErrNone) {
			t.Errorf("rotating nothing: %v", err)
		}
		a, err := ca.Open(dir, names)
		if err != nil {
			t.Fatal(err)
		}
		old, _ := a.Leaf("api.openai.com")
		if err := ca.Finish(dir); err == nil {
			t.Error("finished a rotation that had not begun")
		}
		if err := ca.Rotate(dir, append(names, "api.mistral.ai")); err != nil {
			t.Fatal(err)
		}
		state, _ := ca.Look(dir)
		if state.Next == nil || strings.Count(string(state.Bundle()), "BEGIN CERTIFICATE") != 2 {
			t.Errorf("state %+v", state)
		}
		time.Sleep(time.Minute) // fake: the authority looks at its files now and then
		if leaf, _ := a.Leaf("api.openai.com"); leaf != old {
			t.Error("the next authority signs before it is trusted")
		}
		if err := ca.Finish(dir); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		if err := verify(t, dir, a, "api.mistral.ai"); err != nil {
			t.Errorf("after the rotation: %v", err)
		}
		if _, err := os.Stat(filepath.Join(dir, "next.key")); err == nil {
			t.Error("a second key is left")
		}
	})
}

// TestRenewal: a leaf is renewed long before it ends.
func TestRenewal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "egress")
		a, err := ca.Open(dir, names)
		if err != nil {
			t.Fatal(err)
		}
		for range 10 {
			if err := verify(t, dir, a, "api.openai.com"); err != nil {
				t.Error(err)
			}
			time.Sleep(11 * time.Hour)
		}
	})
}

// TestDamage is told, not repaired: a new authority would be trusted by nobody.
func TestDamage(t *testing.T) {
	for _, file := range []string{"ca.pem", "ca.key"} {
		dir := filepath.Join(t.TempDir(), "egress")
		if _, err := ca.Open(dir, names); err != nil {
			t.Fatal(err)
		}
		os.WriteFile(filepath.Join(dir, file), []byte("damaged"), 0o600)
		if _, err := ca.Open(dir, names); err == nil || !strings.Contains(err.Error(), file+" is damaged") {
			t.Errorf("%s: %v", file, err)
		}
	}
	if _, err := ca.Open(t.TempDir(), nil); err == nil {
		t.Error("an authority for everything was made")
	}
}
