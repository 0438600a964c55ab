package meter

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// Hold is one call's right to run: a token reservation and a permit. Its methods
// are safe from any goroutine and may be called more than once, in any order.
type Hold struct {
	m       *Meter
	charge  *charge
	since   time.Duration // when the permit was granted
	release sync.Once
}

// Reserve takes tokens (the prompt's estimate plus the most the answer may have)
// from integration id and then waits for a permit. While a call is not settled, a
// second Reserve for it takes a permit of its own but no tokens again, so call must
// be an id that the caller of the gateway cannot choose.
//
// Errors: *LimitError; the error of ctx when the caller went away while waiting.
// Whatever the error, nothing stays reserved.
func (m *Meter) Reserve(ctx context.Context, call, id string, l Limits, tokens int) (*Hold, error) {
	c, w, err := m.enter(chargeKey{id, call}, l, tokens)
	if w != nil {
		err = m.await(ctx, w)
	}
	if c == nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if err != nil {
		m.cancel(c)
		return nil, err
	}
	return &Hold{m: m, charge: c, since: m.now()}, nil
}

// enter takes the tokens, and a permit or a place in the queue.
func (m *Meter) enter(key chargeKey, l Limits, tokens int) (*charge, *waiter, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	acct := m.account(key.id, now)
	c := m.charges.open[key]
	if c == nil {
		wait, ok := acct.tokens.take(now, tokens, l.TokensPerMinute)
		if !ok {
			return nil, nil, tooManyTokens(tokens, l.TokensPerMinute, wait)
		}
		c = &charge{key: key, acct: acct, limit: l.TokensPerMinute, made: now}
		c.reserved, c.mark = cost(tokens, l.TokensPerMinute), acct.tokens.taken
		m.charges.add(c)
	}
	c.users++
	w, err := m.join(acct, l)
	return c, w, err
}

// cancel undoes enter; a charge that another hold of the same call uses stays.
func (m *Meter) cancel(c *charge) {
	if c.users--; c.users == 0 && c.place != nil {
		c.acct.tokens.giveBack(m.now(), c.reserved, c.mark)
		m.charges.close(c)
	}
}

func tooManyTokens(tokens, limit int, wait time.Duration) error {
	detail := fmt.Sprintf("This integration may use %d tokens per minute; try again in %v.", limit, seconds(wait))
	if wait == 0 {
		detail = fmt.Sprintf("This call may need %d tokens, but its integration may use %d per minute: "+
			"lower max_tokens, shorten the prompt, or raise the limit.", tokens, limit)
	}
	return &LimitError{ReasonTokens, wait, detail}
}

// Settle replaces the reservation by the true use: the rest is given back as far as
// it has not drained, an excess becomes a debt that later calls wait for. Only the
// first call counts. After the TTL nothing is given back, but a debt is still taken.
func (h *Hold) Settle(tokens int) {
	h.m.mu.Lock()
	defer h.m.mu.Unlock()
	c, now := h.charge, h.m.now()
	if c.settled {
		return
	}
	c.settled = true
	h.m.charges.expire(now - h.m.o.TTL)
	excess := cost(tokens, c.limit) - c.reserved
	if excess < 0 && c.place != nil {
		c.acct.tokens.giveBack(now, -excess, c.mark)
	}
	c.acct.tokens.add(now, excess)
	h.m.charges.close(c)
}

// Release gives the permit back; only the first call counts. A call that is
// released but never settled keeps its reservation spent.
func (h *Hold) Release() {
	h.release.Do(func() {
		h.m.mu.Lock()
		defer h.m.mu.Unlock()
		h.m.leave(h.charge.acct, h.m.now()-h.since)
	})
}
