package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"ringfence/internal/audit"
	"ringfence/internal/config"
	"ringfence/internal/egress"
	"ringfence/internal/egress/ca"
	"ringfence/internal/egress/report"
	"ringfence/internal/integration"
	"ringfence/internal/residency/catalogue"
	"ringfence/proof"
)

// explain prints the decision about target.
func (r egressRun) explain(c *config.Config, target string) int {
	keys := integration.Open(keysFile(r.data))
	client := integration.Integration{ID: "any", Name: cmp.Or(r.client, "(any)")}
	if r.client != "" {
		found, err := keys.Named(r.client)
		if err != nil {
			return r.failed(exitUsage, fmt.Errorf("there is no integration %q; `ringfence key list` shows those there are", r.client))
		}
		client = found
	}
	proxy, err := newEgress(egressParts{config: c, data: r.data, keys: keys, log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return r.failed(exitNotFine, err)
	}
	known, err := openCatalogue(c, r.data)
	if err != nil {
		return r.failed(exitNotFine, err)
	}
	if c.Egress.Intercept || inspects(c) {
		proxy.Intercept = &egress.Intercept{Leaves: vouched(r.data, c, known)}
	}
	ctx, stop := context.WithTimeout(r.ctx, 15*time.Second)
	defer stop()
	e := proxy.Explain(ctx, client, target, r.plain)
	if r.asJSON {
		printJSON(r.stdout, e)
	} else {
		r.tellDecision(target, e)
	}
	switch {
	case e.Outcome == proof.Failed:
		return exitIncomplete
	case e.Action == proof.ActionDeny:
		return exitRefused
	}
	return exitFine
}

// names are what an authority may vouch for, where nobody is vouched for.
type names []string

func (n names) Covers(host string) bool { return ca.Covers(n, host) }

func (names) Leaf(string) (*tls.Certificate, error) {
	return nil, errors.New("nothing is vouched for here")
}

// vouched returns the names of the authority, or of the one that would be made.
func vouched(data string, c *config.Config, known *catalogue.Catalogue) names {
	if s, err := ca.Look(egressCADir(data)); err == nil {
		return s.Current.PermittedDNSDomains
	}
	return authorityNames(c, known)
}

func (r egressRun) tellDecision(target string, e egress.Explanation) {
	verdict := map[string]string{
		proof.ActionDeny: "denied", proof.ActionSplice: "passes, unread", proof.ActionForward: "passes",
		proof.ActionInspect:   "passes; TLS ends here and requests are looked at",
		proof.ActionIntercept: "answered by the gateway on this machine; nothing leaves",
	}[e.Action]
	if e.Would != "" {
		verdict += ", because of watch mode; enforce would deny it (" + e.Would + ")"
	}
	w := tabwriter.NewWriter(r.stdout, 0, 4, 2, ' ', 0)
	line := func(name, text string) {
		if text != "" {
			fmt.Fprintf(w, "%s\t%s\n", name, harmless(text))
		}
	}
	line("host", target)
	line("client", e.Name)
	if e.Service != nil {
		line("catalogue", e.Service.Vendor+", "+e.Service.Kind)
	} else {
		line("catalogue", "not known")
	}
	line("rule", cmp.Or(e.Rule, "none: the default, "+e.Mode))
	line("addresses", strings.Join(e.Addresses, ", "))
	line("zone", e.Zone)
	line("evidence", strings.Join(e.Evidence, "; "))
	line("decision", verdict)
	line("reason", e.Reason)
	line("", e.Sentence)
	w.Flush()
}

// tail prints attempts as they come.
func (r egressRun) tail() int {
	reader, err := audit.OpenReader(auditDir(r.data))
	if err != nil {
		return r.failed(exitNotFine, err)
	}
	err = reader.Tail(r.ctx, audit.TailOptions{Last: max(1, r.last), Follow: !r.once}, func(index int64, stored []byte) error {
		e, err := proof.ParseEntry(stored)
		if err != nil || !strings.HasPrefix(e.Type, "ringfence.egress.") {
			return err
		}
		if r.asJSON {
			_, err = fmt.Fprintf(r.stdout, "{\"index\":%d,\"entry\":%s}\n", index, stored)
		} else {
			_, err = fmt.Fprintln(r.stdout, connectionLine(e))
		}
		return err
	})
	if err != nil {
		return r.failed(exitNotFine, err)
	}
	return exitFine
}

// report prints attempts grouped by plugin and host.
func (r egressRun) report() int {
	reader, err := audit.OpenReader(auditDir(r.data))
	if err != nil {
		return r.failed(exitNotFine, err)
	}
	var all report.Report
	from := time.Time{}
	if r.since > 0 {
		from = time.Now().Add(-r.since)
	}
	err = reader.Tail(r.ctx, audit.TailOptions{}, func(_ int64, stored []byte) error {
		e, err := proof.ParseEntry(stored)
		if err == nil && !e.Time.Before(from) {
			all.Add(e)
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return r.failed(exitNotFine, err)
	}
	rows := []report.Row{}
	for _, row := range all.Rows() {
		if !r.denied || row.Decision == report.Denied || row.Decision == report.WouldDeny {
			rows = append(rows, row)
		}
	}
	if r.asJSON {
		return printJSON(r.stdout, rows)
	}
	r.tellRows(rows)
	return exitFine
}

func (r egressRun) tellRows(rows []report.Row) {
	if len(rows) == 0 {
		fmt.Fprintln(r.stdout, "Nobody tried to reach anything through the proxy.")
		return
	}
	w := tabwriter.NewWriter(r.stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "DECISION\tPLUGIN\tCLIENT\tHOST\tWHAT\tREASON\tTIMES\tSENT\tFIRST\tLAST")
	for _, row := range rows {
		plugin := cmp.Or(row.Caller, row.Agent, "unknown")
		fmt.Fprintln(w, harmless(strings.Join([]string{strings.ReplaceAll(row.Decision, "_", " "), plugin, cmp.Or(row.Client, "unknown"),
			fmt.Sprintf("%s:%d", cmp.Or(row.Host, "(no name)"), row.Port), strings.Join(slices.DeleteFunc(append([]string{row.Vendor, row.Kind}, row.Looks...), func(s string) bool { return s == "" }), " "), row.Reason, fmt.Sprint(row.Attempts),
			fmt.Sprint(row.Sent), row.First.UTC().Format("2006-01-02 15:04"), row.Last.UTC().Format("2006-01-02 15:04")}, "\t")))
	}
	w.Flush()
}
