package mask

import (
	"sort"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// view is a text prepared for matching: NFKC, without characters nobody sees, with the escapes of JSON,
// HTML and URLs undone. Finders speak in offsets of s; segments map them back to whole characters of the
// original, so that nothing is ever cut in half.
type view struct {
	s        string
	orig     string
	segments []segment // empty: s is orig
	words    []word
	tongues  uint8 // the languages it is in, as bits; 0: not asked yet
}

// segment starts at these offsets and reaches to the next segment. In a plain segment both texts agree byte
// by byte; any other is one character that cannot be divided.
type segment struct {
	at, from int // in view.s and in view.orig
	size     int // bytes of the original, for one that cannot be divided; 0 for a plain one
}

// newView prepares a text in one pass, in time linear in its length.
func newView(text string) *view {
	v := &view{orig: text}
	if i := plainPrefix(text); i == len(text) {
		v.s = text
	} else {
		b := viewBuilder{view: v}
		b.build(text, i)
	}
	return v
}

// plainPrefix returns how many bytes need no preparation.
func plainPrefix(s string) int {
	special := strings.IndexAny(s, "&%\\")
	if special < 0 {
		special = len(s)
	}
	i := norm.NFKC.QuickSpanString(s[:special])
	for j, r := range s[:i] {
		if r == utf8.RuneError || invisible(r) {
			return j
		}
	}
	return i
}

type viewBuilder struct {
	view  *view
	out   []byte
	plain bool // the last segment is plain
}

// build reads the text once, runs of plain bytes together, everything else character by character.
func (b *viewBuilder) build(text string, i int) {
	b.out = make([]byte, 0, len(text)+16)
	for j := 0; j < len(text); {
		n := plainRun(text[j:])
		if n > 0 {
			b.copy(text, j, n)
			j += n
			continue
		}
		j += b.special(text, j)
	}
	b.view.s = string(b.out)
}

// plainRun returns how many bytes at the beginning of s stand for themselves. The last ASCII character in
// front of others is left, for a combining mark may follow it.
func plainRun(s string) int {
	i := 0
	for i < len(s) && s[i] < utf8.RuneSelf && s[i] != '&' && s[i] != '%' && s[i] != '\\' {
		i++
	}
	if i < len(s) && i > 0 && s[i] >= utf8.RuneSelf {
		i--
	}
	return i
}

// copy adds n bytes that stand for themselves.
func (b *viewBuilder) copy(text string, from, n int) {
	if !b.plain {
		b.view.segments = append(b.view.segments, segment{len(b.out), from, 0})
		b.plain = true
	}
	b.out = append(b.out, text[from:from+n]...)
}

// put adds one character that was written in size bytes.
func (b *viewBuilder) put(as string, from, size int) {
	b.view.segments = append(b.view.segments, segment{len(b.out), from, size})
	b.plain = false
	b.out = append(b.out, as...)
}

// special handles one character that may not stand for itself and returns its bytes.
func (b *viewBuilder) special(text string, i int) int {
	if as, n := unescape(text[i:]); n > 0 {
		b.put(as, i, n)
		return n
	}
	if c := text[i]; c < utf8.RuneSelf && (i+1 == len(text) || text[i+1] < utf8.RuneSelf) {
		b.copy(text, i, 1)
		return 1
	}
	r, size := utf8.DecodeRuneInString(text[i:])
	if r == utf8.RuneError && size <= 1 {
		b.put("\ufffd", i, 1)
		return 1
	}
	if invisible(r) {
		b.plain = false
		return size
	}
	n := max(size, norm.NFKC.NextBoundaryInString(text[i:], true))
	if n > maxCluster {
		n = size
	}
	as := norm.NFKC.String(text[i : i+n])
	if as == text[i:i+n] && n == size {
		b.copy(text, i, n)
		return n
	}
	b.put(as, i, n)
	return n
}

// maxCluster bounds a character with its marks; more marks than that are no writing.
const maxCluster = 128

// visible drops characters nobody sees.
func visible(s string) string {
	if strings.IndexFunc(s, invisible) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if invisible(r) {
			return -1
		}
		return r
	}, s)
}

// invisible says whether a character has no form of its own: zero width, direction, soft hyphen, variation
// selector, tag, filler.
func invisible(r rune) bool {
	switch {
	case r < 0xad:
		return false
	case r == 0xad, r == 0x34f, r == 0x61c, r == 0x180e, r == 0xfeff, r == 0x115f, r == 0x1160, r == 0x3164,
		r == 0xffa0:
		return true
	case 0x200b <= r && r <= 0x200f, 0x202a <= r && r <= 0x202e, 0x2060 <= r && r <= 0x206f:
		return true
	case 0xfe00 <= r && r <= 0xfe0f, 0xe0000 <= r && r <= 0xe01ef:
		return true
	}
	return false
}

// original maps a range of the prepared text to whole characters of the original.
func (v *view) original(start, end int) (from, to int) {
	if len(v.segments) == 0 {
		return start, end
	}
	return v.locate(start, false), v.locate(end-1, true)
}

// locate returns where the character at an offset starts, or ends.
func (v *view) locate(at int, end bool) int {
	k := sort.Search(len(v.segments), func(k int) bool { return v.segments[k].at > at }) - 1
	seg := v.segments[k]
	switch {
	case seg.size == 0 && end:
		return seg.from + at - seg.at + 1
	case seg.size == 0:
		return seg.from + at - seg.at
	case end:
		return seg.from + seg.size
	}
	return seg.from
}
