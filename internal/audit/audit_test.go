package audit

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"ringfence/proof"
)

// body is the data of the entries that tests write.
type body struct {
	N    int    `json:"n"`
	Text string `json:"text,omitempty"`
}

func openLog(t testing.TB, dir string) *Log {
	t.Helper()
	l, err := Open(Options{Dir: dir, Origin: "shop.example/audit"})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// appendAll appends count entries from up to 32 goroutines and returns the receipts by index.
func appendAll(t testing.TB, l *Log, count int) map[int64]Receipt {
	t.Helper()
	receipts := map[int64]Receipt{}
	var mu sync.Mutex
	var writers sync.WaitGroup
	numbers := make(chan int)
	for range min(count, 32) {
		writers.Go(func() {
			for n := range numbers {
				r, err := l.Append(context.Background(), "test.note", "", body{N: n})
				mu.Lock()
				if receipts[r.Index] = r; err != nil {
					t.Error(err)
				}
				mu.Unlock()
			}
		})
	}
	for n := range count {
		numbers <- n
	}
	close(numbers)
	writers.Wait()
	if len(receipts) != count {
		t.Fatalf("%d entries have %d indexes", count, len(receipts))
	}
	return receipts
}

func closeLog(t testing.TB, l *Log) {
	t.Helper()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
}

func mustVerify(t testing.TB, dir string, o VerifyOptions) Report {
	t.Helper()
	report, err := Verify(context.Background(), dir, o)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func publicKey(t testing.TB, dir string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "key.pub"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}

func TestAppendCloseOpenVerify(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "audit")
	size := 0
	for _, more := range []int{0, 1, 255, 1, 300, 0, 1200} {
		l := openLog(t, dir)
		if found := l.Recovery(); found != (Recovery{Entries: int64(size)}) {
			t.Errorf("recovery of a closed log of %d: %+v", size, found)
		}
		for index := range appendAll(t, l, more) {
			if index < int64(size) || index >= int64(size+more) {
				t.Errorf("index %d in a log of %d to %d", index, size, size+more)
			}
		}
		size += more
		closeLog(t, l)
		report := mustVerify(t, dir, VerifyOptions{})
		if report.Verdict != OK || report.Size != int64(size) || report.Unsigned != 0 || len(report.Notes) > 0 {
			t.Fatalf("after %d entries: %+v", size, report)
		}
	}
	for name := range readAll(t, dir) {
		if tile, err := proof.ParseTilePath(name); err == nil && tile.L <= 0 && tile.W < proof.TileWidth && tile.N < int64(size/proof.TileWidth) {
			t.Errorf("%s is left though its full tile is there", name)
		}
	}
	info, err := os.Stat(filepath.Join(dir, "key"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the private key: %v, %v", info.Mode(), err)
	}
}

// What Prove returns must satisfy package proof alone, for old entries and for one written just now.
func TestProve(t *testing.T) {
	dir := t.TempDir()
	l := openLog(t, dir)
	defer closeLog(t, l)
	receipts := appendAll(t, l, 600)
	key, err := proof.ParseKey(publicKey(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	check := func(r Receipt) {
		t.Helper()
		text, err := l.Prove(context.Background(), r.Index)
		if err != nil {
			t.Fatal(err)
		}
		receipt, err := proof.ParseReceipt([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		checked, err := receipt.Verify(key)
		if err != nil || checked.Index != r.Index || checked.Entry.ID != r.ID || !checked.Entry.Time.Equal(r.Time) {
			t.Fatalf("%+v proven as %+v, %v", r, checked, err)
		}
	}
	for _, index := range []int64{0, 255, 256, 511, 512, 599} {
		check(receipts[index])
	}
	for range 5 {
		r, err := l.Append(context.Background(), "test.note", "cust:1", body{})
		if err != nil {
			t.Fatal(err)
		}
		check(r)
	}
	for _, index := range []int64{-1, 605, 1 << 40} {
		var e *Error
		if _, err := l.Prove(context.Background(), index); !errors.As(err, &e) || e.Code != CodeNoEntry {
			t.Errorf("index %d: %v", index, err)
		}
	}
}

func TestSecondWriterIsRefused(t *testing.T) {
	dir := t.TempDir()
	l := openLog(t, dir)
	_, err := Open(Options{Dir: dir})
	var taken *LockedError
	if !errors.As(err, &taken) || taken.PID != os.Getpid() || !strings.Contains(err.Error(), fmt.Sprint(os.Getpid())) {
		t.Errorf("second writer: %v", err)
	}
	closeLog(t, l)
	closeLog(t, openLog(t, dir))
}

func TestAppendRefusesWhatIsNoEntry(t *testing.T) {
	l := openLog(t, t.TempDir())
	defer closeLog(t, l)
	for code, data := range map[string]any{
		CodeTooLarge: body{Text: strings.Repeat("x", proof.MaxEntry)},
		CodeInvalid:  make(chan int),
	} {
		var e *Error
		if _, err := l.Append(context.Background(), "test.note", "", data); !errors.As(err, &e) || e.Code != code {
			t.Errorf("%s: %v", code, err)
		} else if errors.Is(err, ErrUnavailable) {
			t.Errorf("%s: says that the log is unavailable", code)
		}
	}
	var e *Error
	if _, err := l.Append(context.Background(), "", "", nil); !errors.As(err, &e) || e.Code != CodeInvalid {
		t.Errorf("no type: %v", err)
	}
}

func TestAppendHonoursContextBeforeTheQueue(t *testing.T) {
	l := openLog(t, t.TempDir())
	defer closeLog(t, l)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for range 50 { // both ways may be open to a select
		if _, err := l.Append(ctx, "test.note", "", nil); !errors.Is(err, context.Canceled) {
			t.Fatalf("a cancelled append: %v", err)
		}
	}
	if r, err := l.Append(context.Background(), "test.note", "", nil); err != nil || r.Index != 0 {
		t.Errorf("the next append: %+v, %v", r, err)
	}
}

func TestClosedLog(t *testing.T) {
	l := openLog(t, t.TempDir())
	appendAll(t, l, 3)
	closeLog(t, l)
	closeLog(t, l)
	_, err := l.Append(context.Background(), "test.note", "", nil)
	var e *Error
	if !errors.Is(err, ErrUnavailable) || !errors.As(err, &e) || e.Code != CodeClosed {
		t.Errorf("append after close: %v", err)
	}
	if _, err := l.Prove(context.Background(), 1); err != nil {
		t.Errorf("prove after close: %v", err)
	}
}

// A checkpoint comes within a second of an entry, and none without one.
func TestCheckpointEverySecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		l := openLog(t, dir)
		signed := func() string {
			text, _ := os.ReadFile(filepath.Join(dir, "checkpoint"))
			return strings.Split(string(text), "\n")[1]
		}
		appendAll(t, l, 3)
		synctest.Wait()
		if got := signed(); got != "0" {
			t.Errorf("at once: %s entries signed", got)
		}
		time.Sleep(checkpointEvery)
		synctest.Wait()
		if got := signed(); got != "3" {
			t.Errorf("after a second: %s entries signed", got)
		}
		appendAll(t, l, checkpointEntries)
		synctest.Wait()
		if got := signed(); got != fmt.Sprint(3+checkpointEntries) {
			t.Errorf("after %d entries and no time: %s signed", checkpointEntries, got)
		}
		closeLog(t, l)
	})
}

func TestOriginIsForLife(t *testing.T) {
	dir := t.TempDir()
	closeLog(t, openLog(t, dir))
	var e *Error
	if _, err := Open(Options{Dir: dir, Origin: "other.example/audit"}); !errors.As(err, &e) || e.Code != CodeOriginDiffers {
		t.Errorf("another name: %v", err)
	}
	l, err := Open(Options{Dir: dir})
	if err != nil || l.Origin() != "shop.example/audit" {
		t.Fatalf("no name: %v", err)
	}
	closeLog(t, l)
	l, err = Open(Options{Dir: t.TempDir()})
	if err != nil || !strings.HasPrefix(l.Origin(), "ringfence.local/") {
		t.Fatalf("a new log without a name: %v", err)
	}
	closeLog(t, l)
	if _, err := Open(Options{Dir: t.TempDir(), Origin: "my shop"}); !errors.As(err, &e) || e.Code != CodeOriginDiffers {
		t.Errorf("a name with a space: %v", err)
	}
}
