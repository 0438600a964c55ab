package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func peopleRunOn(data, stdin string, words ...string) (code int, out, errs string) {
	var stdout, stderr strings.Builder
	code = peopleVerb(append(words, "--data", data), strings.NewReader(stdin), &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

// TestPeopleByHand imports, looks, forgets, with no gateway running.
func TestPeopleByHand(t *testing.T) {
	data := filepath.Join(t.TempDir(), "not", "yet")
	if code, out, _ := peopleRunOn(data, "", "status"); code != exitFine || !strings.Contains(out, "knows no customer yet") {
		t.Fatalf("status of nothing: %d %s", code, out)
	}
	const lines = `{"kind":"customer","id":7,"name":"Anna Zorblax"}
{"kind":"customer","name":"Nobody"}`
	if code, out, errs := peopleRunOn(data, lines, "import", "-"); code != exitIncomplete || !strings.Contains(out, "customer 1") || !strings.Contains(errs, "line 2: ") {
		t.Errorf("import: %d %s %s", code, out, errs)
	}
	if code, out, _ := peopleRunOn(data, "", "explain", "Laut Ana Zorblax"); code != exitFine || !strings.Contains(out, "store-name-near") || !strings.Contains(out, "cust:7") {
		t.Errorf("explain: %d %s", code, out)
	}
	if code, out, _ := peopleRunOn(data, `{"kind":"customer","id":8,"name":"Bela Quix"}`, "import", "-", "--full", "monday"); code != exitFine || !strings.Contains(out, "gone: customer 1") {
		t.Errorf("full import: %d %s", code, out)
	}
	if code, _, _ := peopleRunOn(data, "", "forget", "cust:8"); code != exitFine {
		t.Errorf("forget: %d", code)
	}
	if code, _, _ := peopleRunOn(data, "", "forget", "cust:8"); code != exitNotFine {
		t.Errorf("forget again: %d", code)
	}
	if code, _, _ := peopleRunOn(data, "", "frobnicate"); code != exitUsage {
		t.Errorf("nonsense: %d", code)
	}
	if err := os.WriteFile(filepath.Join(peopleDir(data), "people.idx"), []byte("something else, longer than a head"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := peopleRunOn(data, "", "status"); code != exitNotFine || !strings.Contains(errs, "sync anew") {
		t.Errorf("a broken file: %d %s", code, errs)
	}
}
