package main

import (
	"encoding/json"
	"strings"
	"testing"

	"ringfence/internal/minimize"
)

func TestMinimizeCutVerb(t *testing.T) {
	const context = `{"order":{"id":7,"status":"processing","customer_id":42,"billing":{"email":"anna@example.org"},"colour":"red"}}`
	code, out, stderr := call(t, "minimize", context, "cut", "--purpose", "service.order_status", "--subject", "cust:42")
	if code != exitFine || out != `{"order":{"id":7,"status":"processing"}}`+"\n" {
		t.Errorf("%d %s", code, out)
	}
	for _, want := range []string{"2 allowed", "0 pseudonymised", "2 denied", "1 unknown", "denied: orders.billing.email", `unknown: "order.colour"`} {
		if !strings.Contains(stderr, want) {
			t.Errorf("no %q in %s", want, stderr)
		}
	}
	code, out, _ = call(t, "minimize", context, "cut", "--purpose", "service.order_status", "--subject", "cust:1", "--json")
	var r minimize.Result
	if err := json.Unmarshal([]byte(out), &r); err != nil || code != exitNotFine || r.Text != "" || len(r.Refusals) != 1 || r.Refusals[0].Reason != minimize.OtherSubject {
		t.Errorf("%d %v %s", code, err, out)
	}
	for name, args := range map[string][]string{"no purpose": {"cut"}, "no verb": {}, "another verb": {"hack"}, "unknown flag": {"cut", "--fast"}} {
		if code, _, stderr := call(t, "minimize", context, args...); code != exitUsage || stderr == "" {
			t.Errorf("%s: %d %q", name, code, stderr)
		}
	}
	if code, _, stderr := call(t, "minimize", `{"order":`, "cut", "--purpose", "account.self"); code != exitUsage || !strings.Contains(stderr, "JSON") {
		t.Errorf("broken context: %d %s", code, stderr)
	}
}

func TestMinimizeExplainVerb(t *testing.T) {
	code, out, _ := call(t, "minimize", "", "explain", "order.billing.first_name", "--purpose", "service.order_status")
	if code != exitFine || !strings.Contains(out, "pseudonymise, own record only") {
		t.Errorf("%d %s", code, out)
	}
	code, out, _ = call(t, "minimize", "", "explain", "--json", "order.billing")
	var ds []minimize.Decision
	if err := json.Unmarshal([]byte(out), &ds); err != nil || code != exitFine || len(ds) != 11*len(minimize.Purposes()) {
		t.Errorf("%d %v, %d decisions", code, err, len(ds))
	}
	if code, _, stderr := call(t, "minimize", "", "explain", "order.colour"); code != exitNotFine || !strings.Contains(stderr, "order.colour") {
		t.Errorf("%d %s", code, stderr)
	}
	if code, _, stderr := call(t, "minimize", "", "explain", "--purpose", "service.gossip"); code != exitNotFine || !strings.Contains(stderr, "service.gossip") {
		t.Errorf("%d %s", code, stderr)
	}
}

func TestMinimizePurposesVerb(t *testing.T) {
	code, out, _ := call(t, "minimize", "", "purposes")
	if code != exitFine || strings.Count(out, "\n") != len(minimize.Purposes()) || !strings.Contains(out, "service.order_status") {
		t.Errorf("%d %s", code, out)
	}
}
