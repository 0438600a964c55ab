package people

import (
	"encoding/binary"
	"errors"
	"io"
	"slices"
)

var errShort = errors.New("a record is too short")

// encode returns the bytes of a record, before they are sealed.
func (c *content) encode() []byte {
	b := make([]byte, 0, 32+len(c.subject)+8*len(c.values)+4*len(c.near))
	b = append(b, byte(c.kind))
	b = binary.LittleEndian.AppendUint16(b, c.generation)
	b = binary.LittleEndian.AppendUint64(b, c.idHash)
	b = binary.AppendUvarint(b, uint64(len(c.subject)))
	b = append(b, c.subject...)
	b = binary.AppendUvarint(b, uint64(len(c.values)))
	for _, v := range c.values {
		b = binary.LittleEndian.AppendUint64(b, v)
	}
	b = binary.AppendUvarint(b, uint64(len(c.near)))
	for _, v := range c.near {
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	return b
}

// decode reads a record into c and uses what memory c has.
func (c *content) decode(b []byte) error {
	r := reader{b: b}
	c.kind = Kind(r.take(1)[0])
	c.generation = binary.LittleEndian.Uint16(r.take(2))
	c.idHash = binary.LittleEndian.Uint64(r.take(8))
	c.subject = string(r.take(r.count(1)))
	c.values = sized(c.values, r.count(8))
	for i := range c.values {
		c.values[i] = binary.LittleEndian.Uint64(r.take(8))
	}
	c.near = sized(c.near, r.count(4))
	for i := range c.near {
		c.near[i] = binary.LittleEndian.Uint32(r.take(4))
	}
	if r.short || len(r.b) > 0 || c.idHash == 0 {
		return errShort
	}
	return nil
}

func sized[T any](s []T, n int) []T { return slices.Grow(s[:0], n)[:n] }

// reader takes bytes from the front; where there are too few it gives zeros and says so in the end.
type reader struct {
	b     []byte
	short bool
}

var zeros [8]byte

func (r *reader) take(n int) []byte {
	if n > len(r.b) {
		r.short, r.b = true, nil
		return zeros[:min(n, len(zeros))]
	}
	out := r.b[:n]
	r.b = r.b[n:]
	return out
}

// count reads how many things of a size follow; no more than there are bytes for.
func (r *reader) count(size int) int {
	n, k := binary.Uvarint(r.b)
	if k <= 0 || n > uint64(len(r.b)-k)/uint64(size) {
		r.short, r.b = true, nil
		return 0
	}
	r.b = r.b[k:]
	return int(n)
}

// buffered reads a file piece by piece without an allocation for each.
type buffered struct {
	r    io.Reader
	buf  []byte
	have []byte // the part of buf not yet given out

	content content // of the record read last
}

func newBuffered(r io.Reader) *buffered {
	return &buffered{r: r, buf: make([]byte, maxRecord+recordHead)}
}

// next returns the next n bytes, good until the next call.
func (b *buffered) next(n int) ([]byte, error) {
	if len(b.have) < n {
		k := copy(b.buf, b.have)
		m, err := io.ReadAtLeast(b.r, b.buf[k:], n-k)
		if err != nil {
			return nil, err
		}
		b.have = b.buf[:k+m]
	}
	out := b.have[:n]
	b.have = b.have[n:]
	return out, nil
}
