package progress

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"
)

// Terminal draws reports: a moving bar where a person watches, else one line
// at the start and end of a step and every few seconds between (logs, CI).
type Terminal struct {
	out    io.Writer
	moving bool
	every  time.Duration

	mu   sync.Mutex
	step string
	last time.Time
	open bool // a bar stands on the current line
}

// NewTerminal draws on out; a bar only when out is a terminal.
func NewTerminal(out io.Writer) *Terminal {
	t := &Terminal{out: out, every: 5 * time.Second}
	if f, ok := out.(*os.File); ok && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb" {
		t.moving, t.every = true, 100*time.Millisecond
	}
	return t
}

// Report draws r. It is a [Func].
func (t *Terminal) Report(r Report) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if r.Note != "" {
		t.endLine()
		fmt.Fprintln(t.out, r.Note)
		return
	}
	now := time.Now()
	fresh := r.Step != t.step
	if !fresh && !r.Finished() && now.Sub(t.last) < t.every {
		return
	}
	if fresh {
		t.endLine()
	}
	if fresh && r.Finished() && r.Total == 0 {
		return
	}
	t.step, t.last = r.Step, now
	if !t.moving {
		fmt.Fprintf(t.out, "%s: %s\n", r.Step, amount(r))
	} else {
		fmt.Fprintf(t.out, "\r\x1b[K%-26s %s %s", r.Step, bar(r, 24), amount(r))
		t.open = true
	}
	if r.Finished() {
		t.endLine()
		t.step = "" // the same step may run again later
	}
}

// Close ends an unfinished line, so that what is printed next stands alone.
func (t *Terminal) Close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.endLine()
}

func (t *Terminal) endLine() {
	if t.open {
		fmt.Fprintln(t.out)
		t.open = false
	}
}

func bar(r Report, width int) string {
	if r.Total <= 0 {
		return strings.Repeat("·", width)
	}
	full := int(min(max(r.Done, 0), r.Total) * int64(width) / r.Total)
	return strings.Repeat("█", full) + strings.Repeat("░", width-full)
}

func amount(r Report) string {
	show := func(n int64) string { return fmt.Sprint(n) }
	if r.Unit == Bytes {
		show = func(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }
	}
	if r.Total <= 0 {
		return show(r.Done)
	}
	return fmt.Sprintf("%3d%%  %s of %s", r.Done*100/r.Total, show(r.Done), show(r.Total))
}
