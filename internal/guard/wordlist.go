package guard

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed common.txt
var commonText string

//go:embed english.txt
var englishText string

// wordlist knows whether a text is one: the words of the rules and the commonest
// others.
type wordlist struct {
	lex     *lexicon
	common  map[string]bool // short words, whole
	english map[string]bool
	near    map[string]string // a long word that lost a letter, or whose letters are out of order, to the word
}

// words is the list, made once from the sets of the rules.
var words = sync.OnceValue(func() *wordlist {
	w := &wordlist{common: map[string]bool{}, english: map[string]bool{}, near: map[string]string{}}
	var entries []entry
	add := func(word string) {
		e, err := entryOf(word)
		if err != nil || !latin([]byte(e.word)) {
			return
		}
		e.stem = false
		entries = append(entries, e)
		w.misspellings(e.word)
	}
	for line := range strings.Lines(commonText) {
		if !strings.HasPrefix(line, "#") {
			for word := range strings.FieldsSeq(line) {
				w.common[word] = true
				add(word)
			}
		}
	}
	for line := range strings.Lines(wordsText) {
		if f := strings.Fields(line); len(f) > 2 && f[0] == "set" {
			for _, word := range f[2:] {
				add(word)
			}
		}
	}
	for line := range strings.Lines(englishText) {
		if !strings.HasPrefix(line, "#") {
			for word := range strings.FieldsSeq(line) {
				w.english[word] = true
				w.misspellings(word)
			}
		}
	}
	w.lex = newLexicon(entries).seal()
	return w
})

// shortJumbled is how many letters a word has that is known by them in any order.
const shortJumbled = 4

// misspellings notes how a word may be misspelt. A word that is written well is
// never taken for another: those are looked up first.
func (w *wordlist) misspellings(word string) {
	note := func(s string) {
		if _, taken := w.near[s]; !taken {
			w.near[s] = word
		}
	}
	if len(word) < shortJumbled || len(word) > maxJumbled {
		return
	}
	note("~" + string(jumble(nil, []byte(word))))
	n := len(word)
	note(word[:n-2] + word[n-1:] + word[n-2:n-1])
	note(word[1:2] + word[:1] + word[2:])
	for i := 1; i < len(word) && len(word) >= longWord; i++ {
		note(word[:i] + word[i+1:])
	}
}

// respell returns the word that a misspelt one was meant to be.
func (w *wordlist) respell(word []byte, buf []byte) (string, bool) {
	if len(word) < shortJumbled || len(word) > maxJumbled || !latin(word) || w.knows(word) {
		return "", false
	}
	if right, ok := w.near[string(word)]; ok {
		return right, true
	}
	buf = append(buf[:0], '~')
	right, ok := w.near[string(append(buf, jumble(nil, word)...))]
	return right, ok
}

// has reports whether word is one of the lexicon, whole.
func (l *lexicon) has(word []byte) bool {
	n := 0
	for _, c := range word {
		n = int(l.next[n*l.width+int(l.class[c])])
		if n == 0 || l.class[c] == 0 {
			return false
		}
	}
	return len(l.words[n]) > 0
}

// looked is how many words of a text are tried.
const looked = 48

// speaks reports whether the words of a text are words once each was changed,
// and are not as they stand.
func (w *wordlist) speaks(ts []token, change func(dst, word []byte) []byte) bool {
	var b []byte
	changed, plain, n := 0, 0, 0
	for i := range ts {
		word := ts[i].word
		if len(word) < 3 || !latin(word) {
			continue
		}
		if n++; n > looked {
			break
		}
		if w.lex.has(word) {
			plain++
		}
		if b = change(b[:0], word); w.lex.has(b) {
			changed++
		}
	}
	return changed >= 2 && changed > plain+1 && changed*4 >= min(n, looked)
}

// shift returns the shift of the alphabet by which a text speaks; 0 for none.
func (w *wordlist) shift(ts []token) int {
	for by := 1; by < 26; by++ {
		if w.speaks(ts, func(dst, word []byte) []byte { return rotated(dst, word, by) }) {
			return by
		}
	}
	return 0
}

// plain reports whether a text speaks as it stands, so that nothing needs to be
// turned around to be read.
func (w *wordlist) plain(ts []token) bool {
	known, n := 0, 0
	for i := range ts {
		if len(ts[i].word) >= 3 {
			n++
			if w.common[string(ts[i].word)] {
				known++
			}
		}
		if n >= looked {
			break
		}
	}
	return known >= 2 && known*5 >= n
}
