package egress_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ringfence/internal/audit"
	"ringfence/internal/egress"
	"ringfence/internal/residency/catalogue"
	"ringfence/proof"
)

// pages keeps the entries of browsers' reports.
type pages struct {
	got []proof.Connection
	err error
}

func (p *pages) Append(_ context.Context, typ, _ string, data any) (audit.Receipt, error) {
	if typ != proof.TypeBrowser {
		return audit.Receipt{}, fmt.Errorf("an entry of type %s", typ)
	}
	p.got = append(p.got, data.(proof.Connection))
	return audit.Receipt{}, p.err
}

func newBrowsers() (*egress.Browsers, *pages) {
	p := &pages{}
	return &egress.Browsers{Audit: p, Catalogue: catalogue.Builtin(), Logger: slog.New(slog.DiscardHandler)}, p
}

func report(h http.Handler, method, kind, body string) int {
	r := httptest.NewRequest(method, "/ringfence/csp", strings.NewReader(body))
	r.Header.Set("Content-Type", kind)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code
}

func old(blocked, more string) string {
	return fmt.Sprintf(`{"csp-report":{"document-uri":"https://shop.example/my-account/?mail=anna@example.org","blocked-uri":%q,"violated-directive":"connect-src 'self'"%s}}`, blocked, more)
}

func TestBrowsers(t *testing.T) {
	const csp, reports = "application/csp-report", "application/reports+json; charset=utf-8"
	for name, c := range map[string]struct {
		kind, body string
		code       int
		want       string
	}{
		"old":          {csp, old("https://api.openai.com/v1/chat/completions?key=x", ""), 204, "api.openai.com:443 OpenAI enforce content_security_policy "},
		"watched":      {csp, old("https://api.openai.com/", `,"disposition":"report"`), 204, "api.openai.com:443 OpenAI watch  content_security_policy"},
		"new":          {reports, `[{"type":"csp-violation","body":{"blockedURL":"wss://kunde7.collector.example:8443/x","effectiveDirective":"connect-src","disposition":"enforce"}},{"type":"deprecation"}]`, 204, "*.collector.example:8443  enforce content_security_policy "},
		"a name":       {csp, old("https://anna-muster-order-4711.collector.example/", ""), 204, "*.collector.example:443  enforce content_security_policy "},
		"an address":   {csp, old("http://198.51.100.7/", ""), 204, "address:80  enforce content_security_policy "},
		"inline":       {csp, old("inline", ""), 204, ""},
		"data":         {csp, old("data", ""), 204, ""},
		"another":      {csp, `{"csp-report":{"blocked-uri":"https://a.example/","effective-directive":"img-src"}}`, 204, ""},
		"no json":      {csp, "hello", 400, ""},
		"no list":      {reports, `{}`, 400, ""},
		"another kind": {"text/plain", old("https://a.example", ""), 400, ""},
		"long":         {csp, strings.Repeat("x", 70_000), 413, ""},
	} {
		b, p := newBrowsers()
		if code := report(b, "POST", c.kind, c.body); code != c.code {
			t.Errorf("%s: status %d", name, code)
		}
		got := ""
		for _, e := range p.got {
			vendor := ""
			if e.Service != nil {
				vendor = e.Service.Vendor
			}
			got = fmt.Sprintf("%s:%d %s %s %s %s", e.Host, e.Port, vendor, e.Mode, e.Reason, e.Would)
		}
		if got != c.want || strings.Contains(fmt.Sprintf("%+v", p.got), "anna") {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	b, p := newBrowsers()
	if code := report(b, "GET", csp, ""); code != http.StatusMethodNotAllowed {
		t.Errorf("GET: %d", code)
	}
	p.err = errors.New("disk full")
	if code := report(b, "POST", csp, old("https://a.example", "")); code != http.StatusServiceUnavailable {
		t.Errorf("without a log: %d", code)
	}
}

// Whoever reports a lot fills no disk, and what had no entry is counted.
func TestManyReports(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, p := newBrowsers()
		for i := range 500 {
			report(b, "POST", "application/csp-report", old(fmt.Sprintf("https://n%d.example/", i%100), ""))
		}
		if len(p.got) != 30 {
			t.Errorf("%d entries in a minute", len(p.got))
		}
		time.Sleep(time.Minute)
		report(b, "POST", "application/csp-report", old("https://again.example/", ""))
		if last := p.got[len(p.got)-1]; last.Suppressed != 470 {
			t.Errorf("%d reports had no entry", last.Suppressed)
		}
	})
}

func FuzzBrowsers(f *testing.F) {
	f.Add("application/csp-report", old("https://a.example", ""))
	f.Add("application/reports+json", `[{"type":"csp-violation","body":{"blockedURL":"https://[::1]:x/","effectiveDirective":"connect-src"}}]`)
	f.Fuzz(func(t *testing.T, kind, body string) {
		b, p := newBrowsers()
		report(b, "POST", kind, body)
		for _, e := range p.got {
			if len(e.Host) > 253 || e.Host == "" {
				t.Fatalf("%q gives %+v", body, e)
			}
		}
	})
}
