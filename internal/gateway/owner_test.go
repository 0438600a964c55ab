package gateway_test

import (
	"fmt"
	"strings"
	"testing"

	"ringfence/internal/integration"
	"ringfence/internal/mask"
	"ringfence/internal/testkit"
)

// Law 8: a customer's data that the store knows comes back to that customer and
// to staff, not to another customer.
func TestOneCustomersDataIsNotForAnother(t *testing.T) {
	for _, c := range []struct {
		surface, subject string
		sees             bool
	}{{"service", "cust:1", true}, {"service", "cust:2", false}, {"service", "", true}, {"admin", "cust:2", true}} {
		h, x := newStore(t, true)
		h = h.as(t, integration.Integration{Surface: c.surface}, mask.New(mask.Options{Store: x, NoModel: true}))
		if err := x.Kinds()["customer"].Put([]byte(`{"subject":"cust:1","name":"Anna Muster"}`), ""); err != nil {
			t.Fatal(err)
		}
		h.engine.Play(testkit.Script{Body: fmt.Sprintf(plainAnswer, "It is [PERSON_1].")})
		got := h.post(t, hello("c", c.subject, "Whose is the parcel of Anna Muster?")).Body.String()
		if strings.Contains(got, "It is Anna Muster.") != c.sees || strings.Contains(got, "It is (name).") == c.sees {
			t.Errorf("%+v: %s", c, got)
		}
	}
}

// What a tool of somebody else is to get holds no customer's data.
func TestToolsOfOthersGetNoData(t *testing.T) {
	const call = `{"choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"t","type":"function","function":` +
		`{"name":"%s","arguments":"{\"mail\":\"[EMAIL_1]\"}"}}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}`
	h := newHarness(t, setup{Integration: integration.Integration{External: []string{"weather"}}})
	body := hello("", "", "I am anna@example.org")
	tool := func(name string) map[string]any {
		return map[string]any{"type": "function", "function": map[string]any{"name": name, "parameters": map[string]any{"type": "object"}}}
	}
	body["tools"] = []any{tool("weather"), tool("find_order")}
	for name, sees := range map[string]bool{"weather": false, "find_order": true} {
		h.engine.Play(testkit.Script{Body: fmt.Sprintf(call, name)})
		if got := h.post(t, body).Body.String(); strings.Contains(got, "anna@example.org") != sees {
			t.Errorf("%s gets %s", name, got)
		}
	}
}

// as returns a gateway with another integration and masker.
func (h *harness) as(t *testing.T, i integration.Integration, m *mask.Masker) *harness {
	t.Helper()
	other := newHarness(t, setup{Integration: i})
	p := policy(t, setup{})
	p.Masker = m
	other.gateway.Use(p)
	return other
}
