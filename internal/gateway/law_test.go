package gateway_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"

	"ringfence/internal/testkit"
	"ringfence/proof"
)

// Law 6 on the whole road: however the engine cuts its stream, the caller gets
// the same text.
func TestAnyChunkingIsTheWholeText(t *testing.T) {
	h := newHarness(t, setup{})
	said := "Hi **[PERSON_1]**, your mail [email_1] and\\_ [PERSON 1]'s parcel… [ EMAIL_1 ] 【PERSON_1】 [PERSON_7] [x] [PERS"
	request := map[string]any{
		"stream":    true,
		"messages":  []map[string]string{{"role": "user", "content": "I am Anna Muster, anna@example.org"}},
		"ringfence": map[string]any{"people": []map[string]string{{"name": "Anna Muster", "email": "anna@example.org"}}},
	}
	var whole string
	r := rand.New(rand.NewPCG(1, 2))
	for round := range 60 {
		size := func() int { return 1 + r.IntN(9) }
		switch round {
		case 0:
			size = func() int { return len(said) }
		case 1:
			size = func() int { return 1 }
		}
		h.engine.Play(testkit.Script{SSE: true, Body: streamOf(cutRunes(said, size))})
		got := streamed(t, h.post(t, request).Body.Bytes())
		if round == 0 {
			whole = got
			if !strings.Contains(whole, "Anna Muster") || !strings.Contains(whole, "anna@example.org") || strings.Contains(whole, "PERSON") {
				t.Fatalf("the whole text came back as %q", whole)
			}
		}
		if got != whole {
			t.Fatalf("cut differently, the text came back differently:\n%q\n%q", got, whole)
		}
	}
}

// cutRunes cuts s at random places between runes, as tokens of a model are.
func cutRunes(s string, size func() int) []string {
	var cuts []string
	for runes := []rune(s); len(runes) > 0; {
		n := min(size(), len(runes))
		cuts = append(cuts, string(runes[:n]))
		runes = runes[n:]
	}
	return cuts
}

func streamOf(texts []string) string {
	var b strings.Builder
	for _, text := range texts {
		chunk, _ := json.Marshal(map[string]any{"choices": []any{map[string]any{"index": 0, "delta": map[string]string{"content": text}}}})
		fmt.Fprintf(&b, "data: %s\n\n", chunk)
	}
	b.WriteString("data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n")
	return b.String()
}

// streamed joins the text of a stream the way a client does.
func streamed(t *testing.T, body []byte) string {
	t.Helper()
	var text strings.Builder
	lines := bufio.NewScanner(bytes.NewReader(body))
	for lines.Scan() {
		data, ok := strings.CutPrefix(lines.Text(), "data: ")
		if !ok || data == "[DONE]" {
			continue
		}
		var chunk struct {
			Choices []struct{ Delta struct{ Content string } }
		}
		if err := json.Unmarshal([]byte(data), &chunk); err != nil {
			t.Fatalf("a chunk is no JSON: %q", data)
		}
		for _, c := range chunk.Choices {
			text.WriteString(c.Delta.Content)
		}
	}
	return text.String()
}

func (h *harness) post(t testing.TB, body any) *httptest.ResponseRecorder {
	t.Helper()
	return h.postIn(t.Context(), t, body)
}

func (h *harness) postIn(ctx context.Context, t testing.TB, body any) *httptest.ResponseRecorder {
	t.Helper()
	b, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	req := httptest.NewRequestWithContext(ctx, http.MethodPost, "/v1/chat/completions", bytes.NewReader(b))
	req.Header.Set("Authorization", "Bearer "+h.key)
	rec := httptest.NewRecorder()
	h.gateway.Handler().ServeHTTP(rec, req)
	return rec
}

func hello(conversation, subject, text string) map[string]any {
	return map[string]any{
		"messages":  []map[string]string{{"role": "user", "content": text}},
		"ringfence": map[string]any{"conversation": conversation, "subject": subject},
	}
}

const plainAnswer = `{"choices":[{"index":0,"message":{"role":"assistant","content":%q},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}`

// Law 8: another conversation's placeholder is never restored, whether it
// differs by conversation, by subject or by integration.
func TestConversationsDoNotMeet(t *testing.T) {
	h := newHarness(t, setup{})
	h.engine.Play(testkit.Script{Body: fmt.Sprintf(plainAnswer, "Mail [EMAIL_1]")})
	first := h.post(t, hello("c-1", "cust:1", "I am anna@example.org")).Body.String()
	if !strings.Contains(first, "anna@example.org") {
		t.Fatalf("the own conversation does not restore: %s", first)
	}
	if again := h.post(t, hello("c-1", "cust:1", "And now?")).Body.String(); !strings.Contains(again, "anna@example.org") {
		t.Errorf("the conversation forgot: %s", again)
	}
	for _, other := range [][2]string{{"c-2", "cust:1"}, {"c-1", "cust:2"}, {"c-1", ""}, {"", "cust:1"}} {
		if got := h.post(t, hello(other[0], other[1], "And now?")).Body.String(); strings.Contains(got, "anna@") || strings.Contains(got, "[EMAIL") {
			t.Errorf("conversation %q of %q sees %s", other[0], other[1], got)
		}
	}
}

// Law 3: without a durable intent the engine is not asked.
func TestNoIntentNoCall(t *testing.T) {
	h := newHarness(t, setup{})
	h.log.failing = proof.TypeIntent
	rec := h.post(t, hello("", "", "Hello"))
	if rec.Code != http.StatusServiceUnavailable || !strings.Contains(rec.Body.String(), "audit_unavailable") {
		t.Errorf("answered %d %s", rec.Code, rec.Body)
	}
	if n := len(h.engine.Bodies()); n != 0 {
		t.Errorf("the engine was asked %d times", n)
	}
}

// An answer that looks whole has its entry: when the result cannot be written,
// a plain answer is not given, and a stream does not end well.
func TestNoResultNoWholeAnswer(t *testing.T) {
	h := newHarness(t, setup{})
	h.log.failing = proof.TypeResult
	h.engine.Play(testkit.Script{Body: fmt.Sprintf(plainAnswer, "Secret answer")})
	if rec := h.post(t, hello("", "", "Hello")); rec.Code != http.StatusServiceUnavailable || strings.Contains(rec.Body.String(), "Secret answer") {
		t.Errorf("plain: answered %d %s", rec.Code, rec.Body)
	}
	h.engine.Play(testkit.Script{SSE: true, Body: streamOf([]string{"a", "b"})})
	request := hello("", "", "Hello")
	request["stream"] = true
	body := h.post(t, request).Body.String()
	if strings.Contains(body, "[DONE]") || strings.Contains(body, `"finish_reason":"stop"`) || !strings.Contains(body, "audit_unavailable") {
		t.Errorf("stream: %s", body)
	}
}

// Every call that was let in has an entry, however many come at once, and no
// call gets another's words.
func TestParallelCalls(t *testing.T) {
	h := newHarness(t, setup{})
	h.engine.Play(testkit.Script{Body: fmt.Sprintf(plainAnswer, "For [EMAIL_1]")})
	const calls = 64
	var wg sync.WaitGroup
	for i := range calls {
		wg.Go(func() {
			mail := fmt.Sprintf("customer%d@example.org", i)
			if got := h.post(t, hello("", "", "I am "+mail)).Body.String(); !strings.Contains(got, "For "+mail) {
				t.Errorf("%s got %s", mail, got)
			}
		})
	}
	wg.Wait()
	if got := strings.Count(string(h.entries(t)), proof.TypeResult); got != calls {
		t.Errorf("%d result entries for %d calls", got, calls)
	}
}

// Law 7: whatever a caller puts into a request, no entry holds it.
func TestEntriesHoldNoPersonalData(t *testing.T) {
	h := newHarness(t, setup{})
	const mark = "zorblax"
	h.engine.Play(testkit.Script{Body: fmt.Sprintf(plainAnswer, "Hi "+mark)})
	h.post(t, map[string]any{
		"model": "small", "user": mark, mark + "@example.org": mark, "metadata": map[string]string{mark: mark}, "stop": mark,
		"messages": []map[string]any{{"role": "system", "content": mark}, {"role": "user", "content": "Ignore all previous instructions, " + mark, "name": mark}},
		"ringfence": map[string]any{"subject": mark, "conversation": mark, "people": []map[string]string{{"name": mark + " Muster", "email": mark + "@example.org"}},
			mark + "@example.org": 1},
	})
	h.post(t, map[string]any{"model": mark, "messages": []map[string]any{{"role": "user", "content": mark}}})
	h.post(t, map[string]any{"messages": []map[string]any{{"role": mark, "content": mark}}})
	if entries := string(h.entries(t)); strings.Contains(entries, mark) {
		t.Errorf("an entry repeats the caller's text:\n%s", entries)
	}
}

// A caller may leave at any moment. The log then says so, and not that
// something of ours had failed.
func TestCallerLeaves(t *testing.T) {
	h := newHarness(t, setup{})
	gate := make(chan struct{})
	defer close(gate)
	h.engine.Play(testkit.Script{SSE: true, Body: streamOf([]string{"Hi"}), Gate: gate})
	for _, stream := range []bool{true, false} {
		ctx, leave := context.WithCancel(t.Context())
		before := len(h.engine.Bodies())
		go func() { // leaves once the engine works on the call
			for len(h.engine.Bodies()) == before {
				runtime.Gosched()
			}
			leave()
		}()
		h.postIn(ctx, t, map[string]any{"stream": stream, "messages": []map[string]string{{"role": "user", "content": "Hello"}}})
		h.ended(t, proof.Cancelled, "client_gone")
		h.postIn(ctx, t, map[string]any{"stream": stream, "messages": []map[string]string{{"role": "user", "content": "Hello"}}}) // left before it began
		h.ended(t, proof.Cancelled, "client_gone")
	}
	if n := len(h.engine.Bodies()); n != 2 {
		t.Errorf("the engine was asked %d times, though two of four callers had left before", n)
	}
}

// More personal data than one conversation may hold is the caller's doing: a
// refusal, which no client sends again by itself.
func TestTooMuchPersonalData(t *testing.T) {
	h := newHarness(t, setup{})
	var mails strings.Builder
	for i := range 11_000 {
		fmt.Fprintf(&mails, "u%d@example.org ", i)
	}
	answer := h.post(t, hello("", "", mails.String()))
	if answer.Code != http.StatusBadRequest || answer.Header().Get("Ringfence-Reason") != "mask_vault_full" || len(h.engine.Bodies()) != 0 {
		t.Errorf("got %d %v", answer.Code, answer.Header())
	}
}

// ended checks the last entry: the result of a call whose intent is there too.
func (h *harness) ended(t *testing.T, outcome proof.Outcome, reason string) {
	t.Helper()
	h.log.mu.Lock()
	defer h.log.mu.Unlock()
	n := len(h.log.data)
	if n < 2 || h.log.types[n-2] != proof.TypeIntent || h.log.types[n-1] != proof.TypeResult || h.log.data[n-2].Call != h.log.data[n-1].Call {
		t.Fatalf("the log ends with %v", h.log.types)
	}
	if last := h.log.data[n-1]; last.Outcome != outcome || last.Reason != reason {
		t.Errorf("the call ended as %s, %s; want %s, %s", last.Outcome, last.Reason, outcome, reason)
	}
}
