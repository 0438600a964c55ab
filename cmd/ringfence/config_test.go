package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ringfence/internal/config"
	"ringfence/internal/guard"
	"ringfence/internal/mask"
)

func runConfig(args ...string) (code int, out, errs string) {
	var stdout, stderr strings.Builder
	code = configVerb(args, &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

func TestConfigCheckAndPrint(t *testing.T) {
	t.Chdir(t.TempDir())
	if code, out, _ := runConfig("check"); code != exitFine || !strings.Contains(out, "There is no ringfence.yaml") {
		t.Errorf("check without a file: %d %s", code, out)
	}
	if code, out, _ := runConfig("print"); code != exitFine || !strings.Contains(out, config.Default().YAML()) {
		t.Errorf("print without a file: %d %s", code, out)
	}
	bad := "engine:\n  modle: x.gguf\n"
	if err := os.WriteFile("bad.yaml", []byte(bad), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, _ := runConfig("check", "--config", "bad.yaml")
	want := "bad.yaml:2:3: there is no setting \"engine.modle\"; did you mean \"engine.model\"?\n      modle: x.gguf\n      ^\n"
	if code != exitNotFine || out != want {
		t.Errorf("check of a bad file: %d\n%s", code, out)
	}
	code, out, _ = runConfig("check", "--json", "--config", "bad.yaml")
	var got struct {
		File     string
		OK       bool
		Problems []config.Problem
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil || code != exitNotFine || got.OK || got.File != "bad.yaml" || got.Problems[0].Line != 2 {
		t.Errorf("check --json: %d %s %v", code, out, err)
	}
	if code, _, errs := runConfig("print", "--config", "bad.yaml"); code != exitNotFine || !strings.Contains(errs, "bad.yaml:2:3") {
		t.Errorf("print of a bad file: %d %s", code, errs)
	}
	if code, _, errs := runConfig("chekc"); code != exitUsage || !strings.Contains(errs, "Usage") {
		t.Errorf("wrong word: %d %s", code, errs)
	}
}

// config knows the rooms' words without importing them; here both meet.
func TestTheConfigurationSpeaksTheRoomsWords(t *testing.T) {
	policy, err := policyOf(config.Default())
	if err != nil {
		t.Fatal(err)
	}
	if policy.Guard == nil || policy.Masker == nil || policy.Bounds.BodyBytes != 4<<20 {
		t.Errorf("policy of the defaults: %+v", policy)
	}
	thresholds := guard.DefaultThresholds()
	for _, origin := range config.Origins() {
		if _, known := thresholds[guard.Origin(origin)]; !known {
			t.Errorf("guard knows no origin %q", origin)
		}
	}
	if len(thresholds) != len(config.Origins()) {
		t.Errorf("guard knows %d origins, config %d", len(thresholds), len(config.Origins()))
	}
	kinds := []mask.Type{mask.PERSON, mask.EMAIL, mask.PHONE, mask.ADDRESS, mask.COMPANY, mask.IBAN, mask.CARD, mask.IP, mask.VAT, mask.SECRET, mask.ORDER, mask.DATE,
		mask.PLACE, mask.TITLE, mask.AGE, mask.GROUP, mask.ID, mask.ACCOUNT, mask.PARCEL, mask.DEVICE, mask.URL, mask.SENSITIVE}
	for _, k := range kinds {
		if !slices.Contains(config.Kinds(), string(k)) {
			t.Errorf("config knows no kind %q", k)
		}
	}
	if len(kinds) != len(config.Kinds()) {
		t.Errorf("config names %d kinds, mask has %d", len(config.Kinds()), len(kinds))
	}
}

func TestAllThresholdsThatConfigAcceptsSuitTheGuard(t *testing.T) {
	file := filepath.Join(t.TempDir(), "ringfence.yaml")
	text := "guard:\n  allowed_hosts: [shop.example]\n  thresholds:\n    user: {flag: 0.01, block: 0.01}\n    review: {flag: 2, block: 2}\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := config.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := policyOf(c); err != nil {
		t.Error(err)
	}
}
