// Command ringfence lets a WooCommerce store use AI while nothing of its
// customers leaves its own walls. One file per verb; see `ringfence help`.
package main

import (
	"fmt"
	"io"
	"os"

	"ringfence/internal/engine/sandbox"
)

// Exit codes, the same for every verb.
const (
	exitFine       = 0
	exitNotFine    = 1 // the thing checked is not fine, or the work failed
	exitUsage      = 2
	exitIncomplete = 3 // could not do or check all
	exitRefused    = 4 // by policy
)

// verb is one subcommand.
type verb struct {
	name, does string
	run        func(args []string, stdin io.Reader, stdout, stderr io.Writer) int
}

// noInput fits the many verbs that do not read standard input.
func noInput(run func(args []string, stdout, stderr io.Writer) int) func([]string, io.Reader, io.Writer, io.Writer) int {
	return func(args []string, _ io.Reader, stdout, stderr io.Writer) int { return run(args, stdout, stderr) }
}

func verbs() []verb {
	return []verb{
		{"up", "start everything on this machine; the first run fetches engine and model", noInput(upVerb)},
		{"serve", "run the gateway from ringfence.yaml; fetches nothing", noInput(serveVerb)},
		{"try", "send one text through the running gateway and tell what happened", tryVerb},
		{"egress", "run the egress proxy; explain, follow and report what it decides", noInput(egressVerb)},
		{"key", "create, list and revoke the keys of integrations", noInput(keyVerb)},
		{"config", "check ringfence.yaml, or print what is in force", noInput(configVerb)},
		{"doctor", "check this machine: data, disk, clock, engine, sandbox", noInput(doctorVerb)},
		{"people", "what the gateway knows of the store's customers: status, import, forget", peopleVerb},
		{"residency", "say whether a host may be reached, by what evidence, or what is missing", noInput(residencyVerb)},
		{"mask", "show what masking does to a text", maskVerb},
		{"guard", "show how the guards judge a text", guardVerb},
		{"minimize", "show which store data a purpose may use", minimizeVerb},
		{"model", "fetch, list and verify the engine and its model", noInput(modelVerb)},
		{"scan", "find where a WordPress tree leaks data or ideas to an AI service", noInput(scanVerb)},
		{"audit", "verify the audit log, prove an entry, follow it", noInput(auditVerb)},
		{"version", "print version and build", noInput(versionVerb)},
	}
}

func main() {
	sandbox.Main() // returns unless this process is to become a sandboxed engine
	os.Exit(runWhole(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// runWhole is run, but does not call fine what could not be printed: the key
// that `key create` shows is shown only once.
func runWhole(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	out := &checked{w: stdout}
	code := run(args, stdin, out, stderr)
	if code == exitFine && out.err != nil {
		fmt.Fprintln(stderr, "ringfence: not all of the output could be written:", out.err)
		return exitNotFine
	}
	return code
}

// checked remembers the first error of a writer.
type checked struct {
	w   io.Writer
	err error
}

func (c *checked) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	if c.err == nil {
		c.err = err
	}
	return n, err
}

func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		usage(stderr)
		return exitUsage
	}
	name := args[0]
	if name == "help" || name == "-h" || name == "--help" {
		usage(stdout)
		return exitFine
	}
	for _, v := range verbs() {
		if v.name == name {
			return v.run(args[1:], stdin, stdout, stderr)
		}
	}
	fmt.Fprintf(stderr, "ringfence: there is no verb %q; `ringfence help` lists them\n", name)
	return exitUsage
}

func usage(w io.Writer) {
	fmt.Fprint(w, "Ringfence serves a store's AI from inside its own walls, and proves it.\n\nUsage: ringfence VERB [options]\n\n")
	for _, v := range verbs() {
		fmt.Fprintf(w, "  %-9s %s\n", v.name, v.does)
	}
	fmt.Fprint(w, "\nEvery verb takes --data DIR (default ./.ringfence) and --config FILE (default\nringfence.yaml when it exists), and -h. Exit codes: 0 fine, 1 not fine, 2 wrong\nuse, 3 incomplete, 4 refused by policy.\n")
}
