package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"time"

	"ringfence/internal/scan"
	"ringfence/internal/scan/compare"
	"ringfence/internal/scan/fact"
	"ringfence/internal/scan/feed"
	"ringfence/internal/scan/report"
)

const scanHelp = `ringfence scan [flags] DIR
ringfence scan [flags] --diff OLD NEW

Reads a WordPress tree (a whole site, a plugins folder or one plugin) and tells where
customers' data, business secrets or keys can reach an AI service, and who can set that off.
Nothing in the tree is run, fetched or changed. OLD and NEW are trees or JSON reports.

Exit codes: 0 nothing at or above --fail-on; 1 findings (with --baseline: new or worse ones;
with --diff: grave changes); 2 wrong use; 3 nothing found, but not all code could be read,
or the scan was stopped or its report could not be written.

`

// scanFlags are the switches of the verb.
type scanFlags struct {
	format, baseline, suppress, failOn, output, settings string
	feeds, sums                                          []string
	diff, core                                           bool
	workers                                              int
	progress                                             func(done, of int, slug string)
}

// scanVerb is `ringfence scan`.
func scanVerb(args []string, stdout, stderr io.Writer) int {
	var o scanFlags
	fs := flag.NewFlagSet("scan", flag.ContinueOnError)
	fs.SetOutput(stderr)
	fs.Usage = func() { fmt.Fprint(stderr, scanHelp); fs.PrintDefaults() }
	fs.StringVar(&o.format, "format", "text", "one of "+strings.Join(report.Formats, ", "))
	fs.BoolFunc("json", "the same as --format json", func(string) error { o.format = "json"; return nil })
	fs.StringVar(&o.baseline, "baseline", "", "an earlier JSON `report`: only what is new or worse counts")
	fs.StringVar(&o.suppress, "suppress", "", "`file` of accepted findings: ID until=DATE by=NAME reason")
	fs.StringVar(&o.settings, "options", "", "JSON `file` made by \"wp option list --format=json\": tells active plugins and configured addresses")
	fs.Func("feed", "`file` of known vulnerabilities from Wordfence, WPScan or wpvulnerability; may be given more than once", appendTo(&o.feeds))
	fs.Func("checksums", "`file` of published checksums, of WordPress or one plugin; may be given more than once", appendTo(&o.sums))
	fs.StringVar(&o.failOn, "fail-on", "medium", "lowest level that counts: high, medium, low or info")
	fs.StringVar(&o.output, "output", "", "write the report to `file` instead of the terminal")
	fs.BoolVar(&o.diff, "diff", false, "compare two versions")
	fs.BoolVar(&o.core, "core", false, "follow data through WordPress' own files too")
	fs.IntVar(&o.workers, "workers", 0, "components analysed at once; 0 means one per core")
	fs.String("data", "", "not used by this verb")
	fs.String("config", "", "not used by this verb")
	if err := fs.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return 2
	}
	want := 1
	if o.diff {
		want = 2
	}
	if fs.NArg() != want || !slices.Contains(report.Formats, o.format) || !slices.Contains(fact.Levels, o.failOn) {
		fs.Usage()
		return 2
	}
	return o.run(fs.Args(), stdout, stderr)
}

func (o *scanFlags) run(args []string, stdout, stderr io.Writer) int {
	debug.SetGCPercent(200)          // a scan is short and makes many small values,
	debug.SetMemoryLimit(1200 << 20) // but a small server must still hold it
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	line := newScanLine(stderr)
	o.progress = line.draw
	code, err := 0, error(nil)
	var out bytes.Buffer // nothing is written before all is known: the file may be the baseline of this very scan
	if o.diff {
		code, err = o.compareTwo(ctx, args[0], args[1], &out)
	} else {
		code, err = o.scanOne(ctx, args[0], &out)
	}
	line.clear()
	switch {
	case ctx.Err() != nil:
		fmt.Fprintln(stderr, "scan: stopped before the end; no report was written")
		return 3
	case err != nil:
		fmt.Fprintln(stderr, "scan:", err)
		return 2
	}
	if err := o.write(stdout, out.Bytes()); err != nil {
		fmt.Fprintln(stderr, "scan: the report could not be written:", err)
		return 3
	}
	return code
}

// write puts the report where it is wanted. A file is replaced whole or left as it was.
func (o *scanFlags) write(stdout io.Writer, report []byte) error {
	if info, err := os.Stat(o.output); o.output == "" || err == nil && !info.Mode().IsRegular() {
		return o.writePlain(stdout, report)
	}
	f, err := os.CreateTemp(filepath.Dir(o.output), ".ringfence-scan-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // once renamed there is nothing left to remove
	_, err = f.Write(report)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Chmod(f.Name(), 0o644)
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), o.output)
}

// writePlain writes to the terminal, a pipe or a device.
func (o *scanFlags) writePlain(stdout io.Writer, report []byte) error {
	if o.output == "" {
		_, err := stdout.Write(report)
		return err
	}
	f, err := os.OpenFile(o.output, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = f.Write(report)
	return err
}

// scanOne scans one tree, applies baseline and suppressions, and prints.
func (o *scanFlags) scanOne(ctx context.Context, dir string, out io.Writer) (int, error) {
	opts, err := o.options(dir)
	if err != nil {
		return 2, err
	}
	r, err := scan.Run(ctx, opts)
	if err != nil {
		return 2, err
	}
	if o.baseline != "" {
		earlier, err := readReport(o.baseline)
		if err != nil {
			return 2, err
		}
		compare.Baseline(r, earlier)
	}
	if o.suppress != "" {
		f, err := os.Open(o.suppress)
		if err != nil {
			return 2, err
		}
		defer f.Close()
		if err := compare.Suppress(r, f, time.Now()); err != nil {
			return 2, fmt.Errorf("%s: %w", o.suppress, err)
		}
	}
	if err := report.Write(out, o.format, r); err != nil {
		return 2, err
	}
	return o.verdict(r), nil
}

// options gathers what the scan is told beside the tree.
func (o *scanFlags) options(dir string) (scan.Options, error) {
	opts := scan.Options{Dir: dir, Workers: o.workers, Core: o.core, Progress: o.progress}
	if o.settings != "" {
		raw, err := os.ReadFile(o.settings)
		if err != nil {
			return opts, err
		}
		if opts.Settings, err = scan.ReadSettings(raw); err != nil {
			return opts, err
		}
	}
	for _, name := range o.feeds {
		raw, err := os.ReadFile(name)
		if err != nil {
			return opts, err
		}
		list, err := feed.Read(raw)
		if err != nil {
			return opts, fmt.Errorf("%s: %w", name, err)
		}
		opts.Feed = append(opts.Feed, list...)
	}
	for _, name := range o.sums {
		raw, err := os.ReadFile(name)
		if err != nil {
			return opts, err
		}
		s, err := scan.ReadSums(raw)
		if err != nil {
			return opts, fmt.Errorf("%s: %w", name, err)
		}
		opts.Sums = append(opts.Sums, s)
	}
	return opts, nil
}

// verdict is the exit code of a report.
func (o *scanFlags) verdict(r *fact.Report) int {
	for _, f := range r.Findings {
		if f.State != "suppressed" && f.State != "known" && fact.Rank(f.Level) <= fact.Rank(o.failOn) {
			return 1
		}
	}
	if scan.Incomplete(r) {
		return 3
	}
	return 0
}

// compareTwo prints what changed between two versions.
func (o *scanFlags) compareTwo(ctx context.Context, old, now string, out io.Writer) (int, error) {
	var reports [2]*fact.Report
	for i, path := range []string{old, now} {
		r, err := o.load(ctx, path)
		if err != nil {
			return 2, err
		}
		reports[i] = r
	}
	changes := compare.Diff(reports[0], reports[1])
	var err error
	if o.format == "json" {
		err = report.JSON(out, changes)
	} else {
		err = report.Changes(out, changes)
	}
	if slices.ContainsFunc(changes, func(c compare.Change) bool { return c.Grave }) {
		return 1, err
	}
	if scan.Incomplete(reports[1]) {
		return 3, err
	}
	return 0, err
}

// load scans a tree, or reads the report of an earlier scan.
func (o *scanFlags) load(ctx context.Context, path string) (*fact.Report, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return scan.Run(ctx, scan.Options{Dir: path, Workers: o.workers, Core: o.core, Progress: o.progress})
	}
	return readReport(path)
}

func readReport(path string) (*fact.Report, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	r := &fact.Report{}
	if err := json.Unmarshal(raw, r); err != nil || !strings.HasPrefix(r.Schema, "ringfence-scan/") {
		return nil, fmt.Errorf("%s is no JSON report of ringfence scan", path)
	}
	return r, nil
}
