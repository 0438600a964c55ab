package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"ringfence/internal/integration"
	"ringfence/internal/model"
	"ringfence/internal/model/progress"
)

const upHelp = `Usage: ringfence up [options]

Starts everything on this machine: a local engine in its sandbox, the gateway
in front of it, and the egress proxy. The first run fetches the engine and a small model,
checks their digests and makes a first key. Later runs contact nobody.
Ctrl-C stops it; calls under way may finish.

Exit codes: 0 stopped as asked, 1 could not start or broke, 2 wrong use,
3 the engine or the model is missing.

Options:
`

const serveHelp = `Usage: ringfence serve [options]

Runs the gateway and the egress proxy from ringfence.yaml. It fetches nothing and makes no key: bring
engine and model with ` + "`ringfence model pull`" + `, keys with ` + "`ringfence key create`" + `.
A changed ringfence.yaml is taken while it runs, also on SIGHUP.

Exit codes: 0 stopped as asked, 1 could not start or broke, 2 wrong use,
3 the engine or the model is missing.

Options:
`

func upVerb(args []string, stdout, stderr io.Writer) int {
	return startVerb("up", upHelp, true, args, stdout, stderr)
}

func serveVerb(args []string, stdout, stderr io.Writer) int {
	return startVerb("serve", serveHelp, false, args, stdout, stderr)
}

// startVerb runs a gateway in the foreground. A newcomer's run (up) may fetch
// what is missing and is told what to do next.
func startVerb(name, help string, newcomer bool, args []string, stdout, stderr io.Writer) int {
	fs, p := newFlags(name, help, stderr)
	verbose := fs.Bool("verbose", false, "log more")
	if err := fs.Parse(args); err != nil {
		return helpCode(err)
	}
	if fs.NArg() > 0 {
		fmt.Fprintf(stderr, "ringfence %s: what is %q? This verb takes options only\n", name, fs.Arg(0))
		return exitUsage
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends at once
	level := new(slog.LevelVar)
	if *verbose {
		level.Set(slog.LevelDebug)
	}
	log := slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: level}))
	err := start(ctx, p, newcomer, stdout, stderr, log)
	var missing *model.Incomplete
	switch {
	case err == nil || ctx.Err() != nil && errors.Is(err, context.Canceled):
		return exitFine
	case errors.As(err, &missing):
		fmt.Fprintf(stderr, "ringfence %s: %v\n", name, err)
		return exitIncomplete
	}
	fmt.Fprintf(stderr, "ringfence %s: %v\n", name, err)
	return exitNotFine
}

func start(ctx context.Context, p *place, newcomer bool, stdout, stderr io.Writer, log *slog.Logger) error {
	s, err := openService(p, log)
	if err != nil {
		return err
	}
	defer s.close()
	if s.egressErr != nil {
		if !newcomer {
			return s.egressErr
		}
		log.Warn("there is no egress proxy; the gateway runs without", "error", s.egressErr)
	}
	began := time.Now()
	if err := s.startEngine(ctx, newcomer, progress.NewTerminal(stderr).Report); err != nil {
		return err
	}
	defer s.stopEngine()
	if err := s.build(); err != nil {
		return err
	}
	if newcomer {
		if err := s.welcome(stdout, began); err != nil {
			return err
		}
	} else {
		log.Info("serving", "address", s.listener.Addr().String(), "engine", s.place.Driver, "zone", s.place.Zone)
	}
	return s.serve(ctx)
}

// welcome tells a newcomer where to point a plugin, with a key if there is none.
func (s *service) welcome(w io.Writer, began time.Time) error {
	base := "http://" + dialable(s.listener.Addr()) + "/v1"
	existing, err := s.keys.List()
	if err != nil {
		return err
	}
	valid := 0
	for _, i := range existing {
		if i.Revoked == nil {
			valid++
		}
	}
	fmt.Fprintf(w, "\nRingfence is ready (%.1f s). Nothing leaves this machine.\n\n", time.Since(began).Seconds())
	for _, line := range s.about() {
		fmt.Fprintf(w, "  %-9s %s\n", line[0], line[1])
	}
	if e := s.config.Egress; s.egress != nil {
		fmt.Fprintf(w, "  %-9s %s, mode %s: the way out for everything else\n", "egress", dialable(s.egressAt.Addr()), e.Mode)
	}
	fmt.Fprintf(w, "\nPoint a plugin at\n\n  base URL  %s\n", base)
	key := "rf_..."
	if valid == 0 {
		made, fresh, err := s.keys.Create(integration.Integration{Name: "first", Surface: "service"})
		if err != nil {
			return err
		}
		key = fresh
		fmt.Fprintf(w, "  key       %s\n            (integration %q; shown once. One key per plugin: ringfence key create NAME)\n", key, made.Name)
	} else {
		fmt.Fprintf(w, "  key       one of the %d you have, or a new one: ringfence key create NAME\n", valid)
	}
	fmt.Fprint(w, "\nTry it\n\n", s.example(base, key), "\nCtrl-C stops it.\n\n")
	return nil
}

const exampleText = "My name is Anna Muster, anna@example.org. Where is my order?"

// example is a curl line, and the same as a story.
func (s *service) example(base, key string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "  curl %s/chat/completions -H 'Authorization: Bearer %s' \\\n", base, key)
	fmt.Fprintf(&b, "    -H 'Content-Type: application/json' \\\n")
	fmt.Fprintf(&b, "    -d '{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}'\n\n", exampleText)
	data := ""
	if s.data != ".ringfence" {
		data = " --data '" + s.data + "'"
	}
	fmt.Fprintf(&b, "  %s try%s \"%s\"\n", os.Args[0], data, exampleText)
	return b.String()
}
