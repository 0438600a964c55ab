package egress

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"testing"
	"time"
)

// FuzzHello: whatever comes, the reader takes whole records or fails, and what
// it lets pass the standard library reads in the same way.
func FuzzHello(f *testing.F) {
	for _, name := range []string{"pay.example", "", "x.y.z.example"} {
		said := &flight{}
		tls.Client(said, &tls.Config{ServerName: name, InsecureSkipVerify: true}).Handshake()
		f.Add(said.Bytes())
		f.Add(said.Bytes()[:len(said.Bytes())/2])
		f.Add(append(bytes.Clone(said.Bytes()), 23, 3, 3, 0, 1, 0))
	}
	f.Add([]byte("GET / HTTP/1.1\r\n\r\n"))
	f.Add([]byte{22, 3, 1, 0, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		in := bytes.NewReader(b)
		h, err := readHello(in)
		if err != nil {
			return
		}
		if taken := len(b) - in.Len(); !bytes.Equal(h.raw, b[:taken]) {
			t.Fatalf("kept %d bytes of %d taken", len(h.raw), taken)
		}
		name, ech, ok := standard(h.raw)
		if ok && (name != h.serverName || ech && !h.encrypted) {
			t.Errorf("read %q (encrypted %v), the standard library reads %q (%v)", h.serverName, h.encrypted, name, ech)
		}
	})
}

// standard is what crypto/tls reads.
func standard(raw []byte) (name string, ech, ok bool) {
	errSeen := errors.New("seen")
	server := tls.Server(&flight{in: bytes.NewReader(raw)}, &tls.Config{GetConfigForClient: func(i *tls.ClientHelloInfo) (*tls.Config, error) {
		ok, name = true, lower(i.ServerName)
		for _, e := range i.Extensions {
			ech = ech || e == extECH
		}
		return nil, errSeen
	}})
	server.HandshakeContext(context.Background())
	return name, ech, ok
}

func lower(s string) string { return string(bytes.ToLower([]byte(s))) }

// flight is one end of a connection on which one side speaks.
type flight struct {
	bytes.Buffer
	in io.Reader
}

func (f *flight) Read(b []byte) (int, error) {
	if f.in == nil {
		return 0, io.EOF
	}
	return f.in.Read(b)
}
func (f *flight) Write(b []byte) (int, error)      { return f.Buffer.Write(b) }
func (f *flight) Close() error                     { return nil }
func (f *flight) LocalAddr() net.Addr              { return nil }
func (f *flight) RemoteAddr() net.Addr             { return nil }
func (f *flight) SetDeadline(time.Time) error      { return nil }
func (f *flight) SetReadDeadline(time.Time) error  { return nil }
func (f *flight) SetWriteDeadline(time.Time) error { return nil }

// TestDiscreet: what somebody could have written into a name is not kept.
func TestDiscreet(t *testing.T) {
	for host, want := range map[string]string{
		"api.stripe.com": "api.stripe.com",
		"example.com":    "example.com",
		"anna-muster.order-4711.collector.example": "*.collector.example",
		"shop.co.uk":      "shop.co.uk",
		"anna.shop.co.uk": "*.shop.co.uk",
		"bedrock-runtime.eu-west-1.amazonaws.com":       "bedrock-runtime.eu-west-1.amazonaws.com",
		"mfrggzdfmztwq2lknnwg23tpobyxe43u.drop.example": "*.drop.example",
		"api.anna.example":                              "api.anna.example",
		"api.anna.muster.example":                       "api.*.muster.example",
		"eu1.api.example":                               "eu1.api.example",
		"cdn-49151234567.example.com":                   "*.example.com",
	} {
		if got := discreet(host); got != want {
			t.Errorf("%s is written %s, want %s", host, got, want)
		}
	}
}
