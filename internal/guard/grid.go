package guard

import "strings"

// rearranged adds the readings of a text whose letters stand in another order
// or among others, and of one whose characters were exchanged as a whole.
func (r *readings) rearranged(from reading, c *sight, list *wordlist) {
	t := from.text
	try := func(kind, text string) {
		if text != "" && list.english(text) {
			r.add(from, kind, text)
		}
	}
	for _, star := range "*#_" { // in place of vowels
		if n := int(c.of[star]); n >= minGame && n*8 >= len(t) {
			r.add(from, "joined", strings.ReplaceAll(t, string(star), ""))
		}
	}
	try("columns", columns(t))
	try("rails", rails(t, list))
	if (c.signs+c.digits)*4 >= len(t) {
		try("rot47", rot47(t))
	}
	if c.high == 0 {
		try("keyboard", exchanged(t, &keyLeft))
		try("keyboard", exchanged(t, &keyRight))
	}
}

// acrostics adds what first letters spell, of lines, sentences and words.
func (r *readings) acrostics(from reading, ts []token, list *wordlist) {
	lines, sentences, words := r.firsts[0][:0], r.firsts[1][:0], r.firsts[2][:0]
	rare, lined := 0, r.sight.of['\n'] >= minUnspaced-1
	for i := range ts {
		c := ts[i].word[0]
		if c < 'a' || c > 'z' {
			continue
		}
		if i == 0 || ts[i].pos-ts[i-1].pos > 1 {
			sentences = append(sentences, c)
			if i == 0 || lined && strings.IndexByte(from.text[ts[i-1].end:ts[i].start], '\n') >= 0 {
				lines = append(lines, c)
			}
		}
		switch words = append(words, c); c {
		case 'e', 'n', 'r', 'u':
			rare++
		}
	}
	r.firsts = [3][]byte{lines, sentences, words}
	if rare*100 < len(words)*rareFirst {
		words = nil
	}
	for _, first := range [][]byte{lines, sentences, words} {
		if len(first) < minUnspaced {
			continue
		}
		if s, ok := list.unrun(first); ok {
			r.add(from, "acrostic", s)
		}
	}
}

// rareFirst is the percentage of words that begin with letters few words begin
// with, from which their first letters may be a text.
const rareFirst = 18

// english reports whether most words of a text are, among the first.
func (w *wordlist) english(s string) bool {
	known, tried := 0, 0
	var b [longestCut]byte
	for i := 0; i < len(s) && tried < looked; {
		n := 0
		for ; i < len(s) && letterByte(s[i]); i++ {
			if n < len(b) {
				b[n] = s[i] | 0x20
			}
			n++
		}
		if n == 0 {
			i++
			continue
		}
		if n > 1 && n <= len(b) {
			if tried++; w.words.is(sumOf(b[:n]))&(wordCommon|wordEnglish) != 0 {
				known++
			}
		}
	}
	return known >= 3 && known*10 >= tried*6
}

// unlined writes in one line what stands a word or two a line; "" if it does not.
func unlined(s string, words, lines int) string {
	if lines < minLines || words > 2*lines {
		return ""
	}
	return strings.ReplaceAll(s, "\n", " ")
}

// minLines is how many lines are more than a list.
const minLines = 4

// minColumn is the length of a line that may be part of a grid.
const minColumn = 4

// columns reads lines of one length down.
func columns(s string) string {
	s = strings.Trim(s, "\n")
	lines := strings.Split(s, "\n")
	if len(lines) < 3 || len(s) > longestCode || len(lines[0]) < minColumn {
		return ""
	}
	for _, l := range lines {
		if len(l) > len(lines[0]) || len(l) < len(lines[0])-1 {
			return ""
		}
	}
	var out strings.Builder
	for i := range lines[0] {
		for _, l := range lines {
			if i < len(l) {
				out.WriteByte(l[i])
			}
		}
	}
	return out.String()
}

// rails reads two words of one length in turns.
func rails(s string, list *wordlist) string {
	a, b, ok := strings.Cut(strings.TrimSpace(s), " ")
	if !ok || len(a) < minUnspaced/2 || len(a)-len(b) < 0 || len(a)-len(b) > 1 || strings.ContainsAny(b, " \n") {
		return ""
	}
	out := make([]byte, 0, len(a)+len(b))
	for i := range len(a) {
		out = append(out, a[i])
		if i < len(b) {
			out = append(out, b[i])
		}
	}
	said, _ := list.unrun(lettersOf(string(out)))
	return said
}

// says reports whether a text is English, with or without its spaces.
func (w *wordlist) says(s string) bool {
	if w.english(s) {
		return true
	}
	_, ok := w.cut(lettersOf(s))
	return ok
}

// lettersOf returns the letters of a text, small ones.
func lettersOf(s string) (out []byte) {
	for i := range len(s) {
		if letterByte(s[i]) {
			out = append(out, s[i]|0x20)
		}
	}
	return out
}

func rot47(s string) string {
	b := []byte(s)
	for i, c := range b {
		if '!' <= c && c <= '~' {
			b[i] = '!' + (c-'!'+47)%94
		}
	}
	return string(b)
}

// keyLeft and keyRight map a key to its neighbour.
var keyLeft, keyRight = func() (l, r [256]byte) {
	for i := range l {
		l[i], r[i] = byte(i), byte(i)
	}
	for _, row := range []string{"qwertyuiop[", "asdfghjkl;", "zxcvbnm,"} {
		for i := 1; i < len(row); i++ {
			l[row[i]], r[row[i-1]] = row[i-1], row[i]
		}
	}
	return l, r
}()

func exchanged(s string, m *[256]byte) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		b[i] = m[c]
	}
	return string(b)
}
