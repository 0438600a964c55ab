package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/signal"
	"syscall"
	"time"

	"ringfence/internal/config"
	"ringfence/internal/probe"
)

const doctorPHPHelp = `Usage: ringfence doctor php [options]

Runs a small script inside PHP, on the command line and in each PHP-FPM pool of
this machine, and reports what can still leave it: TCP, UDP, sockets, curl with
and without its environment, file_get_contents, raw packets, name servers. The
script talks to a listener of its own on an address of this machine, and to what
you name with --outside; it reads nothing of the site.

Run it as root with --user, because firewalls tell users apart.

Exit codes: 0 nothing leaves, 1 something does, 2 wrong use, 3 incomplete: no PHP
was found, a pool did not answer, or it cannot be told.

Options:
`

// phpRun is one run of "ringfence doctor php".
type phpRun struct {
	options        probe.Options
	runtimes       []probe.Runtime
	asJSON         bool
	stdout, stderr io.Writer
}

// doctorPHP is "ringfence doctor php".
func doctorPHP(args []string, stdout, stderr io.Writer) int {
	f, p := newFlags("doctor php", doctorPHPHelp, stderr)
	run := phpRun{stdout: stdout, stderr: stderr}
	f.BoolVar(&run.asJSON, "json", false, "print JSON: one report for each runtime, with its attempts")
	program := f.String("php", "php", "`program` of PHP on the command line; \"\" leaves it out")
	user := f.String("user", "", "`name` of the user PHP runs as on the command line, as www-data (needs root)")
	dir := f.String("dir", "", "`folder` that the pools can read, for the script (default the system's for temporary files)")
	var pools []string
	f.Func("fpm", "`socket` of a PHP-FPM pool, a path or host:port (repeat; default those in /run/php; none leaves them out)", func(s string) error {
		pools = append(pools, s)
		return nil
	})
	list := func(to *[]string) func(string) error {
		return func(s string) error { *to = append(*to, s); return nil }
	}
	f.Func("outside", "`address:port` beyond this machine to try (repeat). It is contacted if nothing stops PHP", list(&run.options.Outside))
	f.Func("name", "`name` to try to resolve (repeat)", list(&run.options.Names))
	f.Func("proxy", "`address:port` of the proxy, which must be reached (repeat; default listen and egress of ringfence.yaml)", list(&run.options.Proxies))
	if err := f.Parse(args); err != nil {
		return helpCode(err)
	}
	if f.NArg() > 0 {
		f.Usage()
		return exitUsage
	}
	if run.options.Proxies == nil {
		c, err := config.Load(p.config)
		if err != nil {
			fmt.Fprintln(stderr, err)
			return exitIncomplete
		}
		run.options.Proxies = []string{c.Listen}
	}
	if *program != "" {
		run.runtimes = append(run.runtimes, probe.CLI{Program: *program, User: *user})
	}
	if pools == nil {
		pools = probe.Sockets()
	}
	for _, socket := range pools {
		if socket != "none" {
			run.runtimes = append(run.runtimes, probe.FPM{Socket: socket, Dir: *dir})
		}
	}
	return run.all()
}

func (r phpRun) all() int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	code := exitFine
	reports := []probe.Report{}
	if len(r.runtimes) == 0 {
		fmt.Fprintln(r.stderr, "ringfence doctor php: there is no PHP to look into")
		return exitIncomplete
	}
	for _, in := range r.runtimes {
		fmt.Fprintf(r.stderr, "asking %s ...\n", in)
		report, err := r.one(ctx, in)
		if err != nil {
			fmt.Fprintf(r.stderr, "ringfence doctor php: %v\n", err)
			code = worse(code, exitIncomplete)
			continue
		}
		reports = append(reports, report)
		code = worse(code, map[probe.State]int{probe.Left: exitNotFine, probe.Unknown: exitIncomplete}[report.Verdict()])
		if !r.asJSON {
			r.tell(report)
		}
	}
	if r.asJSON {
		printJSON(r.stdout, reports)
	}
	return code
}

// worse puts a leak before what could not be told.
func worse(a, b int) int {
	if a == exitNotFine || b == exitNotFine {
		return exitNotFine
	}
	return max(a, b)
}

func (r phpRun) one(ctx context.Context, in probe.Runtime) (probe.Report, error) {
	ctx, stop := context.WithTimeout(ctx, time.Minute)
	defer stop()
	report, err := probe.Run(ctx, in, r.options)
	if errors.Is(err, context.DeadlineExceeded) {
		return report, fmt.Errorf("%s did not answer within a minute", in)
	}
	return report, err
}

func (r phpRun) tell(report probe.Report) {
	says := map[probe.State]string{
		probe.Left: "LEAVES", probe.Stopped: "stopped", probe.Unknown: "unknown", probe.Untried: "untried", probe.Reached: "reached", probe.Missed: "MISSED",
	}
	user := "an unknown user"
	if report.User != nil {
		user = fmt.Sprintf("user %d", *report.User)
	}
	fmt.Fprintf(r.stdout, "%s (PHP %s, %s)\n", report.Runtime, report.PHP, user)
	for _, a := range report.Attempts {
		fmt.Fprintf(r.stdout, "  %-8s %-18s %-24s %s\n", says[a.State], a.Way, a.To, harmless(a.Says))
	}
	for _, name := range sorted(report.Settings) {
		if v := report.Settings[name]; v != "" {
			fmt.Fprintf(r.stdout, "  setting  %-18s %s\n", name, harmless(v))
		}
	}
	if report.Programs {
		fmt.Fprintln(r.stdout, "  note     PHP may start programs; they are stopped where PHP is, if the rule is by user, group or network")
	}
	if report.Settings["sendmail_path"] != "" {
		fmt.Fprintln(r.stdout, "  note     mail() hands letters to a mail server of this machine, which no rule for PHP's user stops")
	}
	if report.Environment["https_proxy"] == "" {
		fmt.Fprintln(r.stdout, "  note     https_proxy is not set here: curl does not find the proxy by itself")
	}
}
