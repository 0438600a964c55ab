package egress

import (
	"context"
	"errors"
	"net/http"
	"time"

	"ringfence/proof"
)

// A refusal ends an attempt: a stable reason code, and a sentence that a
// shop's developer can act on.
type refusal struct {
	status   int
	code     string
	sentence string
	failed   bool // a part broke, or the destination: no rule said no
	retry    bool
	cause    error // for the log only
}

func (r *refusal) Error() string { return r.code + ": " + r.sentence }

func (r *refusal) Unwrap() error { return r.cause }

func refused(status int, code, sentence string) *refusal {
	return &refusal{status: status, code: code, sentence: sentence}
}

func failed(status int, code, sentence string) *refusal {
	return &refusal{status: status, code: code, sentence: sentence, failed: true}
}

// errGone ends an attempt whose client went away.
var errGone = &refusal{status: 499, code: "client_gone", sentence: "The client went away."}

// refuse ends an attempt: an answer if there is still somebody who reads one,
// and an entry. Errors that are no refusal never reach the client.
func (a *attempt) refuse(err error) {
	var r *refusal
	if !errors.As(err, &r) {
		a.p.Logger.Error("a stage failed", "connection", a.record.Connection, "error", err)
		r = failed(http.StatusInternalServerError, "internal_error", "The proxy failed at this connection. Its log names connection "+a.record.Connection+".")
	} else if r.failed {
		a.p.Logger.Info("a connection failed", "connection", a.record.Connection, "reason", r.code, "error", r.cause)
	}
	a.recordEnd(r)
	if a.begun {
		return
	}
	a.begun = true
	h := http.Header{}
	h.Set("Ringfence-Reason", r.code)
	if r.status == http.StatusProxyAuthRequired {
		h.Set("Proxy-Authenticate", `Basic realm="ringfence", charset="UTF-8"`)
	}
	if r.retry {
		h.Set("Retry-After", "5")
	}
	a.answer(r.status, h, "Ringfence: "+r.code+"\n"+r.sentence+"\n")
}

// recordEnd writes the entry that ends an attempt. Where none says that bytes
// may leave, it is a refusal, and one of many alike stands for all.
func (a *attempt) recordEnd(r *refusal) {
	if a.recorded {
		return
	}
	outcome := proof.Refused
	switch {
	case r == errGone:
		outcome = proof.Cancelled
	case r.failed:
		outcome = proof.Failed
	}
	if a.intended {
		a.closed(outcome, r.code)
		return
	}
	a.recorded = true
	a.record.Action = proof.ActionDeny
	a.finish(outcome, r.code, r.status)
	if a.p.denied.allow(a.record, a.p.tellRepeated) {
		a.p.tellRefused(a.record)
	}
}

func (p *Proxy) tellRefused(c proof.Connection) {
	if _, err := p.Audit.Append(context.Background(), proof.TypeConnectionRefused, "", c); err != nil {
		p.Logger.Error("a refusal could not be recorded", "connection", c.Connection, "error", err)
	}
}

// tellRepeated writes the refusals that waited to be counted.
func (p *Proxy) tellRepeated() {
	for _, c := range p.denied.due() {
		p.tellRefused(c)
	}
}

func (a *attempt) finish(outcome proof.Outcome, reason string, status int) {
	a.record.Outcome, a.record.Reason, a.record.Status = outcome, reason, status
	a.record.Sent, a.record.Received, a.record.Calls = a.sent.Load(), a.received.Load(), int(a.calls.Load())
	a.record.Millis = time.Since(a.began).Milliseconds()
}
