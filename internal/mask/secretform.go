package mask

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
)

// secretForm is the form of one service's keys. A word, mostly the service's name or how the key begins, must
// stand near; only then is the form tried, on a bounded part of the text.
type secretForm struct {
	rule    string
	entropy float64
	group   int
	source  string
	search  func() *formSearch
}

// secretWord is a word that lets forms be tried.
type secretWord struct {
	word  string
	forms []int
}

var (
	//go:embed data/secrets.txt
	secretFile  string
	secretForms []secretForm
	// secretWordsBy holds the words by the hash of their first three letters.
	secretWordsBy = newSecretWords()
)

const (
	triBits = 13
	// A form is looked for from so many bytes in front of a word to so many behind it.
	secretBefore, secretBehind = 48, 640
	// maxSecretTries bounds the forms tried in a text. Beyond it every long token near such a word is masked
	// untried: rather too much than time without end.
	maxSecretTries = 3000
)

func newSecretWords() (by [1 << triBits][]secretWord) {
	index := map[string]*secretWord{}
	for line := range strings.Lines(secretFile) {
		part := strings.SplitN(strings.TrimSuffix(line, "\n"), "\t", 5)
		if len(part) != 5 || line[0] == '#' {
			continue
		}
		entropy, _ := strconv.ParseFloat(part[1], 64)
		group, _ := strconv.Atoi(part[3])
		search := sync.OnceValue(func() *formSearch { return newFormSearch(part[4]) })
		secretForms = append(secretForms, secretForm{"secret-" + part[0], entropy, group, part[4], search})
		for word := range strings.SplitSeq(part[2], ",") {
			if index[word] == nil {
				index[word] = &secretWord{word: word}
			}
			index[word].forms = append(index[word].forms, len(secretForms)-1)
		}
	}
	for _, w := range index {
		h := triHash(w.word[0], w.word[1], w.word[2])
		by[h] = append(by[h], *w)
	}
	return by
}

func triHash(a, b, c byte) uint16 {
	return uint16((uint32(a)*31*31 + uint32(b)*31 + uint32(c)) * 2654435761 >> (32 - triBits) & (1<<triBits - 1))
}

// lowerASCII makes a capital small, and leaves everything else.
func lowerASCII(b byte) byte {
	if isUpper(b) {
		return b | 0x20
	}
	return b
}

// formFinder finds keys of services by their forms. It allocates nothing where none of their words stands.
type formFinder struct{}

func (formFinder) find(_ *Pass, v *view, add func(finding)) {
	s := v.s
	if len(s) < 8 {
		return
	}
	t := formTrial{s: s, add: add}
	a, b := lowerASCII(s[0]), lowerASCII(s[1])
	for i := 2; i < len(s); i++ {
		c := lowerASCII(s[i])
		if words := secretWordsBy[triHash(a, b, c)]; len(words) > 0 {
			t.at(i-2, words)
		}
		a, b = b, c
	}
}

// formTrial tries forms on one text.
type formTrial struct {
	s     string
	add   func(finding)
	done  map[int]int // by form: up to where it was tried
	tries int
}

// at tries the forms whose word begins at i.
func (t *formTrial) at(i int, words []secretWord) {
	for _, w := range words {
		if len(t.s)-i < len(w.word) || !equalLower(t.s[i:i+len(w.word)], w.word) {
			continue
		}
		for _, f := range w.forms {
			t.try(f, i)
		}
	}
}

func equalLower(s, lower string) bool {
	for i := range len(lower) {
		if lowerASCII(s[i]) != lower[i] {
			return false
		}
	}
	return true
}

// try looks for a form around i, where it has not been looked for yet.
func (t *formTrial) try(f, i int) {
	from, to := max(0, i-secretBefore), min(len(t.s), i+secretBehind)
	if i < t.done[f] || !t.promising(from, to) {
		return
	}
	if t.done == nil {
		t.done = map[int]int{}
	}
	t.done[f] = i + secretBehind/2
	if t.tries++; t.tries > maxSecretTries {
		t.untried(i, to)
		return
	}
	form := &secretForms[f]
	from, to = runeStart(t.s, from), runeStart(t.s, to)
	form.search().each(t.s[from:to], func(m []int) {
		start, end := m[0], m[1]
		if g := 2 * form.group; len(m) > g+1 && m[g] >= 0 {
			start, end = m[g], m[g+1]
		}
		if value := t.s[from+start : from+end]; entropy(value) > form.entropy && !isPlaceholderSecret(value) {
			t.add(finding{from + start, from + end, SECRET, LayerStructure, form.rule, 90, ""})
		}
	})
}

// promising says whether a long token stands near a word: no key is without one.
func (t *formTrial) promising(i, to int) bool {
	run, digits := 0, 0
	for k := i; k < to; k++ {
		switch b := t.s[k]; {
		case isDigit(b):
			run, digits = run+1, digits+1
		case isLetter(b) || b == '_' || b == '-' || b == '+' || b == '/':
			run++
		default:
			run, digits = 0, 0
		}
		if run >= 8 && digits > 0 || run >= 20 {
			return true
		}
	}
	return false
}

// untried masks every long token between two places.
func (t *formTrial) untried(i, to int) {
	for start := i; start < to; start++ {
		end := start
		for end < to && (isAlnum(t.s[end]) || t.s[end] == '_' || t.s[end] == '-') {
			end++
		}
		if end-start >= 20 && strings.ContainsAny(t.s[start:end], "0123456789") {
			t.add(finding{start, end, SECRET, LayerStructure, untriedSecret, 50, ""})
		}
		start = max(start, end)
	}
}

const untriedSecret = "secret-untried"

// isPlaceholderSecret knows what documentation writes where a key goes.
func isPlaceholderSecret(s string) bool {
	lower := strings.ToLower(s)
	for _, word := range [...]string{"example", "your", "xxxx", "placeholder", "changeme", "<", "{{", "${"} {
		if strings.Contains(lower, word) {
			return true
		}
	}
	return false
}
