package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"

	"ringfence/internal/config"
)

const configHelp = `Usage: ringfence config check [--config FILE] [--json]
       ringfence config print [--config FILE]

  check    says whether FILE can be used and, if not, where and why. It does not
           look at what the settings point to; "ringfence doctor" does
  print    the configuration in force: FILE with all defaults filled in. Secrets
           are in files of their own and never shown

Exit codes: 0 fine, 1 the configuration cannot be used, 2 wrong use.

Options:
`

// configVerb is "ringfence config".
func configVerb(args []string, stdout, stderr io.Writer) int {
	f, p := newFlags("config", configHelp, stderr)
	asJSON := f.Bool("json", false, "print JSON: file, ok, problems")
	words, err := parseMixed(f, args)
	if err != nil {
		return helpCode(err)
	}
	switch strings.Join(words, " ") {
	case "check":
		return configCheck(p.config, *asJSON, stdout)
	case "print":
		return configPrint(p.config, stdout, stderr)
	}
	f.Usage()
	return exitUsage
}

func configCheck(file string, asJSON bool, stdout io.Writer) int {
	c, err := config.Load(file)
	var broken *config.Error
	errors.As(err, &broken)
	if asJSON {
		return configCheckJSON(c, broken, stdout)
	}
	if broken != nil {
		for _, p := range broken.Problems {
			fmt.Fprintln(stdout, broken.Line(p))
			fmt.Fprint(stdout, indented(p.Excerpt))
		}
		return exitNotFine
	}
	fmt.Fprintf(stdout, "%s is fine.\n", cmp.Or(c.Path, "There is no "+config.File+"; the default configuration"))
	return exitFine
}

func configCheckJSON(c *config.Config, broken *config.Error, stdout io.Writer) int {
	out := struct {
		File     string           `json:"file"` // empty: the defaults
		OK       bool             `json:"ok"`
		Problems []config.Problem `json:"problems"`
	}{OK: broken == nil, Problems: []config.Problem{}}
	code := exitFine
	if broken != nil {
		out.File, out.Problems, code = broken.Path, broken.Problems, exitNotFine
	} else {
		out.File = c.Path
	}
	return max(code, printJSON(stdout, out))
}

func configPrint(file string, stdout, stderr io.Writer) int {
	c, err := config.Load(file)
	if err != nil {
		fmt.Fprintln(stderr, err)
		return exitNotFine
	}
	fmt.Fprintf(stdout, "# in force: %s\n%s", cmp.Or(c.Path, "the defaults, without a file"), c.YAML())
	return exitFine
}

// indented sets an excerpt off from the message above it.
func indented(excerpt string) string {
	if excerpt == "" {
		return ""
	}
	return "    " + strings.ReplaceAll(excerpt, "\n", "\n    ") + "\n"
}
