package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ringfence/internal/residency/mmdbtest"
)

// placesConfig writes a configuration with two geo databases, claims and a
// register that hold today.
func placesConfig(t *testing.T, more string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"a", "b"} {
		mmdbtest.Write(t, filepath.Join(dir, name+".mmdb"), time.Now().AddDate(0, 0, -2), map[string]mmdbtest.Row{
			"5.1.0.0/16": {Country: "DE"}, "5.2.0.0/16": {Country: "FR"}, "99.0.0.0/8": {Country: map[string]string{"a": "US", "b": "CA"}[name]},
		})
	}
	from, until := time.Now().AddDate(0, -1, 0).Format(time.DateOnly), time.Now().AddDate(0, 1, 0).Format(time.DateOnly)
	file := filepath.Join(dir, "ringfence.yaml")
	text := fmt.Sprintf(`residency:
  databases: {a: {path: a.mmdb}, b: {path: b.mmdb}}
  claims:
    shop: {hosts: [pay.example.org], jurisdiction: DE, contract: c, from: %[1]s, until: %[2]s}
    openai: {hosts: [eu.api.openai.com], jurisdiction: EU, contract: DPA, from: %[1]s, until: %[2]s, assurance: contractual}
    old: {hosts: [old.example.org], jurisdiction: DE, contract: c, from: 2020-01-01, until: 2021-01-01}
  register:
    openai: {recipient: OpenAI Ireland, hosts: [eu.api.openai.com], contract: DPA, basis: eea, purposes: [service.reply], categories: [contact], from: %[1]s, until: %[2]s}
%[3]s`, from, until, more)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestResidencyExplain(t *testing.T) {
	file := placesConfig(t, "")
	for _, c := range []struct {
		args string
		code int
		says string
	}{
		{"pay.example.org --addr 5.1.0.1", exitFine, "allowed (evidence_agrees)"},
		{"PAY.example.org. --addr 5.1.0.1", exitFine, "zone     eea DE evidenced"},
		{"pay.example.org --addr 5.2.0.1", exitRefused, "FR, which contradicts DE"},
		{"pay.example.org --addr 5.1.0.1 --addr 169.254.169.254", exitRefused, "169.254.169.254, metadata"},
		{"old.example.org --addr 5.1.0.1", exitRefused, "claim_expired"},
		{"api.openai.com --addr 5.1.0.1", exitRefused, "claim_missing"},
		{"eu.api.openai.com --addr 104.18.0.1", exitFine, "contract_agrees"},
		{"eu.api.openai.com --addr 104.18.0.1 --purpose service.reply", exitFine, "contract_agrees"},
		{"eu.api.openai.com --addr 104.18.0.1 --purpose training.finetune", exitRefused, "register_purpose"},
		{"127.1", exitRefused, "host_disguised"}, {"8.8.8.8", exitRefused, "host_literal"},
		{"engine", exitFine, "zone local"},
	} {
		code, out, stderr := call(t, "residency", "", append([]string{"explain", "--config", file}, strings.Fields(c.args)...)...)
		if code != c.code || !strings.Contains(out, c.says) {
			t.Errorf("%s: %d %s%s", c.args, code, out, stderr)
		}
	}
	code, out, _ := call(t, "residency", "", "explain", "eu.api.openai.com", "--addr", "104.18.0.1", "--config", file, "--json")
	var e explained
	if err := json.Unmarshal([]byte(out), &e); err != nil || code != exitFine || !e.Service.AI || e.Decision.Zone != "eea" || len(e.Databases) != 2 {
		t.Errorf("%d %v %s", code, err, out)
	}
	for _, wrong := range [][]string{{}, {"explain"}, {"explain", "a", "b"}, {"explain", "a", "--addr", "x"}, {"explain", "a", "--field", "x"}, {"explain", "a", "--port", "0"}, {"catalogue", "eat", "x"}} {
		if code, _, stderr := call(t, "residency", "", wrong...); code != exitUsage || stderr == "" {
			t.Errorf("%v: %d %q", wrong, code, stderr)
		}
	}
}

// An engine elsewhere is where the evidence says.
func TestResidencyExplainEngine(t *testing.T) {
	for engine, want := range map[string]string{
		"engine: {driver: url, url: 'https://pay.example.org/v1'}":                                  "zone     eea DE evidenced",
		"engine: {driver: url, url: 'http://127.0.0.1:9/v1'}":                                       "zone     local",
		"engine: {driver: url, url: 'http://10.1.0.9/v1', allowed_ranges: [10.1.0.0/16]}":           "zone     private",
		"engine: {driver: url, url: 'http://10.2.0.9/v1', allowed_ranges: [10.1.0.0/16]}":           "address_undeclared",
		"engine: {driver: url, url: 'https://api.openai.com/v1'}":                                   "claim_missing",
		"engine: {driver: url, url: 'http://intern.example.org/v1', allowed_ranges: [10.1.0.0/16]}": "claim_missing",
	} {
		_, out, stderr := call(t, "residency", "", "explain", "engine", "--addr", "5.1.0.1", "--config", placesConfig(t, engine))
		if !strings.Contains(out, want) {
			t.Errorf("%s: %s%s", engine, out, stderr)
		}
	}
}

func TestResidencyCatalogue(t *testing.T) {
	dir := t.TempDir()
	key := filepath.Join(dir, "key")
	code, public, stderr := call(t, "residency", "", "catalogue", "key", "hoster.example", "--key", key)
	if code != exitFine {
		t.Fatal(stderr)
	}
	if code, _, _ := call(t, "residency", "", "catalogue", "key", "hoster.example", "--key", key); code != exitNotFine {
		t.Error("a private key was written over")
	}
	const newer = "serial: 9000000000\n[hosts]\nnew.ai.example.org | New | llm | DE | unknown | none | no\n"
	plain, signed := filepath.Join(dir, "plain"), filepath.Join(dir, "signed")
	if err := os.WriteFile(plain, []byte(newer), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, stderr := call(t, "residency", "", "catalogue", "sign", plain, "--key", key)
	if code != exitFine {
		t.Fatal(stderr)
	}
	if err := os.WriteFile(signed, []byte(out), 0o600); err != nil {
		t.Fatal(err)
	}
	trusting := placesConfig(t, fmt.Sprintf("  catalogue_keys: [%q]\n", strings.TrimSpace(public)))
	for _, c := range []struct {
		config, verb, file string
		code               int
		says               string
	}{
		{placesConfig(t, ""), "use", signed, exitNotFine, "residency.catalogue_keys"},
		{trusting, "use", plain, exitNotFine, "signature"},
		{trusting, "verify", signed, exitFine, "newer than"},
		{trusting, "use", signed, exitFine, "in use"},
		{trusting, "use", signed, exitNotFine, "not newer"},
	} {
		code, out, stderr := call(t, "residency", "", "catalogue", c.verb, c.file, "--config", c.config, "--data", filepath.Join(dir, "data"))
		if code != c.code || !strings.Contains(out+stderr, c.says) {
			t.Errorf("%s %s: %d %s%s", c.verb, c.file, code, out, stderr)
		}
	}
	_, out, _ = call(t, "residency", "", "explain", "new.ai.example.org", "--addr", "5.1.0.1", "--config", trusting, "--data", filepath.Join(dir, "data"))
	if !strings.Contains(out, "New, llm") {
		t.Errorf("the new row is not known: %s", out)
	}
}
