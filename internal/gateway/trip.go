package gateway

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"ringfence/internal/gateway/dialect"
	"ringfence/internal/integration"
	"ringfence/proof"
)

// trip is one call under way: its connection, its caller, and the record that
// is filled along the way and ends as the audit entry.
type trip struct {
	g       *Gateway
	w       http.ResponseWriter
	r       *http.Request
	ctx     context.Context // the caller's, with the call's deadline
	stop    context.CancelFunc
	dialect dialect.Dialect
	policy  *Policy
	began   time.Time

	caller  integration.Integration // set by admit
	asked   *dialect.Call           // what was asked, as decoded
	subject string                  // pseudonym of whom the call is for
	record  proof.Call
	trace   *Trace // what `ringfence try` shows; nil for every other call

	intended bool // an intent entry stands in the log
	recorded bool // how the call ended stands in the log
	begun    bool // a part of the answer is on its way
}

func (g *Gateway) newTrip(w http.ResponseWriter, r *http.Request, d dialect.Dialect) *trip {
	policy := g.policy.Load()
	ctx, stop := context.WithTimeout(r.Context(), policy.Bounds.Call)
	t := &trip{g: g, w: w, r: r, ctx: ctx, stop: stop, dialect: d, policy: policy, began: time.Now()}
	t.record.Call = newID()
	t.record.Dialect = d.Name()
	w.Header().Set("Ringfence-Call", t.record.Call)
	return t
}

// newID returns an identifier that cannot be guessed or met twice.
func newID() string { return strings.ToLower(rand.Text()) }

// end runs last, whatever happened. A stage that panics must not take the other
// calls with it, nor leave this one without an entry.
func (t *trip) end() {
	if p := recover(); p != nil {
		t.g.Logger.Error("a stage panicked", "call", t.record.Call, "panic", p, "stack", string(debug.Stack()))
		t.refuse(errors.New("panic"))
	}
	t.stop()
}

// watching reports whether verdicts of the guards are only recorded.
func (t *trip) watching() bool {
	return cmp.Or(t.caller.Mode, t.policy.Modes[t.caller.Surface], t.policy.Mode) == integration.ModeWatch
}

// pseudonym hides an identifier of a person behind the store's secret; the
// kind keeps equal ids of different things apart.
func (g *Gateway) pseudonym(kind, id string) string {
	if id == "" {
		return ""
	}
	return g.keyed(kind, id)[:24]
}

// keyed is HMAC-SHA256 over parts whose boundaries cannot be shifted, in hex.
func (g *Gateway) keyed(parts ...string) string {
	mac := hmac.New(sha256.New, g.Secret)
	for _, p := range parts {
		mac.Write([]byte(strconv.Itoa(len(p)) + ":" + p))
	}
	return hex.EncodeToString(mac.Sum(nil))
}

// commit is a commitment to a text, keyed per call: equal texts of two calls
// give different commitments.
func (t *trip) commit(kind, text string) string {
	return t.g.keyed("commit", t.record.Call, kind, text)
}

var fieldName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*(\[\d+\]|[.-][A-Za-z0-9_]+)*$`)

// dropped notes the fields that were not passed on. A name is the caller's own
// text, so an odd or long one is not repeated, and not all of very many.
func (t *trip) dropped(paths []string) {
	const most, longest = 20, 80
	for i, p := range paths {
		if len(t.record.Dropped) >= most {
			t.record.Dropped = append(t.record.Dropped, "and_"+strconv.Itoa(len(paths)-i)+"_more")
			break
		}
		if len(p) > longest || !fieldName.MatchString(p) {
			p = "(odd name)"
		}
		t.record.Dropped = append(t.record.Dropped, p)
	}
	if len(t.record.Dropped) > 0 {
		t.w.Header().Set("Ringfence-Dropped", strings.Join(t.record.Dropped, ", "))
	}
}
