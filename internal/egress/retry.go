package egress

import (
	"bytes"
	"io"
	"net"
	"net/http"
)

// A TLS 1.3 server may answer a hello by asking for another one
// (HelloRetryRequest). A client could name one host in the first hello and
// another in the second, so the second is read like the first. Until the
// server has answered with something else, the client's records are walked.

// What the server said first.
const (
	unheard  = iota
	answered // no retry: there will be no second hello in the open
	retry
)

// helloRetry is the random of a ServerHello that asks for another hello (RFC
// 8446, section 4.1.3).
var helloRetry = [32]byte{
	0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
	0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
}

// randomAt is where the random stands: after the record's head, the message's
// head and the version.
const (
	randomAt  = 5 + 4 + 2
	randomEnd = randomAt + len(helloRetry)
)

// firstAnswer reads enough of the server's first record to tell a retry, notes
// it before the client can know, and passes it on.
func (t *tunnel) firstAnswer() error {
	buf := chunks.Get().(*chunk)
	defer chunks.Put(buf)
	first := buf[:0]
	var err error
	for len(first) < randomEnd && err == nil && (len(first) == 0 || first[0] == recordHandshake) {
		err = t.patient(t.up, func() error {
			n, err := t.up.Read(buf[len(first):])
			first = buf[:len(first)+n]
			return err
		})
	}
	if len(first) >= randomEnd && bytes.Equal(first[randomAt:randomEnd], helloRetry[:]) {
		t.server.Store(retry)
	} else {
		t.server.Store(answered)
	}
	if len(first) > 0 {
		if _, werr := t.write(t.down, first, t.received); werr != nil {
			return werr
		}
	}
	return err
}

// firstFlights passes the client's records on until no second hello can come,
// or one came and names the same host.
func (t *tunnel) firstFlights() error {
	buf := chunks.Get().(*chunk)
	defer chunks.Put(buf)
	held, inside := 0, 0 // bytes of a record's head that wait for the rest; bytes of a record still to pass
	for {
		n := 0
		if err := t.patient(t.down, func() (err error) {
			n, err = t.down.Read(buf[held:])
			return err
		}); err != nil {
			return err
		}
		piece := buf[:held+n]
		if t.server.Load() == answered {
			_, err := t.write(t.up, piece, t.sent)
			return err
		}
		pass := 0
		for pass < len(piece) {
			if inside > 0 {
				step := min(inside, len(piece)-pass)
				pass, inside = pass+step, inside-step
				continue
			}
			if piece[pass] == recordHandshake {
				return t.secondHello(piece[:pass], piece[pass:])
			}
			if len(piece)-pass < 5 {
				break
			}
			inside = 5 + int(piece[pass+3])<<8 + int(piece[pass+4])
		}
		if _, err := t.write(t.up, piece[:pass], t.sent); err != nil {
			return err
		}
		held = copy(buf[:], piece[pass:])
	}
}

// secondHello reads another hello, of which some has come, and passes it on.
func (t *tunnel) secondHello(before, begun []byte) error {
	come := bytes.NewReader(begun)
	h, err := readHello(io.MultiReader(come, patiently{t, t.down}))
	if err == nil {
		err = h.names(t.host)
	}
	if err != nil {
		return refused(http.StatusForbidden, "second_hello", "A second TLS hello does not name the host of the first.")
	}
	rest := begun[len(begun)-come.Len():]
	for _, piece := range [][]byte{before, h.raw, rest} {
		if _, err := t.write(t.up, piece, t.sent); err != nil {
			return err
		}
	}
	return nil
}

// patiently reads within the tunnel's idle time.
type patiently struct {
	t    *tunnel
	conn net.Conn
}

func (r patiently) Read(b []byte) (n int, err error) {
	err = r.t.patient(r.conn, func() (err error) {
		n, err = r.conn.Read(b)
		return err
	})
	return n, err
}
