package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"

	"ringfence/internal/egress/report"
	"ringfence/internal/integration"
	"ringfence/internal/testkit/border"
)

// asProgram makes the test binary ringfence itself, in another network.
const asProgram = "RINGFENCE_AS_PROGRAM"

var outside = border.Internet{
	Resolver: "198.41.0.53",
	Good:     []string{"198.41.0.4"},
	Denied:   []string{"198.41.0.66", "10.9.9.9"},
	Zone: map[string][][]string{
		"pay.example": {{"198.41.0.4"}}, "collector.example": {{"198.41.0.66"}}, "anna.collector.example": {{"198.41.0.66"}}, "inside.example": {{"10.9.9.9"}},
		"api.openai.com": {{"198.41.0.66"}}, "api.anthropic.com": {{"198.41.0.66"}},
	},
}

// firewall leaves the web user the proxy and nothing else.
const firewall = `table inet store {
 chain out { type filter hook output priority 0;
  meta skuid 33 oif lo tcp dport 3128 accept
  meta skuid 33 counter reject
 }
}
`

const storeConfig = `listen: 127.0.0.1:8787
engine:
  server: %q
  model: %q
egress:
  intercept: true
  users: {www-data: shop}
  rules:
    partners: {hosts: [pay.example, inside.example], action: allow, mode: watch}
`

// TestStoreBehindFirewall starts real PHP as the web user behind a firewall,
// with every way to call out, and looks at what left.
func TestStoreBehindFirewall(t *testing.T) {
	if runtime.GOOS != "linux" || os.Geteuid() != 0 {
		t.Fatal("this test makes network namespaces of its own, which needs root on Linux: run make test as root")
	}
	engine, model := os.Getenv("RINGFENCE_ENGINE"), os.Getenv("RINGFENCE_MODEL")
	if engine == "" || model == "" {
		t.Fatal("this test needs a real engine and model; run it with `make test`")
	}
	n := border.New(t, outside)
	n.Rules(t, firewall)
	dir := t.TempDir()
	config, data, authority := filepath.Join(dir, "ringfence.yaml"), filepath.Join(dir, "data"), filepath.Join(dir, "ca.pem")
	check(t, os.WriteFile(config, fmt.Appendf(nil, storeConfig, engine, model), 0o600))
	check(t, os.MkdirAll(data, 0o711))
	_, _, err := integration.Open(keysFile(data)).Create(integration.Integration{Name: "shop", Surface: "service"})
	check(t, err)
	runEgress(t, "ca", "export", "--data", data, "--out", authority)

	stop := startStore(t, n, "serve", "--data", data, "--config", config)
	got := runPHP(t, n, authority)
	stop()

	answered := []string{"wp-openai", "wp-anthropic", "wp-partner", "curl-env", "stream-proxy"}
	for name, said := range got {
		if said.Answered != slices.Contains(answered, name) {
			t.Errorf("%s was answered: %v (%s)", name, said.Answered, said.Detail)
		}
	}
	if len(got) != 14 {
		t.Errorf("PHP told of %d attempts", len(got))
	}
	if denied, good := n.Packets(t, "denied"), n.Packets(t, "good"); denied != 0 || good == 0 {
		t.Errorf("at the border: %d packets for denied addresses, %d for good ones", denied, good)
	}
	rows := reported(t, data)
	for _, want := range []string{
		"intercepted wp-openai api.openai.com", "intercepted wp-anthropic api.anthropic.com", "intercepted curl-env api.openai.com",
		"intercepted  api.openai.com", "denied wp-collector collector.example not_allowed", "denied wp-inside inside.example address_undeclared",
	} {
		if !slices.Contains(rows, want) {
			t.Errorf("the report does not say %q:\n%s", want, strings.Join(rows, "\n"))
		}
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func runEgress(t *testing.T, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if code := run(append([]string{"egress"}, args...), nil, &stdout, &stderr); code != exitFine {
		t.Fatalf("egress %v ends with %d: %s", args, code, &stderr)
	}
	return stdout.String()
}

// startStore runs this program in the store's network until what it returns is called.
func startStore(t *testing.T, n *border.Networks, args ...string) (stop func()) {
	t.Helper()
	c := n.Command(os.Args[0], args...)
	c.Env = append(os.Environ(), asProgram+"=yes")
	stderr, err := c.StderrPipe()
	check(t, err)
	check(t, c.Start())
	t.Cleanup(func() { c.Process.Kill() })
	lines := bufio.NewScanner(stderr)
	for ready := false; !ready; ready = strings.Contains(lines.Text(), "msg=serving") {
		if !lines.Scan() {
			t.Fatal("the store's gateway did not start")
		}
	}
	go io.Copy(io.Discard, stderr)
	return func() {
		c.Process.Signal(syscall.SIGTERM)
		c.Wait()
	}
}

type attempt struct {
	Name, Detail string
	Answered     bool
}

func runPHP(t *testing.T, n *border.Networks, authority string) map[string]attempt {
	t.Helper()
	script := filepath.Join(t.TempDir(), "store.php")
	text, err := os.ReadFile("testdata/store.php")
	check(t, err)
	check(t, os.WriteFile(script, text, 0o644))
	readable(t, authority)
	return asWebUser(t, n, script, "STORE_PROXY=127.0.0.1:3128", "STORE_CA="+authority)
}

// asWebUser runs a PHP script as the web user and returns what it tried, by name.
func asWebUser(t *testing.T, n *border.Networks, script string, env ...string) map[string]attempt {
	t.Helper()
	readable(t, script)
	c := n.Command("setpriv", "--reuid=33", "--regid=33", "--clear-groups", "php", script)
	c.Env = append(os.Environ(), env...)
	out, err := c.Output()
	check(t, err)
	got := map[string]attempt{}
	for line := range strings.Lines(string(out)) {
		var a attempt
		check(t, json.Unmarshal([]byte(line), &a))
		got[a.Name] = a
	}
	return got
}

// readable lets the web user get to a file below the tests' folder.
func readable(t *testing.T, file string) {
	t.Helper()
	for dir := filepath.Dir(file); dir != "/" && dir != os.TempDir(); dir = filepath.Dir(dir) {
		check(t, os.Chmod(dir, 0o755))
	}
}

// reported is the report, a line for each row.
func reported(t *testing.T, data string) (lines []string) {
	t.Helper()
	var rows []report.Row
	check(t, json.Unmarshal([]byte(runEgress(t, "report", "--json", "--data", data)), &rows))
	for _, r := range rows {
		lines = append(lines, strings.TrimSpace(r.Decision+" "+r.Caller+" "+r.Host+" "+r.Reason))
	}
	return lines
}

// TestEgressVerbs: what each says and ends with, without a proxy running.
func TestEgressVerbs(t *testing.T) {
	dir := t.TempDir()
	config := filepath.Join(dir, "ringfence.yaml")
	check(t, os.WriteFile(config, []byte(`egress:
  intercept: true
  rules:
    open: {hosts: [pay.invalid], action: allow}
    shut: {hosts: [bad.invalid], action: deny, mode: watch}
`), 0o600))
	for line, want := range map[string]struct {
		code int
		says string
	}{
		"check 127.0.0.1":                 {exitRefused, "ip_literal"},
		"check 0x7f.1:443":                {exitRefused, "ip_literal"},
		"check nobody.invalid":            {exitRefused, "not_allowed"},
		"check pay.invalid:25":            {exitRefused, "port_not_allowed"},
		"check api.openai.com":            {exitFine, "answered by the gateway"},
		"check --json api.anthropic.com":  {exitFine, `"action": "intercept"`},
		"check api.openai.com:80 --plain": {exitRefused, "service_not_allowed"},
		"check x.invalid --client nobody": {exitUsage, "no integration"},
		"check":                           {exitUsage, "Usage"},
		"dance":                           {exitUsage, "Usage"},
		"ca dance":                        {exitUsage, "show, export or rotate"},
		"ca show":                         {exitNotFine, "no authority yet"},
		"ca rotate":                       {exitNotFine, "no authority yet"},
		"ca export --roots /dev/null":     {exitNotFine, "no certificates"},
		"tail --once":                     {exitNotFine, "no audit log"},
		"report":                          {exitNotFine, "no audit log"},
	} {
		data := filepath.Join(dir, strings.Map(func(r rune) rune {
			if r == '/' || r == ' ' {
				return '_'
			}
			return r
		}, line))
		var stdout, stderr bytes.Buffer
		code := run(append(append([]string{"egress"}, strings.Fields(line)...), "--data", data, "--config", config), nil, &stdout, &stderr)
		if said := stdout.String() + stderr.String(); code != want.code || !strings.Contains(said, want.says) {
			t.Errorf("egress %s ends with %d, want %d, and says\n%s", line, code, want.code, said)
		}
	}
}
