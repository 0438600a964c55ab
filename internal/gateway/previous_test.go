package gateway_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"ringfence/internal/testkit"
)

// call sends a body to a path and returns the answer.
func (h *harness) call(t *testing.T, path string, body any, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	b, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	if text, ok := body.(string); ok {
		b = []byte(text)
	}
	req := httptest.NewRequest(http.MethodPost, path, strings.NewReader(string(b)))
	req.Header.Set("Authorization", "Bearer "+h.key)
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	rec := httptest.NewRecorder()
	h.gateway.Handler().ServeHTTP(rec, req)
	return rec
}

func idOf(t *testing.T, rec *httptest.ResponseRecorder) string {
	t.Helper()
	var r struct{ ID string }
	if err := json.Unmarshal(rec.Body.Bytes(), &r); err != nil || rec.Code != http.StatusOK {
		t.Fatalf("%d %s", rec.Code, rec.Body)
	}
	return r.ID
}

// A response goes on from an earlier one: its words come along and are masked
// anew, its instructions do not, and nobody else can go on from it.
func TestPreviousResponse(t *testing.T) {
	h := newHarness(t, setup{})
	h.engine.Play(testkit.Script{Body: fmt.Sprintf(plainAnswer, "Hi [EMAIL_1]")})
	first := idOf(t, h.call(t, "/v1/responses", object{"instructions": "Be terse.", "input": "I am anna@example.org", "ringfence": object{"conversation": "c1", "subject": "s1"}}))
	second := h.call(t, "/v1/responses", object{"instructions": "Be kind.", "input": "Who am I?", "previous_response_id": first, "ringfence": object{"conversation": "c1", "subject": "s1"}})
	if !strings.Contains(second.Body.String(), "Hi anna@example.org") || !strings.Contains(second.Body.String(), `"previous_response_id":"`+first+`"`) {
		t.Errorf("got %s", second.Body)
	}
	sent := string(h.engine.Bodies()[1])
	if strings.Contains(sent, "terse") || strings.Contains(sent, "anna@") || !strings.Contains(sent, "kind") || strings.Count(sent, "[EMAIL_1]") != 2 {
		t.Errorf("the engine was sent %s", sent)
	}
	for name, body := range map[string]object{
		"another conversation": {"input": "x", "previous_response_id": first, "ringfence": object{"conversation": "c2", "subject": "s1"}},
		"another subject":      {"input": "x", "previous_response_id": first, "ringfence": object{"conversation": "c1", "subject": "s2"}},
		"no conversation":      {"input": "x", "previous_response_id": first},
		"an id of a vendor":    {"input": "x", "previous_response_id": "abc"},
	} {
		if rec := h.call(t, "/v1/responses", body); rec.Header().Get("Ringfence-Reason") != "previous_response_not_found" {
			t.Errorf("%s: %d %s", name, rec.Code, rec.Body)
		}
	}
	unkept := idOf(t, h.call(t, "/v1/responses", object{"input": "x", "store": false}))
	if rec := h.call(t, "/v1/responses", object{"input": "x", "previous_response_id": unkept}); rec.Code != http.StatusBadRequest {
		t.Errorf("an answer that was not to be kept was: %s", rec.Body)
	}
	if n := len(h.engine.Bodies()); n != 3 {
		t.Errorf("the engine was asked %d times", n)
	}
}

// A streamed response with a call of a tool can be gone on from with its result.
func TestPreviousResponseWithTool(t *testing.T) {
	h := newHarness(t, setup{})
	h.engine.Play(testkit.Script{SSE: true, Body: `data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"t1","type":"function","function":{"name":"find","arguments":"{\"q\":\"[EMAIL_1]\"}"}}]}}]}` + "\n\n" +
		`data: {"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}` + "\n\ndata: [DONE]\n\n"})
	tools := []object{{"type": "function", "name": "find", "parameters": object{"type": "object"}}}
	rec := h.call(t, "/v1/responses", object{"stream": true, "input": "Find bert@example.net", "tools": tools})
	var id string
	for line := range strings.Lines(rec.Body.String()) {
		var e struct{ Response struct{ ID string } }
		if data, ok := strings.CutPrefix(line, "data: "); ok && json.Unmarshal([]byte(data), &e) == nil && e.Response.ID != "" {
			id = e.Response.ID
		}
	}
	h.engine.Play(testkit.Script{Body: fmt.Sprintf(plainAnswer, "Found.")})
	h.call(t, "/v1/responses", object{"previous_response_id": id, "tools": tools, "input": []object{{"type": "function_call_output", "call_id": "t1", "output": "1 order"}}})
	sent := string(h.engine.Bodies()[1])
	for _, want := range []string{`"arguments":"{\"q\":\"[EMAIL_1]\"}"`, `"tool_call_id":"call_1"`, `"id":"call_1"`, "1 order"} {
		if !strings.Contains(sent, want) {
			t.Errorf("%s is missing in %s", want, sent)
		}
	}
}
