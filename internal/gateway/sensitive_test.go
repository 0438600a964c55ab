package gateway_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"ringfence/internal/mask"
	"ringfence/internal/testkit"
)

// What mask.sensitive says of words of Article 9 holds on the whole road: for prompts, data of the store, and arguments.
func TestSensitiveWords(t *testing.T) {
	const said = "I have diabetes and I am pregnant, is it without sugar?"
	for _, c := range []struct {
		policy mask.Sensitive
		zone   string
		status int
		sent   string // what the engine must be sent of it, "" if it must be sent nothing
	}{
		{"", "local", http.StatusOK, "diabetes"},
		{mask.SensitiveFlag, "eu", http.StatusOK, "diabetes"},
		{mask.SensitiveMask, "eu", http.StatusOK, "[SENSITIVE_1]"},
		{mask.SensitiveRefuse, "local", http.StatusForbidden, ""},
		{mask.SensitiveRefuse, "eu", http.StatusForbidden, ""},
		{mask.SensitiveLocal, "local", http.StatusOK, "diabetes"},
		{mask.SensitiveLocal, "eu", http.StatusForbidden, ""},
	} {
		t.Run(fmt.Sprintf("%s in %s", c.policy, c.zone), func(t *testing.T) {
			h := newHarness(t, setup{Sensitive: c.policy, Zone: c.zone})
			h.engine.Play(testkit.Script{Body: fmt.Sprintf(plainAnswer, "ok")})
			answer := h.post(t, hello("", "", said))
			if answer.Code != c.status {
				t.Fatalf("got %d %s", answer.Code, answer.Body)
			}
			if got := answer.Header().Get("Ringfence-Sensitive"); got != "health" {
				t.Errorf("Ringfence-Sensitive is %q", got)
			}
			sent := string(h.upstream(t))
			switch {
			case c.sent == "" && sent != "":
				t.Errorf("the engine was sent %s", sent)
			case c.sent == "" && answer.Header().Get("Ringfence-Reason") != "sensitive_data":
				t.Errorf("the reason is %q", answer.Header().Get("Ringfence-Reason"))
			case !strings.Contains(sent, c.sent), c.policy == mask.SensitiveMask && strings.Contains(sent, "diabetes"):
				t.Errorf("the engine was sent %s", sent)
			}
			if entries := string(h.entries(t)); !strings.Contains(entries, "sensitive_health") || strings.Contains(entries, "diabetes") {
				t.Errorf("the log says %s", entries)
			}
		})
	}
}

type brokenDetector struct{}

func (brokenDetector) Spans(string) ([]mask.OutsideSpan, error) { return nil, errors.New("down") }

// An outside detector that fails stops the call: nothing of it reaches the engine.
func TestAFailingDetectorStopsTheCall(t *testing.T) {
	h := newHarness(t, setup{Outside: brokenDetector{}})
	answer := h.post(t, hello("", "", "where is my parcel"))
	if answer.Code != http.StatusServiceUnavailable || answer.Header().Get("Ringfence-Reason") != "mask_failed" || len(h.engine.Bodies()) != 0 {
		t.Errorf("got %d %v, the engine was asked %d times", answer.Code, answer.Header(), len(h.engine.Bodies()))
	}
}
