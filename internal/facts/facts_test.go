package facts_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"ringfence/internal/facts"
	"ringfence/internal/guard"
)

func open(t *testing.T, dir string) *facts.Index {
	t.Helper()
	x, err := facts.Open(facts.Options{Dir: dir, Secret: bytes.Repeat([]byte{5}, 32)})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// stops reports whether an answer is stopped by what an index knows.
func stops(t *testing.T, x *facts.Index, subject, answer string) bool {
	t.Helper()
	g, err := guard.New(guard.Policy{})
	if err != nil {
		t.Fatal(err)
	}
	return g.Restored(guard.Context{Known: []*guard.Known{x.Known()}, Subject: subject}, answer) != nil
}

func TestFactsLastAndGo(t *testing.T) {
	dir := t.TempDir()
	x := open(t, dir)
	l := x.Confidential()
	put := func(line string) {
		t.Helper()
		if err := l.Put([]byte(line), "g1"); err != nil {
			t.Fatal(err)
		}
	}
	put(`{"what":"cost_price","value":12.50,"near":["Wool sweater"]}`)
	put(`{"what":"supplier","id":"s1","value":"Alpaka Import"}`)
	if err := x.Put("customer", "cust:b", "cust:b", []guard.Fact{{Kind: "email", Value: "bo@berg.example", Owner: "cust:b"}}, ""); err != nil {
		t.Fatal(err)
	}
	if err := x.Commit(); err != nil {
		t.Fatal(err)
	}
	x = open(t, dir) // as after a crash
	l = x.Confidential()
	for answer, want := range map[string]bool{"The Wool sweater costs us 12,50 EUR.": true, "From Alpaka Import": true, "Write to bo@berg.example": true, "Write to bo@hill.example": false} {
		if got := stops(t, x, "cust:a", answer); got != want {
			t.Errorf("%q: %v", answer, got)
		}
	}
	if stops(t, x, "cust:b", "Write to bo@berg.example") {
		t.Error("the own address was stopped")
	}
	raw, err := os.ReadFile(filepath.Join(dir, "facts.idx"))
	if err != nil || bytes.Contains(raw, []byte("lpaka")) || bytes.Contains(raw, []byte("berg")) {
		t.Errorf("a value stands on disk: %v", err)
	}
	if found, err := l.Delete([]byte(`{"what":"supplier","id":"s1"}`)); !found || err != nil {
		t.Errorf("%v %v", found, err)
	}
	put(`{"what":"cost_price","value":"13","near":["Wool sweater"]}`) // in place of the old price
	if n := x.Forget("cust:b"); n != 1 {
		t.Errorf("%d forgotten", n)
	}
	if err := x.Commit(); err != nil {
		t.Fatal(err)
	}
	for _, x := range []*facts.Index{x, open(t, dir)} {
		for _, answer := range []string{"From Alpaka Import", "Write to bo@berg.example", "The Wool sweater costs us 12,50 EUR."} {
			if stops(t, x, "cust:a", answer) {
				t.Errorf("%q is still known", answer)
			}
		}
		if !stops(t, x, "cust:a", "The Wool sweater costs us 13 EUR.") {
			t.Error("the new price is not known")
		}
	}
	if n, err := l.Complete("g2"); n != 1 || err != nil {
		t.Errorf("%d gone, %v", n, err)
	}
}

func TestBadLines(t *testing.T) {
	l := open(t, "").Confidential()
	for _, line := range []string{`{"what":"supplier"}`, `{"value":"Alpaka"}`, `{"what":"coupon","value":"x"}`, `{"what":1}`, `{"what":"coupon","value":["a"]}`} {
		if err := l.Put([]byte(line), ""); err == nil {
			t.Errorf("%s was taken", line)
		}
	}
}

// What a crash cut off is not there; what is damaged is said.
func TestBrokenFiles(t *testing.T) {
	dir := t.TempDir()
	x := open(t, dir)
	for _, line := range []string{`{"what":"supplier","id":"1","value":"Alpaka Import"}`, `{"what":"supplier","id":"2","value":"Nordwind Textil"}`} {
		if err := x.Confidential().Put([]byte(line), ""); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.Commit(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "facts.idx")
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, raw[:len(raw)-5], 0o600); err != nil {
		t.Fatal(err)
	}
	cut := open(t, dir)
	if cut.Len() != 1 {
		t.Errorf("%d entries of a file that was cut", cut.Len())
	}
	if err := cut.Confidential().Put([]byte(`{"what":"supplier","id":"3","value":"Casa Morales"}`), ""); err != nil || cut.Commit() != nil || open(t, dir).Len() != 2 {
		t.Errorf("a file that was cut does not go on: %v", err)
	}
	raw[len(raw)-20] ^= 1
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := facts.Open(facts.Options{Dir: dir, Secret: bytes.Repeat([]byte{5}, 32)}); err == nil {
		t.Error("a damaged file was taken")
	}
}

func FuzzDecode(f *testing.F) {
	k := guard.NewKnown([16]byte{1})
	f.Add(k.Compile(guard.Fact{Kind: "email", Value: "bo@berg.example"}).Encode())
	f.Fuzz(func(t *testing.T, b []byte) {
		if r, err := guard.DecodeRecord(b); err == nil && !bytes.Equal(r.Encode(), b) {
			t.Errorf("%x reads as %x", b, r.Encode())
		}
	})
}
