package tagger

import (
	_ "embed"
	"encoding/binary"
	"errors"
	"math"
)

//go:embed data/weights.bin
var weightFile string

// weights are those of a trained model: a table of features that mattered, by open addressing. A feature that
// is not in it has no weight; one is taken for another about once in 100,000 looks.
type weights struct {
	step  transitions // exponentials of the transitions
	below []float32   // the exponential of a score that is so many counts below the best
	cells string
	size  uint64 // of the table, in cells
}

// A cell is two bytes of the feature's hash, 0 for an empty cell, and a byte for each label but Other, whose
// weight is zero.
const cellSize = 2 + labels - 1

// The file: a magic word, the scale, which is what one count of a weight's byte is worth, transitions row by row as little-endian float32, then the cells.
const (
	magic      = "RFTAG\x00\x00\x03"
	headerSize = len(magic) + 4 + 4*labels*(labels+1)
)

var errWeights = errors.New("not a file of weights, or one of another version")

// readWeights reads a file of weights; the cells stay where they are.
func readWeights(file string) (*weights, error) {
	if len(file) < headerSize+cellSize || (len(file)-headerSize)%cellSize != 0 || file[:len(magic)] != magic {
		return nil, errWeights
	}
	w := &weights{cells: file[headerSize:]}
	w.size = uint64(len(w.cells) / cellSize)
	at := len(magic)
	next := func() float32 {
		bits := binary.LittleEndian.Uint32([]byte(file[at : at+4]))
		at += 4
		return math.Float32frombits(bits)
	}
	scale := next()
	var trans transitions
	for a := range trans {
		for b := range trans[a] {
			trans[a][b] = next()
		}
	}
	w.step = trans.exponentials()
	if part, exponent := math.Frexp(float64(scale)); part != .5 || exponent < -10 || exponent > 0 {
		return nil, errWeights
	}
	for score := float32(0); score >= lowest; score -= scale {
		w.below = append(w.below, exp(score))
	}
	return w, nil
}

// cellOf returns the cell where a feature is or would begin to be looked for, and its tag.
func cellOf(feature uint32, size uint64) (at int, tag uint16) {
	return int(uint64(feature) * size >> 32), max(uint16(feature), 1)
}

// of returns a feature's weights, packed: 128 more than they are, in bytes.
func (w *weights) of(feature uint32) uint32 {
	i, tag := cellOf(feature, w.size)
	for range maxProbes {
		c := w.cells[i*cellSize : i*cellSize+cellSize]
		switch uint16(c[0]) | uint16(c[1])<<8 {
		case 0:
			return noWeights
		case tag:
			return (uint32(c[2]) | uint32(c[3])<<8 | uint32(c[4])<<16 | uint32(c[5])<<24) ^ noWeights
		}
		if i++; uint64(i) == w.size {
			i = 0
		}
	}
	return noWeights
}

// noWeights are those of a feature that has none: 128 four times.
const noWeights = 0x80808080

// maxProbes bounds a look into the table.
const maxProbes = 32

// learnt is a feature with its weights.
type learnt struct {
	feature uint32
	weights [labels - 1]int8
}

// writeWeights is the opposite of readWeights. A third of the table stays empty.
func writeWeights(scale float32, trans *transitions, features []learnt) []byte {
	size := uint64(len(features))*3/2 + 1
	out := append(make([]byte, 0, headerSize+int(size)*cellSize), magic...)
	put := func(f float32) { out = binary.LittleEndian.AppendUint32(out, math.Float32bits(f)) }
	put(scale)
	for _, row := range trans {
		for _, f := range row {
			put(f)
		}
	}
	cells := make([]byte, size*cellSize)
	for _, l := range features {
		i, tag := cellOf(l.feature, size)
		for cells[i*cellSize]|cells[i*cellSize+1] != 0 {
			i = (i + 1) % int(size)
		}
		binary.LittleEndian.PutUint16(cells[i*cellSize:], tag)
		for k, v := range l.weights {
			cells[i*cellSize+2+k] = byte(v)
		}
	}
	return append(out, cells...)
}
