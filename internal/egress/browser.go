package egress

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"ringfence/internal/residency/host"
	"ringfence/proof"
)

// Browsers takes the reports that browsers send when a page of the store tried
// to reach what its Content-Security-Policy does not name, and makes entries of
// them. Who reports has no key, so little is believed: hosts, in discreet form,
// and few of them a minute.
type Browsers struct {
	Audit     Journal
	Catalogue Catalogue // nil: no host is known
	Logger    *slog.Logger

	mu     sync.Mutex
	minute time.Time
	told   map[string]bool // hosts with an entry in this minute
	missed int             // reports without one since
}

// Bounds of what browsers may report.
const (
	maxReport    = 64 << 10
	maxReports   = 20 // in one request
	hostsAMinute = 30
)

// ReasonBrowser is the reason code of what a browser refused.
const ReasonBrowser = "content_security_policy"

// violation is what is read of one report.
type violation struct {
	blocked, directive string
	watched            bool // it was only reported
}

// ServeHTTP answers one request with reports.
func (b *Browsers) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "browsers report by POST", http.StatusMethodNotAllowed)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxReport))
	if err != nil {
		http.Error(w, "the report is too long", http.StatusRequestEntityTooLarge)
		return
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	found, err := violations(kind, body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	for _, v := range found {
		if err := b.record(r.Context(), v); err != nil {
			b.Logger.Error("a browser's report could not be recorded", "error", err)
			http.Error(w, "the report could not be recorded", http.StatusServiceUnavailable)
			return
		}
	}
	w.WriteHeader(http.StatusNoContent)
}

// violations reads both forms in which browsers report.
func violations(kind string, body []byte) ([]violation, error) {
	switch kind {
	case "application/csp-report", "application/json":
		var one struct {
			Report struct {
				Blocked     string `json:"blocked-uri"`
				Effective   string `json:"effective-directive"`
				Violated    string `json:"violated-directive"`
				Disposition string `json:"disposition"`
			} `json:"csp-report"`
		}
		if json.Unmarshal(body, &one) != nil {
			return nil, errors.New("this is no report of a browser")
		}
		directive := one.Report.Effective
		if directive == "" {
			directive, _, _ = strings.Cut(one.Report.Violated, " ")
		}
		return []violation{{one.Report.Blocked, directive, one.Report.Disposition == "report"}}, nil
	case "application/reports+json":
		var many []struct {
			Type string `json:"type"`
			Body struct {
				Blocked     string `json:"blockedURL"`
				Effective   string `json:"effectiveDirective"`
				Disposition string `json:"disposition"`
			} `json:"body"`
		}
		if json.Unmarshal(body, &many) != nil {
			return nil, errors.New("this is no list of reports of a browser")
		}
		var out []violation
		for _, m := range many[:min(len(many), maxReports)] {
			if m.Type == "csp-violation" {
				out = append(out, violation{m.Body.Blocked, m.Body.Effective, m.Body.Disposition == "report"})
			}
		}
		return out, nil
	}
	return nil, errors.New("reports are application/csp-report or application/reports+json")
}

// record writes an entry, unless the host has one in this minute or there are
// too many. What is no place (inline, eval, data:) is no flow.
func (b *Browsers) record(ctx context.Context, v violation) error {
	c, ok := b.connection(v)
	if !ok {
		return nil
	}
	if c.Suppressed, ok = b.first(c.Host + " " + c.Mode); !ok {
		return nil
	}
	_, err := b.Audit.Append(ctx, proof.TypeBrowser, "", c)
	return err
}

func (b *Browsers) connection(v violation) (proof.Connection, bool) {
	u, err := url.Parse(v.blocked)
	if err != nil || v.directive != "connect-src" {
		return proof.Connection{}, false
	}
	port, known := map[string]int{"https": 443, "wss": 443, "http": 80, "ws": 80}[u.Scheme]
	h, err := host.Parse(u.Hostname())
	if err != nil || !known {
		return proof.Connection{}, false
	}
	if n, err := strconv.ParseUint(u.Port(), 10, 16); err == nil {
		port = int(n)
	}
	c := proof.Connection{
		Connection: rand.Text(), Protocol: "browser", Host: "address", Port: port,
		Action: proof.ActionDeny, Mode: "enforce", Reason: ReasonBrowser, Outcome: proof.Refused,
	}
	if !h.IsAddr() {
		c.Host = discreet(h.Name)
	}
	if v.watched {
		c.Action, c.Mode, c.Reason, c.Would, c.Outcome = proof.ActionBrowser, "watch", "", ReasonBrowser, ""
	}
	if b.Catalogue != nil {
		if s, ok := b.Catalogue.Lookup(h.Name, u.Path); ok {
			c.Service = &proof.Service{Vendor: s.Vendor, Kind: string(s.Kind)}
		}
	}
	return c, true
}

// first says whether a host has no entry in this minute yet, and how many
// reports had none before.
func (b *Browsers) first(key string) (missed int, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if now := time.Now(); b.told == nil || now.Sub(b.minute) >= time.Minute {
		b.minute, b.told = now, map[string]bool{}
	}
	if b.told[key] || len(b.told) >= hostsAMinute {
		b.missed++
		return 0, false
	}
	b.told[key] = true
	missed, b.missed = b.missed, 0
	return missed, true
}
