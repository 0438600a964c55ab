package mask

import (
	_ "embed"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// Sensitive is what becomes of facts that Article 9 GDPR protects.
type Sensitive string

// The policies. Flag is what happens where none is set.
const (
	SensitiveFlag   Sensitive = "flag"       // they are counted and named, and go to the model
	SensitiveMask   Sensitive = "mask"       // they are masked
	SensitiveRefuse Sensitive = "refuse"     // the caller refuses the call
	SensitiveLocal  Sensitive = "local_only" // the caller refuses it unless the model runs inside the store's own walls
)

// sensitiveFinder finds words for health, religion, sexual orientation, trade unions, politics, ethnicity, and genetic and
// biometric data in sentences that speak of a person, by a word list in eight languages. It misses whatever has no
// word on the list: "my sugar is high again".
type sensitiveFinder struct{ mask bool }

func (f sensitiveFinder) find(p *Pass, v *view, add func(finding)) {
	languages := v.languages()
	around := scene{v: v, found: p.found}
	for i := 0; i < len(v.words); i++ {
		if v.words[i].shape&hasDigit != 0 || v.words[i].end-v.words[i].start < 2 {
			continue
		}
		e, last := sensitiveAt(v, i, languages)
		if e == nil {
			continue
		}
		if around.at(i); !e.sure && !around.personal {
			continue
		}
		found := finding{v.words[i].start, v.words[last].end, SENSITIVE, LayerContext, "article9-" + e.category, 50, ""}
		p.sensitive = append(p.sensitive, found)
		if f.mask {
			add(found)
		}
		i = last
	}
}

// phrase is an entry of the list.
type phrase struct {
	category string
	language uint8 // a bit
	sure     bool  // it speaks of a person by itself
	words    []pattern
	firsts   []uint64 // hashes of its first and its first two letters, folded
}

// pattern is a folded word, or how one begins.
type pattern struct {
	hash   uint64
	prefix bool
}

// sensitiveAt returns the longest phrase of some languages that begins with word i, and its last word.
func sensitiveAt(v *view, i int, languages uint8) (best *phrase, last int) {
	w := v.words[i]
	consider := func(entries []*phrase) {
		for _, e := range entries {
			if e.language&languages == 0 || best != nil && len(e.words) <= last-i+1 || i+len(e.words) > len(v.words) {
				continue
			}
			if e.follows(v, i) {
				best, last = e, i+len(e.words)-1
			}
		}
	}
	if mayBeginSensitive(v.s[w.start:w.end]) {
		eachBeginning(v.s[w.start:w.end], func(hash uint64) { consider(sensitivePrefixes[hash]) })
	}
	consider(sensitiveWords.at(&w))
	return best, last
}

// follows says whether the words behind the first are there too.
func (e *phrase) follows(v *view, i int) bool {
	for k := 1; k < len(e.words); k++ {
		w := v.words[i+k]
		if w.start-v.words[i+k-1].end > 2 {
			return false
		}
		if !e.words[k].prefix {
			if w.hash != e.words[k].hash {
				return false
			}
			continue
		}
		begins := false
		eachBeginning(v.s[w.start:w.end], func(hash uint64) { begins = begins || hash == e.words[k].hash })
		if !begins {
			return false
		}
	}
	return true
}

// eachBeginning calls yield with the hash of each beginning of a folded word.
func eachBeginning(word string, yield func(hash uint64)) {
	f := folder{hash: hashStart}
	for i := 0; i < len(word); {
		r, size := utf8.DecodeRuneInString(word[i:])
		f.addRune(r)
		if i += size; i > 2 {
			yield(f.hash)
		}
	}
}

// mayBeginSensitive says whether a word of two bytes at least begins with two letters as one of the list does.
func mayBeginSensitive(word string) bool {
	a, b := word[0]|0x20, word[1]|0x20
	return !isLetter(a) || !isLetter(b) || sensitivePairs[a-'a'][b-'a']
}

// newSensitivePairs says of two letters from a to z whether a beginning of the list begins so, folded.
func newSensitivePairs(prefixes map[uint64][]*phrase) (pairs [26][26]bool) {
	for a := range byte(26) {
		for b := range byte(26) {
			f := folder{hash: hashStart}
			f.add('a' + a)
			f.add('a' + b)
			for hash := range prefixes {
				for _, e := range prefixes[hash] {
					pairs[a][b] = pairs[a][b] || slices.Contains(e.firsts, f.hash)
				}
			}
		}
	}
	return pairs
}

var (
	sensitivePairs = newSensitivePairs(sensitivePrefixes)

	//go:embed data/sensitive.txt
	sensitiveFile string
	// by the first word
	sensitiveWords, sensitivePrefixes, sensitiveCount = newSensitive(sensitiveFile)
)

func newSensitive(file string) (byWord[[]*phrase], map[uint64][]*phrase, map[string]int) {
	words, prefixes, count := map[uint64][]*phrase{}, map[uint64][]*phrase{}, map[string]int{}
	for line := range strings.Lines(wordList(file)) {
		head, list, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok {
			continue
		}
		category, language, _ := strings.Cut(head, " ")
		for text := range strings.SplitSeq(list, "|") {
			e := &phrase{category: category, language: languageBits[language], sure: strings.Contains(text, "!")}
			for part := range strings.FieldsSeq(strings.ReplaceAll(text, "!", "")) {
				e.add(part)
			}
			if count[category]++; e.words[0].prefix {
				prefixes[e.words[0].hash] = append(prefixes[e.words[0].hash], e)
			} else {
				words[e.words[0].hash] = append(words[e.words[0].hash], e)
			}
		}
	}
	return newByWord(words), prefixes, count
}

// add reads one part of a phrase, which may be several words: long-covid*.
func (e *phrase) add(part string) {
	prefix := strings.HasSuffix(part, "*")
	split := splitWords(part, nil)
	for k, w := range split {
		p := pattern{w.hash, prefix && k == len(split)-1}
		if p.prefix {
			eachBeginning(part[w.start:w.end], func(hash uint64) { p.hash = hash })
			if len(e.words) == 0 {
				e.firsts = firstLetters(part[w.start:w.end])
			}
		}
		e.words = append(e.words, p)
	}
}

// firstLetters returns the hashes of the first and of the first two letters of a word, folded.
func firstLetters(word string) (hashes []uint64) {
	f := folder{hash: hashStart}
	for _, r := range word {
		plainLetters(r, func(c rune) {
			if before := f.hash; len(hashes) < 2 {
				if f.add(byte(c)); f.hash != before {
					hashes = append(hashes, f.hash)
				}
			}
		}, f.addOther)
	}
	return hashes
}

// SensitiveEntries returns how many entries the list has for each category.
func SensitiveEntries() map[string]int { return sensitiveCount }

// Sensitive counts, by category, what was found of Article 9 GDPR in the texts hidden so far, masked or not.
func (p *Pass) Sensitive() map[string]int { return maps.Clone(p.categories) }

// noteSensitive counts what was found in a text, and maps it to the text for Flags.
func (p *Pass) noteSensitive(v *view) {
	p.flags = p.flags[:0]
	for _, f := range p.sensitive {
		if p.categories == nil {
			p.categories = map[string]int{}
		}
		p.categories[strings.TrimPrefix(f.rule, "article9-")]++
		from, to := v.original(f.start, f.end)
		p.flags = append(p.flags, cut{finding: f, from: from, to: to})
	}
	p.sensitive = p.sensitive[:0]
}

// Flags returns what of Article 9 GDPR was found in the text hidden last, masked or not, in order.
func (p *Pass) Flags() []Span { return p.spansOf(p.flags) }
