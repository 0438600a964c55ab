package report_test

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"ringfence/internal/egress/report"
	"ringfence/proof"
)

var began = time.Date(2026, 11, 28, 10, 0, 0, 0, time.UTC)

func entry(typ string, minute int, c proof.Connection) proof.Entry {
	data, _ := json.Marshal(c)
	return proof.Entry{Type: typ, Time: began.Add(time.Duration(minute) * time.Minute), Data: data}
}

func TestRows(t *testing.T) {
	openai := &proof.Service{Vendor: "OpenAI", Kind: "llm"}
	var r report.Report
	for _, e := range []proof.Entry{
		entry(proof.TypeConnection, 0, proof.Connection{Connection: "1", Name: "shop", Caller: "chatbot", Agent: "WordPress/7.1", Host: "api.openai.com", Port: 443, Action: "splice", Would: "service_not_allowed", Service: openai}),
		entry(proof.TypeConnectionClosed, 1, proof.Connection{Connection: "1", Outcome: proof.Answered, Sent: 100, Received: 7}),
		entry(proof.TypeConnection, 5, proof.Connection{Connection: "2", Name: "shop", Caller: "chatbot", Agent: "curl/8", Host: "api.openai.com", Port: 443, Action: "splice", Would: "service_not_allowed", Service: openai}),
		entry(proof.TypeConnectionRefused, 6, proof.Connection{Connection: "3", Agent: "curl/8", Host: "evil.example", Port: 443, Action: "deny", Reason: "no_identity", Outcome: proof.Refused}),
		entry(proof.TypeConnectionRefused, 7, proof.Connection{Connection: "4", Agent: "curl/8", Host: "evil.example", Port: 443, Action: "deny", Reason: "no_identity", Outcome: proof.Refused, Suppressed: 40, Looks: []string{"model_call"}}),
		entry(proof.TypeConnection, 8, proof.Connection{Connection: "5", Name: "shop", Agent: "curl/8", Host: "pay.example", Port: 443, Action: "splice"}),
		entry(proof.TypeConnectionClosed, 9, proof.Connection{Connection: "5", Name: "shop", Agent: "curl/8", Host: "pay.example", Port: 443, Action: "splice", Reason: "sni_mismatch", Outcome: proof.Refused}),
		entry(proof.TypeConnection, 10, proof.Connection{Connection: "6", Name: "shop", Host: "api.openai.com", Port: 443, Action: "intercept", Service: openai}),
		entry(proof.TypeIntent, 11, proof.Connection{}),
	} {
		r.Add(e)
	}
	got := r.Rows()
	want := []report.Row{
		{Caller: "chatbot", Client: "shop", Host: "api.openai.com", Port: 443, Vendor: "OpenAI", Kind: "llm", Decision: report.WouldDeny, Reason: "service_not_allowed", Attempts: 2, Sent: 100, Received: 7, First: began, Last: began.Add(5 * time.Minute)},
		{Agent: "curl/8", Host: "evil.example", Port: 443, Decision: report.Denied, Reason: "no_identity", Looks: []string{"model_call"}, Attempts: 42, First: began.Add(6 * time.Minute), Last: began.Add(7 * time.Minute)},
		{Agent: "curl/8", Client: "shop", Host: "pay.example", Port: 443, Decision: report.Denied, Reason: "sni_mismatch", Attempts: 1, First: began.Add(9 * time.Minute), Last: began.Add(9 * time.Minute)},
		{Client: "shop", Host: "api.openai.com", Port: 443, Vendor: "OpenAI", Kind: "llm", Decision: report.Intercepted, Attempts: 1, First: began.Add(10 * time.Minute), Last: began.Add(10 * time.Minute)},
	}
	if len(got) != len(want) {
		t.Fatalf("%d rows: %+v", len(got), got)
	}
	for i := range want {
		if !reflect.DeepEqual(got[i], want[i]) {
			t.Errorf("row %d\n got %+v\nwant %+v", i, got[i], want[i])
		}
	}
}
