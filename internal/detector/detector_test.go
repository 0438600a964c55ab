package detector

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"ringfence/internal/mask"
	"ringfence/internal/residency"
)

// serve runs a detector that answers with this.
func serve(t *testing.T, answer func(w http.ResponseWriter, text string)) string {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		answer(w, string(body))
	}))
	t.Cleanup(s.Close)
	return s.URL + "/analyze"
}

func hide(t *testing.T, address, text string) (string, error) {
	t.Helper()
	d := New(Options{Address: address, Dial: new(residency.Dialer).DialContext, Timeout: 5 * time.Second, Least: .5})
	p := mask.New(mask.Options{NoModel: true, Outside: d}).Open(mask.NewVault(mask.VaultOptions{}))
	masked, err := p.Hide(text)
	return masked.String(), err
}

func TestFindingsAreAdded(t *testing.T) {
	address := serve(t, func(w http.ResponseWriter, text string) {
		if !strings.Contains(text, `"text":"Jürgen, ask Xylda or a@b.example of Foo"`) {
			t.Errorf("was asked about %s", text)
		}
		io.WriteString(w, `[{"start":12,"end":17,"entity_type":"PERSON","score":0.85},{"start":36,"end":39,"entity_type":"ORGANIZATION","score":0.6},
			{"start":0,"end":6,"entity_type":"PERSON","score":0.2}]`)
	})
	got, err := hide(t, address, "J&uuml;rgen, ask Xylda or a@b.example of Foo")
	if want := "J&uuml;rgen, ask [PERSON_1] or [EMAIL_1] of [COMPANY_1]"; got != want || err != nil {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}

func TestItCannotUnmask(t *testing.T) {
	address := serve(t, func(w http.ResponseWriter, text string) { io.WriteString(w, `[]`) })
	if got, err := hide(t, address, "mail a@b.example"); got != "mail [EMAIL_1]" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
}

// TestFailureReleasesNothing: whatever the detector does wrong, no text leaves.
func TestFailureReleasesNothing(t *testing.T) {
	closed := httptest.NewServer(nil)
	closed.Close()
	addresses := map[string]string{"nobody there": closed.URL, "a public place": "http://192.0.2.1/analyze", "an address without a scheme": "127.0.0.1"}
	for name, answer := range map[string]string{"no JSON": "hello", "an object": `{"spans":[]}`, "null": "null", "half": `[{"start":1`,
		"behind the end": `[{"start":0,"end":900,"entity_type":"PERSON","score":1}]`, "before the start": `[{"start":-1,"end":2,"entity_type":"PERSON","score":1}]`,
		"backwards": `[{"start":3,"end":2,"entity_type":"PERSON","score":1}]`, "endless": strings.Repeat("[", 3<<20)} {
		addresses[name] = serve(t, func(w http.ResponseWriter, _ string) { io.WriteString(w, answer) })
	}
	addresses["an error"] = serve(t, func(w http.ResponseWriter, _ string) { http.Error(w, "[]", http.StatusInternalServerError) })
	addresses["a redirect"] = serve(t, func(w http.ResponseWriter, _ string) {
		w.Header().Set("Location", "http://127.0.0.1:1/")
		w.WriteHeader(http.StatusTemporaryRedirect)
	})
	for name, address := range addresses {
		t.Run(name, func(t *testing.T) {
			got, err := hide(t, address, "ask Xylda please")
			var refusal *mask.Error
			if got != "" || !errors.As(err, &refusal) || refusal.Reason != "mask_detector_failed" {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}

func TestASlowDetectorFails(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	d := New(Options{Address: "http://" + listener.Addr().String(), Timeout: 50 * time.Millisecond,
		Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, address)
		}})
	if _, err := d.Spans("text"); err == nil {
		t.Error("a detector that never answers was waited for")
	}
}

func FuzzAnswer(f *testing.F) {
	for _, seed := range []string{`[]`, `[{"start":0,"end":4,"entity_type":"PERSON","score":1}]`, `[{"start":2,"end":1e3}]`, `null`, `{`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		spans, err := (&Detector{}).read([]byte(raw))
		if err != nil {
			return
		}
		m := mask.New(mask.Options{NoModel: true, Outside: fixed(spans)})
		text := "Grüße von Xylda\u200b, bis bald"
		vault := mask.NewVault(mask.VaultOptions{})
		masked, err := m.Open(vault).Hide(text)
		if err != nil {
			return
		}
		if got := vault.Restore(masked.String(), mask.Exact); got != text {
			t.Errorf("%s: %q came back as %q", raw, text, got)
		}
	})
}

type fixed []mask.OutsideSpan

func (f fixed) Spans(string) ([]mask.OutsideSpan, error) { return f, nil }
