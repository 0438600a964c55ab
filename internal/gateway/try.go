package gateway

import (
	"bytes"
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"strings"

	"ringfence/internal/audit"
	"ringfence/internal/engine"
	"ringfence/internal/gateway/dialect/openai"
	"ringfence/internal/guard"
	"ringfence/internal/integration"
	"ringfence/internal/minimize"
	"ringfence/proof"
)

// Trace is the inside of one call, for the store's owner: `ringfence try` asks
// for it. No other call is ever traced. Its methods do nothing on nil, so the
// stages tell their story without asking who listens.
type Trace struct {
	ModelSaw  []SeenMessage  `json:"model_saw"`
	ModelSaid string         `json:"model_said"`
	Verdicts  []TraceVerdict `json:"verdicts"`
	Denied    []string       `json:"denied"` // store fields the purpose may not use
	Intent    int64          `json:"intent"` // index of the intent entry, -1 for none
	Entry     int64          `json:"entry"`  // index of the entry that ends the call, -1 for none
	Record    proof.Call     `json:"record"` // its data
	Status    int            `json:"status"`
	Answer    string         `json:"answer"` // the response body
}

// TraceVerdict is a verdict with the text it is about.
type TraceVerdict struct {
	proof.Verdict
	Evidence string `json:"evidence,omitempty"`
}

func (t *Trace) minimized(cut minimize.Result) {
	if t != nil {
		t.Denied = cut.Denied
	}
}

func (t *Trace) saw(p *prompt) {
	if t != nil {
		t.ModelSaw = seenMessages(p.Messages)
	}
}

func (t *Trace) judged(side string, v guard.Verdict) {
	if t != nil {
		t.Verdicts = append(t.Verdicts, TraceVerdict{
			proof.Verdict{Side: side, Action: v.Action.String(), Reason: v.Reason, Rule: v.Rule, Where: v.Where}, v.Evidence})
	}
}

func (t *Trace) intended(r audit.Receipt) {
	if t != nil {
		t.Intent = r.Index
	}
}

func (t *Trace) said(e engine.Event) {
	if t == nil {
		return
	}
	t.ModelSaid += e.Text
	if e.Tool != nil {
		t.ModelSaid += e.Tool.Name + e.Tool.Arguments
	}
}

func (t *Trace) ended(r audit.Receipt, record proof.Call) {
	if t != nil {
		t.Entry, t.Record = r.Index, record
	}
}

// try sends one chat completion down the road and returns its trace. Only a
// process that can read the data directory knows the owner's token.
func (g *Gateway) try(w http.ResponseWriter, r *http.Request) {
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	if g.Owner == "" || subtle.ConstantTimeCompare([]byte(token), []byte(g.Owner)) != 1 {
		g.plainRefusal(w, refused(http.StatusUnauthorized, "not_the_owner", "Only `ringfence try`, run by a user who can read the gateway's data directory, may ask this."))
		return
	}
	inner := &recorder{header: http.Header{}}
	t := g.newTrip(inner, r, openai.Chat{})
	t.trace = &Trace{Verdicts: []TraceVerdict{}, Denied: []string{}, Intent: -1, Entry: -1}
	t.identify(integration.Integration{ID: "owner", Name: "ringfence try", Surface: r.URL.Query().Get("surface")})
	g.travel(t, (*Gateway).road)
	t.trace.Status, t.trace.Answer = inner.status, inner.body.String()
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(t.trace)
}

// recorder keeps a response instead of sending it.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header    { return r.header }
func (r *recorder) WriteHeader(status int) { r.status = status }
func (r *recorder) Flush()                 {}

func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	return r.body.Write(b)
}
