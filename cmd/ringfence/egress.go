package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"ringfence/internal/audit"
	"ringfence/internal/config"
	"ringfence/internal/integration"
	"ringfence/internal/mask"
)

const egressHelp = `Usage: ringfence egress [--verbose]
       ringfence egress check HOST[:PORT] [--client NAME] [--plain] [--json]
       ringfence egress tail [-n N] [--json] [--once]
       ringfence egress report [--since 24h] [--denied] [--json]
       ringfence egress csp [--json]
       ringfence egress ca show|export|rotate [--finish] [--roots FILE] [--out FILE]

The egress proxy is the only way out for the rest of a store: what no rule of
egress.rules in ringfence.yaml allows does not leave. ` + "`ringfence up`" + ` and
` + "`serve`" + ` run it beside the gateway.

  (nothing)  runs the proxy alone, without a gateway, so without interception
  check      what would be decided for a host, and why. Opens no connection; a
             name that the rules allow is looked up
  tail       who tried to reach what, live, from the audit log
  report     the same, grouped by plugin and host: what was denied, and in watch
             mode what would be
  csp        the header that keeps the store's pages from connecting elsewhere,
             by residency.browser; in watch mode browsers only report
  ca         the store's own authority for interception: show it, export what
             clients must trust, replace it. docs/operations/egress.md has the
             lines for WordPress, PHP, Node and Python

Exit codes: 0 done, or check: it may pass; 1 the proxy could not start or broke,
or the log cannot be read; 2 wrong use; 3 check: it could not be decided;
4 check: it would be refused.

Options:
`

// egressArgs are the options of all egress verbs.
type egressArgs struct {
	verbose, plain, asJSON, once, denied, finish bool
	client, roots, out                           string
	last                                         int64
	since                                        time.Duration
}

func egressFlags(a *egressArgs, stderr io.Writer) (*flag.FlagSet, *place) {
	f, p := newFlags("egress", egressHelp, stderr)
	f.BoolVar(&a.verbose, "verbose", false, "log more")
	f.BoolVar(&a.plain, "plain", false, "check: a plain http:// request instead of a TLS connection")
	f.StringVar(&a.client, "client", "", "check: `integration` that asks (default: any that no rule names)")
	f.BoolVar(&a.asJSON, "json", false, "print JSON")
	f.Int64Var(&a.last, "n", 20, "tail: how many `entries` of the past to begin with")
	f.BoolVar(&a.once, "once", false, "tail: end at the end of the log")
	f.DurationVar(&a.since, "since", 0, "report: how far `back`, as in 24h (default: all)")
	f.BoolVar(&a.denied, "denied", false, "report: only what was denied or would be")
	f.BoolVar(&a.finish, "finish", false, "ca rotate: end a rotation, when all clients trust the next authority")
	f.StringVar(&a.roots, "roots", "", "ca export: a `file` of public authorities (PEM) to put before the store's own")
	f.StringVar(&a.out, "out", "", "ca export: `file` to write (default: print)")
	return f, p
}

// egressVerb is "ringfence egress".
func egressVerb(args []string, stdout, stderr io.Writer) int {
	var a egressArgs
	f, p := egressFlags(&a, stderr)
	words, err := parseMixed(f, args)
	if err != nil {
		return helpCode(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	r := egressRun{egressArgs: a, place: p, ctx: ctx, stdout: stdout, stderr: stderr}
	switch {
	case len(words) == 0:
		return r.serve()
	case len(words) == 2 && words[0] == "check":
		return r.check(words[1])
	case len(words) == 1 && words[0] == "tail":
		return r.tail()
	case len(words) == 1 && words[0] == "report":
		return r.report()
	case len(words) == 1 && words[0] == "csp":
		return r.csp()
	case len(words) == 2 && words[0] == "ca":
		return r.ca(words[1])
	}
	f.Usage()
	return exitUsage
}

// egressRun is one run of the verb.
type egressRun struct {
	egressArgs
	*place
	ctx            context.Context
	stdout, stderr io.Writer
}

func (r egressRun) failed(code int, err error) int {
	fmt.Fprintln(r.stderr, "ringfence egress:", err)
	return code
}

// serve runs the proxy alone.
func (r egressRun) serve() int {
	c, err := config.Load(r.config)
	if err != nil {
		return r.failed(exitNotFine, err)
	}
	if c.Egress.Listen == "" {
		return r.failed(exitNotFine, errors.New("egress.listen is empty in ringfence.yaml, so there is no proxy to run"))
	}
	level := new(slog.LevelVar)
	if r.verbose {
		level.Set(slog.LevelDebug)
	}
	log := slog.New(slog.NewTextHandler(r.stderr, &slog.HandlerOptions{Level: level}))
	if err := r.run(c, log); err != nil {
		return r.failed(exitNotFine, err)
	}
	return exitFine
}

func (r egressRun) run(c *config.Config, log *slog.Logger) error {
	if err := openData(r.data); err != nil {
		return err
	}
	entries, err := audit.Open(audit.Options{Dir: auditDir(r.data), Origin: c.Audit.Origin})
	if err != nil {
		return auditProblem(r.data, err)
	}
	defer entries.Close()
	l, err := openEgress(c)
	if err != nil {
		return err
	}
	defer l.Close()
	p, err := openPlacesTold(c, r.data, log)
	if err != nil {
		return err
	}
	go p.watch(r.ctx, log)
	proxy, err := newEgress(egressParts{c, r.data, integration.Open(keysFile(r.data)), entries, nil, mask.New(maskOptions(c, nil)), log, p})
	if err != nil {
		return err
	}
	if c.Egress.Intercept {
		log.Warn("nothing is intercepted: the proxy runs without a gateway; use `ringfence serve`")
	}
	go config.Watch(r.ctx, c, 2*time.Second, func(changed *config.Config, err error) {
		if err == nil {
			if policy, bad := egressPolicy(changed); bad == nil {
				proxy.Use(policy)
				log.Info("the changed configuration is in force, but for settings that need a restart", "file", changed.Path)
				return
			} else {
				err = bad
			}
		}
		log.Error("the changed configuration cannot be used; the old one stays in force", "error", err)
	})
	log.Info("the egress proxy serves", "address", l.Addr().String(), "mode", c.Egress.Mode, "rules", len(c.Egress.Rules))
	return serveEgress(r.ctx, l, proxy, c)
}

// check explains what would be decided for a host.
func (r egressRun) check(target string) int {
	c, err := config.Load(r.config)
	if err != nil {
		return r.failed(exitNotFine, err)
	}
	if !strings.Contains(target[strings.LastIndexByte(target, ']')+1:], ":") {
		if target += ":443"; r.plain {
			target = strings.TrimSuffix(target, ":443") + ":80"
		}
	}
	return r.explain(c, target)
}
