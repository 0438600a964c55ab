package mask

import (
	_ "embed"
	"strings"
)

// cue is a phrase in front of a name.
type cue struct {
	words []uint64
	kind  *cueKind
}

// cueKind is how a name follows a phrase.
type cueKind struct {
	name, rule string
	sentence   bool // the phrase begins a sentence
	small      bool // the name may be in small letters
	two        bool // the name has two words at least
	ends       bool // a phrase or a line ends behind the name
	line       bool // the name is alone on the rest of its line
	near       bool // with line: no comma or line break need stand in between
}

var (
	honorific = &cueKind{name: "honorific", rule: "name-honorific"}
	cueKinds  = []*cueKind{honorific,
		{name: "greeting", rule: "name-greeting", sentence: true},
		{name: "adjective", rule: "name-greeting", sentence: true, ends: true},
		{name: "introduction", rule: "name-introduction", small: true},
		{name: "label", rule: "name-label"},
		{name: "noun", rule: "name-label"},
		{name: "statement", rule: "name-introduction", two: true},
		{name: "notice", rule: "name-introduction", two: true, ends: true},
		{name: "closing", rule: "name-closing", line: true, near: true},
		{name: "farewell", rule: "name-closing", line: true},
	}
)

//go:embed data/cues.txt
var cueList string

// cues holds the phrases by their first word.
var cues = newCues(cueList)

// newCues reads the phrases, whole words in folded form, so that Gruesse is Grüße.
func newCues(list string) byWord[[]cue] {
	kinds := map[string]*cueKind{}
	for _, k := range cueKinds {
		kinds[k.name] = k
	}
	m := map[uint64][]cue{}
	for line := range strings.Lines(wordList(list)) {
		kind, phrases, _ := strings.Cut(line, ":")
		for phrase := range strings.SplitSeq(phrases, "|") {
			c := cue{kind: kinds[kind]}
			for _, w := range splitWords(phrase, nil) {
				c.words = append(c.words, w.hash)
			}
			if len(c.words) > 0 {
				m[c.words[0]] = append(m[c.words[0]], c)
			}
		}
	}
	return newByWord(m)
}
