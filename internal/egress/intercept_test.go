package egress_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"testing"

	"ringfence/internal/egress"
	"ringfence/internal/egress/ca"
	"ringfence/internal/integration"
	"ringfence/proof"
)

// door is a gateway that keeps what it was handed.
type door struct {
	mu     sync.Mutex
	caller []integration.Integration
	got    []*http.Request
	serve  http.HandlerFunc
}

func (d *door) For(i integration.Integration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d.mu.Lock()
		d.caller, d.got = append(d.caller, i), append(d.got, r)
		d.mu.Unlock()
		d.serve(w, r)
	})
}

func answering(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/v1/unknown" {
		w.Header().Set("Ringfence-Reason", "unknown_route")
		w.WriteHeader(http.StatusNotFound)
		io.WriteString(w, "the gateway's own words")
		return
	}
	io.WriteString(w, "local "+r.Proto)
}

// intercepting is a world whose proxy answers AI hosts by a door.
func intercepting(t *testing.T, options ...option) (*world, *door) {
	d := &door{serve: answering}
	options = append(options, func(w *world, o *egress.Options) {
		authority, err := ca.Open(w.caDir, []string{"api.openai.com", "api.anthropic.com", "generativelanguage.googleapis.com"})
		if err != nil {
			t.Fatal(err)
		}
		o.Intercept = &egress.Intercept{Leaves: authority, Door: d}
		w.policy.Intercept = true
	})
	w := newWorld(t, options...)
	for _, host := range []string{"api.openai.com", "api.anthropic.com", "api.deepl.com"} {
		w.names[host] = []netip.Addr{netip.MustParseAddr("198.41.0.7")}
	}
	return w, d
}

// plugin is a client that trusts the store's authority.
func (w *world) plugin(t *testing.T, h2 bool) *http.Client {
	t.Helper()
	state, err := ca.Look(w.caDir)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(state.Bundle())
	tr := &http.Transport{ForceAttemptHTTP2: h2, TLSClientConfig: &tls.Config{RootCAs: pool}, Proxy: http.ProxyURL(w.url())}
	if !h2 {
		tr.TLSNextProto = map[string]func(string, *tls.Conn) http.RoundTripper{}
	}
	t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr}
}

func TestIntercept(t *testing.T) {
	for _, h2 := range []bool{false, true} {
		w, d := intercepting(t)
		client := w.plugin(t, h2)
		r, _ := http.NewRequest(http.MethodPost, "https://api.openai.com/v1/chat/completions?key=AIza123&alt=sse", strings.NewReader("{}"))
		for _, name := range []string{"Authorization", "X-Api-Key", "Api-Key", "X-Goog-Api-Key", "Cookie", "OpenAI-Organization"} {
			r.Header.Set(name, "sk-secret")
		}
		r.Header.Set("Ringfence-Context", `{"purpose":"x"}`)
		answer, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		if want := map[bool]string{false: "local HTTP/1.1", true: "local HTTP/2.0"}[h2]; string(body) != want {
			t.Errorf("got %q, want %q", body, want)
		}
		if d.caller[0].ID != w.client.ID {
			t.Errorf("the gateway was told it is %+v", d.caller[0])
		}
		for name, values := range d.got[0].Header {
			if strings.Contains(strings.Join(values, " "), "sk-secret") {
				t.Errorf("the gateway was handed %s", name)
			}
		}
		if d.got[0].URL.RawQuery != "alt=sse" || d.got[0].Header.Get("Ringfence-Context") == "" {
			t.Errorf("the gateway was handed %s %v", d.got[0].URL, d.got[0].Header)
		}
		client.CloseIdleConnections()
		e := w.log.last(t, 2)
		if e.Action != proof.ActionIntercept || e.Calls != 1 || e.Sent != 0 || e.Received != 0 || e.Zone != "local" || len(e.Addresses) != 0 || e.Service.Vendor != "OpenAI" {
			t.Errorf("entry %+v", e)
		}
	}
}

// TestInterceptedRefusals speak as the vendor does.
func TestInterceptedRefusals(t *testing.T) {
	w, _ := intercepting(t)
	for host, at := range map[string]string{"api.openai.com": "error.code", "api.anthropic.com": "error.type", "generativelanguage.googleapis.com": "error.status"} {
		answer, err := w.plugin(t, true).Get("https://" + host + "/v1/unknown")
		if err != nil {
			t.Fatal(err)
		}
		var body map[string]any
		if err := json.NewDecoder(answer.Body).Decode(&body); err != nil {
			t.Errorf("%s: %v", host, err)
		}
		answer.Body.Close()
		inner, _ := body["error"].(map[string]any)
		want := map[string]string{"error.code": "not_answered_here", "error.type": "not_found_error", "error.status": "NOT_FOUND"}[at]
		if inner[strings.TrimPrefix(at, "error.")] != want || answer.Header.Get("Ringfence-Reason") != "not_answered_here" || answer.StatusCode != 404 {
			t.Errorf("%s: %s %v", host, answer.Status, body)
		}
	}
}

// TestInterceptedHost: a connection for one host carries no requests for another.
func TestInterceptedHost(t *testing.T) {
	w, d := intercepting(t)
	r, _ := http.NewRequest(http.MethodGet, "https://api.openai.com/v1/models", nil)
	r.Host = "api.anthropic.com"
	answer, err := w.plugin(t, false).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusMisdirectedRequest || len(d.got) != 0 {
		t.Errorf("%s, the gateway was asked %d times", answer.Status, len(d.got))
	}
}

// TestInterceptedRevoked: a connection outlives no key.
func TestInterceptedRevoked(t *testing.T) {
	w, d := intercepting(t)
	client := w.plugin(t, true)
	answer, err := client.Get("https://api.openai.com/v1/models")
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if _, err := w.keys.Revoke("shop"); err != nil {
		t.Fatal(err)
	}
	if answer, err = client.Get("https://api.openai.com/v1/models"); err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusUnauthorized || answer.Header.Get("Ringfence-Reason") != "revoked_key" || len(d.got) != 1 {
		t.Errorf("%s, the gateway was asked %d times", answer.Status, len(d.got))
	}
}

// TestInterceptedStream: events reach the client as they come.
func TestInterceptedStream(t *testing.T) {
	for _, h2 := range []bool{false, true} {
		w, d := intercepting(t)
		more := make(chan struct{})
		d.serve = func(w http.ResponseWriter, r *http.Request) {
			rc := http.NewResponseController(w)
			w.Header().Set("Content-Type", "text/event-stream")
			io.WriteString(w, "data: 1\n\n")
			if err := rc.Flush(); err != nil {
				t.Error(err)
			}
			<-more
			io.WriteString(w, "data: 2\n\n")
		}
		answer, err := w.plugin(t, h2).Get("https://api.openai.com/v1/x")
		if err != nil {
			t.Fatal(err)
		}
		first := make([]byte, 9)
		if _, err := io.ReadFull(answer.Body, first); err != nil || string(first) != "data: 1\n\n" {
			t.Errorf("%q %v", first, err)
		}
		close(more)
		if rest, _ := io.ReadAll(answer.Body); string(rest) != "data: 2\n\n" {
			t.Errorf("%q", rest)
		}
		answer.Body.Close()
	}
}

// TestNotIntercepted: who is not a catalogued AI service with a name of its
// own is denied, not intercepted, whatever a rule says.
func TestNotIntercepted(t *testing.T) {
	w, d := intercepting(t, withRule(egress.Rule{Name: "wish", Action: egress.RuleIntercept, Hosts: []string{"pay.example", "api.deepl.com", "public-api.wordpress.com", "www.google-analytics.com"}}),
		withRule(egress.Rule{Name: "no", Action: egress.RuleDeny, Hosts: []string{"api.anthropic.com"}}))
	for target, reason := range map[string]string{
		"pay.example:443": "not_interceptable", "api.deepl.com:443": "not_interceptable", // not in the authority's names
		"public-api.wordpress.com:443": "not_interceptable", "api.anthropic.com:443": "rule_denied",
		"api.mistral.ai:443": "service_not_allowed",
	} {
		if _, answer := w.connect(target); answer.Header.Get("Ringfence-Reason") != reason {
			t.Errorf("%s: %s %s, want %s", target, answer.Status, answer.Header.Get("Ringfence-Reason"), reason)
		}
	}
	conn, _ := w.connect("api.openai.com:443")
	conn.Write(clientHello(t, "api.anthropic.com"))
	conn.(*readAhead).Conn.(*net.TCPConn).CloseWrite()
	io.Copy(io.Discard, conn)
	if len(d.got) != 0 {
		t.Error("the gateway was asked")
	}
}
