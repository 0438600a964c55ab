package egress

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"ringfence/internal/residency/host"
)

// spoken is a connection whose client has said what it wants, in the open, and
// it is what was allowed. Only peek makes one.
type spoken struct {
	*upstream
	hello *hello
}

// peek reads the client's TLS hello before a byte goes on, and lets it pass
// only if it names the host that was judged.
func (p *Proxy) peek(a *attempt, up *upstream) (*spoken, error) {
	if err := a.established(); err != nil {
		return nil, err
	}
	h, err := a.down.hello()
	if err == nil {
		err = h.names(up.host)
	}
	if err != nil {
		return nil, a.unspoken(err)
	}
	a.down.SetDeadline(time.Time{})
	return &spoken{up, h}, nil
}

// hello reads a hello with few reads, and keeps what came behind it.
func (c *client) hello() (*hello, error) {
	buf := chunks.Get().(*chunk)
	defer chunks.Put(buf)
	n, err := c.Read(buf[:])
	if n == 0 {
		return nil, err
	}
	come := bytes.NewReader(buf[:n])
	h, err := readHello(io.MultiReader(come, c))
	if come.Len() > 0 {
		c.early = bytes.NewReader(bytes.Clone(buf[n-come.Len() : n]))
	}
	return h, err
}

// names checks that a hello asks for the host, and for no other behind it.
func (h *hello) names(want string) error {
	if h.encrypted {
		return refused(http.StatusForbidden, "encrypted_hello", "The TLS hello hides the host it is for (ECH).")
	}
	if h.serverName == "" {
		return refused(http.StatusForbidden, "sni_missing", "The TLS hello names no host (SNI).")
	}
	if said, err := host.Parse(h.serverName); err != nil || said.Name != want {
		return refused(http.StatusForbidden, "sni_mismatch", "The TLS hello names another host than the CONNECT.")
	}
	return nil
}

// unspoken turns what went wrong into a refusal, and tells a client that
// speaks TLS so with an alert.
func (a *attempt) unspoken(err error) error {
	var r *refusal
	switch {
	case errors.As(err, &r):
	case errors.Is(err, errNotTLS):
		return refused(http.StatusForbidden, "not_tls", "A CONNECT must carry TLS. Ask for http:// URLs without CONNECT.")
	case errors.Is(err, errMalformed):
		r = refused(http.StatusForbidden, "hello_malformed", err.Error())
	case errors.Is(err, os.ErrDeadlineExceeded):
		return refused(http.StatusForbidden, "hello_timeout", "The client sent no TLS hello in time.")
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed):
		return errGone
	default:
		return errGone
	}
	alert(a.down)
	return r
}

// alert sends a fatal access_denied, so that the client says something better
// than that the connection broke.
func alert(conn net.Conn) {
	conn.SetWriteDeadline(time.Now().Add(time.Second))
	conn.Write([]byte{21, 3, 3, 0, 2, 2, 49})
}
