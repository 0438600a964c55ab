// Command audit measures the audit log: appends beside a plain fsynced JSONL file in the same run, the time
// to verify 100,000 entries, and, with -kill, what a log loses when its process is killed again and again.
//
//	go run ./bench/audit            appends and verify
//	go run ./bench/audit -kill      200 rounds of kill -9
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"
)

func main() {
	if dir := os.Getenv(writerEnv); dir != "" {
		writeUntilKilled(dir)
		return
	}
	kill := flag.Bool("kill", false, "kill a writer again and again instead of measuring")
	rounds := flag.Int("rounds", 0, "how often (default 7 measurements, 200 kills)")
	each := flag.Duration("time", time.Second, "how long each measurement lasts")
	entries := flag.Int("verify", 100_000, "entries of the log that is verified")
	flag.Parse()
	dir, err := os.MkdirTemp(".", ".bench-audit-") // not the temporary directory: it may be in memory
	if err == nil {
		defer os.RemoveAll(dir)
		err = run(dir, *kill, *rounds, *each, *entries)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench/audit:", err)
		os.RemoveAll(dir)
		os.Exit(1)
	}
}

func run(dir string, kill bool, rounds int, each time.Duration, entries int) error {
	fmt.Printf("conditions: %d CPUs, %s, %s/%s, load before: %s\n", runtime.NumCPU(), runtime.Version(), runtime.GOOS, runtime.GOARCH, load())
	if kill {
		return killRounds(os.Stdout, dir, orDefault(rounds, 200))
	}
	if err := measureAppends(dir, orDefault(rounds, 7), each); err != nil {
		return err
	}
	return measureVerify(dir, entries)
}

func orDefault(n, otherwise int) int {
	if n > 0 {
		return n
	}
	return otherwise
}

// load returns the machine's load averages, or "unknown".
func load() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.Join(strings.Fields(string(text))[:3], " ")
}
