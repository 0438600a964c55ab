package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"ringfence/internal/config"
)

const configHelp = `usage: ringfence config check [--config FILE] [--json]
       ringfence config print [--config FILE]

  check    says whether FILE can be used and, if not, where and why. It does not
           look at what the settings point to; "ringfence doctor" does
  print    the configuration in force: FILE with all defaults filled in. Secrets
           are in files of their own and never shown

  --config FILE    default ./ringfence.yaml, and without that the defaults
  --json           {"file", "ok", "problems": [{"line","column","key","message"}]}

exit codes: 0 fine, 1 the configuration cannot be used, 2 wrong use
`

// configVerb is "ringfence config".
func configVerb(args []string, stdout, stderr io.Writer) int {
	f := flag.NewFlagSet("config", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.Usage = func() { fmt.Fprint(stderr, configHelp) }
	file := f.String("config", "", "")
	asJSON := f.Bool("json", false, "")
	f.String("data", "", "") // every verb takes it; nothing here depends on it
	words, err := parseMixed(f, args)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		return 2
	}
	switch strings.Join(words, " ") {
	case "check":
		return configCheck(*file, *asJSON, stdout)
	case "print":
		return configPrint(*file, stdout, stderr)
	}
	f.Usage()
	return 2
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
		return 1
	}
	fmt.Fprintf(stdout, "%s is fine.\n", cmp.Or(c.Path, "There is no "+config.File+"; the default configuration"))
	return 0
}

func configCheckJSON(c *config.Config, broken *config.Error, stdout io.Writer) int {
	out := struct {
		File     string           `json:"file"` // empty: the defaults
		OK       bool             `json:"ok"`
		Problems []config.Problem `json:"problems"`
	}{OK: broken == nil, Problems: []config.Problem{}}
	code := 0
	if broken != nil {
		out.File, out.Problems, code = broken.Path, broken.Problems, 1
	} else {
		out.File = c.Path
	}
	return max(code, printJSON(stdout, out))
}

func configPrint(file string, stdout, stderr io.Writer) int {
	c, err := config.Load(file)
	if err != nil {
		fmt.Fprintln(stderr, err)
		return 1
	}
	fmt.Fprintf(stdout, "# in force: %s\n%s", cmp.Or(c.Path, "the defaults, without a file"), c.YAML())
	return 0
}

// indented sets an excerpt off from the message above it.
func indented(excerpt string) string {
	if excerpt == "" {
		return ""
	}
	return "    " + strings.ReplaceAll(excerpt, "\n", "\n    ") + "\n"
}
