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
	list := words()
	if s, ok := unrun(from.text, ts, list); ok {
		r.add(from, "unspaced", s)
	}
	if s, ok := respaced(from.text, ts, list); ok {
		r.add(from, "joined", s)
	}
	if s, ok := cleaned(from.text); ok {
		r.add(from, "joined", s)
	}
	if s, ok := respelt(from.text, ts, list); ok {
		r.add(from, "respelt", s)
	}
	if s, ok := digitless(from.text, ts); ok {
		r.add(from, "leet", s)
	}
	if !list.plain(ts) {
		r.turned(from, ts, list)
	}
}

// turned adds the readings of a text whose letters were turned around, mirrored
// or shifted.
func (r *readings) turned(from reading, ts []token, list *wordlist) {
	if list.speaks(ts, reversed) {
		r.add(from, "reversed", reversedText(from.text))
	}
	if list.speaks(ts, mirrored) {
		r.add(from, "atbash", string(mirrored(nil, []byte(from.text))))
	}
	if n := list.shift(ts); n == 13 {
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
	for i := 0; i < len(s); {
		n := 0
		for i+n < len(s) && strings.IndexByte("*_~`", s[i+n]) >= 0 {
			n++
		}
		if n == 0 {
			b.WriteByte(s[i])
			i++
			continue
		}
		if i > 0 && i+n < len(s) && letterByte(s[i-1]) && letterByte(s[i+n]) && s[i] != '_' {
			found++
		} else {
			b.WriteString(s[i : i+n])
		}
		i += n
	}
	return b.String(), found >= 2
}

// respelt puts right words that lost a letter, doubled one or mixed them up; two
// of them at least.
func respelt(text string, ts []token, list *wordlist) (string, bool) {
	var out strings.Builder
	var buf []byte
	done, found := 0, 0
	for i := range ts {
		right, ok := list.respell(ts[i].word, buf)
		if !ok {
			if squeezed := squeeze(ts[i].word); squeezed != "" && (list.lex.has([]byte(squeezed)) || list.near[squeezed] != "") {
				right, ok = squeezed, true
			}
		}
		if ok {
			found++
			out.WriteString(text[done:ts[i].start] + right)
			done = ts[i].end
		}
	}
	if found < 2 {
		return "", false
	}
	return out.String() + text[done:], true
}

// squeeze makes one letter of three or more alike in a row; "" if there are none.
func squeeze(word []byte) string {
	if len(word) < 4 || !latin(word) {
		return ""
	}
	out := make([]byte, 0, len(word))
	for i := 0; i < len(word); {
		n := 1
		for i+n < len(word) && word[i+n] == word[i] {
			n++
		}
		out = append(out, word[i])
		if n == 2 {
			out = append(out, word[i])
		}
		i += n
	}
	if len(out) == len(word) {
		return ""
	}
	return string(out)
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
