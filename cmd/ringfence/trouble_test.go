package main

import (
	"bufio"
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
	"syscall"
	"testing"
	"time"

	"ringfence/internal/audit"
	"ringfence/internal/engine/llama"
	"ringfence/proof"
)

// Calls under way when the gateway is told to stop get their whole answer.
func TestStopLetsCallsFinish(t *testing.T) {
	s := upForTest(t)
	answer := s.begin(t, `{"stream": true, "max_tokens": 150, "temperature": 0, "messages": [{"role": "user", "content": "Tell a story of a ship."}]}`)
	s.stop()
	rest, err := io.ReadAll(answer)
	if err != nil || !bytes.HasSuffix(rest, []byte("data: [DONE]\n\n")) {
		t.Errorf("the answer ended with %v, %.300s", err, rest[max(0, len(rest)-300):])
	}
	if err := <-s.ended; err != nil {
		t.Errorf("the gateway ended with %v", err)
	}
	s.lastCall(t, proof.Answered, "")
	if _, err := os.Stat(runningFile(s.data)); err == nil {
		t.Error("running.json is still there")
	}
}

// An engine that dies is started again: a call it had not begun to answer
// waits for that, one it had begun ends with an error and no end mark.
func TestDeadEngine(t *testing.T) {
	s, _ := startForTest(t)
	r := upRun{key: s.key, base: s.base, data: s.data}
	s.ask(t, false)
	killEngine(t, s.service)
	awaitEngine(t, s.service)
	s.ask(t, false)

	answer := r.begin(t, `{"stream": true, "temperature": 0, "max_tokens": 2000, "messages": [{"role": "user", "content": "Tell a long story of a ship."}]}`)
	killEngine(t, s.service)
	rest, err := io.ReadAll(answer)
	if err != nil || !bytes.Contains(rest, []byte(`"engine_interrupted"`)) || bytes.Contains(rest, []byte("[DONE]")) {
		t.Errorf("the broken answer ended with %v, %.300s", err, rest[max(0, len(rest)-300):])
	}
	awaitEngine(t, s.service)
	s.ask(t, true)
	s.close()
	r.calls(t, "answered", "answered", "engine_interrupted", "answered")
}

// A caller that goes away frees its place at the engine.
func TestGoneCaller(t *testing.T) {
	s := upForTest(t)
	for range 3 { // more than there are slots
		answer := s.begin(t, `{"stream": true, "temperature": 0, "max_tokens": 3000, "messages": [{"role": "user", "content": "Count to ten thousand, in words."}]}`)
		answer.Close()
	}
	answer := s.begin(t, `{"max_tokens": 1, "messages": [{"role": "user", "content": "Hello"}]}`)
	io.Copy(io.Discard, answer)
	s.stop()
	<-s.ended
	s.calls(t, "client_gone", "client_gone", "client_gone", "answered")
}

// What stands in the way of a start is said in a sentence that names it.
func TestTwoGateways(t *testing.T) {
	address := freePort(t)
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	dir := t.TempDir()
	config, data := filepath.Join(dir, "ringfence.yaml"), filepath.Join(dir, "data")
	if err := os.WriteFile(config, []byte("listen: "+address+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	serve := func() string {
		var stderr bytes.Buffer
		if code := run([]string{"serve", "--data", data, "--config", config}, nil, io.Discard, &stderr); code != exitNotFine {
			t.Errorf("serve ended with %d", code)
		}
		return stderr.String()
	}
	if said := serve(); !strings.Contains(said, address+" is taken") {
		t.Errorf("with its port taken, serve says %q", said)
	}
	log, err := audit.Open(audit.Options{Dir: auditDir(data)})
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	if said, want := serve(), fmt.Sprintf("process %d", os.Getpid()); !strings.Contains(said, want) {
		t.Errorf("with its data in use, serve says %q, which does not name %s", said, want)
	}
}

// upRun is a gateway that runs as `ringfence up` runs it, and what it printed.
type upRun struct {
	data, base, key string
	stop            context.CancelFunc
	ended           chan error
}

func upForTest(t *testing.T) *upRun {
	t.Helper()
	dir := t.TempDir()
	p := &place{data: filepath.Join(dir, "data"), config: filepath.Join(dir, "ringfence.yaml")}
	writeConfig(t, p.config)
	r := &upRun{data: p.data, ended: make(chan error, 1)}
	ctx, stop := context.WithCancel(t.Context())
	r.stop = stop
	printed, stdout := io.Pipe()
	go func() {
		err := start(ctx, p, true, stdout, io.Discard, slog.New(slog.DiscardHandler))
		stdout.CloseWithError(fmt.Errorf("the gateway ended: %w", err))
		r.ended <- err
		close(r.ended)
	}()
	t.Cleanup(func() { stop(); <-r.ended })
	lines := bufio.NewScanner(printed)
	for lines.Scan() && lines.Text() != "Ctrl-C stops it." {
		name, value, _ := strings.Cut(strings.TrimSpace(lines.Text()), "  ")
		switch name {
		case "base URL":
			r.base = strings.TrimSuffix(value, "/v1")
		case "key":
			r.key = strings.TrimSpace(value)
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	go io.Copy(io.Discard, printed)
	return r
}

// begin sends a call and returns its answer once that has begun.
func (r *upRun) begin(t *testing.T, body string) io.ReadCloser {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.base+"/v1/chat/completions", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+r.key)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { resp.Body.Close() })
	if resp.StatusCode != http.StatusOK {
		b, _ := io.ReadAll(resp.Body)
		t.Fatalf("%d %s", resp.StatusCode, b)
	}
	return resp.Body
}

// calls checks how all calls of a log ended, in any order: with these reasons,
// or "answered".
func (r *upRun) calls(t *testing.T, want ...string) {
	t.Helper()
	left := map[string]int{}
	for _, w := range want {
		left[w]++
	}
	for _, c := range r.results(t) {
		end := c.Reason
		if c.Outcome == proof.Answered {
			end = "answered"
		}
		left[end]--
	}
	for end, n := range left {
		if n != 0 {
			t.Errorf("the log has %d calls too few that ended with %s", n, end)
		}
	}
}

func (r *upRun) lastCall(t *testing.T, outcome proof.Outcome, reason string) {
	t.Helper()
	all := r.results(t)
	if len(all) == 0 || all[len(all)-1].Outcome != outcome || all[len(all)-1].Reason != reason {
		t.Errorf("the log's calls are %+v", all)
	}
}

// results returns the result entries of a log that nobody writes any more, and
// fails where an intent has none.
func (r *upRun) results(t *testing.T) []proof.Call {
	t.Helper()
	if report := verified(t, auditDir(r.data)); report.Verdict != audit.OK {
		t.Fatalf("the log is %+v", report)
	}
	var stdout bytes.Buffer
	if code := run([]string{"audit", "tail", "--json", "--from", "0", "--data", r.data}, nil, &stdout, os.Stderr); code != exitFine {
		t.Fatalf("audit tail ended with %d", code)
	}
	open := map[string]bool{}
	var results []proof.Call
	for d := json.NewDecoder(&stdout); d.More(); {
		var line struct {
			Entry struct {
				Type string
				Data proof.Call
			}
		}
		if err := d.Decode(&line); err != nil {
			t.Fatal(err)
		}
		open[line.Entry.Data.Call] = line.Entry.Type == proof.TypeIntent
		if line.Entry.Type == proof.TypeResult {
			results = append(results, line.Entry.Data)
		}
	}
	for call, unfinished := range open {
		if unfinished {
			t.Errorf("call %s has an intent but no result", call)
		}
	}
	return results
}

// awaitEngine waits until the engine is back, which takes longer on a busy
// machine than the gateway tries by itself.
func awaitEngine(t *testing.T, s *service) {
	t.Helper()
	if err := s.engine.(*llama.Engine).WaitReady(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
}

// killEngine ends the engine's process, and returns when it is gone.
func killEngine(t *testing.T, s *service) {
	t.Helper()
	awaitEngine(t, s)
	e := s.engine.(*llama.Engine)
	before := e.Status()
	if err := syscall.Kill(before.PID, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	for e.Status().Since == before.Since {
		time.Sleep(time.Millisecond)
	}
}
