package main

import (
	"encoding/json"
	"errors"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"ringfence/internal/integration"
)

// key runs "ringfence key" on a data directory.
func key(t *testing.T, data, args string, words ...string) (code int, out, errs string) {
	t.Helper()
	var stdout, stderr strings.Builder
	all := append(append(strings.Fields(args), words...), "--data", data)
	code = keyVerb(all, &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

var keyShape = regexp.MustCompile(`rf_[a-z2-7]{8}_[0-9A-Za-z]{43}`)

func TestKeyLife(t *testing.T) {
	data := filepath.Join(t.TempDir(), "not", "yet")
	code, out, _ := key(t, data, "list")
	if code != exitFine || !strings.Contains(out, "key create NAME") {
		t.Fatalf("list of nothing: %d %s", code, out)
	}
	code, out, _ = key(t, data, "create", "Order bot")
	made := keyShape.FindString(out)
	if code != exitFine || made == "" || !strings.Contains(out, "curl http://127.0.0.1:8787/v1/chat/completions") {
		t.Fatalf("create: %d %s", code, out)
	}
	keys := integration.Open(keysFile(data))
	if i, err := keys.Lookup(made); err != nil || i.Name != "Order bot" || i.Surface != "service" {
		t.Fatalf("Lookup = %+v, %v", i, err)
	}
	code, out, _ = key(t, data, "list")
	if code != exitFine || !strings.Contains(out, "Order bot") || keyShape.MatchString(out) {
		t.Errorf("list: %d %s", code, out)
	}
	if code, out, errs := key(t, data, "revoke", "Order bot"); code != exitFine || !strings.Contains(out, "Revoked") {
		t.Errorf("revoke: %d %s%s", code, out, errs)
	}
	if _, err := integration.Open(keysFile(data)).Lookup(made); !errors.Is(err, integration.ErrRevokedKey) {
		t.Errorf("after revoke: %v", err)
	}
}

func TestKeyOptionsMayStandAnywhere(t *testing.T) {
	data := t.TempDir()
	code, out, errs := key(t, data,
		"create --strict bot --surface admin --purpose admin.summary --purpose admin.reply --model a --rpm 6 --tpm 700 --concurrent 2 --mode watch --json")
	if code != exitFine {
		t.Fatalf("%d %s", code, errs)
	}
	var got struct {
		integration.Integration
		Key string `json:"key"`
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	i, err := integration.Open(keysFile(data)).Lookup(got.Key)
	if err != nil {
		t.Fatal(err)
	}
	if i.ID != got.ID || !i.Strict || i.Surface != "admin" || len(i.Purposes) != 2 || i.Models[0] != "a" || i.Mode != "watch" ||
		i.Limits != (integration.Limits{RequestsPerMinute: 6, TokensPerMinute: 700, Concurrent: 2}) {
		t.Errorf("created %+v", i)
	}
}

func TestKeyRefusals(t *testing.T) {
	data := t.TempDir()
	key(t, data, "create bot")
	key(t, data, "create gone")
	key(t, data, "revoke gone")
	cases := []struct {
		args string
		code int
		says string
	}{
		{"", exitUsage, "Usage"},
		{"create", exitUsage, "Usage"},
		{"create a b", exitUsage, "Usage"},
		{"burn bot", exitUsage, "Usage"},
		{"create x --rpm many", exitUsage, "invalid value"},
		{"create x --surface kitchen", exitUsage, "checkout, account"},
		{"create x --purpose admin.y", exitUsage, "not of the surface"},
		{"create x --rpm -5", exitUsage, "limits.requests_per_minute"},
		{"create bot", exitNotFine, "revoke it first"},
		{"revoke nobody", exitNotFine, "key list"},
		{"revoke gone", exitNotFine, "was revoked"},
	}
	for _, c := range cases {
		if code, out, errs := key(t, data, c.args); code != c.code || !strings.Contains(errs, c.says) {
			t.Errorf("key %s: %d %q %q, want %d and %q", c.args, code, out, errs, c.code, c.says)
		}
	}
	if code, _, _ := key(t, data, "--help"); code != exitFine {
		t.Errorf("--help: %d", code)
	}
}
