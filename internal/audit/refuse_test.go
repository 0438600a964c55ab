package audit

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

func openMem(t *testing.T, d *memDisk) *Log {
	t.Helper()
	l, err := open(d, "shop.example/audit", io.NopCloser(nil))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// setFault makes matching operations fail from now on; nil ends it.
func (d *memDisk) setFault(fault func(op, name string) error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fault = fault
}

// While the disk refuses, entries are refused, with the reason; when it takes data again, so does the log.
func TestRefusesAndRecovers(t *testing.T) {
	for code, cause := range map[string]error{CodeDiskFull: syscall.ENOSPC, CodeReadOnly: syscall.EROFS, CodeIO: syscall.EIO} {
		synctest.Test(t, func(t *testing.T) {
			d := newMemDisk()
			l := openMem(t, d)
			appendAll(t, l, 5)
			d.setFault(func(op, name string) error {
				if op == "write" || op == "create" {
					return cause
				}
				return nil
			})
			for range 3 {
				_, err := l.Append(context.Background(), "test.note", "", nil)
				var e *Error
				if !errors.Is(err, ErrUnavailable) || !errors.As(err, &e) || e.Code != code || !errors.Is(err, cause) {
					t.Errorf("append: %v, want %s", err, code)
				}
				if !errors.Is(l.Err(), ErrUnavailable) {
					t.Errorf("Err: %v", l.Err())
				}
				time.Sleep(retryEvery)
				synctest.Wait()
			}
			d.setFault(nil)
			time.Sleep(retryEvery)
			synctest.Wait()
			if err := l.Err(); err != nil {
				t.Errorf("after the disk recovered: %v", err)
			}
			if r, err := l.Append(context.Background(), "test.note", "", nil); err != nil || r.Index != 5 {
				t.Errorf("the next entry: %+v, %v", r, err)
			}
			closeLog(t, l)
			if report, err := verify(context.Background(), d, func() bool { return false }, VerifyOptions{}); err != nil || report.Verdict != OK || report.Size != 6 {
				t.Errorf("%+v, %v", report, err)
			}
		})
	}
}

// After a failed fdatasync the data may be gone though later syncs succeed. What was acknowledged before
// and after must survive a power cut all the same.
func TestFailedSyncIsNotTrusted(t *testing.T) {
	for seed := range uint64(40) {
		synctest.Test(t, func(t *testing.T) {
			d := newMemDisk()
			a := &acks{byID: map[string]int64{}}
			l := openMem(t, d)
			a.write(t, l, 4)
			failed := false
			d.setFault(func(op, name string) error {
				if op == "sync" && !failed {
					failed = true
					return syscall.EIO
				}
				return nil
			})
			a.write(t, l, 4)
			time.Sleep(retryEvery + time.Millisecond)
			synctest.Wait()
			a.write(t, l, 4)
			if len(a.byID) < 8 {
				t.Errorf("only %d of 12 entries were taken", len(a.byID))
			}
			left := d.cut(rand.New(rand.NewPCG(seed, 1)))
			d.setFault(func(string, string) error { return syscall.EIO })
			_ = l.Close()
			a.check(t, left, d.heads, "cut after a failed sync")
		})
	}
}

// When checkpoints cannot be written, the log takes entries until it holds too many in memory.
func TestRefusesWhenCheckpointsStall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newMemDisk()
		l := openMem(t, d)
		d.setFault(func(op, name string) error {
			if strings.HasPrefix(name, "tile") {
				return syscall.EIO
			}
			return nil
		})
		large := body{Text: strings.Repeat("x", 60_000)}
		taken := 0
		for ; ; taken++ {
			_, err := l.Append(context.Background(), "test.note", "", large)
			if err != nil {
				if !errors.Is(err, errStalled) || !errors.Is(err, ErrUnavailable) {
					t.Errorf("refused with %v", err)
				}
				break
			}
		}
		if want := tailBytes / 60_000; taken < want-10 || taken > want+10 {
			t.Errorf("%d entries taken, about %d fit", taken, want)
		}
		d.setFault(nil)
		time.Sleep(2 * checkpointEvery)
		if r, err := l.Append(context.Background(), "test.note", "", nil); err != nil || r.Index != int64(taken) {
			t.Errorf("after checkpoints can be written: %+v, %v", r, err)
		}
		closeLog(t, l)
	})
}

// Files that contradict what was signed: the log does not open, says why, and changes nothing.
func TestOpenRefusesContradictions(t *testing.T) {
	drop := func(name string) func(*testing.T, string) {
		return func(t *testing.T, dir string) { check(t, os.RemoveAll(filepath.Join(dir, name))) }
	}
	flip := func(name string, back int) func(*testing.T, string) {
		return func(t *testing.T, dir string) { flipByte(t, filepath.Join(dir, name), back) }
	}
	cut := func(name string, bytes int) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			text, err := os.ReadFile(filepath.Join(dir, name))
			check(t, err)
			check(t, os.WriteFile(filepath.Join(dir, name), text[:len(text)-bytes], 0o600))
		}
	}
	for name, c := range map[string]struct {
		harm func(*testing.T, string)
		code string
	}{
		"key gone":              {drop("key"), CodeKeyMissing},
		"key changed":           {flip("key", 5), CodeKeyDamaged},
		"public key changed":    {flip("key.pub", 5), CodeKeyDamaged},
		"checkpoint gone":       {drop("checkpoint"), CodeCheckpointMissing},
		"checkpoint changed":    {flip("checkpoint", 9), CodeCheckpointDamaged},
		"edge tile gone":        {drop("tile/0/001.p/44"), CodeTreeDamaged},
		"edge tile changed":     {flip("tile/0/001.p/44", 7), CodeTreeDamaged},
		"all tiles gone":        {drop("tile"), CodeTreeDamaged},
		"wal gone":              {drop("wal"), CodeWALMissing},
		"wal changed":           {flip("wal", 20), CodeWALDamaged},
		"wal cut":               {cut("wal", 20), CodeWALContradicts},
		"nothing wrong":         {cut("wal", 0), ""},
		"wal of another start":  {writeFile("wal", appendBatch(nil, 300, nil)), CodeWALContradicts},
		"wal with other entry":  {writeFile("wal", appendBatch(appendBatch(nil, 0, nil), 0, manyEntries(300))), CodeWALContradicts},
		"key and all else gone": {func(t *testing.T, dir string) { drop("key")(t, dir); drop("checkpoint")(t, dir) }, CodeKeyMissing},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			l := openLog(t, dir)
			appendAll(t, l, 300)
			closeLog(t, l)
			c.harm(t, dir)
			before := readAll(t, dir)
			l, err := Open(Options{Dir: dir})
			if c.code == "" {
				check(t, err)
				closeLog(t, l)
				return
			}
			var e *Error
			if !errors.As(err, &e) || e.Code != c.code || errors.Is(err, ErrUnavailable) {
				t.Fatalf("opened: %v, want %s", err, c.code)
			}
			for name, content := range readAll(t, dir) {
				if name != lockName && !bytes.Equal(before[name], content) {
					t.Errorf("%s was changed", name)
				}
			}
		})
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func writeFile(name string, content []byte) func(*testing.T, string) {
	return func(t *testing.T, dir string) { check(t, os.WriteFile(filepath.Join(dir, name), content, 0o600)) }
}

func manyEntries(count int) [][]byte {
	return bytes.SplitAfter(bytes.Repeat([]byte("{}"), count), []byte("}"))[:count]
}

// flipByte changes the byte that stands back bytes before the end of the file, in its lowest bit.
func flipByte(t *testing.T, name string, back int) {
	t.Helper()
	text, err := os.ReadFile(name)
	check(t, err)
	text[len(text)-1-back] ^= 1
	check(t, os.WriteFile(name, text, 0o600))
}

func readAll(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	check(t, filepath.WalkDir(dir, func(name string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		relative, _ := filepath.Rel(dir, name)
		all[filepath.ToSlash(relative)], err = os.ReadFile(name)
		return err
	}))
	return all
}

// The write-ahead log is renewed while it is used, so it does not grow with the log.
func TestWALIsRotated(t *testing.T) {
	d := newMemDisk()
	l := openMem(t, d)
	large := body{Text: strings.Repeat("x", 60_000)}
	largest, written := 0, 0
	for ; written < 3*rotateBytes/60_000; written++ {
		if _, err := l.Append(context.Background(), "test.note", "", large); err != nil {
			t.Fatal(err)
		}
		if written%100 == 0 {
			check(t, l.publishNow(context.Background()))
		}
		largest = max(largest, d.size(walName))
	}
	if largest < rotateBytes || largest > 2*rotateBytes {
		t.Errorf("the write-ahead log grew to %d bytes", largest)
	}
	closeLog(t, l)
	report, err := verify(context.Background(), d, func() bool { return false }, VerifyOptions{})
	if err != nil || report.Verdict != OK || report.Size != int64(written) {
		t.Errorf("%+v, %v", report, err)
	}
}

func (d *memDisk) size(name string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.seen[name].data)
}
