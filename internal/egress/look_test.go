package egress_test

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"ringfence/internal/egress"
)

// TestLooks: how a request to an unknown host is spoken is told before it leaves.
func TestLooks(t *testing.T) {
	w := newWorld(t, func(_ *world, o *egress.Options) {
		o.Personal = func(text string) bool { return strings.Contains(text, "anna@example.org") }
	})
	w.site("pay.example", "198.41.0.4:80", http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { io.Copy(rw, r.Body) }))
	long := strings.Repeat("x", 100<<10)
	for body, want := range map[string][]string{
		`{"model":"m","messages":[{"role":"user","content":"Hi"}]}`:           {"model_call"},
		`{"contents":[{"parts":[{"text":"Hi"}]}]}`:                            {"model_call"},
		`{"model":"m","prompt":"I am anna@example.org"}`:                      {"model_call", "personal_data"},
		`{"model":"m","messages":[{"role":"user","content":"` + long + `"}]}`: {"model_call"},
		`{"model":"m","input":["a","b"]}`:                                     {"model_call"},
		`{"amount":100,"currency":"EUR","email":"anna@example.org"}`:          {"personal_data"},
		`{"messages":[{"to":"x","text":"a text message"}]}`:                   nil,
		`{"prompt":"none"}`:                nil,
		`{"input":"only"}`:                 nil,
		`{"model":"Corsa","colour":"red"}`: nil,
		`a=b&c=d`:                          nil,
		`[{"role":"user"}]`:                nil,
		``:                                 nil,
	} {
		before := len(w.log.types())
		answer, err := w.http().Post("http://pay.example/", "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		got, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		if string(got) != body {
			t.Errorf("%.40s: %d bytes of %d went on", body, len(got), len(body))
		}
		w.log.last(t, before+2)
		if looks := w.log.entries[before].Looks; !slices.Equal(looks, want) {
			t.Errorf("%.60s looks like %v, want %v", body, looks, want)
		}
	}
}
