package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"ringfence/internal/audit"
	"ringfence/internal/engine/sandbox"
	"ringfence/internal/integration"
	"ringfence/internal/testkit/border"
)

func TestMain(m *testing.M) {
	sandbox.Main()
	border.Play()
	if os.Getenv(asProgram) != "" {
		main()
	}
	os.Exit(m.Run())
}

// personal is what a customer's call holds and no engine may ever see.
var personal = []string{
	"Anna", "Muster", "anna.muster@example.org", "030 901820", "90182", "DE89", "0532 0130", "Lindenstra", "10969",
}

const customerText = "I am Anna Muster of Lindenstraße 12, 10969 Berlin, mail anna.muster@example.org, phone 030 901820, " +
	"IBAN DE89 3704 0044 0532 0130 00. Where is my order?"

// TestMainJob is the promise of the whole product, with a real engine and a
// real model: a call with a customer's data goes in, personal data never
// reaches the model, the customer gets the answer with the words restored, and
// a stranger can verify what happened.
func TestMainJob(t *testing.T) {
	s, sent := startForTest(t)
	plain := s.ask(t, false)
	streamed := s.ask(t, true)
	if !strings.Contains(plain, "Anna Muster") || !strings.Contains(streamed, "Anna Muster") {
		t.Errorf("the customer's name did not come back:\n%s\n%s", plain, streamed)
	}
	if plain != streamed {
		t.Errorf("streamed and plain answers differ:\n%s\n%s", plain, streamed)
	}
	bodies := sent()
	if len(bodies) != 2 {
		t.Fatalf("the engine was sent %d prompts, not 2", len(bodies))
	}
	for _, body := range bodies {
		for _, p := range personal {
			if bytes.Contains(body, []byte(p)) {
				t.Errorf("the engine was sent %q in %s", p, body)
			}
		}
	}
	s.noTraceOf(t, personal)
	s.close()
	dir := auditDir(s.data)
	if r := verified(t, dir); r.Verdict != audit.OK || r.Size != 4 {
		t.Fatalf("the log is %+v", r)
	}
	flipOneByte(t, dir)
	if r := verified(t, dir); r.Verdict != audit.Invalid || r.FirstBad == nil || *r.FirstBad != 2 {
		t.Errorf("entry 2 was changed, but the log is %+v", r)
	}
}

// testService is a running gateway with its key.
type testService struct {
	*service
	key, base string
}

// startForTest runs the gateway as `ringfence up` does, on a real engine. It
// also returns the bodies the engine was sent.
func startForTest(t *testing.T) (*testService, func() [][]byte) {
	t.Helper()
	dir := t.TempDir()
	config := filepath.Join(dir, "ringfence.yaml")
	writeConfig(t, config)
	s, err := openService(&place{data: filepath.Join(dir, "data"), config: config}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var bodies [][]byte
	s.record = func(b []byte) {
		mu.Lock()
		defer mu.Unlock()
		bodies = append(bodies, bytes.Clone(b))
	}
	if err := s.startEngine(t.Context(), false, nil); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.stopEngine)
	if err := s.build(); err != nil {
		t.Fatal(err)
	}
	_, key, err := s.keys.Create(integration.Integration{Name: "chat", Surface: "service"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.serve(ctx) }()
	ts := &testService{service: s, key: key, base: "http://" + s.listener.Addr().String()}
	t.Cleanup(func() { cancel(); <-done })
	return ts, func() [][]byte {
		mu.Lock()
		defer mu.Unlock()
		return bodies
	}
}

// writeConfig writes a configuration with the real engine and model.
func writeConfig(t *testing.T, file string) {
	t.Helper()
	engine, model := os.Getenv("RINGFENCE_ENGINE"), os.Getenv("RINGFENCE_MODEL")
	if engine == "" || model == "" {
		t.Fatal("this test needs a real engine and model; run it with `make test`")
	}
	yaml := fmt.Sprintf("listen: %s\negress:\n  listen: %s\nengine:\n  server: %q\n  model: %q\n", freePort(t), freePort(t), engine, model)
	if err := os.WriteFile(file, []byte(yaml), 0o600); err != nil {
		t.Fatal(err)
	}
}

// freePort is an address nobody listens on now.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// ask sends the customer's call and returns the answer's text.
func (s *testService) ask(t *testing.T, stream bool) string {
	t.Helper()
	body, _ := json.Marshal(map[string]any{
		"stream": stream, "temperature": 0, "max_tokens": 60,
		"messages": []map[string]string{
			{"role": "system", "content": "Repeat the customer's message word for word."},
			{"role": "user", "content": customerText},
		},
		"ringfence": map[string]any{"subject": "cust:1", "people": []map[string]string{{"name": "Anna Muster", "address": "Lindenstraße 12, 10969 Berlin"}}},
	})
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, s.base+"/v1/chat/completions", bytes.NewReader(body))
	req.Header.Set("Authorization", "Bearer "+s.key)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%v: %d %s", err, resp.StatusCode, answer)
	}
	if !stream {
		answer = append([]byte("data: "), answer...)
	}
	return textOf(t, string(answer))
}

// textOf joins the contents of an answer's choices, whether chunks or whole.
func textOf(t *testing.T, answer string) string {
	t.Helper()
	type said struct{ Content string }
	var text strings.Builder
	for line := range strings.Lines(answer) {
		data, ok := strings.CutPrefix(strings.TrimSpace(line), "data: ")
		if !ok || data == "[DONE]" {
			continue
		}
		var part struct {
			Choices []struct{ Message, Delta said }
		}
		if err := json.Unmarshal([]byte(data), &part); err != nil {
			t.Fatalf("%v in %s", err, data)
		}
		for _, c := range part.Choices {
			text.WriteString(c.Message.Content + c.Delta.Content)
		}
	}
	return text.String()
}

// noTraceOf fails if any file of the data directory holds one of the words:
// neither the log nor what the engine printed may.
func (s *testService) noTraceOf(t *testing.T, words []string) {
	t.Helper()
	filepath.WalkDir(s.data, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Error(err)
		}
		for _, w := range words {
			if bytes.Contains(b, []byte(w)) {
				t.Errorf("%s holds %q", path, w)
			}
		}
		return nil
	})
}

func verified(t *testing.T, dir string) audit.Report {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	r, err := audit.Verify(ctx, dir, audit.VerifyOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// flipOneByte changes one bit inside the third entry, in the bundle that is
// published to auditors.
func flipOneByte(t *testing.T, dir string) {
	t.Helper()
	var file string
	filepath.WalkDir(filepath.Join(dir, "tile", "entries"), func(path string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			file = path
		}
		return err
	})
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	at := -1
	for range 3 {
		at += 1 + bytes.Index(b[at+1:], []byte(`"specversion"`))
	}
	b[at] ^= 1
	if err := os.WriteFile(file, b, 0o644); err != nil {
		t.Fatal(err)
	}
}
