package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"ringfence/internal/config"
)

func write(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func file(t *testing.T, text string) string {
	t.Helper()
	return write(t, filepath.Join(t.TempDir(), "ringfence.yaml"), text)
}

func TestRefused(t *testing.T) {
	cases, err := txtar.ParseFile("testdata/refused.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(cases.Files); i += 2 {
		in, want := cases.Files[i], cases.Files[i+1]
		t.Run(in.Name, func(t *testing.T) {
			if strings.TrimSuffix(want.Name, ".want") != strings.TrimSuffix(in.Name, ".yaml") {
				t.Fatalf("%s is followed by %s", in.Name, want.Name)
			}
			path := file(t, string(in.Data))
			_, err := config.Load(path)
			if err == nil {
				t.Fatal("accepted")
			}
			got := strings.ReplaceAll(err.Error(), path+":", "") + "\n"
			if got != string(want.Data) {
				t.Errorf("got\n%swant\n%s", got, want.Data)
			}
		})
	}
}

func TestNotAConfiguration(t *testing.T) {
	dir := t.TempDir()
	utf16 := "\xff\xfel\x00i\x00s\x00"
	cases := map[string]struct{ path, want string }{
		"no such file":  {filepath.Join(dir, "none.yaml"), "there is no such file"},
		"folder":        {dir, "this is a folder"},
		"device":        {"/dev/null", "this is a folder or a device"},
		"too large":     {file(t, strings.Repeat("# comment\n", 10_000)), "larger than 64 KiB"},
		"utf-16":        {file(t, utf16), "the file is UTF-16"},
		"not utf-8":     {file(t, "listen: 127.0.0.1:1\nguard: \xff\n"), ":2:8: this is not UTF-8"},
		"control":       {file(t, "listen: ä\x00"), ":1:10: there is a control character"},
		"deep brackets": {file(t, "listen: "+strings.Repeat("[", 5000)), "this is not YAML"},
		"deep braces":   {file(t, strings.Repeat("{a: ", 3000)+strings.Repeat("}", 3000)), "no setting"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := config.Load(c.path)
			var ce *config.Error
			if !errors.As(err, &ce) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want an Error with %q", err, c.want)
			}
		})
	}
}

func TestSameAsDefault(t *testing.T) {
	cases := map[string]string{
		"empty":           "",
		"comments":        "# nothing yet\n\n# still nothing\n",
		"only a BOM":      "\xef\xbb\xbf",
		"empty document":  "---\n",
		"empty sections":  "engine:\nmask:\n  conversation:\nlimits: {}\naliases:\n",
		"windows":         "\xef\xbb\xbflisten: 127.0.0.1:8787\r\nengine:\r\n  slots: 2\r\n",
		"example":         mustRead(t, "../../ringfence.example.yaml"),
		"its own listing": config.Default().YAML(),
	}
	for name, text := range cases {
		t.Run(name, func(t *testing.T) {
			c, err := config.Load(file(t, text))
			if err != nil {
				t.Fatal(err)
			}
			if got, want := c.YAML(), config.Default().YAML(); got != want {
				t.Errorf("got\n%s", got)
			}
		})
	}
}

func mustRead(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestLoad(t *testing.T) {
	path := file(t, `
listen: "[::1]:9000"
engine: {model: models/big.gguf, memory_limit: 2 GiB, queue: {max: 0}}
aliases:
  gpt-4*: default
limits:
  timeouts: {call: 1h30m}
mask: {regions: [NO, SE], irreversible: []}
guard:
  mode: watch
  thresholds:
    review: {flag: 0.4, block: 2}
`)
	c, err := config.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	want := config.Default()
	want.Listen = "[::1]:9000"
	want.Engine.Model = filepath.Join(filepath.Dir(path), "models/big.gguf")
	want.Engine.MemoryLimit = 2 * config.GiB
	want.Engine.Queue.Max = 0
	want.Aliases = map[string]string{"gpt-4*": "default"}
	want.Limits.Timeouts.Call = 90 * time.Minute
	want.Mask.Regions = []string{"NO", "SE"}
	want.Mask.Irreversible = []string{}
	want.Guard.Mode = "watch"
	want.Guard.Thresholds = map[string]config.Threshold{"review": {Flag: 0.4, Block: 2}}
	if got, want := c.YAML(), want.YAML(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	again, err := config.Load(file(t, c.YAML()))
	if err != nil || again.YAML() != c.YAML() {
		t.Errorf("what config print shows cannot be loaded: %v", err)
	}
}

func TestWithoutAFile(t *testing.T) {
	t.Chdir(t.TempDir())
	c, err := config.Load("")
	if err != nil || !reflect.DeepEqual(c, config.Default()) {
		t.Fatalf("Load = %+v, %v", c, err)
	}
	write(t, config.File, "listen: 127.0.0.1:1")
	if c, err = config.Load(""); err != nil || c.Listen != "127.0.0.1:1" || c.Path != config.File {
		t.Errorf("the file of the working folder is not used: %+v, %v", c, err)
	}
}

// A log line about a broken file must not carry what stands in it.
func TestErrorsDoNotRepeatValues(t *testing.T) {
	for _, text := range []string{
		"listen: hunter2", "engine: {api_key_file: [hunter2]}", "engine: {slots: hunter2}", "guard: {mode: hunter2}",
		"limits: {timeouts: {call: hunter2}}", "limits: {body: {max_bytes: hunter2}}", "guard: {allowed_hosts: [hunter2@]}",
		"mask: {regions: [hunter2]}", "engine: {driver: url, url: 'http://a:hunter2@b/'}", "engine: {driver: url, url: 'hunter2'}",
		"audit: {origin: 'hunter2 x'}", "listen: 'hunter2", "listen: hunter2: x",
	} {
		_, err := config.Load(file(t, text))
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func FuzzLoad(f *testing.F) {
	cases, err := txtar.ParseFile("testdata/refused.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, c := range cases.Files {
		f.Add(string(c.Data))
	}
	f.Add(config.Default().YAML())
	path := filepath.Join(f.TempDir(), "ringfence.yaml")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 2000 {
			return // the parser's time grows faster than its input
		}
		c, err := config.Load(write(t, path, text))
		if err != nil {
			return
		}
		again, err := config.Load(write(t, path, c.YAML()))
		if err != nil || again.YAML() != c.YAML() {
			t.Fatalf("accepted, but its listing is not: %v\n%s", err, c.YAML())
		}
	})
}

// A whole residency section is read, its relative paths start at the file, and
// what is printed of it means the same.
func TestResidency(t *testing.T) {
	const text = `residency:
  accept: [EEA, CH]
  databases:
    countries: {path: geo/a.mmdb, max_age: 240h}
  networks: [10.1.0.0/16]
  claims:
    openai:
      hosts: [eu.api.openai.com]
      jurisdiction: EU
      contract: DPA of 2026-03-01
      from: 2026-03-01
      until: 2027-03-01
      assurance: contractual
      dpf: true
      tls_ca: ca.pem
  register:
    openai: {recipient: OpenAI Ireland, hosts: ["*.api.openai.com"], contract: DPA, basis: eea, purposes: [service.reply], categories: [contact], from: 2026-03-01, until: 2027-03-01}
`
	path := file(t, text)
	c, err := config.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	claim := c.Residency.Claims["openai"]
	if claim.TLSCA != filepath.Join(filepath.Dir(path), "ca.pem") || !claim.DPF || claim.From != "2026-03-01" ||
		c.Residency.Databases["countries"].Path != filepath.Join(filepath.Dir(path), "geo/a.mmdb") {
		t.Errorf("%+v", c.Residency)
	}
	again, err := config.Load(file(t, c.YAML()))
	if err != nil || again.YAML() != c.YAML() {
		t.Errorf("%v\n%s", err, c.YAML())
	}
}
