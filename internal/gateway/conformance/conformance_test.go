// Package conformance_test runs the vendors' own client libraries against the gateway.
package conformance_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"ringfence/internal/audit"
	"ringfence/internal/config"
	"ringfence/internal/engine"
	"ringfence/internal/engine/enginetest"
	"ringfence/internal/engine/llama"
	"ringfence/internal/engine/sandbox"
	"ringfence/internal/gateway"
	"ringfence/internal/gateway/dialect"
	"ringfence/internal/guard"
	"ringfence/internal/integration"
	"ringfence/internal/mask"
	"ringfence/internal/meter"
	"ringfence/proof"
)

var update = flag.Bool("update", false, "write the matrix into docs instead of comparing it")

const matrixFile = "../../../docs/operations/conformance.md"

func TestMain(m *testing.M) {
	sandbox.Main()
	os.Exit(m.Run())
}

// scripts are the clients: the makers' own libraries, told to call the gateway.
var scripts = []string{"openai.mjs", "anthropic.mjs", "genai.mjs", "ollama.mjs", "openai_client.py", "anthropic_client.py"}

// cell is what became of one feature with one client.
type cell struct{ Client, Dialect, Feature, Result string }

// TestOfficialClients has the vendors' own libraries do what plugins do with
// them. A cell is "works" or a refusal with its code; nothing else may happen.
func TestOfficialClients(t *testing.T) {
	e := &clerk{}
	base, key, slow := serve(t, e, e)
	var cells []cell
	for _, script := range scripts {
		spend(t, base, slow)
		ran := run(t, script, "RINGFENCE_BASE="+base, "RINGFENCE_KEY="+key, "RINGFENCE_SLOW_KEY="+slow)
		for _, c := range ran {
			if c.Result != "works" && !strings.HasPrefix(c.Result, "refused") {
				t.Errorf("%s, %s, %s: %s", c.Client, c.Dialect, c.Feature, c.Result)
			}
		}
		cells = append(cells, ran...)
	}
	if raw := e.leaked("Anna", "anna.muster"); raw != "" {
		t.Errorf("the engine was sent %q", raw)
	}
	if left := e.stillRunning(5 * time.Second); left > 0 {
		t.Errorf("%d calls still run though their clients are gone", left)
	}
	compare(t, matrix(cells))
}

// TestOfficialClientsRealEngine is the same with a real model behind, as far as
// its words do not matter.
func TestOfficialClientsRealEngine(t *testing.T) {
	server, model := enginetest.Files(t)
	start := func(o llama.Options) *llama.Engine {
		o.Server, o.Dir, o.Nice, o.Slots = server, t.TempDir(), 1, 1
		e, err := llama.Start(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { e.Close() })
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		if err := e.WaitReady(ctx, nil); err != nil {
			t.Fatal(err)
		}
		return e
	}
	base, key, _ := serve(t, start(llama.Options{Model: model, ChatML: true}),
		start(llama.Options{Model: enginetest.Embedder(t), Embeddings: true, E5: true, Context: 512}))
	for _, script := range scripts {
		for _, c := range run(t, script, "RINGFENCE_BASE="+base, "RINGFENCE_KEY="+key, "RINGFENCE_REAL=1") {
			if c.Result != "works" && !strings.HasPrefix(c.Result, "refused") {
				t.Errorf("%s, %s, %s: %s", c.Client, c.Dialect, c.Feature, c.Result)
			}
		}
	}
}

// run runs one client and returns what it reported.
func run(t *testing.T, script string, env ...string) []cell {
	t.Helper()
	cmd := command(t, script)
	cmd.Env = append(append(os.Environ(), "NO_PROXY=127.0.0.1", "PYTHONDONTWRITEBYTECODE=1"), env...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Errorf("%s: %v\n%s", script, err, stderr.String())
	}
	var cells []cell
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		var c cell
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Errorf("%s said %q", script, lines.Text())
			continue
		}
		cells = append(cells, c)
	}
	if len(cells) == 0 {
		t.Errorf("%s reported nothing", script)
	}
	return cells
}

// command readies a client in a folder of its own, beside the libraries that
// `make clients` brought.
func command(t *testing.T, script string) *exec.Cmd {
	t.Helper()
	libraries, err := filepath.Abs(os.Getenv("RINGFENCE_CLIENTS"))
	if err != nil || os.Getenv("RINGFENCE_CLIENTS") == "" {
		t.Fatal("this test needs the vendors' client libraries: run `make test`, which brings them and sets RINGFENCE_CLIENTS")
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("clients")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(libraries, "node_modules"), filepath.Join(dir, "node_modules")); err != nil {
		t.Fatal(err)
	}
	program := "node"
	if strings.HasSuffix(script, ".py") {
		program = filepath.Join(libraries, "python", "bin", "python")
	}
	cmd := exec.CommandContext(t.Context(), program, script)
	cmd.Dir = dir
	return cmd
}

// serve runs a gateway and returns its address, a key, and one that may ask
// nothing more.
func serve(t *testing.T, e engine.Engine, v engine.Embedder) (base, key, slow string) {
	t.Helper()
	dir := t.TempDir()
	keys := integration.Open(filepath.Join(dir, "keys.json"))
	create := func(i integration.Integration) string {
		_, key, err := keys.Create(i)
		if err != nil {
			t.Fatal(err)
		}
		return key
	}
	key = create(integration.Integration{Name: "plugin", Surface: "service"})
	slow = create(integration.Integration{Name: "slow", Surface: "service", Limits: integration.Limits{RequestsPerMinute: 1}})
	log, err := audit.Open(audit.Options{Dir: filepath.Join(dir, "audit"), Origin: "shop.example/ringfence"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { log.Close() })
	judge, err := guard.New(guard.Policy{})
	if err != nil {
		t.Fatal(err)
	}
	here := proof.Engine{Driver: "test", Zone: "local"}
	g := gateway.New(gateway.Options{
		Keys: keys, Meter: meter.New(meter.Options{}), Vaults: mask.NewVaults(mask.VaultsOptions{}),
		Engine: e, Place: here, Embedder: v, EmbedPlace: here, Audit: log, Secret: bytes.Repeat([]byte{7}, 32),
		Policy: gateway.Policy{
			Masker: mask.New(mask.Options{Regions: []string{"DE"}}), Guard: judge, Aliases: config.Default().Aliases,
			Bounds: gateway.Bounds{BodyBytes: 1 << 20, Decode: dialect.Limits{Depth: 32, Items: 50_000}, AnswerTokens: 64,
				Body: 5 * time.Second, Call: time.Minute, Write: 5 * time.Second},
		},
	})
	server := httptest.NewServer(g.Handler())
	t.Cleanup(server.Close)
	return server.URL, key, slow
}

// spend uses up a key's one request in a minute.
func spend(t *testing.T, base, key string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/v1/chat/completions", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+key)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
}

// compare holds the matrix against the one in the docs.
func compare(t *testing.T, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(matrixFile, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(matrixFile)
	if err != nil || string(want) != got {
		t.Errorf("%s is not up to date (%v): go test ./internal/gateway/conformance -update", matrixFile, err)
	}
}

const matrixHead = `# Conformance: the vendors' own clients

Printed by ` + "`go test ./internal/gateway/conformance -update`" + `, which runs the vendors' own libraries against a gateway whose engine
says what the test needs; ` + "`make test`" + ` does, and runs what does not hang on a model's words against the real engine and
the real embedding model as well.

In every cell the customer's name and address were replaced before the engine saw them and are back in the answer. A
refusal is the client's own kind of error and carries the code shown.

`

// matrix writes one table for each dialect: a row for each feature, a column for each client.
func matrix(cells []cell) string {
	var b strings.Builder
	b.WriteString(matrixHead)
	for _, dialect := range order(cells, func(c cell) string { return c.Dialect }) {
		here := slices.DeleteFunc(slices.Clone(cells), func(c cell) bool { return c.Dialect != dialect })
		clients := order(here, func(c cell) string { return c.Client })
		fmt.Fprintf(&b, "## %s\n\n| | %s |\n|---|%s\n", dialect, strings.Join(clients, " | "), strings.Repeat("---|", len(clients)))
		for _, feature := range order(here, func(c cell) string { return c.Feature }) {
			fmt.Fprintf(&b, "| %s |", feature)
			for _, client := range clients {
				fmt.Fprintf(&b, " %s |", result(here, client, feature))
			}
			b.WriteByte('\n')
		}
		b.WriteByte('\n')
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func result(cells []cell, client, feature string) string {
	for _, c := range cells {
		if c.Client == client && c.Feature == feature {
			return strings.TrimSuffix(c.Result, ": ")
		}
	}
	return "not tried"
}

// order returns the values in the order in which they first appear.
func order(cells []cell, value func(cell) string) []string {
	var out []string
	for _, c := range cells {
		if !slices.Contains(out, value(c)) {
			out = append(out, value(c))
		}
	}
	return out
}
