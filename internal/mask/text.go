package mask

import (
	"strings"
	"unicode/utf8"
)

// Text is text without the personal data this package found. Nothing else may be sent to an engine. The
// zero value is the empty text.
type Text struct{ s string }

// String returns the masked text.
func (t Text) String() string { return t.s }

// constant can only be written as an untyped constant outside this package: no variable converts to it.
type constant string

// Literal makes a Text of words written by us in the source code.
func Literal(s constant) Text { return Text{string(s)} }

// Concat joins masked texts.
func Concat(parts ...Text) Text {
	var b strings.Builder
	for _, t := range parts {
		b.WriteString(t.s)
	}
	return Text{b.String()}
}

// Split cuts the text at white space into parts of at most size bytes, or
// inside a word that is longer; never inside a character. Joined, the parts are
// the text.
func (t Text) Split(size int) []Text {
	var parts []Text
	rest := t.s
	for len(rest) > size {
		end := strings.LastIndexAny(rest[:size], " \t\n") + 1
		if end == 0 {
			for end = size; end > 1 && !utf8.RuneStart(rest[end]); end-- {
			}
		}
		parts, rest = append(parts, Text{rest[:end]}), rest[end:]
	}
	return append(parts, Text{rest})
}
