package main

import (
	"fmt"

	"ringfence/bench/corpora"
)

// reveal prints what was missed and what was masked without need in a text, and says how much it printed.
func reveal(d corpora.Doc, said []corpora.Span) (printed int) {
	_, any := cover(d.Text, said)
	_, wanted := cover(d.Text, d.Spans)
	for _, want := range d.Spans {
		if !covers(d.Text, want, any) {
			fmt.Printf("missed %s %q in %q\n", want.Type, d.Text[want.Start:want.End], around(d.Text, want))
			printed++
		}
	}
	for _, s := range said {
		if !touches(d.Text, s, wanted) {
			fmt.Printf("false %s %q in %q\n", s.Type, d.Text[s.Start:s.End], around(d.Text, s))
			printed++
		}
	}
	return printed
}

// around is a span with some of its neighbourhood.
func around(text string, s corpora.Span) string {
	const width = 50
	return text[max(0, s.Start-width):min(len(text), s.End+width)]
}
