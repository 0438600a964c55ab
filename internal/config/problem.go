package config

import (
	"fmt"
	"strings"
)

// Error says why a file is not used. It is the only error of Load.
type Error struct {
	Path     string
	Problems []Problem // at least one, in the order of the file
}

// Problem is one thing that is wrong.
type Problem struct {
	Line    int    `json:"line"`   // from 1; 0 when it concerns the whole file
	Column  int    `json:"column"` // from 1, in characters; 0 like Line
	Key     string `json:"key"`    // engine.model; empty when it concerns no key
	Message string `json:"message"`
	Excerpt string `json:"excerpt,omitempty"` // the line, and a mark under the place
}

// Error lists the problems as file:line:column: message, without excerpts, so that
// it can go to a log.
func (e *Error) Error() string {
	var lines []string
	for _, p := range e.Problems {
		lines = append(lines, e.Line(p))
	}
	return strings.Join(lines, "\n")
}

// Line is one problem as file:line:column: message.
func (e *Error) Line(p Problem) string {
	if p.Line == 0 {
		return e.Path + ": " + p.Message
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.Path, p.Line, p.Column, p.Message)
}

// excerpt shows a line of text with a mark under the column.
func excerpt(text string, line, column int) string {
	lines := strings.Split(text, "\n")
	if line < 1 || line > len(lines) {
		return ""
	}
	row := []rune(lines[line-1])
	if len(row) > 200 {
		row = row[:200]
	}
	lead := strings.Map(func(r rune) rune {
		if r == '\t' {
			return r // keeps the mark in place whatever a tab is wide
		}
		return ' '
	}, string(row[:max(0, min(column-1, len(row)))]))
	return string(row) + "\n" + lead + "^"
}

// whole is an Error about the file as such.
func whole(path, format string, args ...any) *Error {
	return &Error{path, []Problem{{Message: fmt.Sprintf(format, args...)}}}
}
