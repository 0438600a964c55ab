package egress_test

import (
	"bytes"
	"crypto/tls"
	"encoding/binary"
	"net"
	"testing"
	"time"
)

// clientHello returns the first flight of a real client that wants name.
func clientHello(t testing.TB, name string) []byte {
	t.Helper()
	return firstFlight(t, &tls.Config{ServerName: name, InsecureSkipVerify: true})
}

func firstFlight(t testing.TB, config *tls.Config) []byte {
	t.Helper()
	said := &saying{}
	tls.Client(said, config).Handshake() // ends when it wants an answer
	if len(said.Bytes()) == 0 {
		t.Fatal("the client says nothing")
	}
	return said.Bytes()
}

// saying keeps what a client writes, and answers nothing.
type saying struct {
	net.Conn
	bytes.Buffer
}

func (s *saying) Write(b []byte) (int, error)      { return s.Buffer.Write(b) }
func (s *saying) Read([]byte) (int, error)         { return 0, net.ErrClosed }
func (s *saying) Close() error                     { return nil }
func (s *saying) SetDeadline(time.Time) error      { return nil }
func (s *saying) SetReadDeadline(time.Time) error  { return nil }
func (s *saying) SetWriteDeadline(time.Time) error { return nil }

// withExtension adds an empty extension to a hello that is one record.
func withExtension(flight []byte, kind uint16) []byte {
	return rebuild(flight, func(extensions []byte) []byte {
		return append(binary.BigEndian.AppendUint16(extensions, kind), 0, 0)
	})
}

// rebuild changes the extensions of a hello and mends all lengths around them.
func rebuild(flight []byte, change func([]byte) []byte) []byte {
	body := flight[9:]
	at := 34
	at += 1 + int(body[at])                           // session id
	at += 2 + int(binary.BigEndian.Uint16(body[at:])) // cipher suites
	at += 1 + int(body[at])                           // compression
	extensions := change(bytes.Clone(body[at+2:]))
	message := binary.BigEndian.AppendUint16(bytes.Clone(body[:at]), uint16(len(extensions)))
	message = append(message, extensions...)
	return record(append([]byte{1, byte(len(message) >> 16), byte(len(message) >> 8), byte(len(message))}, message...))
}

func record(message []byte) []byte {
	return append([]byte{22, 3, 1, byte(len(message) >> 8), byte(len(message))}, message...)
}

// twoMessages puts a hello twice into one record.
func twoMessages(flight []byte) []byte {
	return record(append(bytes.Clone(flight[5:]), flight[5:]...))
}

// fragmented cuts a hello into records of one byte each.
func fragmented(flight []byte) (out []byte) {
	for _, b := range flight[5:] {
		out = append(out, record([]byte{b})...)
	}
	return out
}
