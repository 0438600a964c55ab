package egress

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// splice passes bytes both ways, unread, until both sides have said all, or
// nothing has moved for too long. Only spoken connections are spliced.
func (p *Proxy) splice(a *attempt, s *spoken) error {
	t := &tunnel{down: a.down, up: s.conn, idle: a.policy.Bounds.Idle, host: s.host, sent: &a.sent, received: &a.received}
	defer context.AfterFunc(a.ctx, t.cut)()
	t.touch()
	if _, err := t.write(t.up, s.hello.raw, t.sent); err != nil {
		return ended("connection_cut", err)
	}
	sent := make(chan error, 1)
	go func() { sent <- t.pump(t.up, t.downEnd) }()
	err := t.pump(t.down, t.upEnd)
	return p.spliced(a, errors.Join(err, <-sent))
}

// spliced says how a tunnel ended.
func (p *Proxy) spliced(a *attempt, err error) error {
	var r *refusal
	switch {
	case errors.As(err, &r):
		return r
	case a.ctx.Err() != nil:
		return ended("total_timeout", err)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return ended("idle_timeout", err)
	case err != nil:
		return ended("connection_cut", err)
	}
	return nil
}

// ended is how a connection ends that was in use: nobody reads a sentence.
func ended(code string, cause error) *refusal {
	r := failed(http.StatusGatewayTimeout, code, "")
	r.cause = cause
	return r
}

// tunnel is the two ends of a spliced connection.
type tunnel struct {
	down           *client
	up             net.Conn
	idle           time.Duration
	host           string // that a second hello must name too
	sent, received *atomic.Int64

	moved  atomic.Int64 // when a byte last moved in either direction
	ended  atomic.Int32 // directions
	server atomic.Int32 // what the server said first: unheard, answered, retry
	once   sync.Once
}

func (t *tunnel) touch() { t.moved.Store(time.Now().UnixNano()) }

func (t *tunnel) cut() {
	t.once.Do(func() {
		t.down.Close()
		t.up.Close()
	})
}

// pump moves what one end says to the other, and passes on that it has said
// all. An error cuts both ends.
func (t *tunnel) pump(to net.Conn, from func() error) error {
	err := from()
	if last := t.ended.Add(1) == 2; err == nil && !last { // after the last word both ends are closed anyway
		err = closeWrite(to)
	}
	if err != nil {
		t.cut()
	}
	return err
}

// downEnd moves the client's bytes: first those that could still hold another
// hello, then all.
func (t *tunnel) downEnd() error {
	if err := t.firstFlights(); err != nil {
		return fineIfEOF(err)
	}
	return t.copy(t.up, t.down.Conn, t.sent)
}

// upEnd moves the server's bytes; the first ones tell whether it asks for
// another hello.
func (t *tunnel) upEnd() error {
	if err := t.firstAnswer(); err != nil {
		return fineIfEOF(err)
	}
	return t.copy(t.down, t.up, t.received)
}

func fineIfEOF(err error) error {
	if err == io.EOF {
		return nil
	}
	return err
}

// chunk is what a tunnel holds only while bytes move.
type chunk = [32 << 10]byte

var chunks = sync.Pool{New: func() any { return new(chunk) }}

func (t *tunnel) copy(to, from net.Conn, count *atomic.Int64) error {
	read := reader(from)
	for {
		err := t.patient(from, func() error {
			piece, buf, err := read()
			if len(piece) > 0 {
				_, werr := t.write(to, piece, count)
				err = errors.Join(err, werr)
			}
			if buf != nil {
				chunks.Put(buf)
			}
			return err
		})
		if err != nil {
			return fineIfEOF(err)
		}
	}
}

// patient reads with the idle time as deadline, which moves when the other
// direction does.
func (t *tunnel) patient(from net.Conn, read func() error) error {
	for {
		from.SetReadDeadline(time.Unix(0, t.moved.Load()).Add(t.idle))
		err := read()
		if !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(time.Unix(0, t.moved.Load())) >= t.idle {
			return err
		}
	}
}

func (t *tunnel) write(to net.Conn, piece []byte, count *atomic.Int64) (int, error) {
	t.touch()
	to.SetWriteDeadline(time.Now().Add(t.idle))
	n, err := to.Write(piece)
	count.Add(int64(n))
	return n, err
}

// reader returns a function that waits for bytes and only then takes a buffer:
// thousands of idle tunnels hold none.
func reader(conn net.Conn) func() ([]byte, *chunk, error) {
	if raw, ok := conn.(syscall.Conn); ok {
		if rc, err := raw.SyscallConn(); err == nil {
			return func() ([]byte, *chunk, error) { return readWhenReady(rc) }
		}
	}
	return func() ([]byte, *chunk, error) {
		buf := chunks.Get().(*chunk)
		n, err := conn.Read(buf[:])
		return buf[:n], buf, err
	}
}

func readWhenReady(rc syscall.RawConn) (piece []byte, buf *chunk, err error) {
	waited := rc.Read(func(fd uintptr) bool {
		b := chunks.Get().(*chunk)
		n, e := syscall.Read(int(fd), b[:])
		switch {
		case e == syscall.EAGAIN || e == syscall.EINTR:
			chunks.Put(b)
			return false
		case e != nil:
			err = e
		case n == 0:
			err = io.EOF
		}
		piece, buf = b[:max(n, 0)], b
		return true
	})
	if waited != nil {
		err = waited
	}
	return piece, buf, err
}

// closeWrite passes on that one end has said all.
func closeWrite(conn net.Conn) error {
	if c, ok := conn.(*client); ok {
		conn = c.Conn
	}
	c, ok := conn.(interface{ CloseWrite() error })
	if !ok {
		return nil
	}
	if err := c.CloseWrite(); err != nil && !errors.Is(err, net.ErrClosed) && !errors.Is(err, syscall.ENOTCONN) {
		return err
	}
	return nil
}
