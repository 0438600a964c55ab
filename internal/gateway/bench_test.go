package gateway_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"ringfence/internal/testkit"
)

// BenchmarkRoad is a plain call without network around the gateway, for
// profiles; bench/gateway has the figures that count.
func BenchmarkRoad(b *testing.B) {
	h := newHarness(b, setup{})
	h.engine.Play(testkit.Script{Body: fmt.Sprintf(plainAnswer, "Dear [PERSON_1], thank you.")})
	body := []byte(`{"messages":[{"role":"user","content":"Hi"}]}`)
	handler := h.gateway.Handler()
	b.ReportAllocs()
	for b.Loop() {
		req := httptest.NewRequest(http.MethodPost, "/v1/chat/completions", bytes.NewReader(body))
		req.Header.Set("Authorization", "Bearer "+h.key)
		rec := httptest.NewRecorder()
		handler.ServeHTTP(rec, req)
		if rec.Code != http.StatusOK {
			b.Fatal(rec.Body)
		}
	}
}
