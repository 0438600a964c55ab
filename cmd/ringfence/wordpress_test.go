package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"ringfence/internal/integration"
	"ringfence/internal/probe"
	"ringfence/internal/residency/mmdbtest"
	"ringfence/internal/testkit/border"
)

var wide = border.Internet{
	Resolver: "198.41.0.53",
	Good:     []string{"198.41.0.4"},
	Denied:   []string{"198.41.0.66", "198.41.0.67", "198.41.0.68"},
	Zone: map[string][][]string{
		"pay.example": {{"198.41.0.4"}}, "elsewhere.example": {{"198.41.0.67"}}, "disputed.example": {{"198.41.0.68"}},
		"collector.example": {{"198.41.0.66"}}, "api.openai.com": {{"198.41.0.66"}}, "api.anthropic.com": {{"198.41.0.66"}},
	},
}

const wordpressConfig = `listen: 127.0.0.1:8787
engine:
  server: %q
  model: %q
egress:
  intercept: true
  users: {www-data: shop}
  rules:
    partners: {hosts: [pay.example, elsewhere.example, disputed.example], action: allow}
residency:
  databases: {a: {path: a.mmdb}, b: {path: b.mmdb}}
  claims:
    partners: {hosts: [pay.example, elsewhere.example, disputed.example], jurisdiction: DE, contract: test, from: %s, until: %s}
`

// TestWordPressBehindFirewall is a store as docs/operations/enforcement.md sets it
// up: the shipped rules, the shipped settings of WordPress, its own HTTP functions,
// a real engine, and evidence of place for what else may be reached.
func TestWordPressBehindFirewall(t *testing.T) {
	engine, model := os.Getenv("RINGFENCE_ENGINE"), os.Getenv("RINGFENCE_MODEL")
	if engine == "" || model == "" {
		t.Fatal("this test needs a real engine and model; run it with `make test`")
	}
	if os.Geteuid() != 0 {
		t.Fatal("this test makes network namespaces of its own, which needs root on Linux: run make test as root")
	}
	root, err := filepath.Abs(filepath.Join("..", ".."))
	check(t, err)
	rules, err := os.ReadFile(filepath.Join(root, "deploy/nftables/ringfence-uid.nft"))
	check(t, err)
	n := border.New(t, wide)
	n.Rules(t, string(rules))
	s := wordpressStore(t, engine, model)
	stop := startStore(t, n, "serve", "--data", s.data, "--config", s.config)
	got := s.wordpress(t, n, filepath.Join(root, "deploy/php"))
	looked := s.doctor(t, n)
	stop()

	for name, said := range got {
		if said.Answered != slices.Contains([]string{"openai", "anthropic", "partner"}, name) {
			t.Errorf("%s was answered: %v (%s)", name, said.Answered, said.Detail)
		}
	}
	if len(got) != 9 {
		t.Errorf("WordPress told of %d attempts", len(got))
	}
	for _, a := range looked.Attempts {
		if a.State != probe.Stopped && a.State != probe.Untried && a.State != probe.Reached {
			t.Errorf("the probe inside PHP: %+v", a)
		}
	}
	if denied, good := n.Packets(t, "denied"), n.Packets(t, "good"); denied != 0 || good == 0 {
		t.Errorf("at the border: %d packets for denied addresses, %d for good ones", denied, good)
	}
	rows := reported(t, s.data)
	for _, want := range []string{
		"intercepted  api.openai.com", "intercepted  api.anthropic.com", "denied  collector.example not_allowed",
		"denied  elsewhere.example evidence_conflict", "denied  disputed.example evidence_conflict",
	} {
		if !slices.Contains(rows, want) {
			t.Errorf("the report does not say %q:\n%s", want, strings.Join(rows, "\n"))
		}
	}
}

// wpStore is the files of one store.
type wpStore struct{ dir, data, config, authority string }

func wordpressStore(t *testing.T, engine, model string) wpStore {
	t.Helper()
	dir := t.TempDir()
	s := wpStore{dir, filepath.Join(dir, "data"), filepath.Join(dir, "ringfence.yaml"), filepath.Join(dir, "ca.pem")}
	for name, rows := range map[string]map[string]mmdbtest.Row{
		"a": {"198.41.0.4/32": {Country: "DE"}, "198.41.0.67/32": {Country: "US"}, "198.41.0.68/32": {Country: "DE"}},
		"b": {"198.41.0.4/32": {Flat: "DE"}, "198.41.0.67/32": {Flat: "US"}, "198.41.0.68/32": {Flat: "US"}},
	} {
		mmdbtest.Write(t, filepath.Join(dir, name+".mmdb"), time.Now().AddDate(0, 0, -1), rows)
	}
	day := func(months int) string { return time.Now().AddDate(0, months, 0).Format(time.DateOnly) }
	check(t, os.WriteFile(s.config, fmt.Appendf(nil, wordpressConfig, engine, model, day(-1), day(1)), 0o600))
	check(t, os.MkdirAll(s.data, 0o711))
	_, _, err := integration.Open(keysFile(s.data)).Create(integration.Integration{Name: "shop", Surface: "service"})
	check(t, err)
	runEgress(t, "ca", "export", "--data", s.data, "--out", s.authority)
	return s
}

// wordpress runs WordPress's calls as the web user.
func (s wpStore) wordpress(t *testing.T, n *border.Networks, deploy string) map[string]attempt {
	t.Helper()
	shown := filepath.Join(s.dir, "shown") // what the web user may read
	check(t, os.MkdirAll(shown, 0o755))
	for from, to := range map[string]string{
		"testdata/wordpress.php": "wordpress.php", s.authority: "ca.pem",
		filepath.Join(deploy, "wp-config-ringfence.php"): "wp-config-ringfence.php", filepath.Join(deploy, "ringfence-trust.php"): "ringfence-trust.php",
	} {
		text, err := os.ReadFile(from)
		check(t, err)
		check(t, os.WriteFile(filepath.Join(shown, to), text, 0o644))
	}
	return asWebUser(t, n, filepath.Join(shown, "wordpress.php"), "STORE_CA="+filepath.Join(shown, "ca.pem"), "STORE_DEPLOY="+shown)
}

// doctor looks from inside PHP, with the verb that operators have.
func (s wpStore) doctor(t *testing.T, n *border.Networks) probe.Report {
	t.Helper()
	c := n.Command(os.Args[0], "doctor", "php", "--user", "www-data", "--fpm", "none", "--json", "--outside", "198.41.0.66:443",
		"--outside", "198.41.0.53:53", "--name", "collector.example", "--proxy", "127.0.0.1:3128", "--proxy", "127.0.0.1:8787")
	c.Env = append(os.Environ(), asProgram+"=yes")
	out, err := c.Output()
	if err != nil {
		t.Errorf("doctor php: %v %s", err, out)
	}
	var reports []probe.Report
	check(t, json.Unmarshal(out, &reports))
	if len(reports) != 1 {
		t.Fatalf("%d reports", len(reports))
	}
	return reports[0]
}
