package main

import (
	"time"
	"unicode"
	"unicode/utf8"

	"ringfence/bench/corpora"
)

// kindOf makes one of the types that are hard to tell apart: a town alone and a town in an address.
func kindOf(typ string) string {
	if typ == corpora.Place {
		return "ADDRESS"
	}
	return typ
}

// tally counts one type, or all of them. Found and there are marked spans; right and said are our spans;
// words are those of names, for which the targets are set.
type tally struct {
	there, found, said, right           int
	wordsThere, wordsFound              int
	wordsSaid, wordsRight               int
	charsThere, charsLeft, docs, leaked int
}

func (t *tally) plus(o tally) {
	t.there, t.found, t.said, t.right = t.there+o.there, t.found+o.found, t.said+o.said, t.right+o.right
	t.wordsThere, t.wordsFound = t.wordsThere+o.wordsThere, t.wordsFound+o.wordsFound
	t.wordsSaid, t.wordsRight = t.wordsSaid+o.wordsSaid, t.wordsRight+o.wordsRight
	t.charsThere, t.charsLeft = t.charsThere+o.charsThere, t.charsLeft+o.charsLeft
	t.docs, t.leaked = t.docs+o.docs, t.leaked+o.leaked
}

// anyType is the key of the untyped figures.
const anyType = "any type"

// result is what became of one text.
type result struct {
	by    map[string]*tally
	chars int
	masks int
	took  time.Duration
}

func (r *result) of(typ string) *tally {
	if r.by[typ] == nil {
		r.by[typ] = &tally{}
	}
	return r.by[typ]
}

// judge compares spans with the marks of a text.
func judge(d corpora.Doc, said []corpora.Span) result {
	r := result{by: map[string]*tally{}, chars: utf8.RuneCountInString(d.Text), masks: len(said)}
	all := r.of(anyType)
	all.docs = 1
	typed, any := cover(d.Text, said)
	for _, want := range d.Spans {
		t := r.of(want.Type)
		t.there, all.there = t.there+1, all.there+1
		t.found += one(covers(d.Text, want, typed[kindOf(want.Type)]))
		all.found += one(covers(d.Text, want, any))
		r.leak(d.Text, want, any, t, all)
	}
	wants, anyWant := cover(d.Text, d.Spans)
	for _, s := range said {
		t := r.of(s.Type)
		t.said, all.said = t.said+1, all.said+1
		t.right += one(touches(d.Text, s, wants[kindOf(s.Type)]))
		all.right += one(touches(d.Text, s, anyWant))
	}
	r.words(d.Text, wants["PERSON"], typed["PERSON"], r.of(corpora.Person))
	r.words(d.Text, anyWant, any, all)
	return r
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// cover marks the bytes of spans, by type and of any.
func cover(text string, spans []corpora.Span) (typed map[string][]bool, any []bool) {
	typed, any = map[string][]bool{}, make([]bool, len(text))
	for _, s := range spans {
		kind := kindOf(s.Type)
		if typed[kind] == nil {
			typed[kind] = make([]bool, len(text))
		}
		for i := s.Start; i < s.End; i++ {
			typed[kind][i], any[i] = true, true
		}
	}
	return typed, any
}

// covers says whether every letter and digit of a span is covered.
func covers(text string, s corpora.Span, by []bool) bool {
	if by == nil {
		return false
	}
	for i, r := range text[s.Start:s.End] {
		if (unicode.IsLetter(r) || unicode.IsDigit(r)) && !by[s.Start+i] {
			return false
		}
	}
	return true
}

// touches says whether at least half of a span's letters and digits are rightly covered.
func touches(text string, s corpora.Span, by []bool) bool {
	if by == nil {
		return false
	}
	in, all := 0, 0
	for i, r := range text[s.Start:s.End] {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			all++
			in += one(by[s.Start+i])
		}
	}
	return all > 0 && 2*in >= all
}

// leak counts the characters of a marked span that nothing covers.
func (r *result) leak(text string, s corpora.Span, any []bool, t, all *tally) {
	left := 0
	for i, c := range text[s.Start:s.End] {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			t.charsThere, all.charsThere = t.charsThere+1, all.charsThere+1
			left += one(!any[s.Start+i])
		}
	}
	t.charsLeft, all.charsLeft = t.charsLeft+left, all.charsLeft+left
	if left > 0 {
		all.leaked = 1
	}
}

// words counts words, by their first byte.
func (r *result) words(text string, want, said []bool, t *tally) {
	in := false
	for i, c := range text {
		letter := unicode.IsLetter(c) || unicode.IsDigit(c) || unicode.IsMark(c)
		if letter && !in {
			w, s := want != nil && want[i], said != nil && said[i]
			t.wordsThere, t.wordsFound = t.wordsThere+one(w), t.wordsFound+one(w && s)
			t.wordsSaid, t.wordsRight = t.wordsSaid+one(s), t.wordsRight+one(w && s)
		}
		in = letter
	}
}
