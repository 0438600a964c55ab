// Package report tells from the audit log who tried to reach what, and what
// became of it: grouped by plugin, host and decision.
//
// First step: [Report.Add] every entry, then [Report.Rows]. Promise: every
// attempt that has an entry is counted, those that stand for others with them.
// Danger: the name of a plugin is what its requests say of themselves.
package report

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"ringfence/proof"
)

// Row is one plugin's attempts at one host with one ending.
type Row struct {
	Caller   string    `json:"caller,omitempty"` // plugin, as the WordPress plugin names it
	Agent    string    `json:"agent,omitempty"`  // user agent, where no plugin is named
	Client   string    `json:"client,omitempty"` // integration
	Host     string    `json:"host"`
	Port     int       `json:"port,omitempty"`
	Vendor   string    `json:"vendor,omitempty"`
	Kind     string    `json:"kind,omitempty"`
	Decision string    `json:"decision"`         // denied, would_be_denied, allowed, intercepted
	Reason   string    `json:"reason,omitempty"` // stable code
	Looks    []string  `json:"looks,omitempty"`  // what readable requests to unknown hosts look like
	Attempts int       `json:"attempts"`
	Sent     int64     `json:"sent"`     // bytes that left
	Received int64     `json:"received"` // bytes that came back
	First    time.Time `json:"first_seen"`
	Last     time.Time `json:"last_seen"`
}

// The decisions of rows.
const (
	Denied      = "denied"
	WouldDeny   = "would_be_denied"
	Allowed     = "allowed"
	Intercepted = "intercepted"
)

type key struct {
	caller, agent, client, host, decision, reason string
	port                                          int
}

// Report collects entries. Its zero value is ready.
type Report struct {
	rows map[key]*Row
	open map[string]*Row // by connection: where its closing entry counts
}

// Add takes an entry of the log; those that are not about connections count
// for nothing.
func (r *Report) Add(e proof.Entry) {
	if e.Type != proof.TypeConnection && e.Type != proof.TypeConnectionClosed && e.Type != proof.TypeConnectionRefused && e.Type != proof.TypeBrowser {
		return
	}
	var c proof.Connection
	if json.Unmarshal(e.Data, &c) != nil {
		return
	}
	if r.rows == nil {
		r.rows, r.open = map[key]*Row{}, map[string]*Row{}
	}
	if e.Type == proof.TypeConnectionClosed {
		r.close(e.Time, &c)
		return
	}
	row := r.row(e.Time, &c)
	row.Attempts += 1 + c.Suppressed
	if e.Type == proof.TypeConnection {
		r.open[c.Connection] = row
	}
}

// close counts what went over a connection. One that was refused after all,
// for what its client said, moves to those that were denied.
func (r *Report) close(at time.Time, c *proof.Connection) {
	row := r.open[c.Connection]
	delete(r.open, c.Connection)
	if c.Outcome == proof.Refused {
		if row != nil {
			row.Attempts--
		}
		c.Action = proof.ActionDeny
		row = r.row(at, c)
		row.Attempts++
	}
	if row != nil {
		row.Sent, row.Received = row.Sent+c.Sent, row.Received+c.Received
		row.Last = later(row.Last, at)
	}
}

func (r *Report) row(at time.Time, c *proof.Connection) *Row {
	decision, reason := decided(c)
	k := key{c.Caller, c.Agent, c.Name, c.Host, decision, reason, c.Port}
	if c.Caller != "" {
		k.agent = ""
	}
	row := r.rows[k]
	if row == nil {
		row = &Row{Caller: k.caller, Agent: k.agent, Client: k.client, Host: k.host, Port: k.port, Decision: decision, Reason: reason, First: at}
		r.rows[k] = row
	}
	if c.Service != nil {
		row.Vendor, row.Kind = c.Service.Vendor, c.Service.Kind
	}
	for _, l := range c.Looks {
		if !slices.Contains(row.Looks, l) {
			row.Looks = append(row.Looks, l)
		}
	}
	row.Last = later(row.Last, at)
	return row
}

func decided(c *proof.Connection) (decision, reason string) {
	switch {
	case c.Action == proof.ActionDeny:
		return Denied, c.Reason
	case c.Would != "":
		return WouldDeny, c.Would
	case c.Action == proof.ActionIntercept:
		return Intercepted, ""
	}
	return Allowed, ""
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// Rows returns all rows: what is, or would be, denied first; then by plugin and
// host.
func (r *Report) Rows() []Row {
	rows := []Row{}
	for _, row := range r.rows {
		if row.Attempts > 0 {
			rows = append(rows, *row)
		}
	}
	order := []string{WouldDeny, Denied, Allowed, Intercepted}
	slices.SortFunc(rows, func(a, b Row) int {
		return cmp.Or(
			cmp.Compare(slices.Index(order, a.Decision), slices.Index(order, b.Decision)),
			cmp.Compare(a.Caller, b.Caller), cmp.Compare(a.Agent, b.Agent), cmp.Compare(a.Client, b.Client),
			cmp.Compare(a.Host, b.Host), cmp.Compare(a.Port, b.Port), cmp.Compare(a.Reason, b.Reason))
	})
	return rows
}
