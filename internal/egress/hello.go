package egress

import (
	"encoding/binary"
	"errors"
	"io"
	"strings"
)

// A hello is what a client says first on a TLS connection: the bytes as they
// came, and what of them matters here. Only readHello makes one.
type hello struct {
	raw        []byte // whole records, to be sent on unchanged
	serverName string // "" if it names none
	encrypted  bool   // it carries an encrypted hello (ECH), whose name nobody here sees
}

// What is wrong with a first flight.
var (
	errNotTLS    = errors.New("the client does not begin with a TLS hello")
	errMalformed = errors.New("the client's TLS hello is not well formed")
)

const (
	maxRecord = 1 << 14 // RFC 8446, section 5.1: of a plaintext record
	maxHello  = 1 << 16 // of the message; real ones have 200 to 2,000 bytes

	recordHandshake = 22
	recordCCS       = 20
	helloMessage    = 1

	extServerName = 0
	extECH        = 0xfe0d
	extOuter      = 0xfd00 // stands for extensions inside an encrypted hello
)

// readHello reads records from r up to the end of the client's hello and not a
// byte further. It is stricter than servers are: what two readers could
// understand in two ways is refused.
func readHello(r io.Reader) (*hello, error) {
	h := &hello{raw: make([]byte, 0, 600)}
	var message []byte
	for len(message) < 4 || len(message) < 4+int(uint24(message[1:])) {
		fragment, err := h.record(r, len(message) == 0)
		if err != nil {
			return nil, err
		}
		message = append(message, fragment...)
		if message[0] != helloMessage {
			return nil, errMalformed
		}
		if len(message) >= 4 && uint24(message[1:]) > maxHello {
			return nil, errMalformed
		}
	}
	if len(message) != 4+int(uint24(message[1:])) { // something follows in the same record
		return nil, errMalformed
	}
	return h, h.parse(message[4:])
}

// record reads one handshake record, keeps it, and returns what is in it.
func (h *hello) record(r io.Reader, first bool) ([]byte, error) {
	var head [5]byte
	if _, err := io.ReadFull(r, head[:1]); err != nil {
		return nil, err
	}
	if head[0] != recordHandshake {
		if first {
			return nil, errNotTLS
		}
		return nil, errMalformed
	}
	if _, err := io.ReadFull(r, head[1:]); err != nil {
		return nil, cut(err)
	}
	size := int(binary.BigEndian.Uint16(head[3:]))
	if head[1] != 3 || size == 0 || size > maxRecord {
		return nil, errNotTLS
	}
	from := len(h.raw) + len(head)
	h.raw = append(append(h.raw, head[:]...), make([]byte, size)...)
	if _, err := io.ReadFull(r, h.raw[from:]); err != nil {
		return nil, cut(err)
	}
	return h.raw[from:], nil
}

func cut(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// parse reads the body of a ClientHello (RFC 8446, section 4.1.2).
func (h *hello) parse(body []byte) error {
	b := bites{rest: body}
	b.take(2 + 32)        // version, random
	b.take(b.length(1))   // session id
	b.take(b.length(2))   // cipher suites
	b.take(b.length(1))   // compression methods
	if len(b.rest) == 0 { // a hello without extensions names no server
		return b.err()
	}
	extensions := bites{rest: b.take(b.length(2))}
	if b.bad || len(b.rest) > 0 {
		return errMalformed
	}
	seen := map[int]bool{}
	for len(extensions.rest) > 0 && !extensions.bad {
		kind := extensions.length(2)
		data := extensions.take(extensions.length(2))
		if seen[kind] {
			return errMalformed
		}
		seen[kind] = true
		switch kind {
		case extServerName:
			if err := h.name(data); err != nil {
				return err
			}
		case extECH, extOuter:
			h.encrypted = true
		}
	}
	return extensions.err()
}

// name reads the extension server_name (RFC 6066, section 3): exactly one name.
func (h *hello) name(data []byte) error {
	b := bites{rest: data}
	list := bites{rest: b.take(b.length(2))}
	kind := list.length(1)
	name := list.take(list.length(2))
	if b.bad || list.bad || len(b.rest) > 0 || len(list.rest) > 0 || kind != 0 || len(name) == 0 || len(name) > 255 {
		return errMalformed
	}
	for _, c := range name {
		if c <= ' ' || c >= 0x7f {
			return errMalformed
		}
	}
	h.serverName = strings.ToLower(string(name))
	return nil
}

// bites takes pieces off the front of a message, and remembers if one was missing.
type bites struct {
	rest []byte
	bad  bool
}

func (b *bites) take(n int) []byte {
	if b.bad || n > len(b.rest) {
		b.bad = true
		return nil
	}
	piece := b.rest[:n]
	b.rest = b.rest[n:]
	return piece
}

// length takes a number of n bytes.
func (b *bites) length(n int) int {
	v := 0
	for _, c := range b.take(n) {
		v = v<<8 | int(c)
	}
	return v
}

func (b *bites) err() error {
	if b.bad {
		return errMalformed
	}
	return nil
}

func uint24(b []byte) uint32 { return uint32(b[0])<<16 | uint32(b[1])<<8 | uint32(b[2]) }
