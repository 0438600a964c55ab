package mask

import (
	"strings"
	"unicode/utf8"
)

// Setting is where restored words land.
type Setting int

const (
	// Plain is text for people: a value that was masked out of JSON, HTML or a URL comes back readable,
	// without the escapes of the place it stood in.
	Plain Setting = iota
	// JSONString is the inside of a JSON string, as in the arguments of a tool call: as Plain, then escaped.
	JSONString
	// Exact gives every byte back as it was, escapes included. For text that returns to where it came from.
	Exact
)

// Restore puts the customer's words back in place of the placeholders in a model's text. A placeholder that
// does not exist, or may not be put back, becomes a neutral word such as "(name)".
func (v *Vault) Restore(text string, in Setting) string {
	r := v.Restorer(in)
	var b strings.Builder
	b.Grow(len(text) + len(text)/8)
	for _, p := range r.read(text, true) {
		b.WriteString(p.Out)
	}
	return b.String()
}

// Piece is a part of a restored stream. The In of all pieces together are the bytes the model wrote.
type Piece struct {
	In  string // as the model wrote it
	Out string // for the customer
}

// Restorer restores a stream. Any way of cutting the stream gives the same bytes; at most longestMark bytes
// are held back, and only while they may be the beginning of a placeholder. Not safe for concurrent use:
// one for each choice and channel.
type Restorer struct {
	vault   *Vault
	in      Setting
	walk    walker
	held    string
	subject string // who is to read it, "" for nobody in particular
	outside bool   // it goes to third parties
}

// Restorer returns a Restorer for one stream.
func (v *Vault) Restorer(in Setting) *Restorer {
	return &Restorer{vault: v, in: in, walk: newWalker(&v.linkKey)}
}

// For says who is to read the stream: what is known to belong to another customer becomes a neutral word.
func (r *Restorer) For(subject string) *Restorer {
	r.subject = subject
	return r
}

// Outside says that the stream goes to third parties, as the arguments of a tool that somebody else runs: nothing
// is put back.
func (r *Restorer) Outside() *Restorer {
	r.outside = true
	return r
}

// Write takes the next chunk and returns what can be said so far.
func (r *Restorer) Write(chunk string) []Piece { return r.read(chunk, false) }

// Close returns the rest, as a stream that was cut ends: a placeholder cut short is completed if it can only
// be one, else it is left out.
func (r *Restorer) Close() []Piece { return r.read("", true) }

// read takes a chunk and returns the pieces that are decided now.
func (r *Restorer) read(chunk string, final bool) (pieces []Piece) {
	s := chunk
	if r.held != "" {
		s = r.held + chunk
	}
	for i := 0; i < len(s); {
		plain, m, n := r.walk.next(s, i, final)
		if plain > 0 {
			pieces = append(pieces, Piece{s[i : i+plain], s[i : i+plain]})
			i += plain
		}
		if n == 0 {
			r.held = strings.Clone(s[i:])
			return pieces
		}
		pieces = append(pieces, Piece{s[i : i+n], r.say(m)})
		i += n
	}
	r.held = ""
	return pieces
}

// say returns the words for one placeholder and steps over it.
func (r *Restorer) say(m mark) string {
	defer r.walk.over(m)
	if m.half {
		return ""
	}
	val := r.vault.find(m)
	k := kindOf[m.typ]
	if val == nil {
		return r.neutral(k) + inflection(m.tail)
	}
	form, rest := val.form(m.tail)
	inside := r.walk.url.inside()
	here := r.walk.url.place(val.mark(form))
	switch {
	case val.once || r.outside && k.typ != LITERAL:
		return r.neutral(k) + rest
	case r.subject != "" && val.owner != "" && val.owner != Several && val.owner != r.subject:
		return r.neutral(k) + rest
	case inside && !r.vault.linked(here):
		return r.neutral(k) + rest
	}
	return r.write(val.forms[form]) + rest
}

// write returns a form of a value as it reads in this setting.
func (r *Restorer) write(f form) string {
	switch r.in {
	case Exact:
		return f.raw
	case JSONString:
		return escapeJSON(f.clean)
	}
	return f.clean
}

// neutral returns the word said instead of a value. Inside a URL it has no characters that mean something.
func (r *Restorer) neutral(k *kind) string {
	if r.walk.url.inside() {
		return strings.ReplaceAll(k.neutral, " ", "-")
	}
	return "(" + k.neutral + ")"
}

// find looks a placeholder up. One that is cut short stands for the only value it can be.
func (v *Vault) find(m mark) *value {
	switch {
	case m.cut && !m.bare, m.cut && m.digits == "":
		return v.unique(m.typ, m.digits)
	case m.n == 0:
		return nil
	}
	return v.lookup(m.typ, m.n)
}

// form reads what follows the digits: a form letter, if there is such a form, and an inflection.
func (val *value) form(tail string) (i int, rest string) {
	if tail == "" {
		return 0, ""
	}
	if i := int(tail[0]&^0x20) - 'A'; i > 0 && i < len(val.forms) {
		return i, tail[1:]
	}
	return 0, inflection(tail)
}

// inflection drops a form letter nobody gave out and keeps an ending such as the s of a genitive.
func inflection(tail string) string {
	if tail != "" && isUpper(tail[0]) {
		return tail[1:]
	}
	return tail
}

// escapeJSON escapes s for the inside of a JSON string. Bytes that are not UTF-8 cannot stand in JSON.
func escapeJSON(s string) string {
	const hex = "0123456789abcdef"
	var b strings.Builder
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c == '\n':
			b.WriteString(`\n`)
		case c < 0x20:
			b.WriteString(`\u00`)
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		case c >= utf8.RuneSelf:
			r, size := utf8.DecodeRuneInString(s[i:])
			b.WriteRune(r)
			i += size
			continue
		default:
			b.WriteByte(c)
		}
		i++
	}
	return b.String()
}
