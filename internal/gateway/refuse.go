package gateway

import (
	"context"
	"errors"
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"

	"ringfence/internal/gateway/dialect"
	"ringfence/internal/meter"
	"ringfence/proof"
)

// refuse ends a call without an answer: the error becomes the dialect's, the
// reason an entry. Errors that are no refusal never reach the caller.
func (t *trip) refuse(err error) {
	refusal := t.refusalOf(err)
	t.recordEnd(endOf(t, refusal))
	if t.begun {
		return // the stream has carried the refusal; nothing can follow it
	}
	h := t.w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Ringfence-Reason", refusal.Code)
	if refusal.RetryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(int(math.Ceil(refusal.RetryAfter.Seconds()))))
	}
	t.begun = true
	t.w.WriteHeader(refusal.Status)
	t.w.Write(t.dialect.Refuse(refusal))
}

func endOf(t *trip, r *dialect.Refusal) (proof.Outcome, string, int) {
	switch {
	case r.Code == codeGone:
		return proof.Cancelled, r.Code, r.Status
	case r.Failed:
		return proof.Failed, r.Code, r.Status
	}
	return proof.Refused, r.Code, r.Status
}

// codeGone is the reason of a call whose caller went away, statusGone what the
// log writes as its status; nobody else reads them.
const (
	codeGone   = "client_gone"
	statusGone = 499
)

// left reports whether the caller went away.
func (t *trip) left() bool { return t.r.Context().Err() != nil }

func (t *trip) refusalOf(err error) *dialect.Refusal {
	var refusal *dialect.Refusal
	var limit *meter.LimitError
	switch {
	case errors.As(err, &refusal) && !(refusal.Failed && t.left()):
		return refusal
	case errors.As(err, &limit):
		return limited(limit)
	case t.left(): // what fails after that, fails because of it
		return callerGone()
	case errors.Is(err, context.DeadlineExceeded):
		return failed(http.StatusGatewayTimeout, "call_timeout", "The call took longer than this gateway allows. Ask for a shorter answer, or raise limits.timeouts.call in ringfence.yaml.")
	}
	t.g.Logger.Error("a stage failed", "call", t.record.Call, "error", err)
	return failed(http.StatusInternalServerError, "internal_error", "The gateway failed at this call and gives no answer. Its log names call "+t.record.Call+".")
}

func refused(status int, code, sentence string) *dialect.Refusal {
	return &dialect.Refusal{Status: status, Code: code, Sentence: sentence}
}

func callerGone() *dialect.Refusal { return refused(statusGone, codeGone, "The caller went away.") }

func failed(status int, code, sentence string) *dialect.Refusal {
	return &dialect.Refusal{Status: status, Code: code, Sentence: sentence, Failed: true}
}

func limited(l *meter.LimitError) *dialect.Refusal {
	r := refused(http.StatusTooManyRequests, l.Reason, l.Error())
	if l.Reason == meter.ReasonQueueFull || l.Reason == meter.ReasonQueueWait {
		r.Status = http.StatusServiceUnavailable
	}
	r.RetryAfter = l.RetryAfter
	return r
}

// recordEnd writes how the call ended, once. Where no intent stands in the log
// nothing was sent anywhere, and the entry is a refusal.
func (t *trip) recordEnd(outcome proof.Outcome, reason string, status int) error {
	if t.recorded {
		return nil
	}
	t.recorded = true
	typ := proof.TypeResult
	if !t.intended {
		typ = proof.TypeRefused
	}
	if t.caller.ID == "" && !t.g.denied.allow(&t.record) {
		return nil
	}
	t.record.Outcome, t.record.Reason, t.record.Status = outcome, reason, status
	t.record.Millis = time.Since(t.began).Milliseconds()
	// The entry is due even when the caller is gone.
	receipt, err := t.g.Audit.Append(context.WithoutCancel(t.ctx), typ, t.subject, t.record)
	t.trace.ended(receipt, t.record)
	if err != nil {
		t.g.Logger.Error("the end of a call could not be recorded", "call", t.record.Call, "error", err)
	}
	return err
}

// suppressor keeps callers without a key from filling the disk with entries:
// one a second is written, and says how many came before it.
type suppressor struct {
	mu     sync.Mutex
	last   time.Time
	missed int
}

func (s *suppressor) allow(record *proof.Call) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now := time.Now(); now.Sub(s.last) >= time.Second {
		record.Suppressed, s.missed, s.last = s.missed, 0, now
		return true
	}
	s.missed++
	return false
}
