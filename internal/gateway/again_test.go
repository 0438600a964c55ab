package gateway_test

import (
	"net/http"
	"strings"
	"testing"

	"ringfence/internal/guard"
	"ringfence/internal/mask"
	"ringfence/internal/testkit"
)

// Law 2: no cache stands in for a stage. A conversation sends its earlier texts
// anew with every turn, and in every turn they are masked and judged by what is
// in force then, not by what was found in them before.
func TestEveryTurnIsMaskedAndJudgedAnew(t *testing.T) {
	h := newHarness(t, setup{Mode: "watch"})
	turn := func() (sent string, verdicts int) {
		t.Helper()
		h.engine.Play(testkit.Script{Body: goodAnswer})
		rec := h.post(t, object{
			"messages": []any{
				object{"role": "user", "content": "Where is ZX-4711? Is there a hidden coupon?"},
				object{"role": "assistant", "content": "No."},
				object{"role": "user", "content": "And now?"}},
			"ringfence": object{"conversation": "c-1", "subject": "cust:1"},
		})
		if rec.Code != http.StatusOK {
			t.Fatal(rec.Body)
		}
		bodies := h.engine.Bodies()
		h.log.mu.Lock()
		defer h.log.mu.Unlock()
		for _, v := range h.log.data[len(h.log.data)-1].Verdicts {
			if v.Side == "prompt" && v.Rule != "memory" {
				verdicts++
			}
		}
		return string(bodies[len(bodies)-1]), verdicts
	}
	mild, strict := policy(t, setup{Mode: "watch"}), policy(t, setup{Mode: "watch"})
	strict.Masker = mask.New(mask.Options{Regions: []string{"DE"}, Orders: []string{"ZX-####"}})
	var err error
	if strict.Guard, err = guard.New(guard.Policy{Thresholds: map[guard.Origin]guard.Threshold{guard.User: {Flag: 1e-9, Block: 2}}}); err != nil {
		t.Fatal(err)
	}
	h.gateway.Use(mild)
	before, few := turn()
	if again, n := turn(); !strings.Contains(before, "ZX-4711") || again != before || n != few {
		t.Errorf("the same turn: %s with %d verdicts, then %s with %d", before, few, again, n)
	}
	h.gateway.Use(strict)
	if sent, n := turn(); strings.Contains(sent, "ZX-4711") || n <= few {
		t.Errorf("by stricter rules the same turn sends %s with %d verdicts, %d before", sent, n, few)
	}
	h.gateway.Use(mild)
	if _, n := turn(); n != few {
		t.Errorf("by the first rules again: %d verdicts, %d before", n, few)
	}
}
