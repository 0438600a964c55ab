package mask

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode/utf8"
)

// Nearly every form says how a key, or the word in front of it, begins: `(?i)(?:api|token)...`, `\b(ghp_...)`. Searching
// for such a form is trying it where one of its beginnings stands, and nowhere else. Go's regexp would start its
// automaton at every byte.

// formSearch searches for a form.
type formSearch struct {
	begins []string  // how every match begins, in small letters; nil: anyhow
	first  [256]bool // their first bytes, in small letters
	form   *regexp.Regexp
	// at and behind try the form at the beginning of a text, and behind its first character.
	at, behind *regexp.Regexp
}

func newFormSearch(source string) *formSearch {
	f := &formSearch{begins: beginnings(source)}
	if f.begins == nil {
		f.form = regexp.MustCompile(source)
		return f
	}
	for _, b := range f.begins {
		f.first[b[0]] = true
	}
	f.at, f.behind = regexp.MustCompile("^(?:"+source+")"), regexp.MustCompile("^(?s:.)(?:"+source+")")
	return f
}

// each calls yield with the matches in s that FindAllStringSubmatchIndex would find, s being prepared text.
func (f *formSearch) each(s string, yield func(match []int)) {
	if f.begins == nil {
		for _, m := range f.form.FindAllStringSubmatchIndex(s, -1) {
			yield(m)
		}
		return
	}
	for i := 0; i < len(s); i++ {
		if !f.first[lowerASCII(s[i])] || !f.mayBegin(s[i:]) {
			continue
		}
		if m := f.match(s, i); m != nil {
			yield(m)
			i = m[1] - 1
		}
	}
}

func (f *formSearch) mayBegin(s string) bool {
	for _, b := range f.begins {
		if len(s) >= len(b) && equalLower(s, b) {
			return true
		}
	}
	return false
}

// match tries the form at s[i:]. What stands in front decides whether a word begins there.
func (f *formSearch) match(s string, i int) []int {
	if i == 0 {
		return f.at.FindStringSubmatchIndex(s)
	}
	_, size := utf8.DecodeLastRuneInString(s[:i])
	m := f.behind.FindStringSubmatchIndex(s[i-size:])
	for k := range m {
		if m[k] >= 0 {
			m[k] += i - size
		}
	}
	if m != nil {
		m[0] = i
	}
	return m
}

// maxBeginnings bounds the beginnings of one form.
const maxBeginnings = 64

// beginnings returns texts, in small letters, of which every match of an expression begins with one, in any case; nil if
// there are none that say enough.
func beginnings(source string) []string {
	re, err := syntax.Parse(source, syntax.Perl)
	if err != nil {
		return nil
	}
	texts, _ := prefixes(re.Simplify())
	for _, t := range texts {
		if len(t) < 2 {
			return nil
		}
	}
	slices.Sort(texts)
	return slices.Compact(texts)
}

// prefixes returns how matches begin; whole: these are all of the matches, so that what follows goes on behind them.
func prefixes(re *syntax.Regexp) (texts []string, whole bool) {
	switch re.Op {
	case syntax.OpEmptyMatch, syntax.OpBeginText, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpEndText, syntax.OpWordBoundary,
		syntax.OpNoWordBoundary:
		return []string{""}, true
	case syntax.OpLiteral:
		return literally(re.Rune)
	case syntax.OpCharClass:
		return oneOf(re.Rune)
	case syntax.OpCapture:
		return prefixes(re.Sub[0])
	case syntax.OpPlus:
		texts, _ = prefixes(re.Sub[0])
		return texts, false
	case syntax.OpQuest:
		texts, whole = prefixes(re.Sub[0])
		return append(texts, ""), whole
	case syntax.OpConcat:
		return prefixesInRow(re.Sub)
	case syntax.OpAlternate:
		whole = true
		for _, sub := range re.Sub {
			more, all := prefixes(sub)
			texts, whole = append(texts, more...), whole && all
		}
		return texts, whole && len(texts) <= maxBeginnings
	}
	return []string{""}, false
}

func literally(runes []rune) (texts []string, whole bool) {
	text := strings.ToLower(string(runes))
	if strings.IndexFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }) >= 0 {
		return []string{""}, false
	}
	return []string{text}, true
}

// prefixesInRow returns how matches of expressions behind each other begin.
func prefixesInRow(row []*syntax.Regexp) (texts []string, whole bool) {
	texts = []string{""}
	for _, re := range row {
		more, all := prefixes(re)
		if len(texts)*len(more) > maxBeginnings {
			return texts, false
		}
		var longer []string
		for _, t := range texts {
			for _, m := range more {
				longer = append(longer, t+m)
			}
		}
		if texts = longer; !all {
			return texts, false
		}
	}
	return texts, true
}

// oneOf returns the characters of a small class, given as the first and last of ranges.
func oneOf(ranges []rune) (texts []string, whole bool) {
	for i := 0; i < len(ranges); i += 2 {
		for r := ranges[i]; r <= ranges[i+1]; r++ {
			if r == '\u212a' || r == '\u017f' {
				continue // signs for Kelvin and a long s, which a prepared text has not
			}
			if t := strings.ToLower(string(r)); !slices.Contains(texts, t) {
				texts = append(texts, t)
			}
			if r >= utf8.RuneSelf || len(texts) > 4 {
				return []string{""}, false
			}
		}
	}
	return texts, true
}
