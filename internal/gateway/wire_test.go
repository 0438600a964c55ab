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
