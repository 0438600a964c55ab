package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"text/tabwriter"

	"ringfence/internal/minimize"
)

const minimizeHelp = `usage: ringfence minimize purposes [--json]
       ringfence minimize explain [--purpose P] [--json] [PATH...]
       ringfence minimize cut --purpose P [--subject S] [--json] < context.json

Says which store fields a purpose may use, and cuts records down to them.

  purposes   the purposes, with their surfaces
  explain    what is done with a field and why; without a PATH every field the
             purpose may use, without a purpose every purpose. A PATH may be a
             branch: order.billing
  cut        reads {"order": {...}, "products": [...]} and prints what is left;
             what was denied goes to standard error, or with --json into one
             object with text, counts, denied, unknown and refusals

Pseudonymised and redacted values are still in clear here: masking comes next.

exit codes: 0 fine, 1 a path or purpose is not in the catalogue, or nothing of
the context may be used, 2 wrong use or unreadable context
`

// minimizeVerb is "ringfence minimize".
func minimizeVerb(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	f := flag.NewFlagSet("minimize", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.Usage = func() { fmt.Fprint(stderr, minimizeHelp) }
	purpose := f.String("purpose", "", "")
	subject := f.String("subject", "", "")
	asJSON := f.Bool("json", false, "")
	f.String("data", "", "") // every verb takes these two; nothing here depends on them
	f.String("config", "", "")
	words, err := parseMixed(f, args)
	if errors.Is(err, flag.ErrHelp) {
		return exitFine
	}
	if err != nil {
		return exitUsage
	}
	if len(words) == 0 {
		words = []string{""}
	}
	switch words[0] {
	case "purposes":
		return minimizePurposes(*asJSON, stdout)
	case "explain":
		return minimizeExplain(*purpose, words[1:], *asJSON, stdout, stderr)
	case "cut":
		return minimizeCut(*purpose, *subject, *asJSON, stdin, stdout, stderr)
	}
	f.Usage()
	return exitUsage
}

func minimizePurposes(asJSON bool, stdout io.Writer) int {
	if asJSON {
		return printJSON(stdout, minimize.Purposes())
	}
	t := tabwriter.NewWriter(stdout, 0, 4, 2, ' ', 0)
	for _, p := range minimize.Purposes() {
		fmt.Fprintf(t, "%s\t%s\t%s\n", p.ID, p.Surface, p.Title)
	}
	t.Flush()
	return exitFine
}

func minimizeExplain(purpose string, paths []string, asJSON bool, stdout, stderr io.Writer) int {
	var purposes []string
	for _, p := range minimize.Purposes() {
		if purpose == "" || purpose == p.ID {
			purposes = append(purposes, p.ID)
		}
	}
	if purposes == nil {
		fmt.Fprintf(stderr, "There is no purpose %q, so every field is denied to it. \"ringfence minimize purposes\" lists them.\n", purpose)
		return exitNotFine
	}
	decisions, missing := minimizeDecisions(purposes, paths)
	if asJSON {
		printJSON(stdout, decisions)
	} else {
		printDecisions(stdout, decisions)
	}
	for _, p := range missing {
		fmt.Fprintf(stderr, "%s: not in the catalogue, so it is denied and counted as unknown.\n", p)
	}
	if len(missing) > 0 {
		return exitNotFine
	}
	return exitFine
}

// minimizeDecisions explains the paths asked for; without any, every field that
// is not denied.
func minimizeDecisions(purposes, paths []string) (found []minimize.Decision, missing []string) {
	found = []minimize.Decision{}
	if len(paths) == 0 {
		for _, path := range minimize.Paths() {
			for _, p := range purposes {
				if d, _ := minimize.Explain(p, path); d.Action != minimize.Deny {
					found = append(found, d)
				}
			}
		}
		return found, nil
	}
	for _, path := range paths {
		fields := minimize.Below(path)
		if fields == nil {
			missing = append(missing, path)
		}
		for _, field := range fields {
			for _, p := range purposes {
				d, _ := minimize.Explain(p, field)
				found = append(found, d)
			}
		}
	}
	return found, missing
}

func printDecisions(stdout io.Writer, decisions []minimize.Decision) {
	t := tabwriter.NewWriter(stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, "FIELD\tPURPOSE\tACTION\tCLASS\tWHY")
	for _, d := range decisions {
		action := string(d.Action)
		if d.Coarse != "" {
			action += " to " + d.Coarse
		}
		if d.NeedsSubject {
			action += ", own record only"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", d.Path, d.Purpose, action, d.Class, d.Reason)
	}
	t.Flush()
}

func minimizeCut(purpose, subject string, asJSON bool, stdin io.Reader, stdout, stderr io.Writer) int {
	if purpose == "" {
		fmt.Fprintln(stderr, "minimize cut needs --purpose. \"ringfence minimize purposes\" lists them.")
		return exitUsage
	}
	context, err := io.ReadAll(io.LimitReader(stdin, minimize.MaxBytes+1))
	if err != nil {
		fmt.Fprintln(stderr, "Could not read the context:", err)
		return exitUsage
	}
	r, err := minimize.Cut(purpose, subject, context)
	if err != nil {
		fmt.Fprintln(stderr, err)
		return exitUsage
	}
	if asJSON {
		printJSON(stdout, r)
	} else {
		printCut(r, stdout, stderr)
	}
	if r.Text == "" {
		return exitNotFine
	}
	return exitFine
}

func printCut(r minimize.Result, stdout, stderr io.Writer) {
	if r.Text != "" {
		fmt.Fprintln(stdout, r.Text)
	}
	n := r.Counts
	fmt.Fprintf(stderr, "values: %d allowed, %d generalised, %d pseudonymised, %d denied, %d unknown\n",
		n.Allowed, n.Generalised, n.Pseudonymised, n.Denied, n.Unknown)
	for _, x := range r.Refusals {
		fmt.Fprintf(stderr, "denied whole: %s (%s)\n", x.Record, x.Reason)
	}
	for _, p := range r.Denied {
		fmt.Fprintln(stderr, "denied:", p)
	}
	for _, p := range r.Unknown {
		fmt.Fprintf(stderr, "unknown: %q\n", p)
	}
}

// printJSON writes v as indented JSON.
func printJSON(w io.Writer, v any) int {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return exitIncomplete
	}
	return exitFine
}
