package main

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
)

// version is set by the linker for releases.
var version = "development"

const versionHelp = `Usage: ringfence version

Prints the version, the compiler and platform it was built with, and the revision.

Exit codes: 0 printed, 2 wrong use.

Options:
`

func versionVerb(args []string, stdout, stderr io.Writer) int {
	fs, _ := newFlags("version", versionHelp, stderr)
	if err := fs.Parse(args); err != nil {
		return helpCode(err)
	}
	if fs.NArg() > 0 {
		fs.Usage()
		return exitUsage
	}
	fmt.Fprintf(stdout, "ringfence %s, %s, %s/%s\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				fmt.Fprintln(stdout, "revision", s.Value)
			}
		}
	}
	return exitFine
}
