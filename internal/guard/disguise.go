package guard

import "strings"

// disguised adds the readings of a text whose letters are spaced out, turned
// around or rotated. Each is tried only where a first look says it could be.
func (r *readings) disguised(from reading, ts []token, lex *lexicon) {
	if s, ok := despaced(from.text, ts, lex); ok {
		r.add(from, "spaced", s)
	}
	if s, ok := joined(from.text, ts, lex); ok {
		r.add(from, "joined", s)
	}
	if s, ok := unrun(from.text, ts, lex); ok {
		r.add(from, "unspaced", s)
	}
	turned, mirror := 0, 0
	var b []byte
	for i := range ts {
		if w := ts[i].word; len(w) >= longWord {
			if b = reversed(b[:0], w); lex.knows(b) {
				turned++
			}
			if b = mirrored(b[:0], w); lex.knows(b) {
				mirror++
			}
		}
	}
	if turned >= 2 {
		r.add(from, "reversed", reversedText(from.text))
	}
	if mirror >= 2 {
		r.add(from, "atbash", string(mirrored(nil, []byte(from.text))))
	}
	if n := shifted(ts, lex); n == 13 {
		r.add(from, "rot13", string(rot13(nil, []byte(from.text))))
	} else if n > 0 {
		r.add(from, "shifted", string(rotated(nil, []byte(from.text), n)))
	}
}

// minUnspaced is the length from which a word may be several.
const minUnspaced = 14

// unrun parts words that were run together, as "ignoreallpreviousinstructions",
// at words of the rules.
func unrun(text string, ts []token, lex *lexicon) (string, bool) {
	var out strings.Builder
	done, found := 0, 0
	for i := range ts {
		if len(ts[i].word) < minUnspaced || !latin(ts[i].word) {
			continue
		}
		words := lex.segment(ts[i].word)
		if len(words) < 3 {
			continue
		}
		found++
		out.WriteString(text[done:ts[i].start])
		for _, w := range words {
			out.Write(w)
			out.WriteByte(' ')
		}
		done = ts[i].end
	}
	out.WriteString(text[done:])
	return out.String(), found > 0
}

func reversed(dst, word []byte) []byte {
	for i := len(word) - 1; i >= 0; i-- {
		dst = append(dst, word[i])
	}
	return dst
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

func rot13(dst, s []byte) []byte {
	for _, c := range s {
		switch {
		case 'a' <= c && c <= 'z':
			c = 'a' + (c-'a'+13)%26
		case 'A' <= c && c <= 'Z':
			c = 'A' + (c-'A'+13)%26
		}
		dst = append(dst, c)
	}
	return dst
}

// minSpaced is how many single letters in a row are a word spelled out.
const minSpaced = 6

// despaced joins words whose letters stand apart, as "i g n o r e" and
// "i-g-n-o-r-e". A wider gap parts words; where there is none, the longest
// words of the rules do.
func despaced(text string, ts []token, lex *lexicon) (string, bool) {
	var out strings.Builder
	done := 0 // bytes of text
	for i := 0; i < len(ts); i++ {
		j := i
		for j < len(ts) && len(ts[j].word) == 1 {
			j++
		}
		if j-i >= minSpaced {
			out.WriteString(text[done:ts[i].start])
			joinLetters(&out, ts[i:j], lex)
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

func joinLetters(out *strings.Builder, ts []token, lex *lexicon) {
	var word []byte
	flush := func() {
		for _, w := range lex.segment(word) {
			out.Write(w)
			out.WriteByte(' ')
		}
		word = word[:0]
	}
	for i := range ts {
		word = append(word, ts[i].word...)
		if i+1 < len(ts) && ts[i+1].start-ts[i].end > 1 {
			flush()
		}
	}
	flush()
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
