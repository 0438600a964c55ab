package egress

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"time"
)

// forward passes one plain HTTP request on and its answer back, over a
// connection of its own: the next request is judged anew, whatever host it is
// for, and no two clients ever share one.
func (p *Proxy) forward(a *attempt, up *upstream) error {
	t := &tunnel{up: up.conn, idle: a.policy.Bounds.Idle, sent: &a.sent, received: &a.received}
	t.touch()
	defer context.AfterFunc(a.ctx, func() { up.conn.Close() })()
	out, upgrade := outgoing(a.r, up.host)
	if out.Body != http.NoBody {
		out.Body = &paced{out.Body, http.NewResponseController(a.w), a.policy.Bounds.Idle}
	}
	conn := &metered{t}
	if err := out.Write(conn); err != nil {
		if a.r.Context().Err() != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
			return errGone
		}
		return brokenOff(err)
	}
	head := &io.LimitedReader{R: conn, N: maxHeader}
	from := bufio.NewReader(head)
	answer, err := finalResponse(from, head, out)
	if err != nil {
		return brokenOff(err)
	}
	head.N = 1<<63 - 1
	defer answer.Body.Close()
	if answer.StatusCode == http.StatusSwitchingProtocols {
		if !upgrade {
			return brokenOff(errors.New("an upgrade nobody asked for"))
		}
		return p.upgrade(a, up, answer, from)
	}
	return a.passBack(answer)
}

// finalResponse reads the answer behind those that only say that one will come.
func finalResponse(from *bufio.Reader, head *io.LimitedReader, out *http.Request) (*http.Response, error) {
	for range 8 {
		answer, err := http.ReadResponse(from, out)
		if err != nil {
			return nil, err
		}
		if answer.StatusCode >= 200 || answer.StatusCode == http.StatusSwitchingProtocols {
			return answer, nil
		}
		head.N = maxHeader
	}
	return nil, errors.New("only informational answers")
}

func brokenOff(err error) error {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		r := failed(http.StatusGatewayTimeout, "idle_timeout", "The host did not answer in time.")
		r.cause = err
		return r
	}
	r := failed(http.StatusBadGateway, "bad_answer", "The host broke off, or its answer is no HTTP.")
	r.cause = err
	return r
}

// outgoing is the request as it goes on: without what is between client and
// proxy, and for the host that was judged, whatever the Host header says.
func outgoing(r *http.Request, host string) (out *http.Request, upgrade bool) {
	out = r.Clone(r.Context())
	out.Host = host
	if r.URL.Port() != "" && r.URL.Port() != "80" {
		out.Host = net.JoinHostPort(host, r.URL.Port())
	}
	out.URL.Scheme, out.URL.Host, out.Close = "http", out.Host, true
	protocol := r.Header.Get("Upgrade")
	upgrade = protocol != "" && tokens(r.Header["Connection"])["upgrade"]
	hopByHop(out.Header)
	for name := range out.Header {
		if strings.HasPrefix(name, "Ringfence-") {
			delete(out.Header, name)
		}
	}
	if r.Header.Get("User-Agent") == "" {
		out.Header["User-Agent"] = nil // or the library would put its own
	}
	if upgrade {
		out.Close = false
		out.Header.Set("Connection", "Upgrade")
		out.Header.Set("Upgrade", protocol)
	}
	return out, upgrade
}

// hopByHop removes what is meant for the next hop only (RFC 9110, section 7.6.1).
func hopByHop(h http.Header) {
	for name := range tokens(h["Connection"]) {
		h.Del(name)
	}
	for _, name := range []string{"Connection", "Proxy-Connection", "Keep-Alive", "Te", "Trailer", "Transfer-Encoding", "Upgrade",
		"Proxy-Authorization", "Proxy-Authenticate"} {
		delete(h, name)
	}
}

func tokens(values []string) map[string]bool {
	out := map[string]bool{}
	for _, v := range values {
		for t := range strings.SplitSeq(v, ",") {
			out[strings.ToLower(strings.TrimSpace(t))] = true
		}
	}
	return out
}

// passBack sends an answer to the client, piece by piece as it comes.
func (a *attempt) passBack(answer *http.Response) error {
	h := a.w.Header()
	hopByHop(answer.Header)
	for name, values := range answer.Header {
		h[name] = values
	}
	h.Set("Ringfence-Connection", a.record.Connection)
	a.begun = true
	a.w.WriteHeader(answer.StatusCode)
	rc := http.NewResponseController(a.w)
	buf := chunks.Get().(*chunk)
	defer chunks.Put(buf)
	for {
		n, err := answer.Body.Read(buf[:])
		if n > 0 {
			rc.SetWriteDeadline(time.Now().Add(a.policy.Bounds.Idle))
			if _, werr := a.w.Write(buf[:n]); werr != nil {
				return errGone
			}
			rc.Flush()
		}
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			a.aborted = true // the client must not take a part for the whole
			return brokenOff(err)
		}
	}
}

// upgrade passes a WebSocket on: what follows is spliced.
func (p *Proxy) upgrade(a *attempt, up *upstream, answer *http.Response, from *bufio.Reader) error {
	early, _ := from.Peek(from.Buffered())
	h := a.w.Header()
	for name, values := range answer.Header {
		h[name] = values
	}
	conn, rw, err := http.NewResponseController(a.w).Hijack()
	if err != nil {
		return failed(http.StatusInternalServerError, "internal_error", "The proxy could not take over this connection.")
	}
	a.begun = true
	a.down = &client{Conn: conn}
	a.untrack = p.open.add(conn)
	conn.SetDeadline(time.Time{})
	if rw.Reader.Buffered() > 0 {
		return refused(http.StatusBadRequest, "bad_upgrade", "The client sent more before the upgrade was answered.")
	}
	t := &tunnel{down: a.down, up: up.conn, idle: a.policy.Bounds.Idle, sent: &a.sent, received: &a.received}
	defer context.AfterFunc(a.ctx, t.cut)()
	t.touch()
	if err := answer.Write(conn); err != nil {
		return errGone
	}
	if _, err := conn.Write(early); err != nil {
		return errGone
	}
	sent := make(chan error, 1)
	go func() { sent <- t.pump(t.up, func() error { return t.copy(t.up, conn, t.sent) }) }()
	err = t.pump(t.down, func() error { return t.copy(t.down, t.up, t.received) })
	return p.spliced(a, errors.Join(err, <-sent))
}

// paced gives a client a bounded time for each piece of its body.
type paced struct {
	io.ReadCloser
	rc   *http.ResponseController
	idle time.Duration
}

func (p *paced) Read(b []byte) (int, error) {
	p.rc.SetReadDeadline(time.Now().Add(p.idle))
	n, err := p.ReadCloser.Read(b)
	if err == io.EOF { // after another error the deadline also ends the server's own reading
		p.rc.SetReadDeadline(time.Time{})
	}
	return n, err
}

// metered counts what goes over the upstream connection, within its idle time.
type metered struct{ *tunnel }

func (m *metered) Write(b []byte) (int, error) { return m.write(m.up, b, m.sent) }

func (m *metered) Read(b []byte) (n int, err error) {
	err = m.patient(m.up, func() (err error) {
		n, err = m.up.Read(b)
		return err
	})
	m.received.Add(int64(n))
	if n > 0 {
		m.touch()
	}
	return n, err
}
