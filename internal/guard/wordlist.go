package guard

import (
	"bytes"
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
	words wordTable // as they are written
	near  wordTable // as they are misspelt
	list  []string
}

// What a word is.
const (
	wordCommon  uint8 = 1 << iota // one of the commonest
	wordRule                      // of the rules, or common
	wordEnglish                   // any other of the list
	wordForeign                   // not of the letters a to z alone
	wordLong                      // of the rules, and not met by chance
)

const wordKnown = wordRule | wordEnglish

// words is the list, made once from the sets of the rules.
var words = sync.OnceValue(func() *wordlist {
	w := &wordlist{words: newWordTable(1 << 15), near: newWordTable(1 << 18)}
	add := func(word string, is uint8) {
		e, err := entryOf(word)
		if err != nil || !latin([]byte(e.word)) {
			return
		}
		if is == wordRule && len(e.word) >= longWord {
			is |= wordLong
		}
		w.add(e.word, is)
	}
	for word := range listed(commonText) {
		add(word, wordCommon|wordRule)
	}
	for line := range strings.Lines(wordsText) {
		if f := strings.Fields(line); len(f) > 2 && f[0] == "set" {
			for _, word := range f[2:] {
				add(word, wordRule)
			}
		}
	}
	for word := range listed(englishText) {
		w.add(word, wordEnglish)
	}
	return w
})

// listed returns the words of a list without its comments.
func listed(text string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for line := range strings.Lines(text) {
			if strings.HasPrefix(line, "#") {
				continue
			}
			for word := range strings.FieldsSeq(line) {
				if !yield(word) {
					return
				}
			}
		}
	}
}

// add puts a word in, and how it may be misspelt. A word that is written well
// is never taken for another: those are looked up first.
func (w *wordlist) add(word string, is uint8) {
	if w.words.put(sumOf([]byte(word)), is, uint16(len(w.list))) {
		w.list = append(w.list, word)
		w.misspellings(word, uint16(len(w.list)-1))
	}
}

// shortJumbled is how many letters a word has that is known by them in any order.
const shortJumbled = 4

// The ways to misspell that have sums of their own.
const (
	jumbledSum uint64 = 0xA5A5A5A5
	bareSum    uint64 = 0x5A5A5A5A // without its vowels
	soundSum   uint64 = 0xC3C3C3C3 // letters that sound alike as one
)

// misspellings notes how a word may be misspelt: letters out of order, one left
// out, all vowels left out.
func (w *wordlist) misspellings(word string, id uint16) {
	var buf [2 * maxJumbled]byte
	note := func(parts ...string) {
		b := buf[:0]
		for _, p := range parts {
			b = append(b, p...)
		}
		w.near.put(sumOf(b), 0, id)
	}
	n := len(word)
	if bare := unvowelled(buf[:0], []byte(word)); n <= maxJumbled && len(bare) < n && len(bare) >= 1 {
		w.near.put(sumOf(bare)^bareSum, 0, id)
	}
	if n <= maxJumbled {
		w.near.put(sumOf(sounding(buf[:0], []byte(word)))^soundSum, 0, id)
	}
	if n < shortJumbled || n > maxJumbled {
		return
	}
	w.near.put(sumOf(jumble(buf[:0], []byte(word)))^jumbledSum, 0, id)
	note(word[:n-2], word[n-1:], word[n-2:n-1])
	note(word[1:2], word[:1], word[2:])
	for i := 1; i < n && n >= longWord; i++ {
		note(word[:i], word[i+1:])
	}
}

// unvowelled appends the consonants of a word.
func unvowelled(dst, word []byte) []byte {
	for _, c := range word {
		if !vowel(c) {
			dst = append(dst, c)
		}
	}
	return dst
}

func vowel(c byte) bool {
	switch c {
	case 'a', 'e', 'i', 'o', 'u':
		return true
	}
	return false
}

// look returns what a folded word is.
func (w *wordlist) look(word []byte) uint8 {
	sum := uint64(sumStart)
	for i := len(word) - 1; i >= 0; i-- {
		c := word[i]
		if c < 'a' || c > 'z' {
			return wordForeign
		}
		sum = sumNext(sum, c)
	}
	return w.words.is(sum)
}

// lookAll returns what the words of a text are.
func (w *wordlist) lookAll(dst []uint8, ts []token) []uint8 {
	for i := range ts {
		dst = append(dst, w.look(ts[i].word))
	}
	return dst
}

// knows reports whether word is one of the list.
func (w *wordlist) knows(word []byte) bool { return w.look(word)&wordKnown != 0 }

// respell returns the word that a misspelt one was meant to be.
func (w *wordlist) respell(word []byte) (string, bool) {
	if len(word) < shortJumbled || len(word) > maxJumbled {
		return "", false
	}
	if id, ok := w.near.word(sumOf(word)); ok {
		return w.list[id], true
	}
	var buf [maxJumbled]byte
	if id, ok := w.near.word(sumOf(jumble(buf[:0], word)) ^ jumbledSum); ok {
		return w.list[id], true
	}
	return "", false
}

// wordTable finds words by their sums: open addressing, no strings. What is not
// in it is found in one of some billion cases.
type wordTable []wordSlot

type wordSlot struct {
	sum  uint32
	word uint16
	bits uint8
	used bool
}

func newWordTable(size int) wordTable { return make(wordTable, size) }

// The sum of a word goes from its end to its beginning, so that those of all
// words that end at one letter of a run cost one step each.
const sumStart = 0xCBF29CE484222325

func sumNext(sum uint64, c byte) uint64 {
	sum = (sum ^ uint64(c)) * 0x9E3779B97F4A7C15
	return sum ^ sum>>29
}

func sumOf(word []byte) uint64 {
	sum := uint64(sumStart)
	for i := len(word) - 1; i >= 0; i-- {
		sum = sumNext(sum, word[i])
	}
	return sum
}

// at returns the slot of a sum, used or not.
func (t wordTable) at(sum uint64) *wordSlot {
	mask := uint64(len(t) - 1)
	for i := sum >> 20; ; i++ {
		if s := &t[i&mask]; !s.used || s.sum == uint32(sum) {
			return s
		}
	}
}

// put notes a word; the first of a sum stays. It reports whether it is new.
func (t wordTable) put(sum uint64, is uint8, word uint16) bool {
	s := t.at(sum)
	s.bits |= is
	if s.used {
		return false
	}
	s.sum, s.word, s.used = uint32(sum), word, true
	return true
}

func (t wordTable) is(sum uint64) uint8 { return t.at(sum).bits }

func (t wordTable) word(sum uint64) (uint16, bool) {
	s := t.at(sum)
	return s.word, s.used
}

// speech is the first words of a text, to try changes of its letters on.
type speech struct {
	words  [looked][]byte
	n      int
	needed int // words of the list that make a text of them
}

func speechOf(ts []token, seen []uint8) *speech {
	var s speech
	plain := 0
	for i := range ts {
		word := ts[i].word
		if len(word) < 3 || seen[i] == wordForeign {
			continue
		}
		if s.n == looked {
			break
		}
		if s.words[s.n] = word; seen[i]&wordRule != 0 {
			plain++
		}
		s.n++
	}
	s.needed = max(plain+2, (s.n+3)/4)
	return &s
}

// speaks reports whether the words of a text are words once each was changed,
// two different ones at least, and are not as they stand. changed says what a
// word is after the change.
func (s *speech) speaks(changed func(word []byte) uint8) bool {
	after, first, several := 0, -1, false
	for i, word := range s.words[:s.n] {
		if after+s.n-i < s.needed {
			return false
		}
		if changed(word)&wordRule != 0 {
			if after++; first < 0 {
				first = i
			}
			several = several || !bytes.Equal(word, s.words[first])
		}
	}
	return several && after >= s.needed
}

// shift returns the shift of the alphabet by which a text speaks; 0 for none.
func (w *wordlist) shift(s *speech) int {
	for by := 1; by < 26; by++ {
		if s.speaks(func(word []byte) uint8 { return w.words.is(sumTurned(word, &shifts[by])) }) {
			return by
		}
	}
	return 0
}

// shifts turn the letters of the alphabet, mirror turns it around.
var shifts, mirror = func() (s [26][256]byte, m [256]byte) {
	for by := range s {
		for c := range s[by] {
			s[by][c] = byte(c)
		}
		for c := byte('a'); c <= 'z'; c++ {
			s[by][c] = 'a' + (c-'a'+byte(by))%26
		}
	}
	m = s[0]
	for c := byte('a'); c <= 'z'; c++ {
		m[c] = 'a' + 'z' - c
	}
	return s, m
}()

// sumTurned is the sum of a word whose letters are changed.
func sumTurned(word []byte, change *[256]byte) uint64 {
	sum := uint64(sumStart)
	for i := len(word) - 1; i >= 0; i-- {
		sum = sumNext(sum, change[word[i]])
	}
	return sum
}

// sumReversed is the sum of a word that is turned around.
func sumReversed(word []byte) uint64 {
	sum := uint64(sumStart)
	for _, c := range word {
		sum = sumNext(sum, c)
	}
	return sum
}
