// Package testkit holds whole neighbours for tests: an engine that says what a
// test wrote down and remembers what it was sent.
package testkit

import (
	"io"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Engine is an OpenAI-compatible server on a unix socket that gives a scripted
// answer. It is a neighbour for tests of the gateway, not of engines: those
// run against a real one.
type Engine struct {
	Socket string // path of the unix socket

	mu     sync.Mutex
	script Script
	bodies [][]byte
}

// Script is one scripted response.
type Script struct {
	Status int // 0: 200
	SSE    bool
	Body   string
	Die    bool          // cut the connection after Body
	Gate   chan struct{} // if set, Body is sent when it is closed
}

// ParseScript reads a script from a test case. The first line is a status, a
// content type (json or sse) and optionally the word die; the body follows.
func ParseScript(text string) Script {
	first, body, _ := strings.Cut(text, "\n")
	s := Script{Body: body, SSE: strings.Contains(first, "sse"), Die: strings.Contains(first, "die")}
	for _, c := range strings.Fields(first)[0] {
		s.Status = s.Status*10 + int(c-'0')
	}
	return s
}

// NewEngine starts an engine that stops with the test.
func NewEngine(t testing.TB) *Engine {
	t.Helper()
	e := &Engine{Socket: filepath.Join(t.TempDir(), "e.sock")}
	l, err := net.Listen("unix", e.Socket)
	if err != nil {
		t.Fatal(err)
	}
	srv := &http.Server{Handler: e}
	go srv.Serve(l)
	t.Cleanup(func() { srv.Close() })
	return e
}

// Play sets the answer to the requests that follow.
func (e *Engine) Play(s Script) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.script = s
}

// Bodies returns the completion requests the engine was sent so far.
func (e *Engine) Bodies() [][]byte {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.bodies)
}

func (e *Engine) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/health":
		io.WriteString(w, `{"status":"ok"}`)
	case "/v1/models":
		io.WriteString(w, `{"object":"list","data":[{"id":"small","object":"model","meta":{"n_ctx_train":2048}}]}`)
	case "/v1/chat/completions":
		e.complete(w, r)
	default:
		http.NotFound(w, r)
	}
}

func (e *Engine) complete(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	e.mu.Lock()
	e.bodies = append(e.bodies, body)
	s := e.script
	e.mu.Unlock()
	kind := "application/json"
	if s.SSE {
		kind = "text/event-stream"
	}
	w.Header().Set("Content-Type", kind)
	if s.Status != 0 {
		w.WriteHeader(s.Status)
	}
	if s.Gate != nil {
		http.NewResponseController(w).Flush()
		select {
		case <-s.Gate:
		case <-r.Context().Done():
			return
		}
	}
	io.WriteString(w, s.Body)
	if s.Die {
		http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}
