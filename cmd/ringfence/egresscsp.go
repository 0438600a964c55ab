package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"ringfence/internal/config"
	"ringfence/internal/egress"
)

// cspPath is where the gateway takes browsers' reports.
const cspPath = "/ringfence/csp"

// csp prints the header that keeps pages of the store from connecting elsewhere.
func (r egressRun) csp() int {
	c, err := config.Load(r.config)
	if err != nil {
		return r.failed(exitNotFine, err)
	}
	p, _, err := openPlaces(c, r.data)
	if err != nil {
		return r.failed(exitIncomplete, err)
	}
	for _, origin := range c.Residency.Browser.Connect {
		u, err := url.Parse(origin)
		if err != nil {
			continue // the configuration has checked it
		}
		if s, ok := p.catalogue.Lookup(u.Hostname(), ""); ok {
			fmt.Fprintf(r.stderr, "ringfence egress: %s is %s (%s): visitors' browsers will send it what they type\n", origin, s.Vendor, s.Kind)
		}
	}
	headers := cspHeaders(c.Residency.Browser, c.Egress.Mode == "watch")
	if r.asJSON {
		return printJSON(r.stdout, headers)
	}
	for _, name := range sorted(headers) {
		fmt.Fprintf(r.stdout, "%s: %s\n", name, headers[name])
	}
	if c.Residency.Browser.Report == "" {
		fmt.Fprintln(r.stderr, "ringfence egress: browsers report nothing, because residency.browser.report is empty")
	}
	return exitFine
}

// cspHeaders are the headers by name. In watch mode browsers only report.
func cspHeaders(b config.Browser, watch bool) map[string]string {
	name := "Content-Security-Policy"
	if watch {
		name += "-Report-Only"
	}
	policy := strings.Join(append([]string{"connect-src 'self'"}, b.Connect...), " ")
	if b.Report == "" {
		return map[string]string{name: policy}
	}
	return map[string]string{
		name:                  policy + "; report-uri " + b.Report + "; report-to ringfence",
		"Reporting-Endpoints": fmt.Sprintf("ringfence=%q", b.Report),
	}
}

// withBrowsers serves browsers' reports beside the gateway, where they are wanted.
func (s *service) withBrowsers(gateway http.Handler) http.Handler {
	if s.config.Residency.Browser.Report == "" {
		return gateway
	}
	browsers := &egress.Browsers{Audit: s.audit, Catalogue: s.places.catalogue, Logger: s.log}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == cspPath {
			browsers.ServeHTTP(w, r)
			return
		}
		gateway.ServeHTTP(w, r)
	})
}
