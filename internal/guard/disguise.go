package guard

import (
	"strings"
)

// disguised adds the readings of a text whose letters are spaced out, turned
// around or rotated. Each is tried only where a first look says it could be.
func (r *readings) disguised(from reading, ts []token, lex *lexicon) {
	list := words()
	r.seen = list.lookAll(r.seen[:0], ts)
	seen := r.seen
	add := func(kind, text string, ok bool) {
		if ok {
			r.add(from, kind, text)
		}
	}
	try := func(kind string, read func(string, []token, []uint8, *wordlist) (string, bool)) {
		text, ok := read(from.text, ts, seen, list)
		add(kind, text, ok)
	}
	look := lookAt(ts, seen)
	if look.single >= minSpaced {
		r.add(from, "spaced", unspread(strings.Trim(from.text, " \n")))
		try("spaced", despaced)
	}
	s, ok := joined(from.text, ts, lex)
	add("joined", s, ok)
	c := &r.sight
	if lines := int(c.of['\n']); lines > 0 {
		r.add(from, "joined", unlined(from.text, len(ts), lines))
	}
	if c.of['*']+c.of['_']+c.of['~']+c.of['`'] >= 2 {
		r.addIf(from, "joined", from.text, cleaned)
	}
	if look.odd >= 1 {
		kind, s := mended(from.text, ts, seen, list)
		add(kind, s, kind != "")
	}
	if look.odd >= 3 {
		try("joined", respaced)
	}
	if look.odd >= 2 {
		s, ok = digitless(from.text, ts)
		add("leet", s, ok)
	}
	if len(ts) >= minUnspaced {
		r.acrostics(from, ts, list)
	}
	if look.foreign() {
		r.spoken(from, ts, seen, list)
		r.rearranged(from, c, list)
		r.turned(from, ts, seen, list)
	}
}

// wordLook counts what the words of a text are like.
type wordLook struct {
	words  int // of three letters or more
	common int // of those, among the first
	tried  int
	odd    int // words that are not known
	single int // of one letter
}

// looked is how many words of a text are tried.
const looked = 48

func lookAt(ts []token, seen []uint8) (l wordLook) {
	for i := range ts {
		if n := len(ts[i].word); n < 3 {
			if n == 1 || ts[i].mixed {
				l.single++
			}
		} else if l.words++; l.words <= looked {
			l.tried++
			if seen[i]&wordCommon != 0 {
				l.common++
			}
		}
		if seen[i] == 0 || ts[i].mixed {
			l.odd++
		}
	}
	return l
}

// foreign reports whether a text does not speak as it stands, so that it may
// have to be turned around to be read.
func (l *wordLook) foreign() bool { return l.common < 2 || l.common*5 < l.tried }

// turned adds the readings of a text whose letters were turned around, mirrored
// or shifted.
func (r *readings) turned(from reading, ts []token, seen []uint8, list *wordlist) {
	s := speechOf(ts, seen)
	if s.speaks(func(word []byte) uint8 { return list.words.is(sumReversed(word)) }) {
		r.add(from, "reversed", reversedText(from.text))
	}
	if s.speaks(func(word []byte) uint8 { return list.words.is(sumTurned(word, &mirror)) }) {
		r.add(from, "atbash", string(mirrored(nil, []byte(from.text))))
	}
	n := list.shift(s)
	if n == 0 {
		n = r.likelyShift(from, ts, seen)
	}
	if n == 13 {
		r.add(from, "rot13", string(rot13(nil, []byte(from.text))))
	} else if n > 0 {
		r.add(from, "shifted", string(rotated(nil, []byte(from.text), n)))
	}
}

// cleaned takes marks of emphasis out of words, as in "ig**no**re"; two of them
// at least, since one may be meant.
func cleaned(s string) (string, bool) {
	found := 0
	var b strings.Builder
	b.Grow(len(s))
	done := 0
	for i := 0; i < len(s); {
		if !emphasis[s[i]] {
			i++
			continue
		}
		n := 1
		for i+n < len(s) && emphasis[s[i+n]] {
			n++
		}
		if i > 0 && i+n < len(s) && letterByte(s[i-1]) && letterByte(s[i+n]) && s[i] != '_' {
			b.WriteString(s[done:i])
			done = i + n
			found++
		}
		i += n
	}
	if found < 2 {
		return "", false
	}
	b.WriteString(s[done:])
	return b.String(), true
}

var emphasis = [256]bool{'*': true, '_': true, '~': true, '`': true}

// squeeze returns the word that one was meant to be whose letters were repeated:
// of three or more alike in a row one is left, or two, or of every pair one.
func (w *wordlist) squeeze(word []byte) (string, bool) {
	if len(word) < 4 || len(word) > 8*maxJumbled || !repeats(word) {
		return "", false
	}
	var buf [8 * maxJumbled]byte
	for _, keep := range squeezes {
		b := squeezeRuns(buf[:0], word, keep)
		if w.look(b)&wordKnown != 0 {
			return string(b), true
		}
		if right, ok := w.respell(b); ok && len(b) < len(word) {
			return right, true
		}
	}
	return "", false
}

// squeezes say how many of n letters alike are left.
var squeezes = []func(n int) int{
	func(n int) int {
		if n > 2 {
			return 1
		}
		return n
	},
	func(n int) int { return (n + 1) / 2 },
	func(int) int { return 1 },
	func(n int) int { return min(n, 2) },
}

func repeats(word []byte) bool {
	for i := 1; i < len(word); i++ {
		if word[i] == word[i-1] {
			return true
		}
	}
	return false
}

// squeezeRuns appends word with each run of n letters alike made keep(n) long.
func squeezeRuns(dst, word []byte, keep func(n int) int) []byte {
	for i := 0; i < len(word); {
		n := 1
		for i+n < len(word) && word[i+n] == word[i] {
			n++
		}
		for range keep(n) {
			dst = append(dst, word[i])
		}
		i += n
	}
	return dst
}

// digitless reads the digits of a text as letters where many words have some:
// once with 1 as i, once as l.
func digitless(text string, ts []token) (string, bool) {
	mixed := 0
	for i := range ts {
		if ts[i].mixed {
			mixed++
		}
	}
	if mixed < 2 || mixed*4 < len(ts) {
		return "", false
	}
	return string(unleet(nil, []byte(text), 'i')) + "\n" + string(unleet(nil, []byte(text), 'l')), true
}

// reversedText turns a text around, or each of its words where the words
// themselves stand in order; both readings follow each other.
func reversedText(s string) string {
	whole := []rune(s)
	for i, j := 0, len(whole)-1; i < j; i, j = i+1, j-1 {
		whole[i], whole[j] = whole[j], whole[i]
	}
	words := strings.Fields(string(whole))
	for i, j := 0, len(words)-1; i < j; i, j = i+1, j-1 {
		words[i], words[j] = words[j], words[i]
	}
	return string(whole) + "\n\n" + strings.Join(words, " ")
}

func rot13(dst, s []byte) []byte { return rotated(dst, s, 13) }
