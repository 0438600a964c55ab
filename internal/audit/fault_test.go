package audit

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"ringfence/proof"
)

// acks collects what the log acknowledged, over several lives of it.
type acks struct {
	mu   sync.Mutex
	byID map[string]int64
}

// write appends from several goroutines at once and notes what was acknowledged.
func (a *acks) write(t *testing.T, l *Log, count int) {
	var writers sync.WaitGroup
	for n := range count {
		writers.Go(func() {
			r, err := l.Append(context.Background(), "test.note", "", body{N: n})
			if err != nil {
				if !errors.Is(err, ErrUnavailable) {
					t.Errorf("refused with %v", err)
				}
				return
			}
			a.mu.Lock()
			a.byID[r.ID] = r.Index
			a.mu.Unlock()
		})
	}
	writers.Wait()
}

// life opens a log on the disk, writes with pauses long enough for checkpoints and recovery, and leaves it
// without closing, as a crash does: nothing reaches the disk afterwards.
func (a *acks) life(t *testing.T, d *memDisk) {
	l, err := open(d, "shop.example/audit", io.NopCloser(nil))
	if err != nil {
		return // refusing to start is always allowed
	}
	l.rotateAt = 20_000 // so that rotation is among the operations that fail
	for _, count := range []int{3, 255, 2} {
		a.write(t, l, count)
		time.Sleep(1500 * time.Millisecond)
	}
	a.write(t, l, 2)
	d.mu.Lock()
	d.fault = func(string, string) error { return syscall.EIO }
	d.mu.Unlock()
	_ = l.Close()
}

// check opens what is left, verifies it, and looks for every acknowledged entry and earlier checkpoint.
func (a *acks) check(t *testing.T, left *memDisk, heads [][]byte, what string) {
	t.Helper()
	l, err := open(left, "shop.example/audit", io.NopCloser(nil))
	if err != nil {
		t.Fatalf("%s: does not open: %v", what, err)
	}
	if err := l.Close(); err != nil {
		t.Fatalf("%s: does not close: %v", what, err)
	}
	report, err := verify(context.Background(), left, func() bool { return false }, VerifyOptions{})
	if err != nil || report.Verdict != OK {
		t.Fatalf("%s: %+v, %v", what, report, err)
	}
	tiles, err := proof.OpenTiles(left, l.key)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	ids := map[int64]string{}
	for stored, err := range tiles.Entries(0, 1<<40) {
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		_, rest, _ := strings.Cut(string(stored), `"id":"`) // cheaper than parsing, a million times
		ids[int64(len(ids))], _, _ = strings.Cut(rest, `"`)
	}
	for id, index := range a.byID {
		if ids[index] != id {
			t.Fatalf("%s: entry %s was acknowledged at index %d, where %q is", what, id, index, ids[index])
		}
	}
	for _, signed := range heads {
		checkConsistency(t, tiles, l, signed, what)
	}
}

func checkConsistency(t *testing.T, tiles *proof.Tiles, l *Log, signed []byte, what string) {
	t.Helper()
	before, err := proof.OpenCheckpoint(signed, l.key)
	if err != nil {
		return // of a key that a crash took back before anything was acknowledged
	}
	path, err := tiles.Consistency(before.Size)
	if err == nil {
		err = proof.VerifyConsistency(before, tiles.Head(), path)
	}
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

// Every single operation of the log's life fails once, fails for a while, or is the last: whatever
// happened, no acknowledged entry is lost, no index is given twice, nothing signed is taken back.
func TestFailEveryOperation(t *testing.T) {
	for _, fault := range []struct {
		name  string
		count int
		err   syscall.Errno
	}{{"once EIO", 1, syscall.EIO}, {"20 times ENOSPC", 20, syscall.ENOSPC}, {"dead from there", 1 << 40, syscall.EIO}} {
		t.Run(fault.name, func(t *testing.T) {
			t.Parallel()
			for k := 1; ; k++ {
				done := false
				synctest.Test(t, func(t *testing.T) { done = failAt(t, k, fault.count, fault.err) })
				if done || t.Failed() {
					return
				}
			}
		})
	}
}

// failAt lives through one life with a fault at operation k. It says whether the life had fewer.
func failAt(t *testing.T, k, count int, errno syscall.Errno) (done bool) {
	random := rand.New(rand.NewPCG(uint64(k), uint64(count)))
	a := &acks{byID: map[string]int64{}}
	d := newMemDisk()
	fault, seen := failing(k, count, errno)
	d.fault = fault
	a.life(t, d)
	what := fmt.Sprintf("%v at operation %d", errno, k)
	a.check(t, d.cut(random), d.heads, what+", power cut")
	a.check(t, d.kill(), d.heads, what+", killed")
	return *seen < k
}

// A receipt that was handed out speaks of a checkpoint that survives a power cut, tiles and all.
func TestProvenIsDurable(t *testing.T) {
	d := newMemDisk()
	l := openMem(t, d)
	appendAll(t, l, 20)
	if _, err := l.Prove(context.Background(), 19); err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(20) {
		left := d.cut(rand.New(rand.NewPCG(seed, 2)))
		if text, err := prove(left, l.key, 19); err != nil || text == "" {
			t.Fatalf("after a power cut: %v", err)
		}
	}
	closeLog(t, l)
}
