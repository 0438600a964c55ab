package egress

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"net/http"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"ringfence/internal/integration"
	"ringfence/internal/residency/host"
	"ringfence/proof"
)

// attempt is one connection or request under way: its client, and the record
// that is filled along the way and ends as the audit entry.
type attempt struct {
	p       *Proxy
	w       http.ResponseWriter // of a plain request
	r       *http.Request       // of a tunnel only until the client is told that the way is free
	connect bool
	ctx     context.Context // ends with the longest time a connection may have, and with a plain request's client
	stop    context.CancelFunc
	policy  *Policy
	began   time.Time
	record  proof.Connection

	down    *client // of a tunnel
	untrack func()

	intended bool // an entry says that bytes may leave
	recorded bool // an entry says how it ended
	begun    bool // an answer is on its way
	aborted  bool // it cannot be finished, and the client must see that

	sent, received, calls atomic.Int64
}

func (p *Proxy) newAttempt(w http.ResponseWriter, r *http.Request) *attempt {
	a := &attempt{p: p, w: w, r: r, connect: r.Method == http.MethodConnect, policy: p.policy.Load(), began: time.Now(), untrack: func() {}}
	ctx := r.Context()
	if a.connect { // the server ends its context when the connection is taken from it
		ctx = context.WithoutCancel(ctx)
	}
	a.ctx, a.stop = context.WithTimeout(ctx, a.policy.Bounds.Total)
	a.record = proof.Connection{
		Connection: strings.ToLower(rand.Text()),
		Protocol:   "http",
		Action:     proof.ActionDeny,
		Mode:       integration.ModeEnforce,
		Caller:     slug(r.Header.Get("Ringfence-Caller")),
		Agent:      product(r.Header.Get("User-Agent")),
	}
	if a.connect {
		a.record.Protocol = "connect"
	}
	if raw, port, err := a.authority(); err == nil { // so that attempts of strangers can be told apart too
		if h, err := host.Parse(raw); err == nil && !h.IsAddr() {
			a.record.Host, a.record.Port = discreet(h.Name), int(port)
		}
	}
	return a
}

// Both come from whoever sends the request, so nothing but a name of a program
// is kept of them.
var (
	slugPattern    = regexp.MustCompile(`^[a-z0-9][a-z0-9_.-]{0,63}$`)
	productPattern = regexp.MustCompile(`^[A-Za-z][A-Za-z_.-]{0,39}(/v?[0-9][0-9A-Za-z.-]{0,11})?`)
)

func slug(s string) string {
	if s = strings.ToLower(s); slugPattern.MatchString(s) {
		return s
	}
	return ""
}

func product(agent string) string { return productPattern.FindString(agent) }

// end runs last, whatever happened. A stage that panics must not take other
// connections with it, nor leave this one without an entry.
func (a *attempt) end() {
	if v := recover(); v != nil {
		a.p.Logger.Error("a stage panicked", "connection", a.record.Connection, "panic", v, "stack", string(debug.Stack()))
		a.refuse(errors.New("panic"))
	}
	a.stop()
	if a.down != nil {
		a.down.Close()
	}
	a.untrack()
	if a.aborted {
		panic(http.ErrAbortHandler)
	}
}

// takeOver takes the connection from the HTTP server.
func (a *attempt) takeOver() bool {
	conn, rw, err := http.NewResponseController(a.w).Hijack()
	if err != nil {
		a.p.Logger.Error("a connection cannot be taken over", "error", err)
		a.w.WriteHeader(http.StatusInternalServerError)
		return false
	}
	a.down = &client{Conn: conn}
	if n := rw.Reader.Buffered(); n > 0 { // sent before the answer; the reader's own buffer goes
		early, _ := rw.Reader.Peek(n)
		a.down.early = bytes.NewReader(bytes.Clone(early))
	}
	conn.SetDeadline(time.Time{})
	a.w = nil
	a.untrack = a.p.open.add(conn)
	return true
}

// established tells the client of a tunnel that the way is free.
func (a *attempt) established() error {
	a.r, a.begun = nil, true
	a.down.SetDeadline(time.Now().Add(a.policy.Bounds.Header))
	_, err := io.WriteString(a.down, "HTTP/1.1 200 Connection established\r\nRingfence-Connection: "+a.record.Connection+"\r\n\r\n")
	if err != nil {
		return errGone
	}
	return nil
}

// answer sends a refusal, to a client that is still in HTTP.
func (a *attempt) answer(status int, h http.Header, body string) {
	h.Set("Ringfence-Connection", a.record.Connection)
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("Connection", "close") // what is left of a body would be taken for the next request
	if a.connect {
		var b bytes.Buffer
		b.WriteString("HTTP/1.1 " + strconv.Itoa(status) + " " + http.StatusText(status) + "\r\n")
		h.Write(&b)
		b.WriteString("\r\n" + body)
		a.down.SetDeadline(time.Now().Add(a.policy.Bounds.Header))
		a.down.Write(b.Bytes())
		return
	}
	for name, values := range h {
		a.w.Header()[name] = values
	}
	a.w.WriteHeader(status)
	io.WriteString(a.w, body)
}

// client is a connection taken from the HTTP server; what the server had read
// of it already comes first.
type client struct {
	net.Conn
	early *bytes.Reader // nil when there is nothing
}

func (c *client) Read(b []byte) (int, error) {
	if c.early != nil {
		n, _ := c.early.Read(b)
		if c.early.Len() == 0 {
			c.early = nil
		}
		return n, nil
	}
	return c.Conn.Read(b)
}

// openConns holds what Close must cut.
type openConns struct {
	mu     sync.Mutex
	conns  map[net.Conn]struct{}
	closed bool
	wait   sync.WaitGroup
}

// add notes the connection of an attempt, and returns what takes it off again
// once its entries are written. After closeAll it is closed at once.
func (o *openConns) add(conn net.Conn) (done func()) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		conn.Close()
		return func() {}
	}
	if o.conns == nil {
		o.conns = map[net.Conn]struct{}{}
	}
	o.conns[conn] = struct{}{}
	o.wait.Add(1)
	return sync.OnceFunc(func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		delete(o.conns, conn)
		o.wait.Done()
	})
}

func (o *openConns) closeAll() {
	o.mu.Lock()
	o.closed = true
	for c := range o.conns {
		c.Close()
	}
	o.mu.Unlock()
	o.wait.Wait()
}
