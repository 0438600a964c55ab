package main

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestEgressCSP(t *testing.T) {
	const browser = "  browser: {connect: ['https://js.stripe.example', 'https://api.openai.com'], report: /ringfence/csp}\n"
	file := placesConfig(t, browser)
	code, out, stderr := call(t, "egress", "", "csp", "--config", file)
	if code != exitFine || !strings.Contains(out, "Content-Security-Policy: connect-src 'self' https://js.stripe.example https://api.openai.com; report-uri /ringfence/csp; report-to ringfence\n") ||
		!strings.Contains(out, `Reporting-Endpoints: ringfence="/ringfence/csp"`) || !strings.Contains(stderr, "api.openai.com is OpenAI") {
		t.Errorf("%d %s%s", code, out, stderr)
	}
	code, out, _ = call(t, "egress", "", "csp", "--json", "--config", placesConfig(t, browser+"egress: {mode: watch}\n"))
	var headers map[string]string
	if err := json.Unmarshal([]byte(out), &headers); err != nil || code != exitFine || headers["Content-Security-Policy-Report-Only"] == "" || len(headers) != 2 {
		t.Errorf("%d %s", code, out)
	}
	code, out, stderr = call(t, "egress", "", "csp", "--config", placesConfig(t, ""))
	if code != exitFine || out != "Content-Security-Policy: connect-src 'self'\n" || !strings.Contains(stderr, "report nothing") {
		t.Errorf("%d %s%s", code, out, stderr)
	}
}
