package egress

import (
	"context"
	"net"
	"net/http"
	"sync"

	"ringfence/proof"
)

// intended is a connection whose decision is on disk. Only intend makes one,
// and dial takes nothing else.
type intended struct{ *judged }

// intend writes the decision down before a byte leaves. If it cannot be
// written, nothing leaves.
func (p *Proxy) intend(a *attempt, j *judged) (*intended, error) {
	if _, err := p.Audit.Append(a.ctx, proof.TypeConnection, "", a.record); err != nil {
		if a.ctx.Err() != nil {
			return nil, errGone
		}
		a.record.Action = proof.ActionDeny
		r := failed(http.StatusServiceUnavailable, "audit_unavailable", "The audit log cannot be written, and without it nothing leaves. `ringfence doctor` says why.")
		r.cause = err
		return nil, r
	}
	a.intended = true
	return &intended{j}, nil
}

// upstream is the far end of a connection that may carry bytes. Only dial
// makes one.
type upstream struct {
	*intended
	conn net.Conn // nil: the gateway answers
}

// dial connects to an address that was judged, and to none yet when TLS ends
// here.
func (p *Proxy) dial(a *attempt, i *intended) (*upstream, error) {
	if i.action == proof.ActionIntercept || i.action == proof.ActionInspect {
		return &upstream{intended: i}, nil
	}
	return p.reach(a, i)
}

func (p *Proxy) reach(a *attempt, i *intended) (*upstream, error) {
	conn, err := p.Dialer.Dial(a.ctx, i.place)
	if err != nil {
		if a.r != nil && a.r.Context().Err() != nil {
			return nil, errGone
		}
		r := failed(http.StatusBadGateway, "dial_failed", "The host is allowed, but could not be reached.")
		r.cause = err
		return nil, r
	}
	return &upstream{i, conn}, nil
}

func (u *upstream) close() {
	if u.conn != nil {
		u.conn.Close()
	}
}

// permit is a place among the connections of a client.
type permit struct{ release func() }

// tunnels counts the connections each client has.
type tunnels struct {
	mu   sync.Mutex
	open map[string]int
}

// limit takes a place among the client's connections.
func (p *Proxy) limit(a *attempt, j *judged) (permit, error) {
	t, id := &p.tunnels, j.client.ID
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.open == nil {
		t.open = map[string]int{}
	}
	if t.open[id] >= a.policy.Bounds.PerClient {
		a.record.Action = proof.ActionDeny
		r := refused(http.StatusTooManyRequests, "too_many_connections", "This client has as many connections open as it may. Close some, or raise egress.limits.connections in ringfence.yaml.")
		r.retry = true
		return permit{}, r
	}
	t.open[id]++
	return permit{sync.OnceFunc(func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if t.open[id]--; t.open[id] == 0 {
			delete(t.open, id)
		}
	})}, nil
}

// closed writes how a connection ended, once. It is due even when everybody is
// gone.
func (a *attempt) closed(outcome proof.Outcome, reason string) {
	if a.recorded {
		return
	}
	a.recorded = true
	a.finish(outcome, reason, 0)
	if _, err := a.p.Audit.Append(context.Background(), proof.TypeConnectionClosed, "", a.record); err != nil {
		a.p.Logger.Error("the end of a connection could not be recorded", "connection", a.record.Connection, "error", err)
	}
}
