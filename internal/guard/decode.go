package guard

import (
	"encoding/base64"
	"encoding/hex"
	"hash/maphash"
	"html"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Budgets of decoding, for one piece. A piece that needs more is judged by what
// was read until then.
const (
	maxReadings = 16      // texts read beside the piece itself
	maxDecoded  = 1 << 16 // bytes of them
	maxNesting  = 3       // an encoding within an encoding within an encoding
	minEncoded  = 16      // characters; a shorter run hides no order
)

// reading is one way to read a piece: as it stands, or decoded.
type reading struct {
	text  string
	kind  string // "" as it stands, or how it was encoded
	depth int
}

// covert reports whether the reading was hidden from a human reader: who hides
// an order means it. A word with a digit or an odd space in it may be a part
// number or a slip.
func (r reading) covert() bool {
	switch r.kind {
	case "", "percent", "html", "escape", "joined", "markup", "aside", "assembled",
		"leet", "respelt", "unspaced", "spaced", "reversed", "shifted":
		return false
	}
	return true
}

// readings collects what a text says when decoded, within the budgets.
type readings struct {
	list  []reading
	bytes int
	known map[uint64]bool // sums of the texts
	seen  []uint8         // what the words of the text at hand are; scratch
}

func (r *readings) add(from reading, kind, text string) {
	if text == "" || from.depth >= maxNesting || len(r.list) >= maxReadings || r.bytes+len(text) > maxDecoded {
		return
	}
	sum := textSum(text)
	if r.known == nil {
		r.known = map[uint64]bool{textSum(r.list[0].text): true}
	}
	if r.known[sum] {
		return
	}
	r.known[sum] = true
	r.bytes += len(text)
	r.list = append(r.list, reading{text, kind, from.depth + 1})
}

// textSum tells texts apart.
func textSum(s string) uint64 { return maphash.String(textSeed, s) }

var textSeed = maphash.MakeSeed()

// decode adds what is encoded in a reading, word by word and as a whole.
func (r *readings) decode(from reading) {
	t := from.text
	if strings.Count(t, "%") >= 3 {
		if u, err := url.PathUnescape(t); err == nil && u != t {
			r.add(from, "percent", u)
		} else if err != nil {
			r.add(from, "percent", loosePercent(t))
		}
	}
	if strings.Contains(t, "&") && strings.Contains(t, ";") {
		if u := html.UnescapeString(t); u != t {
			r.add(from, "html", u)
		}
	}
	if strings.Contains(t, `\u`) || strings.Contains(t, `\x`) {
		if u := unescape(t); u != t {
			r.add(from, "escape", u)
		}
	}
	runs := encodedRuns(t)
	for _, run := range runs {
		if s, ok := fromHex(run); ok {
			r.add(from, "hex", s)
		} else if s, ok := fromBase64(run); ok {
			r.add(from, "base64", s)
		} else if s, ok := fromBase32(run); ok {
			r.add(from, "base32", s)
		}
	}
	if s, ok := fromBase64(brokenRun(t)); ok {
		r.add(from, "base64", s)
	}
	if s, ok := spacedHex(t); ok {
		r.add(from, "hex", s)
	}
	if s, ok := binary(t); ok {
		r.add(from, "binary", s)
	}
	if s, ok := decimals(t); ok {
		r.add(from, "decimal", s)
	}
	if s, ok := fromMorse(t); ok {
		r.add(from, "morse", s)
	}
	if s, ok := upright(t); ok {
		r.add(from, "upside_down", s)
	}
	if s, ok := assembled(t); ok {
		r.add(from, "assembled", s)
	}
	r.markup(from)
}

// markup adds a text without its tags, and what these hide.
func (r *readings) markup(from reading) {
	m := marked(from.text)
	r.add(from, "markup", m.plain)
	r.add(from, "aside", m.aside)
	for _, c := range m.concealed {
		r.add(from, "concealed", c)
	}
}

// brokenRun returns the longest sequence of base64 characters that is broken by
// white space only, as mail programs and chats break it.
func brokenRun(s string) string {
	best, run, words := "", strings.Builder{}, 0
	flush := func() {
		if words > 1 && run.Len() > max(len(best), 2*minEncoded) {
			best = run.String()
		}
		run.Reset()
		words = 0
	}
	for w := range strings.FieldsSeq(s) {
		if len(w) < 4 || strings.ContainsFunc(w, func(c rune) bool { return c >= 0x80 || !base64Byte[byte(c)] }) {
			flush()
			continue
		}
		run.WriteString(w)
		words++
	}
	flush()
	return best
}

// encodedRuns returns the maximal runs of base64 characters, the long ones.
func encodedRuns(s string) (runs []string) {
	start := 0
	for i := 0; i <= len(s); i++ {
		if i < len(s) && base64Byte[s[i]] {
			continue
		}
		if i-start >= minEncoded && len(runs) < maxReadings {
			runs = append(runs, s[start:i])
		}
		start = i + 1
	}
	return runs
}

var base64Byte = func() (is [256]bool) {
	for _, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=") {
		is[c] = true
	}
	return is
}()

func fromBase64(run string) (string, bool) {
	run = strings.TrimRight(strings.NewReplacer("-", "+", "_", "/").Replace(run), "=")
	if len(run)%4 == 1 {
		run = run[:len(run)-1]
	}
	b, err := base64.RawStdEncoding.DecodeString(run)
	if err != nil {
		return "", false
	}
	return sentence(b)
}

func fromHex(run string) (string, bool) {
	run = strings.TrimPrefix(run, "0x")
	b, err := hex.DecodeString(run)
	if err != nil {
		return "", false
	}
	return sentence(b)
}

// spacedHex reads "49 67 6e 6f" and "0x49, 0x67".
func spacedHex(s string) (string, bool) {
	return spelledBytes(s, func(word string) (byte, bool) {
		word = strings.TrimPrefix(word, "0x")
		if len(word) != 2 {
			return 0, false
		}
		r, ok := hexRune(word)
		return byte(r), ok
	})
}

// binary reads "01001001 01100111".
func binary(s string) (string, bool) {
	return spelledBytes(s, func(word string) (b byte, ok bool) {
		if len(word) != 8 {
			return 0, false
		}
		for i := range len(word) {
			if word[i]&^1 != '0' {
				return 0, false
			}
			b = b<<1 | word[i]&1
		}
		return b, true
	})
}

// spelledBytes returns the longest run of words that each spell a byte.
func spelledBytes(s string, spell func(string) (byte, bool)) (string, bool) {
	var run, best []byte
	for word := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == ' ' || r == ':' || r == ',' || r == '\n' }) {
		if b, ok := spell(word); ok {
			run = append(run, b)
			continue
		}
		best, run = longer(best, run), nil
	}
	best = longer(best, run)
	if len(best) < minEncoded/2 {
		return "", false
	}
	return sentence(best)
}

func longer(a, b []byte) []byte {
	if len(b) > len(a) {
		return b
	}
	return a
}

// sentence reports whether decoded bytes are text: nearly all letters, digits,
// spaces and the usual signs. Ids, hashes and images are not.
func sentence(b []byte) (string, bool) {
	if !utf8.Valid(b) || len(b) < 8 {
		return "", false
	}
	readable, all := 0, 0
	for _, r := range string(b) {
		all++
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == ' ' || r == '\n' || strings.ContainsRune(".,:;!?'\"-_()[]<>/|#*=&{}@%", r) || hidden(r) {
			readable++
		}
	}
	return string(b), readable*100 >= all*95
}

// loosePercent decodes the sound escapes of a text and leaves the rest.
func loosePercent(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if d, err := hex.DecodeString(s[i+1 : i+3]); err == nil {
				b.WriteByte(d[0])
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return strings.ToValidUTF8(b.String(), "\uFFFD")
}

// unescape reads \u0041 and \x41.
func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		n := 0
		if s[i] == '\\' && i+1 < len(s) {
			n = map[byte]int{'u': 4, 'x': 2}[s[i+1]]
		}
		if n > 0 && i+2+n <= len(s) {
			if r, ok := hexRune(s[i+2 : i+2+n]); ok {
				b.WriteRune(r)
				i += 1 + n
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func hexRune(s string) (r rune, ok bool) {
	for i := range len(s) {
		d := strings.IndexByte("0123456789abcdef", s[i]|0x20)
		if d < 0 {
			return 0, false
		}
		r = r<<4 | rune(d)
	}
	return r, true
}
