package classify

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"io"
	"math/bits"
	"strings"
)

// The file: a magic word, the number of features as a power of two, per head
// scale and bias and the second stage as little-endian float32, then the cells,
// deflated.
const magic = "RFCLS\x00\x00\x02"

var errWeights = errors.New("not a file of weights, or one of another version")

// header is what stands before the cells.
type header struct {
	Scale, Bias [heads]float32
	Second      [heads]Second
}

var headerSize = len(magic) + 1 + binary.Size(header{})

func read(file string) (*Model, error) {
	if len(file) < headerSize || file[:len(magic)] != magic {
		return nil, errWeights
	}
	size := uint(file[len(magic)])
	if size < 8 || size > 24 {
		return nil, errWeights
	}
	var h header
	if _, err := binary.Decode([]byte(file[len(magic)+1:headerSize]), binary.LittleEndian, &h); err != nil {
		return nil, errors.Join(errWeights, err)
	}
	m := &Model{mask: 1<<size - 1, scale: h.Scale, bias: h.Bias, second: h.Second}
	raw := make([]byte, int(heads)<<size)
	if _, err := io.ReadFull(flate.NewReader(strings.NewReader(file[headerSize:])), raw); err != nil {
		return nil, errors.Join(errWeights, err)
	}
	m.cells = make([]int8, len(raw))
	for i, b := range raw {
		m.cells[i] = int8(b)
	}
	return m, nil
}

// Bytes returns the model as a file.
func (m *Model) Bytes() []byte {
	var b bytes.Buffer
	b.WriteString(magic)
	b.WriteByte(byte(bits.Len32(m.mask)))
	head, err := binary.Append(nil, binary.LittleEndian, header{m.scale, m.bias, m.second})
	if err != nil {
		panic(err) // its size is fixed
	}
	b.Write(head)
	raw := make([]byte, len(m.cells))
	for i, c := range m.cells {
		raw[i] = byte(c)
	}
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err == nil {
		_, err = w.Write(raw)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		panic(err) // a buffer takes everything
	}
	return b.Bytes()
}
