package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"ringfence/internal/config"
	"ringfence/internal/integration"
)

const keyHelp = `usage: ringfence key create NAME [--surface S] [--purpose P]... [--model M]...
                             [--rpm N] [--tpm N] [--concurrent N]
                             [--mode watch|enforce] [--strict] [--json]
       ringfence key list [--json]
       ringfence key revoke NAME|ID [--json]

An integration is one named caller of AI: a plugin, a theme, a script. Each has
its own key (rf_...), so that each can be bounded and revoked alone. A running
gateway sees a change within 200 ms.

  create     makes an integration and shows its key. Only a hash of the key is
             kept: what is not copied now cannot be shown again
  list       all integrations, revoked ones too; never a key
  revoke     ends a key; calls already running are finished

  --surface S      where it is used: checkout, account, discovery, service,
                   admin or training (default service)
  --purpose P      what its calls may be for, e.g. service.order_status; may be
                   repeated (default: every purpose of the surface)
  --model M        a model name its calls may ask for; may be repeated
                   (default: every model)
  --rpm N          requests per minute  } 0, the default: as "limits" in
  --tpm N          tokens per minute    } ringfence.yaml says
  --concurrent N   calls at once        }
  --mode M         watch: record what guards would do; enforce: do it
                   (default: as guard.mode in ringfence.yaml says)
  --strict         refuse requests with unknown fields instead of dropping them
  --data DIR       state directory (default ./.ringfence)
  --config FILE    ringfence.yaml, read for the address in the hint
  --json           print JSON

exit codes: 0 done, 1 the name is taken or not found, or the key file is broken,
2 wrong use
`

// keyArgs are the flags of all key verbs.
type keyArgs struct {
	want             integration.Integration
	data, configFile string
	asJSON           bool
}

func (a *keyArgs) flags(stderr io.Writer) *flag.FlagSet {
	f := flag.NewFlagSet("key", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.Usage = func() { fmt.Fprint(stderr, keyHelp) }
	f.StringVar(&a.want.Surface, "surface", "service", "")
	f.Func("purpose", "", appendTo(&a.want.Purposes))
	f.Func("model", "", appendTo(&a.want.Models))
	f.IntVar(&a.want.Limits.RequestsPerMinute, "rpm", 0, "")
	f.IntVar(&a.want.Limits.TokensPerMinute, "tpm", 0, "")
	f.IntVar(&a.want.Limits.Concurrent, "concurrent", 0, "")
	f.StringVar(&a.want.Mode, "mode", "", "")
	f.BoolVar(&a.want.Strict, "strict", false, "")
	f.StringVar(&a.data, "data", ".ringfence", "")
	f.StringVar(&a.configFile, "config", "", "")
	f.BoolVar(&a.asJSON, "json", false, "")
	return f
}

func appendTo(list *[]string) func(string) error {
	return func(s string) error {
		*list = append(*list, s)
		return nil
	}
}

// keyVerb is "ringfence key".
func keyVerb(args []string, stdout, stderr io.Writer) int {
	var a keyArgs
	words, err := parseMixed(a.flags(stderr), args)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		return 2
	}
	keys := integration.Open(filepath.Join(a.data, "keys.json"))
	switch {
	case len(words) == 2 && words[0] == "create":
		a.want.Name = words[1]
		return keyCreate(keys, a, stdout, stderr)
	case len(words) == 1 && words[0] == "list":
		return keyList(keys, a.asJSON, stdout, stderr)
	case len(words) == 2 && words[0] == "revoke":
		return keyRevoke(keys, words[1], a.asJSON, stdout, stderr)
	}
	fmt.Fprint(stderr, keyHelp)
	return 2
}

// parseMixed parses flags that stand before, between or after the words. What
// follows "--" is words only.
func parseMixed(f *flag.FlagSet, args []string) (words []string, err error) {
	for {
		if err := f.Parse(args); err != nil {
			return nil, err
		}
		rest := f.Args()
		if parsed := len(args) - len(rest); parsed > 0 && args[parsed-1] == "--" || len(rest) == 0 {
			return append(words, rest...), nil
		}
		words, args = append(words, rest[0]), rest[1:]
	}
}

func keyCreate(keys *integration.Registry, a keyArgs, stdout, stderr io.Writer) int {
	made, key, err := keys.Create(a.want)
	if err != nil {
		return keyFailed(stderr, err)
	}
	if a.asJSON {
		return printJSON(stdout, struct {
			integration.Integration
			Key string `json:"key"`
		}{made, key})
	}
	fmt.Fprintf(stdout, "The key of %q, shown only now:\n\n  %s\n\n", made.Name, key)
	fmt.Fprintf(stdout, "surface %s; purposes: %s; models: %s\n", made.Surface, orAll(made.Purposes), orAll(made.Models))
	fmt.Fprintf(stdout, `
Point the plugin at http://%[1]s/v1 with this key, or try it while the gateway runs:

  curl http://%[1]s/v1/chat/completions \
    -H 'Authorization: Bearer %[2]s' -H 'Content-Type: application/json' \
    -d '{"model": "default", "messages": [{"role": "user", "content": "Hello"}]}'
`, listenAddress(a.configFile), key)
	return 0
}

// listenAddress is where the gateway listens, for a hint; a configuration that
// cannot be read is the business of other verbs.
func listenAddress(file string) string {
	c, err := config.Load(file)
	if err != nil {
		c = config.Default()
	}
	return c.Listen
}

func keyList(keys *integration.Registry, asJSON bool, stdout, stderr io.Writer) int {
	all, err := keys.List()
	if err != nil {
		return keyFailed(stderr, err)
	}
	if asJSON {
		return printJSON(stdout, append([]integration.Integration{}, all...))
	}
	if len(all) == 0 {
		fmt.Fprintln(stdout, "There is no integration yet. `ringfence key create NAME` makes one.")
		return 0
	}
	t := tabwriter.NewWriter(stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, "ID\tNAME\tSURFACE\tPURPOSES\tMODELS\tMODE\tCREATED\tSTATE")
	for _, i := range all {
		state := "valid"
		if i.Revoked != nil {
			state = "revoked " + i.Revoked.Format(time.DateOnly)
		}
		fmt.Fprintln(t, strings.Join([]string{i.ID, i.Name, i.Surface, orAll(i.Purposes), orAll(i.Models),
			cmp.Or(i.Mode, "default"), i.Created.Format(time.DateOnly), state}, "\t"))
	}
	t.Flush()
	return 0
}

func keyRevoke(keys *integration.Registry, nameOrID string, asJSON bool, stdout, stderr io.Writer) int {
	i, err := keys.Revoke(nameOrID)
	if err != nil {
		return keyFailed(stderr, err)
	}
	if asJSON {
		return printJSON(stdout, i)
	}
	fmt.Fprintf(stdout, "Revoked %q (%s). A running gateway refuses its key from now on.\n", i.Name, i.ID)
	return 0
}

func keyFailed(stderr io.Writer, err error) int {
	fmt.Fprintln(stderr, "ringfence key:", strings.TrimPrefix(err.Error(), "integration: "))
	var invalid *integration.InvalidError
	if errors.As(err, &invalid) {
		return 2
	}
	return 1
}

func orAll(list []string) string {
	if len(list) == 0 {
		return "all"
	}
	return strings.Join(list, ", ")
}
