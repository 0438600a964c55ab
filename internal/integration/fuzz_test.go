package integration_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ringfence/internal/integration"
)

// Whatever a stranger presents, only a key that Create returned opens anything.
func FuzzLookup(f *testing.F) {
	r := integration.Open(filepath.Join(f.TempDir(), "keys.json"))
	made, key, err := r.Create(integration.Integration{Name: "bot", Surface: "service"})
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{"", "rf_", key[:12], strings.Repeat("_", 55), key[:11] + "\x00" + key[12:]} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, presented string) {
		for _, k := range []string{presented, "rf_" + made.ID + "_" + presented} {
			if i, err := r.Lookup(k); (err == nil) != (k == key) || (err != nil && i.ID != "") {
				t.Fatalf("Lookup(%q) = %+v, %v", k, i, err)
			}
		}
	})
}

// Whatever is in the file, reading ends with an answer; an accepted file can be
// changed and is accepted again.
func FuzzFile(f *testing.F) {
	f.Add([]byte(`{"version":1,"integrations":[]}`))
	f.Add([]byte(`{"version":1,"integrations":[` + entry("aaaaaaaa", "bot", "") + `]}`))
	f.Add([]byte(`{"version":1,"integrations":[` + entry("aaaaaaaa", "bot", `,"revoked":"2026-11-23T10:00:00Z"`) + `]}`))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, raw []byte) {
		path := filepath.Join(dir, "keys.json")
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		r := integration.Open(path)
		before, err := r.List()
		if err != nil {
			return
		}
		_, key, err := r.Create(integration.Integration{Name: "fuzz " + strings.Repeat("x", 50), Surface: "admin"})
		if err != nil {
			t.Fatalf("cannot change an accepted file: %v", err)
		}
		again := integration.Open(path)
		after, err := again.List()
		if err != nil || len(after) != len(before)+1 {
			t.Fatalf("%d integrations became %d: %v", len(before), len(after), err)
		}
		if _, err := again.Lookup(key); err != nil {
			t.Fatal(err)
		}
	})
}
