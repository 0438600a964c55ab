package geo_test

import (
	"bytes"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ringfence/internal/residency/geo"
	"ringfence/internal/residency/mmdbtest"
)

var built = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

func addr(s string) netip.Addr { return netip.MustParseAddr(s) }

func TestLook(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.mmdb")
	mmdbtest.Write(t, path, built, map[string]mmdbtest.Row{
		"5.1.0.0/16": {Country: "DE", ASN: 64500}, "5.2.0.0/16": {Flat: "FR"}, "5.3.0.0/16": {Country: "EU"}, "5.4.0.0/16": {Country: "UK"},
		"2a01:4f8::/32": {Country: "DE"}, "5.5.0.0/16": {ASN: 64501},
	})
	d := geo.New(geo.Options{Path: path, Now: func() time.Time { return built.AddDate(0, 0, 10) }})
	if got := d.Look(addr("5.1.2.3")); got != (geo.Answer{}) {
		t.Errorf("before a file: %+v", got)
	}
	if changed, err := d.Refresh(); !changed || err != nil {
		t.Fatal(changed, err)
	}
	for a, want := range map[string]geo.Answer{
		"5.1.2.3": {Place: "DE", ASN: 64500}, "5.2.2.3": {Place: "FR"}, "5.3.2.3": {}, "5.4.2.3": {}, "5.5.0.1": {ASN: 64501}, "5.6.0.1": {}, "2a01:4f8::1": {Place: "DE"}, "2a02::1": {},
	} {
		if got := d.Look(addr(a)); got != want {
			t.Errorf("%s: %+v, want %+v", a, got, want)
		}
	}
	if state, at := d.State(); state != geo.Fresh || !at.Equal(built) {
		t.Errorf("%s %v", state, at)
	}
}

// A bad file never takes the place of a good one, and a good one ages.
func TestRefresh(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.mmdb")
	now := built.AddDate(0, 0, 10)
	d := geo.New(geo.Options{Path: path, MaxAge: 30 * 24 * time.Hour, Now: func() time.Time { return now }})
	if _, err := d.Refresh(); err == nil {
		t.Error("a file that is not there was taken")
	}
	if state, _ := d.State(); state != geo.Absent {
		t.Error(state)
	}
	mmdbtest.Write(t, path, built, map[string]mmdbtest.Row{"5.1.0.0/16": {Country: "DE"}})
	if changed, err := d.Refresh(); !changed || err != nil {
		t.Fatal(changed, err)
	}
	if changed, err := d.Refresh(); changed || err != nil {
		t.Error("an unchanged file was taken again", err)
	}
	good := mmdbtest.Bytes(built, map[string]mmdbtest.Row{"5.1.0.0/16": {Country: "FR"}})
	for name, bad := range map[string]struct {
		b   []byte
		sum string
	}{
		"another sum": {good, strings.Repeat("0", 64)}, "no sum": {good, "x"}, "half": {good[:len(good)/2], strings.Repeat("0", 64)},
	} {
		mmdbtest.Put(t, path, bad.b, bad.sum)
		if changed, err := d.Refresh(); changed || err == nil || d.Look(addr("5.1.0.1")).Place != "DE" {
			t.Errorf("%s was taken: %v", name, err)
		}
	}
	os.Remove(path + ".sha256")
	if _, err := d.Refresh(); err == nil || !strings.Contains(err.Error(), "sha256sum") {
		t.Errorf("without a sum: %v", err)
	}
	mmdbtest.Write(t, path, built, map[string]mmdbtest.Row{"5.1.0.0/16": {Country: "FR"}})
	if changed, err := d.Refresh(); !changed || err != nil || d.Look(addr("5.1.0.1")).Place != "FR" {
		t.Error("the new file was not taken", err)
	}
	for _, late := range []time.Time{built.AddDate(0, 2, 0), built.AddDate(0, -1, 0)} {
		now = late
		if state, _ := d.State(); state != geo.Stale || d.Look(addr("5.1.0.1")) != (geo.Answer{}) {
			t.Errorf("at %v it is %s", late, state)
		}
	}
}

// FuzzFile gives the loader strange files with the right checksum.
func FuzzFile(f *testing.F) {
	good := mmdbtest.Bytes(built, map[string]mmdbtest.Row{"5.1.0.0/16": {Country: "DE", ASN: 7}, "2a01::/16": {Flat: "FR"}})
	f.Add(good)
	f.Add(good[:len(good)-10])
	f.Add(bytes.Replace(good, []byte("DE"), []byte("\xff\xff"), 1))
	f.Add([]byte("\xab\xcd\xefMaxMind.com"))
	f.Fuzz(func(t *testing.T, b []byte) {
		geo.LookIn(b, addr("5.1.2.3"))
		geo.LookIn(b, addr("2a01::1"))
	})
}
