package mask

import "strings"

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
