package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"ringfence/internal/config"
	"ringfence/internal/gateway"
	"ringfence/internal/mask"
	"ringfence/internal/people"
)

const peopleHelp = `Usage: ringfence people status [--json]
       ringfence people import FILE [--full NAME] [--json]
       ringfence people forget SUBJECT [--json]
       ringfence people explain [--subject ID] [--json] TEXT

The gateway knows the store's own customers by keyed hashes: never their names,
only that a name is one of theirs. WooCommerce tells it with POST /ringfence/sync;
these verbs do the same by hand.

  status     how much the index holds, and what it takes
  import     JSON lines as POST /ringfence/sync takes them; "-" is standard input.
             With --full, what FILE does not bring is removed in the end
  forget     removes everything known of a customer, from memory and disk
  explain    what would be found in a text, by which rule, and whose it is

While a gateway runs, import and forget go through it; otherwise they change the
index themselves.

Exit codes: 0 done, 1 the index or the gateway cannot do it, or nobody was to be
forgotten, 2 wrong use, 3 some lines were not taken.

Options:
`

// peopleRun is one run of the verb.
type peopleRun struct {
	place
	asJSON         bool
	full, subject  string
	stdin          io.Reader
	stdout, stderr io.Writer
}

func peopleVerb(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	f, p := newFlags("people", peopleHelp, stderr)
	r := &peopleRun{stdin: stdin, stdout: stdout, stderr: stderr}
	f.BoolVar(&r.asJSON, "json", false, "print JSON")
	f.StringVar(&r.full, "full", "", "`name` of this full import, a new one each time, as in 2026-11-28")
	f.StringVar(&r.subject, "subject", "", "the `customer` on whose behalf a call would be made")
	words, err := parseMixed(f, args)
	if err != nil {
		return helpCode(err)
	}
	r.place = *p
	switch {
	case len(words) == 1 && words[0] == "status":
		return r.status()
	case len(words) == 2 && words[0] == "import":
		return r.importFile(words[1])
	case len(words) == 2 && words[0] == "forget":
		return r.forget(words[1])
	case len(words) > 1 && words[0] == "explain":
		return r.explain(strings.Join(words[1:], " "))
	}
	f.Usage()
	return exitUsage
}

func peopleDir(data string) string { return filepath.Join(data, "people") }

// openPeople opens the store's index; to look at it only, beside a gateway that runs.
func openPeople(data string, c *config.Config, look bool) (*people.Index, error) {
	key, err := secret(data)
	if err != nil {
		return nil, err
	}
	return people.Open(people.Options{Dir: peopleDir(data), Secret: key, Regions: c.Mask.Regions, ReadOnly: look})
}

// syncOf is what the gateway may be told, kept in an index.
func syncOf(x *people.Index) gateway.Sync {
	s := gateway.Sync{Kinds: map[string]gateway.SyncKind{}, Forget: x.Forget}
	for name, kind := range x.Kinds() {
		s.Kinds[name] = kind
	}
	return s
}

// look opens the index to look at it; nil where there is none yet.
func (r *peopleRun) look() (*people.Index, *config.Config, error) {
	c, err := config.Load(r.config)
	if err != nil {
		return nil, nil, err
	}
	x, err := lookAtPeople(r.data, c)
	return x, c, err
}

// lookAtPeople opens the index beside a gateway that may run; nil where there is none yet.
func lookAtPeople(data string, c *config.Config) (*people.Index, error) {
	if _, err := os.Stat(peopleDir(data)); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return openPeople(data, c, true)
}

func (r *peopleRun) status() int {
	x, _, err := r.look()
	if err != nil {
		return r.failed(err)
	}
	var s people.Status
	if x != nil {
		defer x.Close()
		s = x.Status()
	}
	s.Problem = ""
	if r.asJSON {
		return printJSON(r.stdout, s)
	}
	fmt.Fprintf(r.stdout, "customers %d, orders %d, names of the catalogue %d\n", s.Customers, s.Orders, s.Products)
	fmt.Fprintf(r.stdout, "hashes %d; memory %.1f MB, disk %.1f MB; full syncs so far %d\n", s.Hashes, float64(s.Memory)/1e6, float64(s.Disk)/1e6, s.Syncs)
	if s.Customers == 0 {
		fmt.Fprintln(r.stdout, "The gateway knows no customer yet: names are found by the words around them only. See docs/operations/people.md.")
	}
	return exitFine
}

func (r *peopleRun) importFile(name string) int {
	in := r.stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			fmt.Fprintf(r.stderr, "ringfence people: %v\n", err)
			return exitUsage
		}
		defer f.Close()
		in = f
	}
	if r.full != "" {
		end, _ := json.Marshal(map[string]string{"kind": "complete", "generation": r.full})
		in = io.MultiReader(in, strings.NewReader("\n"+string(end)+"\n"))
	}
	return r.sync(in)
}

func (r *peopleRun) forget(subject string) int {
	line, err := json.Marshal(map[string]string{"kind": "forget", "subject": subject})
	if err != nil {
		return r.failed(err)
	}
	return r.sync(bytes.NewReader(line))
}

// sync sends lines to the running gateway, or takes them itself where none runs.
func (r *peopleRun) sync(lines io.Reader) int {
	if err := openData(r.data); err != nil {
		return r.failed(err)
	}
	answer, err := r.take(lines)
	if err != nil {
		return r.failed(err)
	}
	if r.asJSON {
		r.stdout.Write(answer.raw)
	} else {
		answer.tell(r.stdout, r.stderr)
	}
	return answer.exit()
}

// take is sync without its printing.
func (r *peopleRun) take(lines io.Reader) (*syncTold, error) {
	path := "/ringfence/sync"
	if r.full != "" {
		path += "?generation=" + url.QueryEscape(r.full)
	}
	if running, err := readRunning(r.data); err == nil {
		return r.send(running, path, lines)
	}
	c, err := config.Load(r.config)
	if err != nil {
		return nil, err
	}
	x, err := openPeople(r.data, c, false)
	if err != nil {
		return nil, err
	}
	kept, err := openFacts(r.data)
	if err != nil {
		return nil, err
	}
	raw, _ := gateway.TakeLines(lines, withFacts(syncOf(x), kept), r.full)
	if err := x.Close(); err != nil {
		return nil, err
	}
	return readTold(raw)
}

// send gives lines to the running gateway.
func (r *peopleRun) send(to running, path string, lines io.Reader) (*syncTold, error) {
	resp, err := to.ask(context.Background(), path, "application/x-ndjson", lines)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return nil, err
	}
	return readTold(raw)
}

// syncTold is the answer to a sync.
type syncTold struct {
	raw     []byte
	Lines   int
	Put     map[string]int
	Deleted map[string]int
	Gone    map[string]int
	Forgot  int
	Bad     int
	Errors  []struct {
		Line  int
		Error string
	}
	Failure string
	Error   *struct{ Message string } // of a refusal
}

func readTold(raw []byte) (*syncTold, error) {
	t := &syncTold{raw: raw}
	if err := json.Unmarshal(raw, t); err != nil {
		return nil, fmt.Errorf("the gateway's answer cannot be read: %w", err)
	}
	if t.Error != nil {
		return nil, errors.New(t.Error.Message)
	}
	return t, nil
}

func (t *syncTold) tell(out, trouble io.Writer) {
	fmt.Fprintf(out, "lines %d; taken: %s; deleted: %s; gone: %s; forgotten: %d records\n", t.Lines, counts(t.Put), counts(t.Deleted), counts(t.Gone), t.Forgot)
	for _, e := range t.Errors {
		fmt.Fprintf(trouble, "line %d: %s\n", e.Line, e.Error)
	}
	if t.Bad > len(t.Errors) {
		fmt.Fprintf(trouble, "and %d more lines\n", t.Bad-len(t.Errors))
	}
	if t.Failure != "" {
		fmt.Fprintf(trouble, "ringfence people: it broke off: %s; the gateway's log says why\n", t.Failure)
	}
}

func (t *syncTold) exit() int {
	switch {
	case t.Failure != "":
		return exitNotFine
	case t.Bad > 0:
		return exitIncomplete
	case t.Lines == 1 && len(t.Put)+len(t.Deleted)+len(t.Gone)+t.Forgot == 0:
		return exitNotFine
	}
	return exitFine
}

// counts prints numbers by kind.
func counts(m map[string]int) string {
	if len(m) == 0 {
		return "none"
	}
	b, _ := json.Marshal(m)
	return strings.NewReplacer(`"`, "", "{", "", "}", "", ":", " ", ",", ", ").Replace(string(b))
}

func (r *peopleRun) explain(text string) int {
	x, c, err := r.look()
	if err != nil {
		return r.failed(err)
	}
	o := mask.Options{Regions: c.Mask.Regions}
	if x != nil {
		defer x.Close()
		o.Store = x
	}
	pass := mask.New(o).Open(mask.NewVault(mask.VaultOptions{})).For(r.subject)
	pass.Study(text)
	found, err := pass.Find(text)
	if err != nil {
		return r.failed(err)
	}
	if r.asJSON {
		return printJSON(r.stdout, found)
	}
	fmt.Fprintf(r.stdout, "%-10s %-10s %-24s %-16s %s\n", "type", "layer", "rule", "owner", "text")
	for _, f := range found {
		fmt.Fprintf(r.stdout, "%-10s %-10s %-24s %-16s %q\n", f.Type, f.Layer, f.Rule, ownerWord(f.Owner), text[f.Start:f.End])
	}
	return exitFine
}

func ownerWord(owner string) string {
	switch owner {
	case "":
		return "-"
	case mask.Several:
		return "several"
	}
	return owner
}

func (r *peopleRun) failed(err error) int {
	fmt.Fprintln(r.stderr, "ringfence people:", err)
	return exitNotFine
}
