package main

import (
	"fmt"
	"io"
	"os"
	"sync"

	"golang.org/x/term"
)

// scanLine tells a person at a terminal how far a scan is. In a log or a pipeline it says nothing.
type scanLine struct {
	mu   sync.Mutex
	out  io.Writer // nil where nobody watches
	some bool
}

func newScanLine(stderr io.Writer) *scanLine {
	if f, ok := stderr.(*os.File); ok && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb" {
		return &scanLine{out: f}
	}
	return &scanLine{}
}

func (l *scanLine) draw(done, of int, slug string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.out != nil {
		l.some = true
		fmt.Fprintf(l.out, "\r\x1b[Kscanned %d of %d: %.40q", done, of, slug)
	}
}

// clear takes the line away, so that the report starts on a clean one.
func (l *scanLine) clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.some {
		fmt.Fprint(l.out, "\r\x1b[K")
	}
}
