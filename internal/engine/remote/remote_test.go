package remote_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"ringfence/internal/engine/enginetest"
	"ringfence/internal/engine/remote"
)

// TestConformance runs the suite against fakes that speak like the engines in
// the field.
func TestConformance(t *testing.T) {
	for name, fake := range map[string]*enginetest.Fake{
		"event by event":     {},
		"byte by byte, CRLF": {Bytes: 1, LineEnd: "\r\n"},
		"no DONE, CR, eos":   {NoDone: true, LineEnd: "\r", Finish: "eos"},
		"arguments in parts": {StringArgs: true, Bytes: 7},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(fake)
			defer server.Close()
			enginetest.Run(t, newEngine(t, remote.Options{URL: server.URL}))
		})
	}
}

func TestConformanceUnixSocket(t *testing.T) {
	path := filepath.Join(t.TempDir(), "engine.sock")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(&enginetest.Fake{})
	server.Listener = l
	server.Start()
	defer server.Close()
	enginetest.Run(t, newEngine(t, remote.Options{URL: "unix://" + path}))
}

func newEngine(t *testing.T, o remote.Options) *remote.Engine {
	t.Helper()
	e, err := remote.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

func TestKey(t *testing.T) {
	var got string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r.Header.Get("Authorization")
		(&enginetest.Fake{}).ServeHTTP(w, r)
	}))
	defer server.Close()
	path := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(path, []byte("  sk-secret \nrest"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := newEngine(t, remote.Options{URL: server.URL, KeyFile: path}).Ready(t.Context()); err != nil || got != "Bearer sk-secret" {
		t.Errorf("header %q, error %v", got, err)
	}
}
