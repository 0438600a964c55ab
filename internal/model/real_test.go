package model_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"ringfence/internal/model"
	"ringfence/internal/model/gguf"
	"ringfence/internal/model/progress"
)

// cache is where `make test` keeps the real engine and model. Where they are
// not there yet, this test brings them.
const cache = "../../.cache"

func realFiles(t *testing.T) model.Files {
	t.Helper()
	files, err := model.Ensure(t.Context(), model.Options{Dir: cache, Progress: progress.NewTerminal(os.Stderr).Report})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestRealEngineAndModel(t *testing.T) {
	files := realFiles(t)
	if files.ServerSource != model.Compiled || len(files.EngineDigest) != 64 {
		t.Errorf("engine: %+v", files)
	}
	header, err := gguf.Open(files.Model)
	if err != nil || header.Architecture != "llama" || header.Context == 0 || header.Tensors < 100 {
		t.Errorf("model: %+v, %v", header, err)
	}
	out, err := exec.Command("readelf", "-hdlW", files.Server).Output()
	if err != nil {
		t.Logf("hardening not checked: %v", err) // binutils come with g++, but a cached engine needs neither
		return
	}
	for _, want := range []string{"DYN (", "BIND_NOW", "GNU_RELRO", "[$ORIGIN]"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("the program lacks %s", want)
		}
	}
	if strings.Contains(string(out), "GNU_STACK") && strings.Contains(string(out), "RWE") {
		t.Error("the program's stack is executable")
	}
}

// front is a running engine without a sandbox, for a look at its doors.
type front struct {
	t      *testing.T
	client http.Client
	cmd    *exec.Cmd
}

func startFront(t *testing.T, args ...string) *front {
	t.Helper()
	files := realFiles(t)
	dir := t.TempDir()
	server, err := filepath.Abs(files.Server)
	if err != nil {
		t.Fatal(err)
	}
	weights, err := filepath.Abs(files.Model)
	if err != nil {
		t.Fatal(err)
	}
	f := &front{t: t, cmd: exec.Command(server, append([]string{"--host", "e.sock", "--model", weights,
		"--offline", "--threads", "1", "--parallel", "1", "--ctx-size", "512", "--no-warmup", "--metrics"}, args...)...)}
	f.cmd.Dir, f.cmd.Env = dir, []string{"LC_ALL=C"}
	if err := f.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.cmd.Process.Kill(); f.cmd.Wait() })
	f.client.Transport = &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", filepath.Join(dir, "e.sock"))
	}}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		if code, _ := f.call("GET", "/health", ""); code == http.StatusOK {
			return f
		}
		if time.Now().After(deadline) {
			t.Fatal("the engine does not become ready")
		}
	}
}

// call returns 0 when the engine does not listen.
func (f *front) call(method, path, body string, headers ...string) (int, string) {
	f.t.Helper()
	req, err := http.NewRequestWithContext(f.t.Context(), method, "http://engine"+path, strings.NewReader(body))
	if err != nil {
		f.t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := f.client.Do(req)
	if err != nil {
		return 0, err.Error()
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		f.t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

const hello = `{"messages":[{"role":"user","content":"Say hello."}],"max_tokens":8,"temperature":0}`

// The doors that a gateway needs are open; all others of a llama-server are not there.
func TestFrontHasFewDoors(t *testing.T) {
	f := startFront(t)
	if code, text := f.call("POST", "/v1/chat/completions", hello); code != 200 || !strings.Contains(text, `"content":`) {
		t.Errorf("chat: %d %s", code, text)
	}
	for _, open := range [][3]string{
		{"GET", "/v1/models", ""}, {"GET", "/metrics", ""}, {"POST", "/tokenize", `{"content":"hello"}`},
		{"POST", "/apply-template", hello}, {"POST", "/completion", `{"prompt":"Hello","n_predict":2}`},
	} {
		if code, text := f.call(open[0], open[1], open[2]); code != 200 {
			t.Errorf("%v: %d %s", open, code, text)
		}
	}
	for _, closed := range [][2]string{
		{"GET", "/"}, {"GET", "/index.html"}, {"GET", "/props"}, {"POST", "/props"}, {"GET", "/slots"}, {"POST", "/slots/0?action=save"},
		{"GET", "/tools"}, {"POST", "/tools"}, {"GET", "/cors-proxy?url=http://127.0.0.1"}, {"GET", "/models"}, {"POST", "/models/load"},
		{"GET", "/lora-adapters"}, {"POST", "/lora-adapters"}, {"POST", "/infill"}, {"GET", "/v1/stream"}, {"DELETE", "/v1/stream"},
		{"POST", "/v1/audio/transcriptions"}, {"POST", "/v1/messages"}, {"POST", "/v1/responses"}, {"POST", "/predict"},
	} {
		if code, text := f.call(closed[0], closed[1], "{}"); code != 404 {
			t.Errorf("%v: %d %s", closed, code, text)
		}
	}
}

func TestFrontRefuses(t *testing.T) {
	f := startFront(t)
	if code, text := f.call("POST", "/v1/chat/completions", hello, "X-Conversation-Id", "abc"); code != 400 || !strings.Contains(text, "resumable") {
		t.Errorf("a resumable stream: %d %s", code, text)
	}
	image := `{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}]}`
	if code, text := f.call("POST", "/v1/chat/completions", image); code < 400 {
		t.Errorf("a picture: %d %s", code, text)
	}
	media := `{"prompt":{"prompt_string":"<__media__>","multimodal_data":["AAAA"]}}`
	if code, text := f.call("POST", "/completion", media); code < 400 {
		t.Errorf("media data: %d %s", code, text)
	}
	for _, body := range []string{"", "{", "[]", `{"messages":3}`, strings.Repeat("[", 100_000)} {
		if code, text := f.call("POST", "/v1/chat/completions", body); code < 400 || code > 599 {
			t.Errorf("%.20q: %d %s", body, code, text)
		}
	}
	if code, _ := f.call("POST", "/v1/chat/completions", hello); code != 200 {
		t.Errorf("after all that a good call gets %d", code)
	}
}

func TestFrontStopsWhenAsked(t *testing.T) {
	f := startFront(t)
	begun := time.Now()
	if err := f.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := f.cmd.Wait(); err != nil {
		t.Errorf("it ended with %v", err)
	}
	if took := time.Since(begun); took > 3*time.Second {
		t.Errorf("it took %v", took)
	}
}

func TestFrontServesOneGivenFile(t *testing.T) {
	files := realFiles(t)
	for name, args := range map[string][]string{
		"no model":         {"--host", "e.sock"},
		"a hub repository": {"--host", "e.sock", "--offline", "-hf", "nobody/nothing"},
		"pictures":         {"--host", "e.sock", "--model", files.Model, "--mmproj", files.Model},
	} {
		var said bytes.Buffer
		cmd := exec.Command(files.Server, args...)
		cmd.Dir, cmd.Env, cmd.Stderr, cmd.Stdout = t.TempDir(), []string{"HOME=" + t.TempDir()}, &said, &said
		if err := cmd.Run(); err == nil {
			t.Errorf("%s: the engine ran:\n%s", name, said.String())
		}
	}
}
