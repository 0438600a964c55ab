package dialect_test

import (
	"encoding/json"
	"errors"
	"runtime"
	"strings"
	"testing"

	"ringfence/internal/gateway/dialect"
)

var limits = dialect.Limits{Depth: 16, Items: 1000}

func TestParseRefuses(t *testing.T) {
	for _, c := range []struct{ name, body, code string }{
		{"empty", "", "empty_body"},
		{"blank", " \n\t", "empty_body"},
		{"text", "hello", "invalid_json"},
		{"cut", `{"a": [1, 2`, "invalid_json"},
		{"duplicate name", `{"a": 1, "a": 2}`, "duplicate_field"},
		{"duplicate name, escaped", `{"a": 1, "\u0061": 2}`, "duplicate_field"},
		{"invalid UTF-8", "{\"a\": \"\xff\"}", "invalid_json"},
		{"lone surrogate", `{"a": "\ud800"}`, "invalid_json"},
		{"trailing value", `{} {}`, "trailing_data"},
		{"trailing text", `{} x`, "trailing_data"},
		{"too deep", strings.Repeat("[", 40) + strings.Repeat("]", 40), "too_complex"},
		{"too many", "[" + strings.Repeat("1,", 2000) + "1]", "too_complex"},
		{"UTF-16", "\xff\xfe{\x00}\x00", "invalid_json"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := dialect.Parse([]byte(c.body), limits)
			var refusal *dialect.Refusal
			if !errors.As(err, &refusal) || refusal.Code != c.code {
				t.Fatalf("got %v, want %s", err, c.code)
			}
			if refusal.Status != 400 || refusal.Sentence == "" {
				t.Errorf("refusal without status or sentence: %+v", refusal)
			}
		})
	}
}

func TestParseKeepsObjectsAsWritten(t *testing.T) {
	v, err := dialect.Parse([]byte(`{"s": { "b" : 1.0, "a":[ ] } }`), limits)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := v.Members[0].Value.Raw, `{ "b" : 1.0, "a":[ ] }`; got != want {
		t.Errorf("raw is %q, want %q", got, want)
	}
}

// A body that nests a long text must not be copied once for every level.
func TestParseCostsWhatItReads(t *testing.T) {
	body := []byte(strings.Repeat(`{"a":`, 15) + `"` + strings.Repeat("x", 1<<20) + `"` + strings.Repeat("}", 15))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := dialect.Parse(body, limits); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 5*uint64(len(body)) {
		t.Errorf("reading %d bytes took %d", len(body), used)
	}
}

func TestRefusalsNameTheField(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	for _, c := range []struct{ body, param string }{
		{`{"messages": [{"content": "a", "content": "b"}]}`, "messages[0].content"},
		{`{"a": {"b": ["c", "d" "e"]}}`, "a.b[1]"},
		{`{"` + long + `": ["b" "c"]}`, ""}, // nobody is helped by a megabyte
	} {
		_, err := dialect.Parse([]byte(c.body), limits)
		var refusal *dialect.Refusal
		if !errors.As(err, &refusal) || refusal.Param != c.param {
			t.Errorf("%.40s names %.40q, not %q", c.body, refusal.Param, c.param)
		}
	}
}

// FuzzParse: whatever Parse takes, encoding/json takes too, with the same
// strings; Parse may only be stricter.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{`{"a":[1,"b",{"c":null}]}`, `"\u00e4"`, `{"a":1e9}`, `[[[[]]]]`, "\xef\xbb\xbf{}"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		v, err := dialect.Parse(body, limits)
		if err != nil {
			return
		}
		var want any
		if err := json.Unmarshal(body, &want); err != nil {
			t.Fatalf("accepted what encoding/json refuses: %v", err)
		}
		if !same(v, want) {
			t.Fatalf("read differently from encoding/json: %q", body)
		}
	})
}

func same(v dialect.Value, want any) bool {
	switch want := want.(type) {
	case string:
		return v.Text == want
	case []any:
		for i := range want {
			if len(v.Items) != len(want) || !same(v.Items[i], want[i]) {
				return false
			}
		}
	case map[string]any:
		for _, m := range v.Members {
			if len(v.Members) != len(want) || !same(m.Value, want[m.Name]) {
				return false
			}
		}
	}
	return true
}
