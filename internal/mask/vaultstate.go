package mask

import (
	"encoding/binary"
	"errors"
)

// A vault's state, to be kept over a restart. Whoever keeps it seals it: it holds customers' data in clear.
const stateVersion = 1

// state returns what the vault holds, and a mark of how much it has changed.
func (v *Vault) state() (b []byte, changes int) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	b = append(b, stateVersion)
	b = append(append(b, v.key[:]...), v.linkKey[:]...)
	b = binary.AppendUvarint(b, uint64(len(v.values)))
	for _, k := range kinds { // in order of numbers, so that they come back
		for _, val := range v.marks[k.typ] {
			b = val.append(b)
		}
	}
	b = binary.AppendUvarint(b, uint64(len(v.links)))
	for sum := range v.links {
		b = binary.LittleEndian.AppendUint64(b, sum)
	}
	return b, v.changes
}

func (val *value) append(b []byte) []byte {
	b = appendText(b, string(val.typ), val.key, val.owner)
	once := byte(0)
	if val.once {
		once = 1
	}
	b = append(b, once)
	b = binary.AppendUvarint(b, uint64(len(val.forms)))
	for _, f := range val.forms {
		b = appendText(b, f.raw, f.clean)
	}
	return b
}

func appendText(b []byte, texts ...string) []byte {
	for _, s := range texts {
		b = append(binary.AppendUvarint(b, uint64(len(s))), s...)
	}
	return b
}

// errState says that a kept vault cannot be read.
var errState = errors.New("mask: the kept state of a conversation cannot be read")

// vaultOf makes a vault of its state.
func vaultOf(o VaultOptions, b []byte) (*Vault, error) {
	v := NewVault(o)
	r := stateReader{b: b}
	if r.byte() != stateVersion {
		return nil, errState
	}
	copy(v.key[:], r.take(len(v.key)))
	copy(v.linkKey[:], r.take(len(v.linkKey)))
	for range r.count() {
		val := &value{identity: identity{Type(r.text()), r.text()}, owner: r.text(), once: r.byte() == 1}
		forms := r.count()
		for range forms {
			val.forms = append(val.forms, form{r.text(), r.text()})
			v.room(len(val.key) + len(val.forms[len(val.forms)-1].raw) + len(val.forms[len(val.forms)-1].clean))
		}
		if r.bad || kindOf[val.typ] == nil || forms == 0 {
			return nil, errState
		}
		val.n = len(v.marks[val.typ]) + 1
		v.marks[val.typ] = append(v.marks[val.typ], val)
		v.values[val.identity] = val
	}
	for range r.count() {
		v.links[binary.LittleEndian.Uint64(r.take(8))] = struct{}{}
		v.room(16)
	}
	if r.bad || len(r.b) > 0 {
		return nil, errState
	}
	return v, nil
}

// stateReader takes a state apart; after the first fault it gives nothing more.
type stateReader struct {
	b   []byte
	bad bool
}

func (r *stateReader) take(n int) []byte {
	if n > len(r.b) {
		r.bad, r.b = true, nil
		return make([]byte, min(n, 32))
	}
	out := r.b[:n]
	r.b = r.b[n:]
	return out
}

func (r *stateReader) byte() byte { return r.take(1)[0] }

// count reads how many things follow, each of a byte at least.
func (r *stateReader) count() int {
	n, k := binary.Uvarint(r.b)
	if k <= 0 || n > uint64(len(r.b)) {
		r.bad, r.b = true, nil
		return 0
	}
	r.b = r.b[k:]
	return int(n)
}

func (r *stateReader) text() string { return string(r.take(r.count())) }
