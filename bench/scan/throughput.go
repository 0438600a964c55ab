package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"strconv"
	"strings"
	"syscall"
	"time"

	"ringfence/internal/scan"
)

// tokenize reads every PHP file below a folder with PHP's own tokenizer and prints the bytes.
const tokenize = `$n = 0; foreach (new RecursiveIteratorIterator(new RecursiveDirectoryIterator($argv[1], FilesystemIterator::SKIP_DOTS)) as $f) {
if ($f->isFile() && strtolower($f->getExtension()) === "php") { $s = file_get_contents($f); $n += strlen($s); token_get_all($s); } } echo $n;`

// throughput scans a tree, data flow on, and has PHP's tokenizer read the same files. Processor time
// is what counts: other work on the machine moves the wall clock.
func throughput(dir, profile, semgrep string) error {
	debug.SetGCPercent(200) // as the verb does
	debug.SetMemoryLimit(1200 << 20)
	stop, err := profiled(profile)
	if err != nil {
		return err
	}
	before, start := processor(syscall.RUSAGE_SELF), time.Now()
	r, err := scan.Run(context.Background(), scan.Options{Dir: dir})
	if err != nil {
		return err
	}
	if err := stop(); err != nil {
		return err
	}
	ours := processor(syscall.RUSAGE_SELF) - before
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return err
	}
	mb := float64(r.Coverage.PHPBytes) / 1e6
	fmt.Printf("%s: %d files, %.1f MB of PHP, %d CPUs\n", dir, r.Coverage.Files, mb, runtime.GOMAXPROCS(0))
	fmt.Printf("scan            %6.1f s wall %6.1f s processor %6.2f MB/s of processor time, peak memory %d MB\n",
		time.Since(start).Seconds(), ours.Seconds(), mb/ours.Seconds(), u.Maxrss/1024)
	fmt.Printf("files: %d analysed, %d partly, %d skipped (no code, or with the reason in the report)\n", r.Coverage.Analysed, r.Coverage.Partly, r.Coverage.Skipped)
	if err := besideTokenizer(dir, ours, mb); err != nil {
		return err
	}
	if semgrep == "" {
		return nil
	}
	return besideSemgrep(semgrep, dir, ours, mb)
}

// besideTokenizer has PHP's own tokenizer read the same files.
func besideTokenizer(dir string, ours time.Duration, mb float64) error {
	before, start := processor(syscall.RUSAGE_CHILDREN), time.Now()
	out, err := exec.Command("php", "-d", "memory_limit=-1", "-r", tokenize, "--", dir).Output()
	if err != nil {
		fmt.Println("PHP's tokenizer: no php here:", err)
		return nil
	}
	theirs := processor(syscall.RUSAGE_CHILDREN) - before
	n, err := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
	if err != nil {
		return err
	}
	fmt.Printf("token_get_all   %6.1f s wall %6.1f s processor %6.2f MB/s of processor time\n", time.Since(start).Seconds(), theirs.Seconds(), n/1e6/theirs.Seconds())
	fmt.Printf("the scan takes %.1f times the processor time of the tokenizer\n", (ours.Seconds()/mb)/(theirs.Seconds()/(n/1e6)))
	return nil
}

// profiled records where the processor time goes, and beside it what is allocated, when a file is named.
func profiled(file string) (stop func() error, err error) {
	if file == "" {
		return func() error { return nil }, nil
	}
	f, err := os.Create(file)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, err
	}
	return func() error {
		pprof.StopCPUProfile()
		if err := f.Close(); err != nil {
			return err
		}
		heap, err := os.Create(file + ".heap")
		if err != nil {
			return err
		}
		defer heap.Close()
		return pprof.WriteHeapProfile(heap)
	}, nil
}

// processor is the time spent so far, by this process or by those it waited for.
func processor(who int) time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(who, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
