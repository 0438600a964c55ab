package main

import (
	"flag"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
)

// version is set by the linker for releases.
var version = "development"

func versionVerb(args []string, stdout, stderr io.Writer) int {
	fs := flag.NewFlagSet("ringfence version", flag.ContinueOnError)
	fs.SetOutput(stderr)
	if fs.Parse(args) != nil {
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
