package egress_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"ringfence/internal/egress"
	"ringfence/proof"
)

func (w *world) http() *http.Client {
	return &http.Client{
		Transport:     &http.Transport{Proxy: http.ProxyURL(w.url())},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func get(t *testing.T, c *http.Client, url string) (*http.Response, string) {
	t.Helper()
	answer, err := c.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(body)
}

// TestForward: a request goes on without what is ours, and for the host that was judged.
func TestForward(t *testing.T) {
	w := newWorld(t)
	var got *http.Request
	w.site("pay.example", "198.41.0.4:80", http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		got = r
		rw.Header().Set("X-Answer", "yes")
		rw.WriteHeader(http.StatusTeapot)
		io.WriteString(rw, "short and stout")
	}))
	_, answer := w.ask("POST http://pay.example/a?b=c HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 0", "Proxy-Authorization: "+w.basic(w.key),
		"Ringfence-Caller: my-plugin", "Connection: X-Hop", "X-Hop: gone", "User-Agent: WordPress/7.1; https://anna-muster.example")
	body, _ := io.ReadAll(answer.Body)
	if answer.StatusCode != http.StatusTeapot || string(body) != "short and stout" || answer.Header.Get("X-Answer") != "yes" {
		t.Errorf("%s %q %v", answer.Status, body, answer.Header)
	}
	if got.Host != "pay.example" || got.URL.String() != "/a?b=c" {
		t.Errorf("went to %s %s", got.Host, got.URL)
	}
	for _, name := range []string{"Proxy-Authorization", "Ringfence-Caller", "X-Hop", "Proxy-Connection"} {
		if got.Header.Get(name) != "" {
			t.Errorf("%s went on", name)
		}
	}
	e := w.log.last(t, 2)
	if e.Caller != "my-plugin" || e.Agent != "WordPress/7.1" || e.Action != proof.ActionForward || e.Sent == 0 || e.Received == 0 {
		t.Errorf("entry %+v", e)
	}
}

// TestForwardRefuses: what a plain request may not be.
func TestForwardRefuses(t *testing.T) {
	w := newWorld(t, withRule(egress.Rule{Name: "all", Action: egress.RuleAllow, Hosts: []string{"*"}}))
	s := w.site("pay.example", "198.41.0.4:80", hello)
	w.names["inside.example"] = []netip.Addr{netip.MustParseAddr("169.254.169.254")}
	for head, reason := range map[string]string{
		"GET / HTTP/1.1\r\nHost: pay.example":                                  "not_for_a_proxy",
		"GET https://pay.example/ HTTP/1.1\r\nHost: pay.example":               "scheme_not_allowed",
		"GET ftp://pay.example/ HTTP/1.1\r\nHost: pay.example":                 "scheme_not_allowed",
		"GET http://u:p@pay.example/ HTTP/1.1\r\nHost: pay.example":            "bad_host",
		"GET http://pay.example:443/ HTTP/1.1\r\nHost: pay.example":            "port_not_allowed",
		"GET http://pay.example:8080/ HTTP/1.1\r\nHost: pay.example":           "port_not_allowed",
		"GET http://127.0.0.1/ HTTP/1.1\r\nHost: pay.example":                  "ip_literal",
		"GET http://0x7f000001/ HTTP/1.1\r\nHost: pay.example":                 "ip_literal",
		"GET http://[::1]/ HTTP/1.1\r\nHost: pay.example":                      "ip_literal",
		"GET http://inside.example/latest/meta-data HTTP/1.1\r\nHost: x":       "address_class",
		"GET http://api.openai.com/v1/models HTTP/1.1\r\nHost: pay.example":    "service_not_allowed",
		"POST http://inside.example/ HTTP/1.1\r\nHost: x\r\nContent-Length: 3": "address_class",
	} {
		_, answer := w.ask(head, "Proxy-Authorization: "+w.basic(w.key))
		if got := answer.Header.Get("Ringfence-Reason"); got != reason {
			t.Errorf("%s: %s %s, want %s", head, answer.Status, got, reason)
		}
	}
	if s.conns.Load() != 0 {
		t.Error("something was dialled")
	}
}

// TestRedirect: an answer that leads elsewhere goes back; where it leads is
// judged as any other host.
func TestRedirect(t *testing.T) {
	w := newWorld(t)
	w.site("pay.example", "198.41.0.4:80", http.RedirectHandler("http://169.254.169.254/latest", http.StatusFound))
	answer, _ := get(t, w.http(), "http://pay.example/")
	if answer.StatusCode != http.StatusFound {
		t.Fatal(answer.Status)
	}
	answer, _ = get(t, w.http(), answer.Header.Get("Location"))
	if answer.Header.Get("Ringfence-Reason") != "ip_literal" {
		t.Errorf("%s %s", answer.Status, answer.Header.Get("Ringfence-Reason"))
	}
}

// TestStreamed: pieces of an answer go back as they come.
func TestStreamed(t *testing.T) {
	w := newWorld(t)
	more := make(chan struct{})
	w.site("pay.example", "198.41.0.4:80", http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Content-Type", "text/event-stream")
		io.WriteString(rw, "data: 1\n\n")
		http.NewResponseController(rw).Flush()
		<-more
		io.WriteString(rw, "data: 2\n\n")
	}))
	answer, err := w.http().Get("http://pay.example/")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	first := make([]byte, 9)
	if _, err := io.ReadFull(answer.Body, first); err != nil || string(first) != "data: 1\n\n" {
		t.Errorf("%q, %v", first, err)
	}
	close(more)
	if rest, _ := io.ReadAll(answer.Body); string(rest) != "data: 2\n\n" {
		t.Errorf("%q", rest)
	}
}

// TestBadAnswers: a host that breaks HTTP does not break the proxy, and a part
// of an answer is not taken for the whole.
func TestBadAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		say, reason string
		status      int
	}{
		"no HTTP":             {"hello\r\n\r\n", "bad_answer", 502},
		"nothing":             {"", "bad_answer", 502},
		"huge header":         {"HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 200<<10) + "\r\n\r\n", "bad_answer", 502},
		"endless continues":   {strings.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 1000), "bad_answer", 502},
		"unasked upgrade":     {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n", "bad_answer", 502},
		"cut in the middle":   {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", "", 200},
		"two lengths":         {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", "bad_answer", 502},
		"continue and answer": {"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n", "", 204},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.raw("pay.example", "198.41.0.4:80", func(conn net.Conn) {
				http.ReadRequest(bufio.NewReader(conn))
				io.WriteString(conn, c.say)
				conn.Close()
			})
			answer, err := w.http().Get("http://pay.example/")
			if err != nil {
				t.Fatal(err)
			}
			_, err = io.ReadAll(answer.Body)
			if answer.StatusCode != c.status || answer.Header.Get("Ringfence-Reason") != c.reason {
				t.Errorf("%s %s", answer.Status, answer.Header.Get("Ringfence-Reason"))
			}
			if strings.HasPrefix(name, "cut") && err == nil {
				t.Error("half an answer looks whole")
			}
		})
	}
}

// TestWebSocket over plain HTTP is spliced once the server agrees.
func TestWebSocket(t *testing.T) {
	w := newWorld(t)
	w.raw("pay.example", "198.41.0.4:80", func(c net.Conn) {
		r := bufio.NewReader(c)
		req, err := http.ReadRequest(r)
		if err != nil || req.Header.Get("Upgrade") != "websocket" {
			c.Close()
			return
		}
		io.WriteString(c, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\nearly")
		io.Copy(c, r)
		c.Close()
	})
	conn, answer := w.ask("GET http://pay.example/chat HTTP/1.1\r\nHost: pay.example", "Proxy-Authorization: "+w.basic(w.key),
		"Connection: keep-alive, Upgrade", "Upgrade: websocket", "Sec-WebSocket-Key: eA==")
	if answer.StatusCode != http.StatusSwitchingProtocols || answer.Header.Get("Upgrade") != "websocket" {
		t.Fatalf("%s %v", answer.Status, answer.Header)
	}
	io.WriteString(conn, " and late")
	conn.(*readAhead).Conn.(*net.TCPConn).CloseWrite()
	if heard, _ := io.ReadAll(conn); string(heard) != "early and late" {
		t.Errorf("heard %q", heard)
	}
	if e := w.log.last(t, 2); e.Outcome != proof.Answered {
		t.Errorf("entry %+v", e)
	}
}

// TestSlowBody: a client that never ends its body holds nothing for long.
func TestSlowBody(t *testing.T) {
	w := newWorld(t, withBounds(func(b *egress.Bounds) { b.Header, b.Idle = 50*time.Millisecond, 50*time.Millisecond }))
	w.raw("pay.example", "198.41.0.4:80", func(c net.Conn) { io.Copy(io.Discard, c) })
	_, answer := w.ask("POST http://pay.example/ HTTP/1.1\r\nHost: pay.example\r\nContent-Length: 10", "Proxy-Authorization: "+w.basic(w.key))
	if answer.Header.Get("Ringfence-Reason") != "body_timeout" {
		t.Errorf("%s %s", answer.Status, answer.Header.Get("Ringfence-Reason"))
	}
	// What comes after the look is paced too.
	_, answer = w.ask("POST http://pay.example/ HTTP/1.1\r\nHost: pay.example\r\nContent-Length: 100000\r\nProxy-Authorization: "+w.basic(w.key)+"\r\n\r\n"+strings.Repeat("x", 70_000), "the end")
	if answer.StatusCode < 400 {
		t.Error(answer.Status)
	}
}
