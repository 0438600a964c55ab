package egress_test

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"ringfence/internal/egress"
	"ringfence/proof"
)

// echo says back what it hears, and its last word after the client's.
func echo(c net.Conn) {
	defer c.Close()
	io.Copy(c, c)
	io.WriteString(c, "bye")
	c.(*net.TCPConn).CloseWrite()
}

// TestHalfClose: a client that has said all still hears the rest.
func TestHalfClose(t *testing.T) {
	w := newWorld(t)
	s := w.raw("pay.example", "198.41.0.4:443", echo)
	conn, answer := w.connect("pay.example:443")
	if answer.StatusCode != 200 {
		t.Fatal(answer.Status)
	}
	said := clientHello(t, "pay.example")
	for _, piece := range [][]byte{said[:3], said[3:70], said[70:]} { // in pieces, as networks do
		conn.Write(piece)
	}
	conn.(*readAhead).Conn.(*net.TCPConn).CloseWrite()
	heard, err := io.ReadAll(conn)
	if want := append(said, "bye"...); err != nil || !bytes.Equal(heard, want) {
		t.Errorf("heard %d bytes of %d, %v", len(heard), len(want), err)
	}
	if e := w.log.last(t, 2); e.Outcome != proof.Answered || e.Sent != int64(len(said)) || e.Received != int64(len(heard)) || s.bytes.Load() != e.Sent {
		t.Errorf("entry %+v", e)
	}
}

// TestFragmentedHello: a hello in records of one byte goes on as it came.
func TestFragmentedHello(t *testing.T) {
	w := newWorld(t)
	w.raw("pay.example", "198.41.0.4:443", echo)
	conn, _ := w.connect("pay.example:443")
	said := fragmented(clientHello(t, "pay.example"))
	conn.Write(said)
	conn.(*readAhead).Conn.(*net.TCPConn).CloseWrite()
	if heard, _ := io.ReadAll(conn); !bytes.Equal(heard, append(said, "bye"...)) {
		t.Errorf("heard %d bytes", len(heard))
	}
}

// TestEarlyHello: a client that does not wait for the answer to its CONNECT.
func TestEarlyHello(t *testing.T) {
	w := newWorld(t)
	w.raw("pay.example", "198.41.0.4:443", echo)
	said := clientHello(t, "pay.example")
	c, err := net.Dial("tcp", w.address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	io.WriteString(c, "CONNECT pay.example:443 HTTP/1.1\r\nHost: pay.example:443\r\nProxy-Authorization: "+w.basic(w.key)+"\r\n\r\n"+string(said))
	c.(*net.TCPConn).CloseWrite()
	heard, _ := io.ReadAll(c)
	if !bytes.HasPrefix(heard, []byte("HTTP/1.1 200 ")) || !bytes.HasSuffix(heard, append(said, "bye"...)) {
		t.Errorf("heard %q", heard)
	}
}

// TestSecondHello: a server asks for another hello, and the client names
// another host in it.
func TestSecondHello(t *testing.T) {
	again := append([]byte{22, 3, 3, 0, 50, 2, 0, 0, 46, 3, 3}, helloRetryRandom...)
	again = append(again, 0, 0x13, 1, 0, 0, 6, 0, 43, 0, 2, 3, 4)
	for name, c := range map[string]struct {
		second []byte
		passes bool
	}{
		"the same":               {clientHello(t, "pay.example"), true},
		"another":                {clientHello(t, "evil.example"), false},
		"none":                   {clientHello(t, ""), false},
		"hidden":                 {withExtension(clientHello(t, "pay.example"), 0xfe0d), false},
		"behind a cipher change": {append([]byte{20, 3, 3, 0, 1, 1}, clientHello(t, "evil.example")...), false},
		"behind early data":      {append([]byte{23, 3, 3, 0, 2, 9, 9}, clientHello(t, "evil.example")...), false},
		"after a change":         {append([]byte{20, 3, 3, 0, 1, 1}, clientHello(t, "pay.example")...), true},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			first := clientHello(t, "pay.example")
			heard := make(chan []byte, 1)
			w.raw("pay.example", "198.41.0.4:443", func(c net.Conn) {
				defer c.Close()
				io.ReadFull(c, make([]byte, len(first)))
				c.Write(again)
				rest, _ := io.ReadAll(c)
				heard <- rest
			})
			conn, _ := w.connect("pay.example:443")
			conn.Write(first)
			if _, err := io.ReadFull(conn, make([]byte, len(again))); err != nil {
				t.Fatal(err)
			}
			for _, b := range c.second { // a byte at a time: where a record ends is not where a packet does
				conn.Write([]byte{b})
			}
			conn.(*readAhead).Conn.(*net.TCPConn).CloseWrite()
			got := <-heard
			if c.passes != bytes.Equal(got, c.second) {
				t.Errorf("the server heard %d bytes of %d", len(got), len(c.second))
			}
			if !c.passes && bytes.Contains(got, []byte("evil.example")) {
				t.Error("the other name left")
			}
			e := w.log.last(t, 2)
			if !c.passes && (e.Reason != "second_hello" || e.Outcome != proof.Refused) || c.passes && e.Outcome != proof.Answered {
				t.Errorf("entry %+v", e)
			}
		})
	}
}

var helloRetryRandom = []byte{
	0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
	0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
}

// TestRealRetry: a real server asks for another hello, and gets it.
func TestRealRetry(t *testing.T) {
	w := newWorld(t)
	cert := certFor("pay.example")
	w.raw("pay.example", "198.41.0.4:443", func(c net.Conn) {
		s := tls.Server(c, &tls.Config{Certificates: []tls.Certificate{cert}, CurvePreferences: []tls.CurveID{tls.CurveP384}})
		io.Copy(s, s)
		s.Close()
	})
	conn, _ := w.connect("pay.example:443")
	c := tls.Client(conn, &tls.Config{ServerName: "pay.example", InsecureSkipVerify: true, CurvePreferences: []tls.CurveID{tls.X25519, tls.CurveP384}})
	io.WriteString(c, "through")
	if heard := make([]byte, 7); true {
		if _, err := io.ReadFull(c, heard); err != nil || string(heard) != "through" {
			t.Errorf("%q, %v", heard, err)
		}
	}
	if !c.ConnectionState().HelloRetryRequest {
		t.Error("the server did not ask for another hello")
	}
	c.Close()
}

// TestTimes: what does not move ends, with its own reason.
func TestTimes(t *testing.T) {
	silent := func(c net.Conn) { io.Copy(io.Discard, c) }
	for reason, c := range map[string]struct {
		bounds func(*egress.Bounds)
		serve  func(net.Conn)
		say    bool
	}{
		"hello_timeout": {func(b *egress.Bounds) { b.Header = 50 * time.Millisecond }, silent, false},
		"idle_timeout":  {func(b *egress.Bounds) { b.Idle = 50 * time.Millisecond }, silent, true},
		"total_timeout": {func(b *egress.Bounds) { b.Total = 200 * time.Millisecond }, func(c net.Conn) {
			for _, err := c.Write([]byte("x")); err == nil; _, err = c.Write([]byte("x")) {
			}
		}, true},
	} {
		t.Run(reason, func(t *testing.T) {
			w := newWorld(t, withBounds(c.bounds))
			w.raw("pay.example", "198.41.0.4:443", c.serve)
			conn, _ := w.connect("pay.example:443")
			if c.say {
				conn.Write(clientHello(t, "pay.example"))
			}
			io.Copy(io.Discard, conn)
			if e := w.log.last(t, 2); e.Reason != reason {
				t.Errorf("entry %+v", e)
			}
		})
	}
}

// TestSlowLoris: a client that never ends its request is let go.
func TestSlowLoris(t *testing.T) {
	w := newWorld(t, withBounds(func(b *egress.Bounds) { b.Header = 50 * time.Millisecond }))
	c, err := net.Dial("tcp", w.address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	io.WriteString(c, "CONNECT pay.example:443 HTTP/1.1\r\nX-Slow: ")
	c.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.Copy(io.Discard, c); errors.Is(err, &net.OpError{}) {
		t.Errorf("the connection was kept: %v", err)
	}
}

func TestHugeHeaders(t *testing.T) {
	w := newWorld(t)
	_, answer := w.connect("pay.example:443", "X-Huge: "+strings.Repeat("x", 100<<10))
	if answer.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Error(answer.Status)
	}
}

// TestTooMany: one client cannot take all, and does not hinder others.
func TestTooMany(t *testing.T) {
	w := newWorld(t, withBounds(func(b *egress.Bounds) { b.PerClient = 2 }))
	w.raw("pay.example", "198.41.0.4:443", echo)
	var open []net.Conn
	for range 2 {
		conn, answer := w.connect("pay.example:443")
		if answer.StatusCode != 200 {
			t.Fatal(answer.Status)
		}
		open = append(open, conn)
	}
	if _, answer := w.connect("pay.example:443"); answer.StatusCode != http.StatusTooManyRequests || answer.Header.Get("Ringfence-Reason") != "too_many_connections" {
		t.Errorf("%s %s", answer.Status, answer.Header.Get("Ringfence-Reason"))
	}
	open[0].Close()
	w.log.last(t, 4) // two opened, one refused, one closed
	for {
		if _, answer := w.connect("pay.example:443"); answer.StatusCode == 200 { // its place is free a moment after its entry
			break
		}
	}
}
