package guard

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"ringfence/internal/guard/classify"
)

//go:embed words.txt
var wordsText string

//go:embed rules.txt
var rulesText string

// rule is one signal, in all its languages.
type rule struct {
	id, reason   string
	score        float64
	mark         uint32          // of the id, for the classifier
	origins      map[Origin]bool // nil: all
	catch, leave []example       // run by the tests
}

type example struct {
	origin Origin
	text   string
}

// applies reports whether the rule looks at texts of o.
func (r *rule) applies(o Origin) bool { return r.origins == nil || r.origins[o] }

// sequence is a chain of word sets, each within gap words of the one before.
type sequence struct {
	rule  uint16
	first int     // its first step in matcher.last
	gaps  []int32 // gaps[i] lies before step i; gaps[0] is not used
}

// rules is rules.txt, compiled.
type rules struct {
	list      []rule
	sequences []sequence
	steps     int // of all sequences
	lexicon   *lexicon
	concepts  *lexicon // of all sets; a place's seq is an index into marks
	marks     []uint32 // of the sets, for the classifier
	literals  *literals
	literalOf []uint16          // literal -> rule
	shapeOf   map[string]uint16 // shape -> rule
}

// loaded compiles the embedded text; it was written with the program, so a
// fault in it is a fault of the build, and a test reads every line.
var loaded = sync.OnceValue(func() *rules {
	r, err := compile(wordsText + "\n" + rulesText)
	if err != nil {
		panic(fmt.Errorf("rules.txt: %w", err))
	}
	return r
})

func (r *rules) has(id string) bool {
	for i := range r.list {
		if r.list[i].id == id {
			return true
		}
	}
	return false
}

// compiler collects what the lines of rules.txt say.
type compiler struct {
	rules
	sets    map[string][]string
	entries []entry
	texts   []string
}

func compile(text string) (*rules, error) {
	c := &compiler{sets: map[string][]string{}}
	c.shapeOf = map[string]uint16{}
	for n, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "# ") || line == "#" {
			continue
		}
		word, rest, _ := strings.Cut(line, " ")
		if err := c.line(word, strings.TrimSpace(rest)); err != nil {
			return nil, fmt.Errorf("line %d: %w", n+1, err)
		}
	}
	if err := c.meanings(); err != nil {
		return nil, err
	}
	c.lexicon = newLexicon(c.entries).seal()
	c.literals = newLiterals(c.texts)
	return &c.rules, nil
}

func (c *compiler) line(word, rest string) error {
	switch word {
	case "set":
		name, words, _ := strings.Cut(rest, " ")
		c.sets[name] = append(c.sets[name], strings.Fields(words)...)
		return nil
	case "rule":
		if c.has(rest) {
			return fmt.Errorf("rule %s comes twice", rest)
		}
		c.list = append(c.list, rule{id: rest, mark: classify.Mark("rule " + rest)})
		return nil
	}
	if len(c.list) == 0 {
		return fmt.Errorf("%s before the first rule", word)
	}
	return c.part(&c.list[len(c.list)-1], word, rest)
}

// part reads a line that belongs to rule r.
func (c *compiler) part(r *rule, word, rest string) (err error) {
	kind, origin, _ := strings.Cut(word, ".")
	switch kind {
	case "reason":
		r.reason = rest
	case "score":
		r.score, err = strconv.ParseFloat(rest, 64)
	case "origins":
		r.origins = map[Origin]bool{}
		for o := range strings.FieldsSeq(rest) {
			r.origins[Origin(o)] = true
		}
	case "seq":
		err = c.sequence(rest)
	case "text":
		text, unquoted := strconv.Unquote(rest)
		c.texts = append(c.texts, folded(text))
		c.literalOf = append(c.literalOf, uint16(len(c.list)-1))
		err = unquoted
	case "shape":
		c.shapeOf[rest] = uint16(len(c.list) - 1)
	case "catch":
		r.catch = append(r.catch, example{Origin(origin), rest})
	case "leave":
		r.leave = append(r.leave, example{Origin(origin), rest})
	default:
		err = fmt.Errorf("a rule has no %q", word)
	}
	return err
}

// sequence reads steps: @set, word, stem* or a|b, and <N for "up to N words
// between".
func (c *compiler) sequence(line string) error {
	s := sequence{rule: uint16(len(c.list) - 1), first: c.steps}
	gap := int32(0)
	for w := range strings.FieldsSeq(line) {
		if n, ok := strings.CutPrefix(w, "<"); ok {
			g, err := strconv.Atoi(n)
			if err != nil {
				return err
			}
			gap = int32(g)
			continue
		}
		if err := c.step(w, place{uint16(len(c.sequences)), uint16(len(s.gaps))}); err != nil {
			return err
		}
		s.gaps, gap = append(s.gaps, gap), 0
	}
	if len(s.gaps) == 0 {
		return fmt.Errorf("a sequence without steps")
	}
	c.steps += len(s.gaps)
	c.sequences = append(c.sequences, s)
	return nil
}

func (c *compiler) step(alternatives string, at place) error {
	seen := map[string]bool{}
	var add func(string) error
	add = func(w string) error {
		if name, ok := strings.CutPrefix(w, "@"); ok {
			if c.sets[name] == nil {
				return fmt.Errorf("there is no set %s", name)
			}
			for _, w := range c.sets[name] {
				if err := add(w); err != nil {
					return err
				}
			}
			return nil
		}
		if seen[w] {
			return nil
		}
		seen[w] = true
		e, err := entryOf(w)
		e.at = at
		c.entries = append(c.entries, e)
		return err
	}
	for w := range strings.SplitSeq(alternatives, "|") {
		if err := add(w); err != nil {
			return err
		}
	}
	return nil
}

// entryOf reads a word or a stem*.
func entryOf(w string) (entry, error) {
	word, stem := strings.CutSuffix(w, "*")
	t := tokens(word, nil) // so that it is cut and folded as texts are
	if len(t) == 0 {
		return entry{}, fmt.Errorf("%q is no word", w)
	}
	if first, _ := utf8.DecodeRuneInString(word); runeKindOf(first) == glyph { // cut out of texts as a whole
		return entry{word: folded(word), stem: stem}, nil
	}
	if len(t) != 1 {
		return entry{}, fmt.Errorf("%q is not one word", w)
	}
	return entry{word: string(t[0].word), stem: stem}, nil
}

// meanings makes the lexicon of the sets: what a word means, in any language.
func (c *compiler) meanings() error {
	var entries []entry
	for i, name := range slices.Sorted(maps.Keys(c.sets)) {
		c.marks = append(c.marks, classify.Mark("set "+name))
		for _, w := range c.sets[name] {
			e, err := entryOf(w)
			if err != nil {
				return err
			}
			e.at = place{seq: uint16(i)}
			entries = append(entries, e)
		}
	}
	c.concepts = newLexicon(entries).seal()
	return nil
}
