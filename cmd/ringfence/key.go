package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"ringfence/internal/config"
	"ringfence/internal/guard/schema"
	"ringfence/internal/integration"
)

const keyHelp = `Usage: ringfence key create NAME [--surface S] [--purpose P]... [--model M]...
                             [--model-alias NAME=MODEL]... [--rpm N] [--tpm N]
                             [--concurrent N] [--mode watch|enforce] [--tools FILE] [--strict]
                             [--sync] [--external-tool NAME]... [--json]
       ringfence key list [--json]
       ringfence key revoke NAME|ID [--json]

An integration is one named caller of AI: a plugin, a theme, a script. Each has
its own key (rf_...), so that each can be bounded and revoked alone. A running
gateway sees a change within 200 ms.

  create     makes an integration and shows its key. Only a hash of the key is
             kept: what is not copied now cannot be shown again
  list       all integrations, revoked ones too; never a key
  revoke     ends a key; calls already running are finished

Options may stand before or after the words. Without --rpm, --tpm, --concurrent
and --mode, an integration follows ringfence.yaml.

Exit codes: 0 done, 1 the name is taken or not found, or the key file is broken,
2 wrong use.

Options:
`

// keyFlags are the flags of all key verbs.
func keyFlags(want *integration.Integration, stderr io.Writer) (f *flag.FlagSet, p *place, asJSON *bool) {
	f, p = newFlags("key", keyHelp, stderr)
	f.StringVar(&want.Surface, "surface", "service", "`where` it is used: "+strings.Join(integration.Surfaces(), ", "))
	f.Func("purpose", "what its calls may be `for`, e.g. service.order_status; may be repeated (default every purpose of the surface)", appendTo(&want.Purposes))
	f.Func("model", "a `name` its calls may ask for; may be repeated (default every model)", appendTo(&want.Models))
	f.Func("model-alias", "`NAME=MODEL`: what the plugin calls a model, which may end in *, and the engine's; may be repeated (default: aliases of ringfence.yaml)", aliasTo(want))
	f.IntVar(&want.Limits.RequestsPerMinute, "rpm", 0, "requests per minute")
	f.IntVar(&want.Limits.TokensPerMinute, "tpm", 0, "tokens per minute, prompts and answers together")
	f.IntVar(&want.Limits.Concurrent, "concurrent", 0, "calls at the same time")
	f.StringVar(&want.Mode, "mode", "", "`watch`: record what guards would do; enforce: do it")
	f.Func("tools", "`file` with the tools its calls may offer, as JSON: {\"find_order\": SCHEMA, \"refund\": null}; the model's arguments must obey the schema (default every tool)", readTools(&want.Tools))
	f.BoolVar(&want.Strict, "strict", false, "refuse requests with unknown fields instead of dropping them")
	f.Func("external-tool", "`name` of a tool that somebody else runs, * for all: its arguments get no customer's data back; may be repeated", appendTo(&want.External))
	f.BoolVar(&want.Sync, "sync", false, "may also tell the gateway who the store's customers are (POST /ringfence/sync)")
	return f, p, f.Bool("json", false, "print JSON")
}

// readTools reads which tools an integration may offer.
func readTools(into *map[string]json.RawMessage) func(string) error {
	return func(file string) error {
		raw, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		*into = map[string]json.RawMessage{}
		if err := json.Unmarshal(raw, into); err != nil {
			return fmt.Errorf("%s: want an object of tools: %w", file, err)
		}
		for name, rule := range *into {
			if _, err := schema.Compile(rule); err != nil {
				return fmt.Errorf("%s: tool %q: %w", file, name, err)
			}
		}
		return nil
	}
}

func appendTo(list *[]string) func(string) error {
	return func(s string) error {
		*list = append(*list, s)
		return nil
	}
}

func aliasTo(want *integration.Integration) func(string) error {
	return func(s string) error {
		from, to, ok := strings.Cut(s, "=")
		if !ok {
			return errors.New("write NAME=MODEL")
		}
		if want.Aliases == nil {
			want.Aliases = map[string]string{}
		}
		want.Aliases[from] = to
		return nil
	}
}

// keyVerb is "ringfence key".
func keyVerb(args []string, stdout, stderr io.Writer) int {
	var want integration.Integration
	f, p, asJSON := keyFlags(&want, stderr)
	words, err := parseMixed(f, args)
	if err != nil {
		return helpCode(err)
	}
	k := keyRun{integration.Open(keysFile(p.data)), p.config, *asJSON, stdout, stderr}
	switch {
	case len(words) == 2 && words[0] == "create":
		want.Name = words[1]
		return k.create(want)
	case len(words) == 1 && words[0] == "list":
		return k.list()
	case len(words) == 2 && words[0] == "revoke":
		return k.revoke(words[1])
	}
	f.Usage()
	return exitUsage
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

// keyRun is one run of the verb.
type keyRun struct {
	keys           *integration.Registry
	config         string // file, for the address in the hint
	asJSON         bool
	stdout, stderr io.Writer
}

func (k keyRun) create(want integration.Integration) int {
	made, key, err := k.keys.Create(want)
	if err != nil {
		return k.failed(err)
	}
	if k.asJSON {
		return printJSON(k.stdout, struct {
			integration.Integration
			Key string `json:"key"`
		}{made, key})
	}
	fmt.Fprintf(k.stdout, "The key of %q, shown only now:\n\n  %s\n\n", made.Name, key)
	fmt.Fprintf(k.stdout, "surface %s; purposes: %s; models: %s\n", made.Surface, orAll(made.Purposes), orAll(made.Models))
	fmt.Fprintf(k.stdout, `
Point the plugin at http://%[1]s/v1 with this key, or try it while the gateway runs:

  curl http://%[1]s/v1/chat/completions \
    -H 'Authorization: Bearer %[2]s' -H 'Content-Type: application/json' \
    -d '{"model": "default", "messages": [{"role": "user", "content": "Hello"}]}'
`, listenAddress(k.config), key)
	return exitFine
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

func (k keyRun) list() int {
	all, err := k.keys.List()
	if err != nil {
		return k.failed(err)
	}
	if k.asJSON {
		return printJSON(k.stdout, append([]integration.Integration{}, all...))
	}
	if len(all) == 0 {
		fmt.Fprintln(k.stdout, "There is no integration yet. `ringfence key create NAME` makes one.")
		return exitFine
	}
	t := tabwriter.NewWriter(k.stdout, 0, 4, 2, ' ', 0)
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
	return exitFine
}

func (k keyRun) revoke(nameOrID string) int {
	i, err := k.keys.Revoke(nameOrID)
	if err != nil {
		return k.failed(err)
	}
	if k.asJSON {
		return printJSON(k.stdout, i)
	}
	fmt.Fprintf(k.stdout, "Revoked %q (%s). A running gateway refuses its key from now on.\n", i.Name, i.ID)
	return exitFine
}

func (k keyRun) failed(err error) int {
	fmt.Fprintln(k.stderr, "ringfence key:", strings.TrimPrefix(err.Error(), "integration: "))
	var invalid *integration.InvalidError
	if errors.As(err, &invalid) {
		return exitUsage
	}
	return exitNotFine
}

func orAll(list []string) string {
	if len(list) == 0 {
		return "all"
	}
	return strings.Join(list, ", ")
}
