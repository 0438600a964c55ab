package gateway_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"ringfence/internal/gateway"
	"ringfence/internal/integration"
	"ringfence/internal/mask"
	"ringfence/internal/people"
)

// newStore is a gateway whose store may tell of its people.
func newStore(t *testing.T, mayTell bool) (*harness, *people.Index) {
	t.Helper()
	x, err := people.Open(people.Options{Dir: t.TempDir(), Secret: bytes.Repeat([]byte{7}, 32)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	h := newHarness(t, setup{Integration: integration.Integration{Sync: mayTell}})
	h.gateway.Sync = gateway.Sync{Kinds: map[string]gateway.SyncKind{}, Forget: x.Forget}
	for name, kind := range x.Kinds() {
		h.gateway.Sync.Kinds[name] = kind
	}
	p := policy(t, setup{})
	p.Masker = mask.New(mask.Options{Store: x, NoModel: true})
	h.gateway.Use(p)
	return h, x
}

// tell posts lines and returns the status and the answer.
func (h *harness) tell(t *testing.T, query, lines string) (int, map[string]any) {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/ringfence/sync"+query, strings.NewReader(lines))
	r.Header.Set("Authorization", "Bearer "+h.key)
	w := httptest.NewRecorder()
	h.gateway.Handler().ServeHTTP(w, r)
	var answer map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		t.Fatalf("%s: %v", w.Body, err)
	}
	return w.Code, answer
}

func TestSyncTakesGoodLinesAndNamesBadOnes(t *testing.T) {
	h, x := newStore(t, true)
	status, answer := h.tell(t, "", `{"kind":"customer","subject":"cust:1","name":"Anna Muster"}
{"kind":"customer","name":"Bela Zorblax"}

not json
{"kind":"spaceship"}
{"kind":"order","number":"RF-10422","subject":"cust:1"}
{"kind":"customer","subject":"cust:9","delete":true}
{"kind":"product","id":1,"name":"`+strings.Repeat("x", 2<<20)+`"}
{"kind":"product","id":2,"name":"Earl Grey"}`)
	if status != http.StatusOK || answer["bad"] != 4.0 || len(answer["errors"].([]any)) != 4 {
		t.Errorf("%d %v", status, answer)
	}
	if s := x.Status(); s.Customers != 1 || s.Orders != 1 || s.Products != 1 {
		t.Errorf("%+v", s)
	}
	text, _ := json.Marshal(h.log.others)
	if len(h.log.others) != 1 || !strings.Contains(string(text), `"bad":4`) || strings.Contains(string(text), "Anna") || strings.Contains(string(text), "cust:") {
		t.Errorf("the entry is %s", text)
	}
}

func TestSyncNeedsTheRight(t *testing.T) {
	h, _ := newStore(t, false)
	if status, answer := h.tell(t, "", `{"kind":"customer","subject":"cust:1"}`); status != http.StatusForbidden {
		t.Errorf("%d %v", status, answer)
	}
	h.key = "rf_aaaaaaaa_wrong"
	if status, answer := h.tell(t, "", ``); status != http.StatusUnauthorized {
		t.Errorf("%d %v", status, answer)
	}
}

func TestFullSyncAndForget(t *testing.T) {
	h, x := newStore(t, true)
	h.tell(t, "", `{"kind":"customer","subject":"cust:1","name":"Anna Muster"}
{"kind":"customer","subject":"cust:2","name":"Bela Zorblax"}
{"kind":"product","id":1,"name":"Earl Grey"}`)
	h.tell(t, "?generation=monday", `{"kind":"customer","subject":"cust:2","name":"Bela Zorblax"}`)
	status, answer := h.tell(t, "?generation=monday", `{"kind":"customer","subject":"cust:3","name":"Cara Quix"}
{"kind":"complete"}`)
	if gone := answer["gone"].(map[string]any)["customer"]; status != http.StatusOK || gone != 1.0 {
		t.Errorf("%d %v", status, answer)
	}
	if s := x.Status(); s.Customers != 2 || s.Products != 1 {
		t.Errorf("%+v", s)
	}
	if _, answer = h.tell(t, "", `{"kind":"forget","subject":"cust:2"}`); answer["forgot"] != 1.0 || x.Status().Customers != 1 {
		t.Errorf("%v", answer)
	}
}

// TestCallKnowsTheStoresPeople: what was synced is masked on the road.
func TestCallKnowsTheStoresPeople(t *testing.T) {
	h, _ := newStore(t, true)
	h.tell(t, "", `{"kind":"customer","subject":"cust:1","name":"Anna Zorblax"}`)
	h.post(t, hello("", "", "paket von ana zorblax ist weg"))
	bodies := h.engine.Bodies()
	if sent := string(bodies[len(bodies)-1]); strings.Contains(sent, "zorblax") || !strings.Contains(sent, "paket von [PERSON_1] ist weg") {
		t.Errorf("the engine was sent %s", sent)
	}
}
