package mask

import (
	"cmp"
	"strings"
)

// people holds the exact values known in one pass: a tree of folded words, walked once over the text
// whatever its size, and the digits of phone numbers.
type people struct {
	next   map[edge]int      // from a node, over a word, to a node
	leaves []*literal        // by node
	phones map[string]string // identities by digits
	// secrets are looked for byte by byte: they are no words.
	secrets []string
	count   int
}

type edge struct {
	node int
	word uint64
}

// literal is a known value.
type literal struct {
	typ  Type
	rule string
	key  string // the value's identity in the vault; "" once it is not one value's alone
	// score is the finding's; 0 means that of what callers give.
	score uint8
	// strict: no comma may stand between its words. "Muster, Anna" is one person, "Anna, Muster" may be two.
	strict bool
}

// layer is where the value came from.
func (l *literal) layer() Layer {
	if strings.HasPrefix(l.rule, "store-") {
		return LayerStore
	}
	return LayerPeople
}

func newPeople() *people {
	return &people{next: map[edge]int{}, leaves: make([]*literal, 1), phones: map[string]string{}}
}

const (
	maxLiteralWords = 24
	maxLiteralGap   = 24 // bytes between two words of one value
)

// learn adds a value in one spelling; a later owner of the same words makes them nobody's in particular. Of a
// very long value the beginning is known.
func (pe *people) learn(text string, l literal) {
	var room [12]word
	words := splitWords(text, room[:0])
	if len(words) == 0 {
		return
	}
	if len(pe.next) == 0 {
		pe.next = make(map[edge]int, 64) // one name in all its orders
	}
	words = words[:min(len(words), maxLiteralWords)]
	node := 0
	for _, w := range words {
		e := edge{node, w.hash}
		to, ok := pe.next[e]
		if !ok {
			to = len(pe.leaves)
			pe.leaves = append(pe.leaves, nil)
			pe.next[e] = to
		}
		node = to
	}
	l.score = cmp.Or(l.score, given.score)
	switch old := pe.leaves[node]; {
	case old == nil:
		pe.count++
		pe.leaves[node] = &l
	case old.score < l.score:
		pe.leaves[node] = &l
	case old.score == l.score && old.key != l.key && old.typ == l.typ:
		old.key = ""
	}
}

// phone finds a known phone number at the beginning of a candidate and returns its identity and end.
func (pe *people) phone(s string, t *phoneText) (key string, end int) {
	if len(pe.phones) == 0 {
		return "", 0
	}
	for k := t.n; k >= minPhoneDigits; k-- {
		if isDigitAt(s, t.ends[k-1]) {
			continue
		}
		for from := 0; k-from >= minPhoneDigits; from++ {
			if key := pe.phones[string(t.digits[from:k])]; key != "" {
				return key, t.ends[k-1]
			}
		}
	}
	return "", 0
}

// peopleFinder finds the values known by name.
type peopleFinder struct{}

func (peopleFinder) find(p *Pass, v *view, add func(finding)) {
	for _, secret := range p.people.secrets {
		for i := 0; ; i += len(secret) {
			k := strings.Index(v.s[i:], secret)
			if k < 0 {
				break
			}
			i += k
			add(finding{i, i + len(secret), SECRET, LayerPeople, "seeded-secret", 85, ""})
		}
	}
	if p.people.count == 0 {
		return
	}
	for i := 0; i < len(v.words); {
		l, n, cut := p.people.longest(v, i)
		if l == nil {
			i++
			continue
		}
		end := v.words[i+n-1].end - cut
		add(finding{v.words[i].start, end, l.typ, l.layer(), l.rule, l.score, l.key})
		i += n
	}
}

// longest finds the longest known value at word i: how many words it has, and how many bytes of inflection
// at its end are not part of it.
func (pe *people) longest(v *view, i int) (found *literal, n, cut int) {
	node, comma := 0, false
	for k := i; k < len(v.words) && k-i < maxLiteralWords; k++ {
		w := v.words[k]
		if k > i {
			gap := v.s[v.words[k-1].end:w.start]
			if !joins(gap) {
				break
			}
			comma = comma || strings.IndexByte(gap, ',') >= 0
		}
		if w.stem != 0 && w.end-w.start >= 4 {
			if to, ok := pe.next[edge{node, w.stem}]; ok && pe.leaves[to].fits(comma) && !everydayWord(w.hash) { // this is no genitive of Thị
				found, n, cut = pe.leaves[to], k-i+1, 1
			}
		}
		to, ok := pe.next[edge{node, w.hash}]
		if !ok {
			break
		}
		if node = to; pe.leaves[node].fits(comma) {
			found, n, cut = pe.leaves[node], k-i+1, 0
		}
	}
	return found, n, cut
}

// fits says whether a leaf is there and may hold a comma.
func (l *literal) fits(comma bool) bool { return l != nil && !(comma && l.strict) }

// joins says whether what stands between two words can stand inside one value: white space, line breaks,
// hyphens, commas, dots; nothing that divides fields.
func joins(gap string) bool {
	if len(gap) > maxLiteralGap {
		return false
	}
	for i := 0; i < len(gap); i++ {
		switch b := gap[i]; {
		case isSpace(b), b >= 0x80:
		case b == '-', b == '.', b == ',', b == '\'', b == '_', b == '+', b == '*', b == '/', b == '@', b == '&':
		default:
			return false
		}
	}
	return true
}
