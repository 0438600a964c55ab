package guard

import (
	"html"
	"strconv"
	"strings"
	"unicode/utf8"
)

// unescaper undoes, rune by rune, the escapes a reader or his browser undoes:
// %41, &#65; &amp; \u0041 \x41 U+0041. Any other rune goes through.
type unescaper struct {
	to   func(r rune, start, end int)
	part func() // a word may begin here
	seq  []rune // an escape under way
	from []int  // where each of its runes starts
	end  int
	utf8 []byte // bytes of a rune in percent signs
	at   int    // where they start
}

// maxEscape is the longest escape that is looked at.
const maxEscape = 12

func (u *unescaper) see(r rune, start, end int) {
	if len(u.seq) == 0 {
		if !escapes(r) {
			u.whole()
			u.to(r, start, end)
			return
		}
	}
	u.seq, u.from, u.end = append(u.seq, r), append(u.from, start), end
	switch escape(u.seq) {
	case escapeOpen:
	case escapeDone:
		u.decoded()
	default:
		u.plain()
	}
}

// blank reports whether an escape stands for a space: \n \t \r \s.
func blank(s []rune) bool {
	return s[0] == '\\' && len(s) > 1 && (s[1] == 'n' || s[1] == 't' || s[1] == 'r' || s[1] == 's')
}

// escapes reports whether an escape may begin with r.
func escapes(r rune) bool { return r == '%' || r == '&' || r == '\\' || r == 'U' }

// plain lets the oldest rune of what is no escape through, and looks at the
// rest again.
func (u *unescaper) plain() {
	u.whole()
	seq, from, end := u.seq, u.from, u.end
	u.seq, u.from = nil, nil
	next := end
	if len(from) > 1 {
		next = from[1]
	}
	u.to(seq[0], from[0], next)
	word := len(seq) == 3 && blank(seq)
	for i := 1; i < len(seq); i++ {
		if i == 2 && word && u.part != nil {
			u.part()
		}
		next = end
		if i+1 < len(from) {
			next = from[i+1]
		}
		u.see(seq[i], from[i], next)
	}
	if len(u.seq) == 0 {
		u.seq, u.from = seq[:0], from[:0]
	}
}

// decoded lets through what an escape stands for.
func (u *unescaper) decoded() {
	s, start, end := string(u.seq), u.from[0], u.end
	u.seq, u.from = u.seq[:0], u.from[:0]
	switch s[0] {
	case '%':
		b, _ := strconv.ParseUint(s[1:], 16, 8)
		u.byte(byte(b), start, end)
	case '&':
		u.whole()
		for _, r := range html.UnescapeString(s) {
			u.to(r, start, end)
		}
	case '\\':
		if blank([]rune(s)) {
			u.whole()
			last := []rune(s)[2]
			u.to(' ', start, end)
			u.see(last, end-1, end)
			return
		}
		if s[1] != 'u' && s[1] != 'x' {
			u.whole()
			u.to(rune(s[1]), start, end)
			return
		}
		fallthrough
	default: // \u0041 \x41 U+0041 \u{41}
		u.whole()
		n, _ := strconv.ParseUint(strings.Trim(s[2:], "{}"), 16, 32)
		u.to(rune(n), start, end)
	}
}

// byte takes a byte of a rune that is written in percent signs.
func (u *unescaper) byte(b byte, start, end int) {
	if len(u.utf8) == 0 {
		u.at = start
	}
	if u.utf8 = append(u.utf8, b); utf8.FullRune(u.utf8) {
		r, _ := utf8.DecodeRune(u.utf8)
		u.utf8 = u.utf8[:0]
		u.to(r, u.at, end)
	}
}

// whole gives up a rune that is not completed.
func (u *unescaper) whole() { u.utf8 = u.utf8[:0] }

// close lets through what is left.
func (u *unescaper) close() {
	for len(u.seq) > 0 {
		u.plain()
	}
}

// hold returns where an escape under way starts, or free.
func (u *unescaper) hold() int {
	switch {
	case len(u.utf8) > 0:
		return u.at
	case len(u.seq) > 0:
		return u.from[0]
	}
	return free
}

type escapeState int

const (
	escapeNone escapeState = iota
	escapeOpen
	escapeDone
)

// escape says what these runes are: an escape, the beginning of one, or neither.
func escape(s []rune) escapeState {
	last := s[len(s)-1]
	switch s[0] {
	case '%':
		return digits(s[1:], 2)
	case '&':
		switch {
		case len(s) == 1 || len(s) < maxEscape && (last == '#' && len(s) == 2 || last < 0x80 && alphanumeric(byte(last))):
			return escapeOpen
		case last == ';' && len(s) > 2 && html.UnescapeString(string(s)) != string(s):
			return escapeDone
		}
		return escapeNone
	case 'U':
		if len(s) == 1 {
			return escapeOpen
		}
		if s[1] != '+' {
			return escapeNone
		}
		return digits(s[2:], 4)
	}
	switch { // a backslash
	case len(s) == 1:
		return escapeOpen
	case blank(s) && len(s) == 2:
		return escapeOpen
	case blank(s) && !('a' <= last && last <= 'z'):
		return escapeDone
	case s[1] < 0x80 && s[1] > ' ' && s[1] != '\\' && !alphanumeric(byte(s[1])):
		return escapeDone // of a regular expression
	case s[1] == 'x':
		return digits(s[2:], 2)
	case s[1] != 'u':
		return escapeNone
	case len(s) == 2 || s[2] != '{':
		return digits(s[2:], 4)
	case last == '}' && len(s) > 4:
		return escapeDone
	case len(s) == 3 || len(s) < maxEscape && hexDigit(last):
		return escapeOpen
	}
	return escapeNone
}

// digits says whether n hexadecimal digits are there.
func digits(s []rune, n int) escapeState {
	for _, r := range s {
		if !hexDigit(r) {
			return escapeNone
		}
	}
	if len(s) < n {
		return escapeOpen
	}
	return escapeDone
}

func hexDigit(r rune) bool {
	return '0' <= r && r <= '9' || 'a' <= r && r <= 'f' || 'A' <= r && r <= 'F'
}

// untag drops HTML tags and comments: they part nothing for a reader.
type untag struct {
	to   func(r rune, start, end int)
	tag  func(tag []rune, from []int, end int) // takes what is dropped
	seq  []rune
	from []int
	end  int
}

// maxTag is the longest tag; it waits until it ends.
const maxTag = 64

func (u *untag) see(r rune, start, end int) {
	if len(u.seq) == 0 && r != '<' {
		u.to(r, start, end)
		return
	}
	u.seq, u.from, u.end = append(u.seq, r), append(u.from, start), end
	switch n := len(u.seq); {
	case n == 2 && !(r == '/' || r == '!' || r < 0x80 && alphanumeric(byte(r)) && r > '9'), n > maxTag, n > 1 && (r == '<' || r == '\n'):
		u.plain()
	case r == '>':
		if u.tag != nil {
			u.tag(u.seq, u.from, u.end)
		}
		u.seq, u.from = u.seq[:0], u.from[:0]
	}
}

// plain lets through what is no tag after all; what begins anew is looked at.
func (u *untag) plain() {
	seq, from, end := u.seq, u.from, u.end
	u.seq, u.from = nil, nil
	for i, r := range seq {
		next := end
		if i+1 < len(from) {
			next = from[i+1]
		}
		if i == 0 {
			u.to(r, from[i], next)
		} else {
			u.see(r, from[i], next)
		}
	}
}

func (u *untag) close() {
	for len(u.seq) > 0 {
		u.plain()
	}
}

func (u *untag) hold() int {
	if len(u.seq) > 0 {
		return u.from[0]
	}
	return free
}
