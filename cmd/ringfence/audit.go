package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"ringfence/internal/audit"
	"ringfence/proof"
)

const auditHelp = `Usage: ringfence audit verify [--key FILE] [--known FILE | --known-size N --known-root ROOT] [--json]
       ringfence audit verify --receipt FILE [--key FILE] [--json]
       ringfence audit prove INDEX [--out FILE] [--json]
       ringfence audit tail [-n N | --from INDEX] [--follow] [--json]

The audit log lies in the folder audit of the data directory. All three verbs
only read; they work while the gateway runs, and on a copy.

  verify     reads every byte of the log and ends with a verdict:
             OK         the log is what was written and signed
             INVALID    something was changed; names the first bad entry
             DIVERGED   sound in itself, but not the log of the known checkpoint
             TRUNCATED  entries at the end are gone
             With --receipt it checks one receipt instead; that needs no log,
             only the public key
  prove      prints the receipt of one entry: what a stranger needs, besides the
             public key, to check offline that the entry is in the log
  tail       prints the last entries, one line each; --json prints them whole,
             as {"index": ..., "entry": ...}, one per line

A log that agrees with its own key can still have been written anew by whoever
holds that key. Keep key.pub and now and then the file checkpoint in another
place, and give them as --key and --known.

Exit codes: 0 fine, 1 not OK or no such entry, 2 wrong use, 3 could not look
(no log there, a file that cannot be read, an entry that is not signed yet).

Options:
`

// auditArgs are the flags of all audit verbs.
type auditArgs struct {
	key, receipt, known, knownRoot, out string
	knownSize, from, last               int64
	follow, asJSON                      bool
}

func auditFlags(a *auditArgs, stderr io.Writer) (*flag.FlagSet, *place) {
	f, p := newFlags("audit", auditHelp, stderr)
	f.StringVar(&a.key, "key", "", "`file` with the log's public key, kept elsewhere (default the log's own key.pub)")
	f.StringVar(&a.receipt, "receipt", "", "`file` with a receipt to check")
	f.StringVar(&a.known, "known", "", "`file` with a checkpoint of the log, kept elsewhere")
	f.Int64Var(&a.knownSize, "known-size", -1, "`entries` the log was known to have")
	f.StringVar(&a.knownRoot, "known-root", "", "its `root` then, base64")
	f.StringVar(&a.out, "out", "", "`file` to write the receipt to")
	f.Int64Var(&a.last, "n", 10, "how many of the last `entries` to print")
	f.Int64Var(&a.from, "from", -1, "`index` to start with, instead of -n")
	f.BoolVar(&a.follow, "follow", false, "go on printing new entries, until interrupted")
	f.BoolVar(&a.asJSON, "json", false, "print JSON")
	return f, p
}

// auditRun is one run of the verb.
type auditRun struct {
	auditArgs
	ctx            context.Context
	dir            string
	stdout, stderr io.Writer
}

// auditVerb is "ringfence audit".
func auditVerb(args []string, stdout, stderr io.Writer) int {
	var a auditArgs
	f, p := auditFlags(&a, stderr)
	words, err := parseMixed(f, args)
	if err != nil {
		return helpCode(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	r := auditRun{a, ctx, auditDir(p.data), stdout, stderr}
	switch {
	case len(words) == 1 && words[0] == "verify" && a.receipt != "":
		return r.verifyReceipt()
	case len(words) == 1 && words[0] == "verify":
		return r.verify()
	case len(words) == 2 && words[0] == "prove":
		return r.prove(words[1])
	case len(words) == 1 && words[0] == "tail":
		return r.tail()
	}
	f.Usage()
	return exitUsage
}

func (r auditRun) verify() int {
	o, err := r.verifyOptions()
	if err != nil {
		return r.failed(exitUsage, err)
	}
	report, err := audit.Verify(r.ctx, r.dir, o)
	if err != nil {
		return r.failed(exitIncomplete, err)
	}
	if r.asJSON {
		if code := printJSON(r.stdout, report); code != exitFine {
			return code
		}
	} else {
		tellReport(r.stdout, report)
	}
	if report.Verdict != audit.OK {
		return exitNotFine
	}
	return exitFine
}

func (r auditRun) verifyOptions() (o audit.VerifyOptions, err error) {
	if r.key != "" {
		if o.Key, err = readKeyFile(r.key); err != nil {
			return o, err
		}
	}
	if r.known != "" {
		if o.Known, err = os.ReadFile(r.known); err == nil && len(o.Known) == 0 {
			err = fmt.Errorf("%s is empty; --known wants a file checkpoint of the log", r.known)
		}
		return o, err
	}
	if r.knownSize < 0 && r.knownRoot == "" {
		return o, nil
	}
	root, err := proof.ParseHash(r.knownRoot)
	if err != nil || r.knownSize < 0 {
		return o, errors.New("--known-size and --known-root go together: a number of entries and its root in base64, as `audit verify` prints them")
	}
	o.KnownHead = &proof.Checkpoint{Size: r.knownSize, Root: root}
	return o, nil
}

// readKeyFile returns the public key in a file, in the form package proof reads.
func readKeyFile(name string) (string, error) {
	text, err := os.ReadFile(name)
	key := strings.TrimSpace(string(text))
	if err == nil {
		_, err = proof.ParseKey(key)
	}
	return key, err
}

func tellReport(w io.Writer, r audit.Report) {
	switch {
	case r.Verdict == audit.OK:
		fmt.Fprintf(w, "OK: all %d entries of %s are as they were written and signed\n", r.Size, r.Origin)
	case r.FirstBad != nil:
		fmt.Fprintf(w, "%s: the first bad entry is %d\n", r.Verdict, *r.FirstBad)
	default:
		fmt.Fprintf(w, "%s\n", r.Verdict)
	}
	for _, p := range r.Problems {
		fmt.Fprintf(w, "  %s: %s (%s)\n", p.File, p.Text, p.Code)
	}
	if r.More > 0 {
		fmt.Fprintf(w, "  and %d more like these\n", r.More)
	}
	if r.Root != "" {
		fmt.Fprintf(w, "  size %d, root %s\n", r.Size, r.Root)
	}
	if r.Unsigned > 0 {
		fmt.Fprintf(w, "  %d more entries are on disk; the next checkpoint signs them\n", r.Unsigned)
	}
	for _, note := range r.Notes {
		fmt.Fprintf(w, "  note: %s\n", note)
	}
	if r.Verdict != audit.OK {
		fmt.Fprintln(w, "Copy the folder as it is before anybody touches it, then restore it from a backup; docs/operations/audit.md tells more.")
	}
}

func (r auditRun) failed(code int, err error) int {
	fmt.Fprintln(r.stderr, "ringfence audit:", strings.TrimPrefix(err.Error(), "proof: "))
	return code
}
