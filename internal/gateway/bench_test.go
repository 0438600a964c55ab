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
	road(b, testkit.Script{Body: fmt.Sprintf(plainAnswer, "Dear [PERSON_1], thank you.")}, `{"messages":[{"role":"user","content":"Hi"}]}`)
}

// BenchmarkStream is a streamed call of 66 pieces of text.
func BenchmarkStream(b *testing.B) {
	var pieces []string
	for range 66 {
		pieces = append(pieces, "piece ")
	}
	road(b, testkit.Script{SSE: true, Body: streamOf(pieces)}, `{"stream":true,"messages":[{"role":"system","content":"You are the assistant of a tea shop. Be brief and kind."},{"role":"user","content":"Hi"}]}`)
}

func road(b *testing.B, script testkit.Script, request string) {
	h := newHarness(b, setup{})
	h.engine.Play(script)
	body := []byte(request)
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
