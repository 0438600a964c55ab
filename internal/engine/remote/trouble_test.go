package remote_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ringfence/internal/engine"
	"ringfence/internal/engine/enginetest"
	"ringfence/internal/engine/remote"
	"ringfence/internal/mask"
	"ringfence/internal/residency"
)

func TestNewRefuses(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, []byte("\nkey on the second line"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]remote.Options{
		"no URL":             {},
		"no scheme":          {URL: "localhost:8000"},
		"other scheme":       {URL: "ftp://localhost"},
		"no host":            {URL: "http:///v1"},
		"relative socket":    {URL: "unix:engine.sock"},
		"socket on a host":   {URL: "unix://host/engine.sock"},
		"user":               {URL: "http://user:secret@localhost"},
		"query":              {URL: "http://localhost/v1?key=secret"},
		"key with a newline": {URL: "http://localhost", Key: "a\nb"},
		"no key file":        {URL: "http://localhost", KeyFile: empty + "-not"},
		"empty key file":     {URL: "http://localhost", KeyFile: empty},
	} {
		if _, err := remote.New(o); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

var prompt = engine.Prompt{Messages: []engine.Message{{Role: "user", Content: mask.Literal("hello")}}}

func drop(engine.Event) error { return nil }

// TestStatuses: whose fault a status is, and what the caller may do.
func TestStatuses(t *testing.T) {
	for _, c := range []struct {
		status int
		body   string
		code   string // of a refusal; empty for unavailable
	}{
		{400, `{"error":{"message":"no","type":"invalid_request_error"}}`, engine.CodeBadPrompt},
		{400, `{"error":{"message":"too long","code":"context_length_exceeded"}}`, engine.CodeContextOverflow},
		{400, `{"object":"error","message":"This model's maximum context length is 10 tokens"}`, engine.CodeContextOverflow},
		{400, `not JSON`, engine.CodeBadPrompt},
		{401, `{}`, engine.CodeUnauthorized},
		{403, ``, engine.CodeUnauthorized},
		{404, `{"error":"model 'x' not found"}`, engine.CodeUnknownModel},
		{422, `{"detail":[{"msg":"no"}]}`, engine.CodeBadPrompt},
		{408, ``, ""}, {429, `{"error":{"message":"busy"}}`, ""},
		{500, `{"error":{"message":"secret"}}`, ""}, {503, `{"error":{"message":"Loading model"}}`, ""},
		{302, ``, ""}, {204, ``, ""},
	} {
		var followed bool
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			followed = followed || r.URL.Path != "/v1/chat/completions"
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(c.status)
			fmt.Fprint(w, c.body)
		}))
		_, err := newEngine(t, remote.Options{URL: server.URL}).Generate(t.Context(), prompt, drop)
		var refused *engine.RefusedError
		switch {
		case c.code == "" && (!errors.Is(err, engine.ErrUnavailable) || errors.As(err, &refused)):
			t.Errorf("status %d: %v", c.status, err)
		case c.code != "" && (!errors.As(err, &refused) || refused.Code != c.code || refused.Status != c.status):
			t.Errorf("status %d %s: %v", c.status, c.body, err)
		case followed || strings.Contains(err.Error(), "secret"):
			t.Errorf("status %d: followed %v, %v", c.status, followed, err)
		}
		server.Close()
	}
}

// TestDenied: what is not declared is refused before anything is sent, and
// the reason is kept.
func TestDenied(t *testing.T) {
	for _, o := range []remote.Options{
		{URL: "http://8.8.8.8/v1"}, {URL: "http://10.0.0.1:8000"}, {URL: "https://169.254.169.254"},
		{URL: "http://10.0.0.1", Dialer: &residency.Dialer{Networks: []netip.Prefix{netip.MustParsePrefix("10.9.0.0/16")}}},
	} {
		e := newEngine(t, o)
		for _, err := range []error{e.Ready(t.Context()), generate(t, e)} {
			var refused *engine.RefusedError
			var denied *residency.DeniedError
			if !errors.As(err, &refused) || refused.Code != residency.Denied || !errors.As(err, &denied) {
				t.Errorf("%s: %v", o.URL, err)
			}
		}
	}
}

func generate(t *testing.T, e engine.Engine) error {
	_, err := e.Generate(t.Context(), prompt, drop)
	return err
}

// TestGone: an engine that is not there.
func TestGone(t *testing.T) {
	server := httptest.NewServer(&enginetest.Fake{})
	e := newEngine(t, remote.Options{URL: server.URL})
	if err := e.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	server.Close()
	if err := e.Ready(t.Context()); !errors.Is(err, engine.ErrUnavailable) {
		t.Error(err)
	}
	if err := generate(t, e); !errors.Is(err, engine.ErrUnavailable) {
		t.Error(err)
	}
}

// TestModel: the configured model stands in where a prompt names none, and
// what the operator knows about it is told.
func TestModel(t *testing.T) {
	server := httptest.NewServer(&enginetest.Fake{})
	defer server.Close()
	var body string
	e := newEngine(t, remote.Options{URL: server.URL + "/v1/", Model: "fake", Digests: map[string]string{"fake": "sha256:1"},
		Record: func(b []byte) { body = string(b) }})
	if err := generate(t, e); err != nil || !strings.Contains(body, `"model":"fake"`) {
		t.Errorf("%s, %v", body, err)
	}
	list, err := e.Models(t.Context())
	if err != nil || len(list) != 1 || list[0].Digest != "sha256:1" {
		t.Errorf("%v, %v", list, err)
	}
}
