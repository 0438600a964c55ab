package guard

import "strings"

// spoken adds the readings of a text whose words were changed by a rule that
// children know: letters put in, moved to the end, left out, or named.
func (r *readings) spoken(from reading, ts []token, seen []uint8, list *wordlist) {
	g := gamesIn(ts, seen)
	switch c := g.infixed(); {
	case g.named >= minNamed:
		r.add(from, "spelling_alphabet", unnamed(from.text, ts))
	case g.words >= 4 && g.ay*10 >= g.words*6:
		r.add(from, "pig_latin", eachWord(from.text, ts, seen, list.unpig))
	case c != 0:
		r.add(from, "infixed", eachWord(from.text, ts, seen, func(dst, w []byte) []byte { return uninfixed(dst, w, c) }))
	case g.doubled >= minGame && g.doubled*20 >= g.vowels*9:
		r.add(from, "respelt", eachWord(from.text, ts, seen, undoubled))
	case g.letters >= minUnspaced && g.vowels*10 < g.letters:
		r.add(from, "respelt", eachWord(from.text, ts, seen, list.vowelled))
	case g.decoys*2 > g.words && g.decoys >= 3:
		r.add(from, "decoys", eachWord(from.text, ts, seen, undecoyed))
	}
}

const (
	minGame  = 8 // letters that a game has put in or taken out
	minNamed = 8 // letters that are named
)

// games counts what games leave in a text.
type games struct {
	words, letters, vowels int
	doubled                int     // vowels after themselves
	infix                  [26]int // letters between a vowel and itself
	ay                     int     // words that end so
	decoys                 int     // words of which each second letter is the same
	named                  int     // words that name a letter
}

func gamesIn(ts []token, seen []uint8) (g games) {
	for k := range ts {
		w := ts[k].word
		if seen[k] == wordForeign {
			continue
		}
		n := len(w)
		g.words++
		g.letters += n
		decoy := n >= 5
		for i, c := range w {
			if vowel(c) {
				g.vowels++
				if i > 0 && w[i-1] == c {
					g.doubled++
				} else if i > 1 && w[i-2] == c {
					g.infix[w[i-1]-'a']++
				}
			}
			decoy = decoy && (i%2 == 0 || c == w[1])
		}
		if decoy {
			g.decoys++
		}
		if n >= 3 && w[n-1] == 'y' && w[n-2] == 'a' {
			g.ay++
		}
		if n >= 4 && letterNames[string(w)] {
			g.named++
		}
	}
	return g
}

// infixed returns the consonant after which vowels are said again, or 0.
func (g *games) infixed() byte {
	best := 0
	for c, n := range g.infix {
		if n > g.infix[best] {
			best = c
		}
	}
	if n := g.infix[best]; n >= minGame && n*10 >= g.vowels*4 {
		return 'a' + byte(best)
	}
	return 0
}

// eachWord writes a text with its words of the letters a to z changed.
func eachWord(text string, ts []token, seen []uint8, change func(dst, w []byte) []byte) string {
	var out strings.Builder
	var b []byte
	done := 0
	for i := range ts {
		if seen[i] == wordForeign {
			continue
		}
		out.WriteString(text[done:ts[i].start])
		b = change(b[:0], ts[i].word)
		out.Write(b)
		done = ts[i].end
	}
	out.WriteString(text[done:])
	return out.String()
}

func uninfixed(dst, w []byte, infix byte) []byte {
	for i := 0; i < len(w); i++ {
		dst = append(dst, w[i])
		if i+2 < len(w) && vowel(w[i]) && w[i+1] == infix && w[i+2] == w[i] {
			i += 2
		}
	}
	return dst
}

func undoubled(dst, w []byte) []byte {
	for i, c := range w {
		if i == 0 || c != w[i-1] || !vowel(c) {
			dst = append(dst, c)
		}
	}
	return dst
}

func undecoyed(dst, w []byte) []byte {
	for i := 1; i < len(w); i += 2 {
		if w[i] != w[1] {
			return append(dst, w...)
		}
	}
	for i := 0; i < len(w); i += 2 {
		dst = append(dst, w[i])
	}
	return dst
}

// vowelled appends the word that has these consonants.
func (w *wordlist) vowelled(dst, word []byte) []byte {
	if id, ok := w.near.word(sumOf(word) ^ bareSum); ok {
		return append(dst, w.list[id]...)
	}
	return append(dst, word...)
}

// unpig appends the word whose beginning was put to its end, with "ay".
func (w *wordlist) unpig(dst, word []byte) []byte {
	n := len(word) - 2
	if n < 1 || word[n] != 'a' || word[n+1] != 'y' {
		return append(dst, word...)
	}
	at := len(dst)
	if (word[n-1] == 'w' || word[n-1] == 'y') && w.knows(word[:n-1]) {
		return append(dst, word[:n-1]...)
	}
	for k := 1; k <= min(4, n-1); k++ {
		dst = append(append(dst[:at], word[n-k:n]...), word[:n-k]...)
		if w.knows(dst[at:]) {
			return dst
		}
	}
	if word[n-1] == 'w' || word[n-1] == 'y' {
		return append(dst[:at], word[:n-1]...)
	}
	return append(append(dst[:at], word[n-1:n]...), word[:n-1]...)
}

// letterNames are the words by which letters are spelt.
var letterNames = func() map[string]bool {
	m := map[string]bool{}
	for name := range strings.FieldsSeq(letterNameText) {
		m[name] = true
	}
	return m
}()

const letterNameText = "alpha alfa bravo charlie delta echo foxtrot golf hotel india juliett juliet kilo lima mike november oscar papa quebec romeo sierra tango uniform victor whiskey xray yankee zulu " +
	"able baker dog easy george item jig king love nan oboe peter queen roger sugar uncle william yoke zebra " +
	"anton berta caesar cäsar dora emil friedrich gustav heinrich ida julius kaufmann ludwig martha nordpol otto paula quelle richard samuel theodor ulrich viktor wilhelm xanthippe ypsilon zacharias"

// unnamed writes the letters that words name; a wider gap parts words.
func unnamed(text string, ts []token) string {
	var out strings.Builder
	done := 0
	for i := range ts {
		w := ts[i].word
		if !letterNames[string(w)] && !(len(w) == 1 && i > 0) {
			continue
		}
		if gap := text[done:ts[i].start]; len(gap) != 1 && done > 0 || done == 0 {
			out.WriteString(gap)
		}
		out.WriteByte(w[0])
		done = ts[i].end
	}
	out.WriteString(text[done:])
	return out.String()
}
