package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"ringfence/internal/audit"
	"ringfence/proof"
)

// tail prints entries, each checked against the signed tree.
func (r auditRun) tail() int {
	reader, err := audit.OpenReader(r.dir)
	if err != nil {
		return r.failed(exitIncomplete, err)
	}
	o := audit.TailOptions{From: r.from, Last: r.last, Follow: r.follow}
	if r.from >= 0 {
		o.Last = 0
	} else if r.last <= 0 {
		return r.failed(exitUsage, errors.New("-n wants a number of entries, from 1 on"))
	}
	err = reader.Tail(r.ctx, o, r.printEntry)
	if err != nil {
		return r.failed(exitNotFine, err)
	}
	return exitFine
}

func (r auditRun) printEntry(index int64, stored []byte) error {
	if r.asJSON {
		_, err := fmt.Fprintf(r.stdout, "{\"index\":%d,\"entry\":%s}\n", index, stored)
		return err
	}
	e, err := proof.ParseEntry(stored)
	if err == nil {
		_, err = fmt.Fprintln(r.stdout, entryLine(index, e))
	}
	return err
}

// entryLine is an entry on one line: when, which, what, whose, how it ended and why.
func entryLine(index int64, e proof.Entry) string {
	if strings.HasPrefix(e.Type, "ringfence.egress.") {
		return fmt.Sprintf("#%-6d %s", index, connectionLine(e))
	}
	var call proof.Call // of other types nothing is decoded, and nothing shown
	_ = json.Unmarshal(e.Data, &call)
	line := fmt.Sprintf("%s  #%-6d %-13s", e.Time.UTC().Format("2006-01-02 15:04:05.000Z"), index, strings.TrimPrefix(e.Type, "ringfence."))
	for _, word := range []string{call.Name, string(call.Outcome), call.Reason} {
		if word != "" {
			line += "  " + word
		}
	}
	return strings.Map(printable, strings.TrimRight(line, " "))
}

// connectionLine is an entry about a connection: when, what became of it, whose,
// to where, and why.
func connectionLine(e proof.Entry) string {
	var c proof.Connection
	_ = json.Unmarshal(e.Data, &c)
	words := []string{e.Time.UTC().Format("2006-01-02 15:04:05.000Z"), fmt.Sprintf("%-17s %-9s", strings.TrimPrefix(e.Type, "ringfence."), c.Action),
		cmp.Or(c.Name, "unknown"), cmp.Or(c.Caller, c.Agent), fmt.Sprintf("%s:%d", cmp.Or(c.Host, "(no name)"), c.Port)}
	if c.Service != nil {
		words = append(words, c.Service.Vendor+" "+c.Service.Kind)
	}
	if c.Would != "" {
		words = append(words, "would be denied: "+c.Would)
	}
	if c.Reason != "" {
		words = append(words, c.Reason)
	}
	if e.Type == proof.TypeConnectionClosed {
		words = append(words, fmt.Sprintf("%d bytes out, %d in, %d ms", c.Sent, c.Received, c.Millis))
	}
	if c.Suppressed > 0 {
		words = append(words, fmt.Sprintf("and %d more like it", c.Suppressed))
	}
	words = slices.DeleteFunc(words, func(w string) bool { return w == "" })
	return strings.Map(printable, strings.Join(words, "  "))
}

// printable keeps what is in an entry from steering the reader's terminal.
func printable(r rune) rune {
	if unicode.IsPrint(r) {
		return r
	}
	return unicode.ReplacementChar
}
