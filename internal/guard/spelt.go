package guard

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// minSpaced is how many single letters in a row are a word spelled out.
const minSpaced = 6

// despaced joins words whose letters stand apart, as "i g n o r e" and
// "i-g,n.o-r_e". A wider gap parts words; where there is none, the longest
// words of the rules do.
func despaced(text string, ts []token, _ []uint8, list *wordlist) (string, bool) {
	var out strings.Builder
	done := 0 // bytes of text
	for i := 0; i < len(ts); i++ {
		j := i
		for j < len(ts) && single(&ts[j]) {
			j++
		}
		if j-i >= minSpaced {
			out.WriteString(text[done:ts[i].start])
			joinLetters(&out, text, ts[i:j], list)
			done = ts[j-1].end
		}
		i = max(i, j-1)
	}
	if done == 0 {
		return "", false
	}
	out.WriteString(text[done:])
	return out.String(), true
}

// unspread takes the same sign out that stands between all characters of a text,
// or of most of its words; "" if none does.
func unspread(s string) string {
	if spread(s) {
		return string(everyOther(nil, s))
	}
	n := 0
	for field := range strings.SplitSeq(s, " ") {
		if spread(field) {
			n += len(field)
		}
	}
	if n < 2*minSpaced || n*10 < len(s)*7 {
		return ""
	}
	out := make([]byte, 0, len(s))
	for field := range strings.SplitSeq(s, " ") {
		if spread(field) {
			out = everyOther(out, field)
		} else {
			out = append(out, field...)
		}
		out = append(out, ' ')
	}
	return string(out[:len(out)-1])
}

// spread reports whether every other rune of a text is the same sign.
func spread(s string) bool {
	var sign rune
	n := 0
	for _, r := range s {
		switch {
		case n%2 == 0:
		case n == 1 && !unicode.IsLetter(r) && !unicode.IsDigit(r):
			sign = r
		case r != sign:
			return false
		}
		n++
	}
	return n >= 3 && n%2 == 1
}

// everyOther appends every other rune.
func everyOther(dst []byte, s string) []byte {
	n := 0
	for _, r := range s {
		if n%2 == 0 {
			dst = utf8.AppendRune(dst, r)
		}
		n++
	}
	return dst
}

// single reports whether a word is a letter, or letters with signs between them
// that may stand for letters, as "e|a".
func single(t *token) bool {
	if len(t.word) == 1 {
		return true
	}
	if !t.mixed || len(t.word)%2 == 0 {
		return false
	}
	for i := 1; i < len(t.word); i += 2 {
		if c := t.word[i]; c != '|' && c != '!' {
			return false
		}
	}
	return true
}

// joinLetters writes the words that single letters make.
func joinLetters(out *strings.Builder, text string, ts []token, list *wordlist) {
	parts := widerGap(text, ts)
	var word []byte
	flush := func(last bool) {
		if cuts, ok := list.cut(word); ok && (last && out.Len() == 0 || len(word) >= minUnspaced) {
			writeCut(out, word[:cuts[len(cuts)-1]], cuts)
			word = word[cuts[len(cuts)-1]:]
		}
		for _, w := range loaded().lexicon.segment(word) {
			out.Write(w)
			out.WriteByte(' ')
		}
		word = word[:0]
	}
	for i := range ts {
		for k := 0; k < len(ts[i].word); k += 2 {
			word = append(word, ts[i].word[k])
		}
		if i+1 < len(ts) && (parts(text[ts[i].end:ts[i+1].start]) || len(word) >= maxUnspaced) {
			flush(false)
			out.WriteByte(' ')
		}
	}
	flush(true)
}

// widerGap says which gaps between single letters part words: those with white
// space where most have none, or those that are longer than the shortest.
func widerGap(text string, ts []token) func(gap string) bool {
	blank, shortest := 0, len(text)
	for i := 1; i < len(ts); i++ {
		gap := text[ts[i-1].end:ts[i].start]
		if strings.ContainsAny(gap, " \t\n") {
			blank++
		}
		shortest = min(shortest, utf8.RuneCountInString(gap))
	}
	if blank*2 < len(ts) {
		return func(gap string) bool { return strings.ContainsAny(gap, " \t\n") }
	}
	return func(gap string) bool { return utf8.RuneCountInString(gap) > shortest }
}

// joined puts together long words of the rules that were cut in two or three,
// as "ig nore" and "pre**vio**us". One alone is a matter of spelling.
func joined(text string, ts []token, lex *lexicon) (string, bool) {
	var out strings.Builder
	done, found := 0, 0
	for i := 0; i+1 < len(ts); i++ {
		n := lex.parts(ts[i:])
		if n == 0 {
			continue
		}
		found++
		out.WriteString(text[done:ts[i].start])
		for _, t := range ts[i : i+n] {
			out.Write(t.word)
		}
		done = ts[i+n-1].end
		i += n - 1
	}
	if found < 2 {
		return "", false
	}
	out.WriteString(text[done:])
	return out.String(), true
}

// parts returns how many of the first tokens make one long word together, or 0
// if they do not.
func (l *lexicon) parts(ts []token) int {
	n := 0
	for i, t := range ts[:min(3, len(ts))] {
		for _, c := range t.word {
			n = int(l.next[n*l.width+int(l.class[c])])
			if n == 0 || l.class[c] == 0 {
				return 0
			}
		}
		if i > 0 && l.strong[n] {
			return i + 1
		}
	}
	return 0
}

// segment cuts run into the longest words of the rules; what is between them
// stays as it is.
func (l *lexicon) segment(run []byte) (out [][]byte) {
	rest := 0
	for i := 0; i < len(run); {
		n := l.longest(run[i:])
		if n < 3 {
			i++
			continue
		}
		if i > rest {
			out = append(out, run[rest:i])
		}
		out = append(out, run[i:i+n])
		i += n
		rest = i
	}
	return append(out, run[rest:])
}

// longest returns the length of the longest word of the rules that s begins
// with.
func (l *lexicon) longest(s []byte) (best int) {
	n := 0
	for i, c := range s {
		n = int(l.next[n*l.width+int(l.class[c])])
		if n == 0 || l.class[c] == 0 {
			break
		}
		if len(l.words[n])+len(l.stems[n]) > 0 {
			best = i + 1
		}
	}
	return best
}
