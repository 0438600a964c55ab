package egress_test

import (
	"crypto/x509"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"ringfence/internal/egress"
	"ringfence/internal/egress/ca"
	"ringfence/internal/integration"
	"ringfence/proof"
)

// inspecting is a world in which new.example is read before it is passed on.
func inspecting(t *testing.T, mode string) (*world, *x509.CertPool) {
	roots := x509.NewCertPool()
	w := newWorld(t, withRule(egress.Rule{Name: "curious", Hosts: []string{"new.example"}, Action: egress.RuleInspect, Mode: mode}), func(w *world, o *egress.Options) {
		authority, err := ca.Open(w.caDir, []string{"new.example"})
		if err != nil {
			t.Fatal(err)
		}
		o.Intercept = &egress.Intercept{Leaves: authority, Door: &door{serve: answering}, Roots: roots}
		o.Personal = func(text string) bool { return strings.Contains(text, "anna@example.org") }
	})
	return w, roots
}

func TestInspect(t *testing.T) {
	w, roots := inspecting(t, integration.ModeWatch)
	s := w.site("new.example", "198.41.0.4:443", http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		io.WriteString(rw, r.Proto+" "+r.Host+" "+r.URL.String()+" "+r.Header.Get("Authorization")+" "+string(body))
	}))
	roots.AddCert(s.cert)
	client := w.plugin(t, true)
	const body = `{"model":"m","messages":[{"role":"user","content":"I am anna@example.org"}]}`
	for range 2 {
		r, _ := http.NewRequest(http.MethodPost, "https://new.example/v9/talk?x=1", strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer theirs")
		answer, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		got, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		if want := "HTTP/1.1 new.example /v9/talk?x=1 Bearer theirs " + body; string(got) != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	client.CloseIdleConnections()
	w.log.last(t, 6) // a connection, two requests on it, each begun and ended
	if c := w.log.entries[0]; c.Protocol != "connect" || c.Action != proof.ActionInspect || c.Mode != "watch" {
		t.Errorf("connection %+v", c)
	}
	if r := w.log.entries[1]; r.Protocol != "https" || r.Name != "shop" || !slices.Equal(r.Looks, []string{"model_call", "personal_data"}) || len(r.Addresses) != 1 {
		t.Errorf("request %+v", r)
	}
	if r := w.log.entries[2]; r.Type != proof.TypeConnectionClosed || r.Sent == 0 || r.Received == 0 {
		t.Errorf("request ended %+v", r)
	}
}

// TestInspectKeeps: what inspection must not loosen.
func TestInspectKeeps(t *testing.T) {
	t.Run("watch only", func(t *testing.T) {
		w, _ := inspecting(t, integration.ModeEnforce)
		if _, answer := w.connect("new.example:443"); answer.Header.Get("Ringfence-Reason") != "inspect_watch_only" {
			t.Error(answer.Status)
		}
	})
	t.Run("certificates", func(t *testing.T) {
		w, _ := inspecting(t, integration.ModeWatch)
		s := w.site("new.example", "198.41.0.4:443", hello) // which nobody vouches for
		answer, err := w.plugin(t, false).Post("https://new.example/", "application/json", strings.NewReader("the data"))
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != http.StatusBadGateway || answer.Header.Get("Ringfence-Reason") != "tls_failed" {
			t.Errorf("%s %s", answer.Status, answer.Header.Get("Ringfence-Reason"))
		}
		if s.conns.Load() != 1 {
			t.Errorf("%d connections", s.conns.Load())
		}
	})
	t.Run("the log", func(t *testing.T) {
		w, roots := inspecting(t, integration.ModeWatch)
		s := w.site("new.example", "198.41.0.4:443", hello)
		roots.AddCert(s.cert)
		client := w.plugin(t, false)
		answer, err := client.Get("https://new.example/")
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, answer.Body) // so that the connection stays
		answer.Body.Close()
		w.log.mu.Lock()
		w.log.failing = proof.TypeConnection
		w.log.mu.Unlock()
		before := s.bytes.Load()
		if answer, err = client.Get("https://new.example/"); err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != http.StatusServiceUnavailable || s.bytes.Load() != before {
			t.Errorf("%s, %d bytes left", answer.Status, s.bytes.Load()-before)
		}
	})
}
