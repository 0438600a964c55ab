// Package gateway is THE ROAD: the whole trip of a call from a plugin to a
// model and back. [Gateway.road] is the trip on one screen; each stage is a
// file of its own name. Start with [New], serve [Gateway.Handler].
//
// Promise: no byte reaches an engine before personal data is masked, the
// guards have judged it and the intent is durable in the audit log; no byte
// reaches the caller that the answer guard has not released. Each stage needs
// the value the stage before it made, so the order cannot be mixed up.
//
// Danger: whoever holds a key can spend the engine's time within its limits.
package gateway

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"ringfence/internal/audit"
	"ringfence/internal/engine"
	"ringfence/internal/gateway/dialect"
	"ringfence/internal/guard"
	"ringfence/internal/integration"
	"ringfence/internal/mask"
	"ringfence/internal/meter"
	"ringfence/proof"
)

// Options are the parts a Gateway works with. All are required but Logger and
// what is for embeddings.
type Options struct {
	Keys   *integration.Registry
	Meter  *meter.Meter
	Vaults *mask.Vaults
	Memory *guard.Memory // of suspicious texts; nil for one with defaults
	Engine engine.Engine
	Place  proof.Engine // what the engine is, and where, for entries

	Embedder   engine.Embedder // nil: calls for vectors are refused
	EmbedPlace proof.Engine

	Audit  Journal
	Secret []byte       // keys the pseudonyms and commitments in entries
	Owner  string       // lets `ringfence try` see the inside of its own calls; "" for nobody
	Sync   Sync         // what the store may tell of itself
	Known  *guard.Known // what the store keeps to itself; nil for nothing
	Policy Policy
	Logger *slog.Logger // operational lines without content; nil for none
}

// Journal is where entries go. *audit.Log is one.
type Journal interface {
	Append(ctx context.Context, typ, subject string, data any) (audit.Receipt, error)
	Err() error
}

// Policy is what an operator may change while the gateway runs.
type Policy struct {
	Masker  *mask.Masker
	Actions map[string]map[mask.Type]mask.Action // what masking does with each type, by surface
	// Sensitive is what becomes of words about Article 9 GDPR; "" flags them.
	Sensitive mask.Sensitive
	Guard     *guard.Guard
	Canary    bool              // plant a mark into system texts
	Mode      string            // integration.ModeEnforce or ModeWatch, for integrations that do not say
	Modes     map[string]string // the same by surface, before Mode
	Strangers string            // what becomes of personal data nobody told the model: StrangersMask, StrangersFlag or ""
	Aliases   map[string]string // model names callers may use; the key may end in *
	Limits    integration.Limits
	Bounds    Bounds
}

// Bounds keep one call small.
type Bounds struct {
	BodyBytes    int64          // of a request
	Decode       dialect.Limits // of its JSON
	AnswerTokens int            // per choice, when the caller does not say
	Body         time.Duration  // to receive a request
	Call         time.Duration  // for the whole trip
	Write        time.Duration  // for the caller to take one piece of an answer
}

// Gateway serves calls. Safe for concurrent use.
type Gateway struct {
	Options
	policy    atomic.Pointer[Policy]
	models    modelCache
	embedders modelCache
	history   history
	denied    suppressor
	syncs     atomic.Int32        // under way
	inner     func() http.Handler // the routes, for other doors
}

// New returns a gateway.
func New(o Options) *Gateway {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Memory == nil {
		o.Memory = guard.NewMemory(guard.MemoryOptions{})
	}
	g := &Gateway{Options: o}
	g.inner = sync.OnceValue(g.Handler)
	g.Use(o.Policy)
	return g
}

// Use replaces the policy. Calls under way keep the one they began with.
func (g *Gateway) Use(p Policy) { g.policy.Store(&p) }

// travel takes a trip down a road and ends it, whatever happens.
func (g *Gateway) travel(t *trip, road func(*Gateway, *trip) error) {
	defer t.end()
	if err := road(g, t); err != nil {
		t.refuse(err)
	}
}

// road is the trip of one call.
func (g *Gateway) road(t *trip) error {
	call, err := g.admit(t) // who calls, how much, well formed
	if err != nil {
		return err
	}
	context, err := g.minimize(t, call) // store data cut to what the purpose may use
	if err != nil {
		return err
	}
	prompt, err := g.mask(t, call, context) // from here on no personal data
	if err != nil {
		return err
	}
	if err := g.judge(t, prompt); err != nil { // may these texts go to a model
		return err
	}
	intent, err := g.intend(t, prompt) // durable before anything is sent
	if err != nil {
		return err
	}
	hold, err := g.reserve(t, intent, prompt) // tokens and a permit, kept to the last byte
	if err != nil {
		return err
	}
	defer hold.Release()
	answer := g.receive(t, prompt)                                // answer guard and restore: one moving window
	usage, err := g.forward(t, hold, prompt, answer)              // the only line that talks to an engine
	if err := g.settle(t, hold, answer, usage, err); err != nil { // true use and how it ended, durable
		return err
	}
	return answer.close(usage) // last: the customer's own words are all out
}
