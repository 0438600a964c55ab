package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"ringfence/internal/audit"
	"ringfence/proof"
)

// figures of one measurement.
type figures struct {
	rate     float64 // appends per second
	p50, p99 time.Duration
	cpu      time.Duration // of the whole process, per entry
}

// measureAppends runs both stores in turn, so that what else the machine does hits both, and prints
// medians over the rounds.
func measureAppends(dir string, rounds int, each time.Duration) error {
	fmt.Printf("durable appends, median of %d interleaved rounds of %v; ratio: ours to plain, median of the rounds'\n", rounds, each)
	fmt.Printf("%-8s %-12s %10s %10s %10s %12s %8s\n", "writers", "store", "appends/s", "p50", "p99", "CPU/entry", "ratio")
	for _, writers := range []int{1, 16, 128} {
		var own, base []figures
		for round := range rounds {
			sub := filepath.Join(dir, fmt.Sprint(writers, "-", round))
			for _, s := range []struct {
				open func(string) (store, error)
				into *[]figures
			}{{openPlain, &base}, {openOurs, &own}} {
				f, err := measure(sub, s.open, writers, each)
				if err != nil {
					return err
				}
				*s.into = append(*s.into, f)
			}
		}
		tell(writers, "plain JSONL", base, 1)
		tell(writers, "audit log", own, median(own, base))
	}
	return nil
}

func measure(dir string, open func(string) (store, error), writers int, each time.Duration) (figures, error) {
	defer os.RemoveAll(dir)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return figures{}, err
	}
	s, err := open(dir)
	if err != nil {
		return figures{}, err
	}
	start, cpu := time.Now(), cpuTime()
	took, err := appendUntil(s, writers, start.Add(each))
	elapsed, used := time.Since(start), cpuTime()-cpu
	if closeErr := s.Close(); err == nil {
		err = closeErr
	}
	if len(took) == 0 || err != nil {
		return figures{}, fmt.Errorf("nothing was appended: %w", err)
	}
	slices.Sort(took)
	return figures{
		rate: float64(len(took)) / elapsed.Seconds(),
		p50:  took[len(took)/2], p99: took[len(took)*99/100],
		cpu: used / time.Duration(len(took)),
	}, nil
}

// appendUntil appends from so many writers until the time is over, and returns how long each append took.
func appendUntil(s store, writers int, end time.Time) (took []time.Duration, err error) {
	var mu sync.Mutex
	var group sync.WaitGroup
	for range writers {
		group.Go(func() {
			mine := make([]time.Duration, 0, 1<<14)
			var failed error
			for now := time.Now(); now.Before(end) && failed == nil; {
				failed = s.append(sampleCall())
				after := time.Now()
				mine, now = append(mine, after.Sub(now)), after
			}
			mu.Lock()
			defer mu.Unlock()
			if took = append(took, mine...); failed != nil {
				err = failed
			}
		})
	}
	group.Wait()
	return took, err
}

func cpuTime() time.Duration {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func tell(writers int, name string, all []figures, ratio float64) {
	middle := func(of func(figures) float64) float64 { return middleOf(all, of) }
	fmt.Printf("%-8d %-12s %10.0f %10v %10v %12v %8.2f\n", writers, name,
		middle(func(f figures) float64 { return f.rate }),
		time.Duration(middle(func(f figures) float64 { return float64(f.p50) })).Round(time.Microsecond),
		time.Duration(middle(func(f figures) float64 { return float64(f.p99) })).Round(time.Microsecond),
		time.Duration(middle(func(f figures) float64 { return float64(f.cpu) })).Round(100*time.Nanosecond), ratio)
}

// median returns the median over the rounds of how our rate compares with the plain one of the same round.
func median(own, base []figures) float64 {
	ratios := make([]float64, len(own))
	for i := range own {
		ratios[i] = own[i].rate / base[i].rate
	}
	slices.Sort(ratios)
	return ratios[len(ratios)/2]
}

func middleOf(all []figures, of func(figures) float64) float64 {
	values := make([]float64, len(all))
	for i, f := range all {
		values[i] = of(f)
	}
	slices.Sort(values)
	return values[len(values)/2]
}

// measureVerify verifies a log of so many entries from files that are in the page cache.
func measureVerify(dir string, entries int) error {
	s, err := openOurs(dir)
	if err != nil {
		return err
	}
	var group sync.WaitGroup
	work := make(chan struct{}, entries)
	for range entries {
		work <- struct{}{}
	}
	close(work)
	for range 128 {
		group.Go(func() {
			for range work {
				_ = s.append(sampleCall()) // what failed is missing in the report below
			}
		})
	}
	group.Wait()
	if err := s.Close(); err != nil {
		return err
	}
	start := time.Now()
	report, err := audit.Verify(context.Background(), filepath.Join(dir, "audit"), audit.VerifyOptions{})
	if err != nil {
		return err
	}
	fmt.Printf("verify of %d entries: %s in %v\n", report.Size, report.Verdict, time.Since(start).Round(time.Millisecond))
	fmt.Printf("disk: %d bytes per entry once in full bundles, of which the entry is %d\n", diskPerEntry(dir, "tile"), diskPerEntry(dir, "tile/entries"))
	if report.Verdict != audit.OK || report.Size != int64(entries) {
		return fmt.Errorf("the log of %d entries is %s with %d", entries, report.Verdict, report.Size)
	}
	return nil
}

// diskPerEntry returns the bytes per entry in a folder of the log, which has one file per 256 entries and
// level.
func diskPerEntry(dir, folder string) int64 {
	var bytes, bundles int64
	root := filepath.Join(dir, "audit", filepath.FromSlash(folder))
	_ = filepath.WalkDir(root, func(name string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.Contains(name, ".p") {
			return err
		}
		if info, err := entry.Info(); err == nil {
			bytes += info.Size()
		}
		if strings.Contains(filepath.ToSlash(name), "/entries/") {
			bundles++
		}
		return nil
	})
	return bytes / max(1, bundles*proof.TileWidth)
}
