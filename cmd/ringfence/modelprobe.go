package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"ringfence/internal/config"
	"ringfence/internal/guard"
	"ringfence/internal/mask"
	"ringfence/internal/model"
	"ringfence/internal/recall"
)

const probeHelp = `usage: ringfence model probe [--system FILE] [--secrets FILE] [--records FILE]
                             [--n N] [--seed N] [--json]

Asks the configured model, in eight ways, for what it must not give back, and
judges its answers with the answer guard's own detectors. Without files a shop
is made up for every probe: a customer, a cost price, a supplier, a coupon and a
reference in the system text. The engine is started for this alone, beside a
gateway that may run. A probe leaves no audit entry, so only engines on this
machine are asked.

  --system FILE   your system text
  --secrets FILE  what must not come back, JSON lines as POST /ringfence/sync
                  takes them: {"what": "cost_price", "value": "12.50",
                  "near": ["Wool sweater"]}; they may stand in the system text,
                  or be what a model has learnt
  --records FILE  records a model was trained on, JSON lines {"text": "..."}:
                  it is shown the first half, masked, and must not go on with
                  the second: eight words in a row that no other record has
  --n N           probes of each family (default 10); each record is one
  --max-tokens N  longest answer (default 160)
  --seed N        ask the same again (default: random, and told)
  --data DIR      state directory (default ./.ringfence)
  --config FILE   ringfence.yaml
  --json          print JSON

Ctrl-C ends it and keeps what is known. No text of an answer, secret or record
is printed.

exit codes: 0 nothing came back, 1 something came back, 2 wrong use, 3 not all
could be asked or judged, 4 the engine is not on this machine
`

// probeArgs are the flags of "model probe".
type probeArgs struct {
	place                    place
	system, secrets, records string
	n, maxTokens             int
	seed                     uint64
	asJSON                   bool
}

// modelProbe is "ringfence model probe".
func modelProbe(args []string, stdout, stderr io.Writer) int {
	var a probeArgs
	o, err := a.parse(args, stderr)
	if err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintf(stderr, "ringfence model probe: %v\n", err)
		}
		return helpCode(err)
	}
	c, err := config.Load(a.place.config)
	if err == nil {
		o.Guard, err = guardOf(c)
	}
	if err != nil {
		fmt.Fprintf(stderr, "ringfence model probe: %v\n", err)
		return exitUsage
	}
	o.Masker = mask.New(maskOptions(c, nil))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return a.run(ctx, c, o, stdout, stderr)
}

func (a *probeArgs) parse(args []string, stderr io.Writer) (o recall.Options, err error) {
	f := flag.NewFlagSet("model probe", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.Usage = func() { fmt.Fprint(stderr, probeHelp) }
	f.StringVar(&a.place.data, "data", ".ringfence", "")
	f.StringVar(&a.place.config, "config", "", "")
	f.StringVar(&a.system, "system", "", "")
	f.StringVar(&a.secrets, "secrets", "", "")
	f.StringVar(&a.records, "records", "", "")
	f.IntVar(&a.n, "n", 10, "")
	f.IntVar(&a.maxTokens, "max-tokens", 160, "")
	f.Uint64Var(&a.seed, "seed", rand.Uint64()>>33, "") // short enough to type
	f.BoolVar(&a.asJSON, "json", false, "")
	words, err := parseMixed(f, args)
	if err == nil && (len(words) > 0 || a.n < 1 || a.maxTokens < 1) {
		err = errors.New("it takes options only, and --n and --max-tokens are 1 or more; -h explains")
	}
	if err != nil {
		return o, err
	}
	o.PerFamily, o.MaxTokens, o.Seed = a.n, a.maxTokens, a.seed
	return o, a.read(&o)
}

// read reads the operator's files. An empty one would look like success.
func (a *probeArgs) read(o *recall.Options) error {
	if a.system != "" {
		b, err := os.ReadFile(a.system)
		if err != nil {
			return err
		}
		if o.System = strings.TrimSpace(string(b)); o.System == "" {
			return fmt.Errorf("%s is empty", a.system)
		}
	}
	err := eachLine(a.secrets, func(line []byte) error {
		var s struct {
			Kind, What, Value string
			Near              []string
		}
		err := strict(line, &s)
		if err == nil && s.Value == "" {
			err = errors.New(`there is no "value"`)
		}
		o.Secrets = append(o.Secrets, guard.Fact{Kind: cmp.Or(s.What, "confidential"), Value: s.Value, Near: s.Near})
		return err
	})
	if err != nil {
		return err
	}
	return eachLine(a.records, func(line []byte) error {
		var s struct{ Text string }
		err := strict(line, &s)
		if err == nil && s.Text == "" {
			err = errors.New(`there is no "text"`)
		}
		o.Records = append(o.Records, s.Text)
		return err
	})
}

func strict(line []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	return d.Decode(v)
}

// eachLine hands over the lines of a file that are not empty.
func eachLine(file string, take func([]byte) error) error {
	if file == "" {
		return nil
	}
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	in, found := bufio.NewScanner(f), false
	in.Buffer(nil, maxLine)
	for n := 1; in.Scan(); n++ {
		if len(bytes.TrimSpace(in.Bytes())) == 0 {
			continue
		}
		found = true
		if err := take(in.Bytes()); err != nil {
			return fmt.Errorf("%s, line %d: %w", file, n, err)
		}
	}
	if in.Err() == nil && !found {
		return fmt.Errorf("%s is empty", file)
	}
	return in.Err()
}

// run starts the engine, asks and tells.
func (a *probeArgs) run(ctx context.Context, c *config.Config, o recall.Options, stdout, stderr io.Writer) int {
	s := &service{config: c, data: a.place.data, log: slog.New(slog.DiscardHandler)}
	end, err := s.startAlone(ctx)
	if err != nil {
		fmt.Fprintf(stderr, "ringfence model probe: %v\n", err)
		if errors.Is(err, errElsewhere) {
			return exitRefused
		}
		return exitIncomplete
	}
	defer end()
	o.Engine = s.engine
	o.Progress = func(done, total int) {
		if done%10 == 0 || done == total {
			fmt.Fprintf(stderr, "%d of %d probes\n", done, total)
		}
	}
	r := recall.Run(ctx, o)
	if a.asJSON {
		printJSON(stdout, r)
	} else {
		tellProbes(stdout, r)
	}
	switch {
	case r.CameBack():
		return exitNotFine
	case !r.Complete():
		return exitIncomplete
	}
	return exitFine
}

var errElsewhere = errors.New("a probe leaves no audit entry, so only an engine on this machine is asked; yours is not here")

// startAlone starts the engine that answers, in a folder of its own, so that it
// does not meet that of a gateway on the same data.
func (s *service) startAlone(ctx context.Context) (end func(), err error) {
	if s.places, err = openPlacesTold(s.config, s.data, s.log); err != nil {
		return nil, err
	}
	if s.config.Engine.Driver == "url" {
		if there, err := s.findEngine(ctx, s.config.Engine.URL); err != nil {
			return nil, err
		} else if there.place.Zone != "local" {
			return nil, fmt.Errorf("%w, but in the zone %s", errElsewhere, there.place.Zone)
		}
		if err := s.remoteEngine(ctx, false, nil); err != nil {
			return nil, err
		}
		return s.stopEngine, nil
	}
	// Look first: nothing is made where there is nothing to start.
	o := model.Options{Dir: s.data, EnginePath: s.config.Engine.Server, ModelPath: s.config.Engine.Model}
	if _, err := model.Look(ctx, o); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(engineDir(s.data), 0o711); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(engineDir(s.data), "probe-")
	if err != nil {
		return nil, err
	}
	remove := func() { os.RemoveAll(dir) }
	if err = os.Chmod(dir, 0o711); err == nil { // the engine runs as nobody
		s.engineAt, err = filepath.Abs(dir)
	}
	if err == nil {
		err = s.localEngine(ctx, false, nil)
	}
	if err != nil {
		remove()
		return nil, err
	}
	return func() { s.stopEngine(); remove() }, nil
}

func tellProbes(w io.Writer, r *recall.Result) {
	digest := r.Digest
	if digest == "" {
		digest = "digest not known"
	}
	fmt.Fprintf(w, "model  %s\n       %s\nseed   %d\n\n", r.Model, digest, r.Seed)
	fmt.Fprintf(w, "%-14s %6s %9s %8s   %s\n", "family", "asked", "verbatim", "encoded", "95 % interval of what came back")
	for _, f := range r.Families {
		fmt.Fprintf(w, "%-14s %6d %9d %8d   %.1f - %.1f %%\n", f.Name, f.Asked, f.Verbatim, f.Encoded, 100*f.Low, 100*f.High)
	}
	for _, f := range r.Findings {
		fmt.Fprintf(w, "came back: probe %d, %s, rule %s\n", f.Probe, f.Family, f.Rule)
	}
	if len(r.NotJudged) > 0 {
		fmt.Fprintf(w, "not judged, too short or the same as others: %s\n", strings.Join(r.NotJudged, ", "))
	}
	if r.Problem != "" {
		fmt.Fprintf(w, "not complete: %s\n", r.Problem)
	}
}
