package guard

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// undecorated writes the letters and signs of a text that only look otherwise
// as what they stand for, capitals as capitals: decoders need them so. Scripts
// that no decoder reads stay as they are.
func undecorated(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		switch {
		case r < utf8.RuneSelf, 0x2E80 <= r && r <= 0xD7FF:
			b.WriteRune(r)
		case hidden(r), unicode.Is(unicode.M, r):
		default:
			bare(&b, r)
		}
	}
	return b.String()
}

// bare writes one rune.
func bare(b *strings.Builder, r rune) {
	var buf [8]byte
	f := fold(buf[:0], r)
	if len(f) == 0 || f[0] >= utf8.RuneSelf {
		b.WriteRune(r)
		return
	}
	if len(f) == 1 && letterByte(f[0]) && upper(r) {
		f[0] -= 'a' - 'A'
	}
	b.Write(f)
}

// upper reports whether r looks like a capital.
func upper(r rune) bool {
	if unicode.IsUpper(r) {
		return true
	}
	var b [utf8.UTFMax]byte
	n := utf8.EncodeRune(b[:], r)
	d := norm.NFKD.Properties(b[:n]).Decomposition()
	return len(d) > 0 && 'A' <= d[0] && d[0] <= 'Z'
}

// foreignLetters adds the readings of a text in letters that are no Latin ones:
// written upside down, or English by its sound in Cyrillic letters.
func (r *readings) foreignLetters(from reading, c *sight) {
	if c.of[0xC9]+c.of[0xCA]+c.of[0xCB] > 0 { // phonetic letters
		r.addIf(from, "upside_down", from.text, upright)
	}
	if c.of[0xD0]+c.of[0xD1] >= minGame { // Cyrillic ones
		r.add(from, "by_sound", words().bySound(from.text))
	}
}

// bySound writes the Cyrillic words of a text as the English ones that sound
// alike; "" if few do.
func (w *wordlist) bySound(s string) string {
	var out strings.Builder
	var word []byte
	known, tried := 0, 0
	flush := func() {
		if len(word) == 0 {
			return
		}
		tried++
		if id, ok := w.near.word(sumOf(word) ^ soundSum); ok {
			known++
			out.WriteString(w.list[id])
		} else {
			out.Write(word)
		}
		word = word[:0]
	}
	for _, r := range s {
		if l, ok := soundOf[unicode.ToLower(r)]; ok && r >= utf8.RuneSelf {
			word = append(word, l...)
			continue
		}
		flush()
		if tried >= looked/2 && known*2 < tried {
			return ""
		}
		out.WriteRune(r)
	}
	flush()
	if known < 4 || known*2 < tried {
		return ""
	}
	return out.String()
}

// sounding appends a word with one letter for those that sound alike.
func sounding(dst, word []byte) []byte {
	for _, c := range word {
		switch c {
		case 'c', 'q':
			c = 'k'
		case 'w':
			c = 'v'
		case 'x':
			c = 'h'
		}
		dst = append(dst, c)
	}
	return dst
}

// soundOf is how Cyrillic letters sound.
var soundOf = func() map[rune]string {
	m := map[rune]string{'ш': "sh", 'ч': "kh", 'я': "ya", 'ю': "yu", 'ц': "ts", 'щ': "sh", 'ъ': "", 'ь': ""}
	pairs := []rune("аaбbвvгgдdеeжjзzиiйyкkлlмmнnоoпpрrсsтtуuфfхhыyэeёe")
	for i := 0; i+1 < len(pairs); i += 2 {
		m[pairs[i]] = string(pairs[i+1])
	}
	return m
}()

// minBuilt are the strokes of letters that are built of signs.
const minBuilt = 8

// rebuilt reads letters that are built of signs, as "|\|" for n.
func rebuilt(s string) (string, bool) {
	out := builtLetters.Replace(s)
	return out, len(s)-len(out) >= minBuilt
}

var builtLetters = strings.NewReplacer("/\\/\\", "m", "|\\/|", "m", "\\/\\/", "w", "|/\\|", "w", "|\\|", "n", "/\\/", "n", "/-\\", "a", "/\\", "a",
	"|-|", "h", "|_|", "u", "\\/", "v", "|)", "d", "|>", "p", "|<", "k", "|_", "l", "|3", "b", "|=", "f")
