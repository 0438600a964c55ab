package classify

import "unicode/utf8"

// The kinds of features, mixed into their hashes.
const (
	kindWord uint32 = iota + 1
	kindPair
	kindTriple
	kindSkip
	kindLetters
	kindConcept
	kindConceptPair
	kindConceptSet
	kindConceptTriple
	kindRule
	kindRulePair
)

const (
	letterRun   = 4  // letters of a piece of a word
	longestWord = 24 // bytes of a word that are looked at piece by piece
	conceptSpan = 9  // words between which two concepts belong together
	ruleSpan    = 60
)

// Mark hashes the name of a concept or a rule.
func Mark(name string) uint32 {
	h := uint32(2166136261)
	for i := range len(name) {
		h = (h ^ uint32(name[i])) * 16777619
	}
	return mix(h)
}

func mix(h uint32) uint32 {
	h ^= h >> 16
	h *= 0x7feb352d
	h ^= h >> 15
	h *= 0x846ca68b
	return h ^ h>>16
}

func hashOf(kind uint32, parts ...uint32) uint32 {
	h := kind * 0x9e3779b1
	for _, p := range parts {
		h = mix(h ^ p)
	}
	return h
}

// extractor makes features of words in turn; it keeps what the next ones look
// back at.
type extractor struct {
	words    [3]uint32 // hashes of the words before, the latest first
	concepts [3]seen   // the latest first
	rule     seen
}

type seen struct {
	mark uint32
	at   int
}

const sentenceMark = 0x5e47ab1e // the word before a sentence's first

// append appends the features of word i but for its meaning and its rules;
// words must come in order.
func (x *extractor) append(dst []uint32, ts []Token, i int) []uint32 {
	t := &ts[i]
	if t.Begins || i == 0 {
		x.words = [3]uint32{sentenceMark}
	}
	w := wordHash(t.Word)
	a, b, c := x.words[0], x.words[1], x.words[2]
	dst = append(dst, hashOf(kindWord, w))
	if a != 0 {
		dst = append(dst, hashOf(kindPair, a, w))
	}
	if b != 0 {
		dst = append(dst, hashOf(kindTriple, b, a, w), hashOf(kindSkip, b, w))
	}
	if c != 0 {
		dst = append(dst, hashOf(kindSkip, c, w))
	}
	x.words = [3]uint32{w, a, b}
	return appendLetters(dst, t.Word)
}

// appendConcepts appends the features of what word i means.
func (x *extractor) appendConcepts(dst []uint32, ts []Token, i int) []uint32 {
	for _, mark := range ts[i].Concepts {
		dst = x.concept(dst, mark, i)
	}
	return dst
}

// appendRules appends the features of the rules that fired at word i.
func (x *extractor) appendRules(dst []uint32, ts []Token, i int) []uint32 {
	for _, mark := range ts[i].Rules {
		dst = x.fired(dst, mark, i)
	}
	return dst
}

// concept appends what a concept says alone and beside those before it: in any
// language, in any order.
func (x *extractor) concept(dst []uint32, mark uint32, i int) []uint32 {
	dst = append(dst, hashOf(kindConcept, mark))
	for k, s := range x.concepts {
		if s.mark == 0 || i-s.at > conceptSpan || s.mark == mark {
			continue
		}
		dst = append(dst, hashOf(kindConceptPair, s.mark, mark), hashOf(kindConceptSet, min(s.mark, mark), max(s.mark, mark)))
		if k == 0 && x.concepts[1].mark != 0 && i-x.concepts[1].at <= conceptSpan {
			dst = append(dst, hashOf(kindConceptTriple, s.mark^x.concepts[1].mark^mark))
		}
	}
	x.concepts = [3]seen{{mark, i}, x.concepts[0], x.concepts[1]}
	return dst
}

func (x *extractor) fired(dst []uint32, mark uint32, i int) []uint32 {
	dst = append(dst, hashOf(kindRule, mark))
	if s := x.rule; s.mark != 0 && s.mark != mark && i-s.at <= ruleSpan {
		dst = append(dst, hashOf(kindRulePair, min(s.mark, mark), max(s.mark, mark)))
	}
	x.rule = seen{mark, i}
	return dst
}

func wordHash(w []byte) uint32 {
	h := uint32(2166136261)
	for _, c := range w {
		h = (h ^ uint32(c)) * 16777619
	}
	return max(mix(h), 1)
}

// appendLetters appends the pieces of a word, its ends marked: they know a word
// in its other forms, and in languages that write words together.
func appendLetters(dst []uint32, w []byte) []uint32 {
	if len(w) < letterRun || len(w) > longestWord && (w[0] < utf8.RuneSelf || len(w) > 3*longestWord) {
		return dst
	}
	ring := [letterRun]uint32{'<', '<', '<', '<'}
	n := 1
	push := func(r uint32) {
		copy(ring[:], ring[1:])
		ring[letterRun-1] = r
		if n++; n >= letterRun {
			dst = append(dst, hashOf(kindLetters, ring[0], ring[1]<<21^ring[2], ring[3]))
		}
	}
	for len(w) > 0 {
		r, size := rune(w[0]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(w)
		}
		push(uint32(r))
		w = w[size:]
	}
	push('>')
	return dst
}
