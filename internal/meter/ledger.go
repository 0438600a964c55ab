package meter

import (
	"container/list"
	"time"
)

// charge is the token reservation of one call. Two holds of the same call share it.
type charge struct {
	key      chargeKey
	acct     *account
	limit    int           // tokens per minute at the time of reserving
	reserved time.Duration // drain time taken
	mark     time.Duration // acct.tokens.taken just after
	made     time.Duration // when
	users    int           // holds given out, and waiting for a permit
	settled  bool
	place    *list.Element // in ledger.order; nil once closed
}

type chargeKey struct{ id, call string }

// ledger finds open charges by call and, as all live equally long, by age.
type ledger struct {
	open  map[chargeKey]*charge
	order *list.List // of *charge, oldest first
}

func newLedger() ledger { return ledger{map[chargeKey]*charge{}, list.New()} }

func (g *ledger) add(c *charge) {
	g.open[c.key] = c
	c.place = g.order.PushBack(c)
	c.acct.charges++
}

// close forgets c; what it took from its account stays taken.
func (g *ledger) close(c *charge) {
	if c.place == nil {
		return
	}
	delete(g.open, c.key)
	g.order.Remove(c.place)
	c.place = nil
	c.acct.charges--
}

// expire closes every charge made before: it counts as spent.
func (g *ledger) expire(before time.Duration) {
	for e := g.order.Front(); e != nil; e = g.order.Front() {
		c := e.Value.(*charge)
		if c.made >= before {
			return
		}
		g.close(c)
	}
}
