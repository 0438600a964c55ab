package mask

import (
	"maps"
	"slices"
	"strings"
)

// The word lists answer some eighty questions about a word. One table has the answers to all of them: each word of a text
// is looked up once, when it is read.

// wordlist is one of the word lists, or "a phrase of that kind begins with the word".
type wordlist uint8

// entry is what the lists say of one word.
type entry struct {
	on      [mostLists / 64]uint64 // a bit for each list
	facts   factRole
	self    uint8 // languages in which it speaks of a person
	tongues uint8 // languages of which it is one of the most frequent words
	digits  uint8 // a town's: in a row of the postcodes there
}

const mostLists = 128

// dictionary holds the entries by the hash of the folded word, in open addressing. It is complete when the program's
// variables are made, and does not change after.
var dictionary = struct {
	cells []cellOf
	used  int
	lists int
}{cells: make([]cellOf, 1<<14)}

// cellOf is a word's place in the table; there is none without an entry.
type cellOf struct {
	hash  uint64
	entry *entry
}

// cellFor returns the cell of a word, or the empty one where it would be.
func cellFor(hash uint64) *cellOf {
	cells := dictionary.cells
	for i := hash ^ hash>>32; ; i++ {
		if c := &cells[i&uint64(len(cells)-1)]; c.hash == hash || c.entry == nil {
			return c
		}
	}
}

// entryFor returns the entry of a word, to be filled.
func entryFor(hash uint64) *entry {
	c := cellFor(hash)
	if c.entry == nil {
		if dictionary.used++; 2*dictionary.used > len(dictionary.cells) {
			panic("mask: the table of the word lists is too small")
		}
		*c = cellOf{hash, new(entry)}
	}
	return c.entry
}

// newList makes a list of words by their hashes.
func newList(hashes ...uint64) wordlist {
	l := wordlist(dictionary.lists)
	if dictionary.lists++; dictionary.lists > mostLists {
		panic("mask: too many word lists")
	}
	for _, h := range hashes {
		entryFor(h).on[l/64] |= 1 << (l % 64)
	}
	return l
}

// listOf makes a list of words, folded.
func listOf(words string) wordlist { return newList(hashesOf(words)...) }

// hashesOf returns the hashes of words, folded.
func hashesOf(words string) (hashes []uint64) {
	for w := range strings.FieldsSeq(words) {
		hashes = append(hashes, hashWord(w))
	}
	return hashes
}

// anyOf makes a list of the words of several.
func anyOf(lists ...wordlist) wordlist {
	var all []uint64
	for _, c := range dictionary.cells {
		if w := (word{listed: c.entry}); slices.ContainsFunc(lists, w.on) {
			all = append(all, c.hash)
		}
	}
	return newList(all...)
}

// on says whether a word is on a list.
func (w *word) on(l wordlist) bool {
	return w.listed != nil && w.listed.on[l/64%(mostLists/64)]>>(l%64)&1 != 0
}

// byWord holds values by words, to be asked for words of texts.
type byWord[T any] struct {
	words wordlist
	of    map[uint64]T
}

func newByWord[T any](of map[uint64]T) byWord[T] {
	return byWord[T]{newList(slices.Collect(maps.Keys(of))...), of}
}

// at returns the value of a word, nothing if it has none.
func (b *byWord[T]) at(w *word) (value T) {
	if w.on(b.words) {
		value = b.of[w.hash]
	}
	return value
}

// has says whether a word is on a list, by its hash.
func (l wordlist) has(hash uint64) bool {
	w := word{listed: cellFor(hash).entry}
	return w.on(l)
}

// facts says what a word may do around a fact.
func (w *word) facts() factRole {
	if w.listed == nil {
		return 0
	}
	return w.listed.facts
}

// self says in which languages a word speaks of a person.
func (w *word) self() uint8 {
	if w.listed == nil {
		return 0
	}
	return w.listed.self
}

// tongues says of which languages a word is one of the most frequent.
func (w *word) tongues() uint8 {
	if w.listed == nil {
		return 0
	}
	return w.listed.tongues
}

// city returns how many digits in a row the postcodes of a town have, 0 if the word is no known town.
func (w *word) city() int {
	if w.listed == nil {
		return 0
	}
	return int(w.listed.digits)
}

// init enters what the lists say of words besides that they are on them.
func init() {
	enterFacts(factLists)
	enterTongues(smallWordsOf)
	enterCities(cityList)
}
