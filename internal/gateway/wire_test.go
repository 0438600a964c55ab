package gateway_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"ringfence/internal/testkit"
	"ringfence/proof"
)

// A client that sends all before it reads, as most do, must learn why its call
// is refused instead of meeting a closed connection.
func TestTooLargeIsSaidToSlowReaders(t *testing.T) {
	h := newHarness(t, setup{BodyBytes: 1 << 10})
	const size = 20 << 20 // more than the sockets' buffers hold
	for _, head := range []string{fmt.Sprintf("Content-Length: %d\r\n\r\n", size), fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n", size)} {
		conn := h.dial(t)
		fmt.Fprintf(conn, "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n%s", h.key, head)
		if _, err := io.WriteString(conn, strings.Repeat("x", size)+"\r\n0\r\n\r\n"); err != nil {
			t.Fatalf("the gateway closed the connection: %v", err)
		}
		wantCode(t, conn, http.StatusRequestEntityTooLarge, "body_too_large")
	}
}

// One that asks first is told before it sends.
func TestTooLargeIsSaidBeforeItIsSent(t *testing.T) {
	h := newHarness(t, setup{BodyBytes: 1 << 10})
	conn := h.dial(t)
	fmt.Fprintf(conn, "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nExpect: 100-continue\r\nContent-Length: 2000\r\n\r\n", h.key)
	wantCode(t, conn, http.StatusRequestEntityTooLarge, "body_too_large")
}

// dial connects to the gateway over a real socket.
func (h *harness) dial(t *testing.T) net.Conn {
	t.Helper()
	server := httptest.NewServer(h.gateway.Handler())
	t.Cleanup(server.Close)
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

func wantCode(t *testing.T, conn net.Conn, status int, code string) {
	t.Helper()
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != status || !strings.Contains(string(body), `"`+code+`"`) {
		t.Errorf("%v: %d %s, want %d %s", err, resp.StatusCode, body, status, code)
	}
}

// A client that does not read must not keep its place at the engine: after
// Bounds.Write the call ends.
func TestClientThatDoesNotRead(t *testing.T) {
	h := newHarness(t, setup{})
	p := policy(t, setup{})
	p.Bounds.Write = 50 * time.Millisecond
	h.gateway.Use(p)
	event := `data: {"choices":[{"index":0,"delta":{"content":"` + strings.Repeat("word ", 6000) + `"}}]}` + "\n\n"
	h.engine.Play(testkit.Script{SSE: true, Body: strings.Repeat(event, 50)}) // more than the sockets' buffers hold
	ended := make(chan struct{})
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer close(ended)
		h.gateway.Handler().ServeHTTP(w, r)
	}))
	server.Config.ConnState = func(c net.Conn, s http.ConnState) {
		if s == http.StateNew {
			c.(*net.TCPConn).SetWriteBuffer(8 << 10)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.(*net.TCPConn).SetReadBuffer(8 << 10)
	body := `{"stream": true, "messages": [{"role": "user", "content": "Hello"}]}`
	fmt.Fprintf(conn, "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s", h.key, len(body), body)
	<-ended
	h.ended(t, proof.Cancelled, "client_gone")
}
