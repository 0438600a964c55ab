package guard

import (
	le "encoding/binary"
	"errors"

	"ringfence/internal/guard/known"
)

// Encode returns the bytes of a record: hashes, and nothing else.
func (r Record) Encode() []byte {
	b := le.LittleEndian.AppendUint64(nil, r.Owner)
	b = le.AppendUvarint(b, uint64(len(r.Words)))
	for _, w := range r.Words {
		b = append(b, w.Len, w.Kind, w.Notes)
		for _, s := range w.Steps {
			b = le.LittleEndian.AppendUint64(b, s)
		}
		b = le.LittleEndian.AppendUint64(b, w.Sum)
	}
	for _, m := range r.Marks {
		b = append(le.LittleEndian.AppendUint64(b, m.Mark), m.Kind)
	}
	return b
}

var errRecord = errors.New("guard: a record is damaged")

// DecodeRecord reads what Encode wrote.
func DecodeRecord(b []byte) (r Record, err error) {
	if len(b) < 9 {
		return r, errRecord
	}
	r.Owner = le.LittleEndian.Uint64(b)
	n, k := le.Uvarint(b[8:])
	if b = b[8+max(k, 0):]; k <= 0 || n > uint64(len(b)) || k != len(le.AppendUvarint(nil, n)) {
		return r, errRecord
	}
	for range n {
		if len(b) < 3 {
			return r, errRecord
		}
		w := RecordWord{Kind: b[1], Notes: b[2]}
		w.Len = b[0]
		b = b[3:]
		steps := known.Steps(int(w.Len))
		if len(b) < 8*(steps+1) || steps == 0 {
			return r, errRecord
		}
		for range steps {
			w.Steps = append(w.Steps, le.LittleEndian.Uint64(b))
			b = b[8:]
		}
		w.Sum = le.LittleEndian.Uint64(b)
		b = b[8:]
		r.Words = append(r.Words, w)
	}
	for ; len(b) >= 9; b = b[9:] {
		r.Marks = append(r.Marks, RecordMark{le.LittleEndian.Uint64(b), b[8]})
	}
	if len(b) != 0 {
		return r, errRecord
	}
	return r, nil
}

// Mark hashes anything that is to be found again as a whole, under the key of
// what is known.
func (k *Known) Mark(parts ...string) uint64 { return k.key.Mark(parts...) }
