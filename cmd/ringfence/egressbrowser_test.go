package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"ringfence/internal/audit"
	"ringfence/internal/egress"
	"ringfence/internal/residency/catalogue"
)

// A real browser opens a page of the store that calls an AI service. Without a
// header the call arrives; with the header of `ringfence egress csp` it does
// not, and its report becomes an entry; in watch mode it arrives and is told.
func TestBrowserKeepsThePolicy(t *testing.T) {
	var arrived atomic.Int32
	service := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { arrived.Add(1) }))
	defer service.Close()
	const browser = "  browser: {report: /ringfence/csp}\n"
	for _, c := range []struct {
		name    string
		headers map[string]string
		arrives bool
		told    string // by the report
	}{
		{"no header", nil, true, ""},
		{"enforce", cspOf(t, browser), false, "denied"},
		{"watch", cspOf(t, browser+"egress: {mode: watch}\n"), true, "would be denied"},
	} {
		t.Run(c.name, func(t *testing.T) {
			arrived.Store(0)
			s := openShop(t, c.headers)
			visit(t, s.Server, "MAP api.openai.com "+service.Listener.Addr().String())
			s.wait(t, s.called, "the page never made its call")
			if got := arrived.Load() > 0; got != c.arrives {
				t.Errorf("the call arrived: %v", got)
			}
			if c.told == "" {
				return
			}
			s.wait(t, s.reported, "the browser reported nothing")
			if got := s.told(t); !strings.Contains(got, "api.openai.com") || !strings.Contains(got, "OpenAI") || !strings.Contains(got, c.told) {
				t.Errorf("the report says %s", got)
			}
		})
	}
}

// cspOf returns what `ringfence egress csp` prints.
func cspOf(t *testing.T, more string) (headers map[string]string) {
	t.Helper()
	code, out, stderr := call(t, "egress", "", "csp", "--json", "--config", placesConfig(t, more))
	if err := json.Unmarshal([]byte(out), &headers); err != nil || code != exitFine {
		t.Fatalf("%d %s%s", code, out, stderr)
	}
	return headers
}

// shop is a store's web server, which passes browsers' reports on.
type shop struct {
	*httptest.Server
	called, reported chan struct{}
	log              *audit.Log
	data             string
}

func openShop(t *testing.T, headers map[string]string) *shop {
	t.Helper()
	s := &shop{called: make(chan struct{}, 8), reported: make(chan struct{}, 8), data: t.TempDir()}
	s.log = openAudit(t, s.data)
	t.Cleanup(func() { s.log.Close() })
	reports := &egress.Browsers{Audit: s.log, Catalogue: catalogue.Builtin(), Logger: slog.New(slog.DiscardHandler)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		for name, v := range headers {
			w.Header().Set(name, v)
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		io.WriteString(w, `<!doctype html><title>shop</title><script>
fetch("https://api.openai.com/v1/chat/completions", {method: "POST", mode: "no-cors", body: "My name is Anna"})
  .catch(() => {}).then(() => fetch("/called"));
</script>`)
	})
	mux.HandleFunc("GET /called", func(http.ResponseWriter, *http.Request) { s.called <- struct{}{} })
	mux.HandleFunc(cspPath, func(w http.ResponseWriter, r *http.Request) {
		reports.ServeHTTP(w, r)
		s.reported <- struct{}{}
	})
	s.Server = httptest.NewTLSServer(mux)
	t.Cleanup(s.Close)
	return s
}

func (s *shop) wait(t *testing.T, c chan struct{}, otherwise string) {
	t.Helper()
	select {
	case <-c:
	case <-time.After(time.Minute): // of a busy machine
		t.Fatal(otherwise)
	}
}

// told is what `ringfence egress report` says of the browser.
func (s *shop) told(t *testing.T) string {
	t.Helper()
	if err := s.log.Close(); err != nil {
		t.Fatal(err)
	}
	code, out, stderr := call(t, "egress", "", "report", "--data", s.data)
	if code != exitFine {
		t.Fatalf("%d %s", code, stderr)
	}
	return out
}

// visit opens a server's page in a browser that finds other hosts by rules,
// until the test ends.
func visit(t *testing.T, server *httptest.Server, rules string) {
	t.Helper()
	name, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal("this test needs a browser: install Debian's package chromium")
	}
	key := sha256.Sum256(server.Certificate().RawSubjectPublicKeyInfo) // of every server of package httptest
	dir, err := os.MkdirTemp("", "browser")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	cmd := exec.CommandContext(ctx, name, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--short-reporting-delay", "--no-proxy-server",
		"--ignore-certificate-errors-spki-list="+base64.StdEncoding.EncodeToString(key[:]),
		"--host-resolver-rules="+rules+", MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--user-data-dir="+dir, server.URL)
	cmd.Env = append(os.Environ(), "TMPDIR="+dir)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.WaitDelay = time.Second
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stop()
		cmd.Wait()
		os.RemoveAll(dir) // its children may still be writing; what they leave lies in the temporary folder
		if t.Failed() {
			t.Logf("the browser said: %s", out.String())
		}
	})
}
