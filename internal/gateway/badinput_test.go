package gateway_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ringfence/internal/gateway"
	"ringfence/internal/testkit"
)

// concrete is a path of a route that can be called.
func concrete(path string) string {
	return strings.NewReplacer("{model}", "small", "{project}", "p", "{location}", "l").Replace(path)
}

// Every path refuses what is no good request, in its dialect's own shape and
// with a reason, and no engine is asked.
func TestBadRequests(t *testing.T) {
	h := newHarness(t, setup{})
	deep := strings.Repeat(`{"a":`, 100) + "1" + strings.Repeat("}", 100)
	for _, r := range gateway.Routes() {
		for _, path := range r.Paths {
			for _, bad := range []struct{ name, body, kind, encoding, reason string }{
				{"empty", "", "application/json", "", "empty_body"},
				{"no JSON", "hello", "application/json", "", "invalid_json"},
				{"a list", "[]", "application/json", "", "wrong_type"},
				{"more behind", "{} {}", "application/json", "", "trailing_data"},
				{"twice", `{"model":"a","model":"b"}`, "application/json", "", "duplicate_field"},
				{"deep", deep, "application/json", "", "too_complex"},
				{"cut", `{"messages":[{"role":`, "application/json", "", "invalid_json"},
				{"nothing in it", "{}", "application/json", "", "missing_field"},
				{"a form", "a=b", "application/x-www-form-urlencoded", "", "unsupported_media_type"},
				{"an upload", "x", "multipart/form-data; boundary=x", "", "unsupported_media_type"},
				{"compressed", "\x1f\x8b\x08", "application/json", "gzip", "unsupported_encoding"},
			} {
				headers := []string{"Content-Type", bad.kind}
				if bad.encoding != "" {
					headers = append(headers, "Content-Encoding", bad.encoding)
				}
				rec := h.call(t, concrete(path), bad.body, headers...)
				if got := rec.Header().Get("Ringfence-Reason"); got != bad.reason || rec.Code/100 != 4 {
					t.Errorf("%s, %s: %d %s, want %s", path, bad.name, rec.Code, got, bad.reason)
				}
				if !json.Valid(rec.Body.Bytes()) || !strings.Contains(rec.Body.String(), bad.reason) {
					t.Errorf("%s, %s: %s", path, bad.name, rec.Body)
				}
			}
		}
	}
	if n := len(h.engine.Bodies()); n != 0 {
		t.Errorf("the engine was asked %d times", n)
	}
}

// A request of one dialect at the path of another is refused, or understood as
// far as the two agree; it never carries anything past the mask.
func TestMixedDialects(t *testing.T) {
	h := newHarness(t, setup{})
	h.engine.Play(testkit.Script{Body: `{"choices":[{"index":0,"message":{"role":"assistant","content":"ok"},"finish_reason":"stop"}]}`})
	files, _ := filepath.Glob("../../testdata/dialects/fields/*.json")
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var samples []sample
		if err := json.Unmarshal(raw, &samples); err != nil {
			t.Fatal(err)
		}
		for _, s := range samples {
			for _, l := range leavesOf(s.Body, "", "") {
				if text, ok := l.old.(string); ok && len(text) < 3 { // words of a person, not of the protocol
					l.set(planted)
				}
			}
			for _, r := range gateway.Routes() {
				if rec := h.call(t, concrete(r.Paths[0]), s.Body); rec.Code == http.StatusInternalServerError {
					t.Errorf("a request of %s at %s: %d %s", filepath.Base(file), r.Paths[0], rec.Code, rec.Body)
				}
			}
		}
	}
	for _, body := range h.engine.Bodies() {
		if strings.Contains(string(body), "zq.planted") {
			t.Fatalf("unmasked: %s", body)
		}
	}
	if strings.Contains(h.vectors.said(), "zq.planted") {
		t.Error("unmasked in a text to embed")
	}
}

// Very many tools, and schemas that make no sense or are made to hurt, are
// answered in time.
func TestHugeToolsAndSchemas(t *testing.T) {
	h := newHarness(t, setup{})
	h.engine.Play(testkit.Script{Body: `{"choices":[{"index":0,"message":{"role":"assistant","content":"ok"},"finish_reason":"stop"}]}`})
	tool := func(i int, schema string) string {
		return `{"type":"function","function":{"name":"t` + strings.Repeat("x", i) + `","parameters":` + schema + `}}`
	}
	chat := func(tools string) string {
		return `{"messages":[{"role":"user","content":"hi"}],"tools":[` + tools + `]}`
	}
	var many []string
	for range 500 {
		many = append(many, tool(0, "{}"))
	}
	wide := `{"type":"object","properties":{"q":{"enum":["v"` + strings.Repeat(`,"v"`, 20_000) + `]}}}`
	for name, c := range map[string]struct{ body, reason string }{
		"500 tools":         {chat(strings.Join(many, ",")), "wrong_type"},
		"a name twice":      {chat(tool(1, "{}") + "," + tool(1, "{}")), "duplicate_tool"},
		"a schema, no JSON": {chat(tool(1, `"text"`)), "wrong_type"},
		"a wide schema":     {chat(tool(1, wide)), ""},
		"a deep schema":     {chat(tool(1, strings.Repeat(`{"items":`, 60)+"{}"+strings.Repeat("}", 60))), "too_complex"},
		"an id twice":       {`{"messages":[{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}},{"id":"a","function":{"name":"f","arguments":"{}"}}]}]}`, "duplicate_tool_id"},
	} {
		began := time.Now()
		rec := h.call(t, "/v1/chat/completions", c.body)
		if got := rec.Header().Get("Ringfence-Reason"); got != c.reason || c.reason == "" && rec.Code != http.StatusOK {
			t.Errorf("%s: %d %s, want %q", name, rec.Code, got, c.reason)
		}
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("%s took %v", name, took)
		}
	}
}
