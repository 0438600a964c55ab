package report

import (
	"bufio"
	"io"

	"ringfence/internal/scan/compare"
)

// Changes prints the differences between two versions for people.
func Changes(w io.Writer, list []compare.Change) error {
	p := &printer{w: bufio.NewWriter(w)}
	if len(list) == 0 {
		p.line("Nothing changed in where data goes, who can set it off, and where keys are kept.")
	}
	grave := 0
	for _, c := range list {
		mark := " "
		if c.Grave {
			mark = "!"
			grave++
		}
		p.line("%s %-6s %-8s %s  %s:%d", mark, c.State, c.Kind, c.What, c.File, c.Line)
	}
	if len(list) > 0 {
		p.line("%d changes, %d of them grave (!).", len(list), grave)
	}
	return p.w.Flush()
}
