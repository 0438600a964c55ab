package audit

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ringfence/proof"
)

func openReader(t *testing.T, dir string) *Reader {
	t.Helper()
	r, err := OpenReader(dir)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestReaderProvesBesideTheWriter(t *testing.T) {
	dir := t.TempDir()
	l := openLog(t, dir)
	r := openReader(t, dir)
	receipt := appendAll(t, l, 1)[0]
	text, err := r.Prove(context.Background(), receipt.Index) // waits for the checkpoint of this second
	if err != nil {
		t.Fatal(err)
	}
	checkText(t, text, publicKey(t, dir), receipt)
	closeLog(t, l)
	if text, err = r.Prove(context.Background(), receipt.Index); err != nil {
		t.Fatal(err)
	}
	checkText(t, text, publicKey(t, dir), receipt)
}

func checkText(t *testing.T, text, vkey string, want Receipt) {
	t.Helper()
	key, err := proof.ParseKey(vkey)
	check(t, err)
	receipt, err := proof.ParseReceipt([]byte(text))
	check(t, err)
	checked, err := receipt.Verify(key)
	if err != nil || checked.Entry.ID != want.ID {
		t.Errorf("%+v, %v; want %+v", checked, err, want)
	}
}

func TestReaderWithoutAnEntry(t *testing.T) {
	dir := t.TempDir()
	l := openLog(t, dir)
	r := openReader(t, dir)
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var e *Error
		if _, err := r.Prove(context.Background(), 5); !errors.As(err, &e) || e.Code != CodeNoEntry || time.Since(start) < coverWait {
			t.Errorf("with a writer: %v after %v", err, time.Since(start))
		}
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		if _, err := r.Prove(ctx, 5); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("cancelled: %v", err)
		}
	})
	closeLog(t, l)
	var e *Error
	if _, err := r.Prove(context.Background(), 5); !errors.As(err, &e) || e.Code != CodeNoEntry {
		t.Errorf("without a writer: %v", err)
	}
	wal := appendBatch(appendBatch(nil, 0, nil), 0, manyEntries(6)) // as a crash leaves it
	check(t, os.WriteFile(filepath.Join(dir, "wal"), wal, 0o600))
	if _, err := r.Prove(context.Background(), 5); !errors.As(err, &e) || e.Code != CodeNotCovered {
		t.Errorf("written but not signed: %v", err)
	}
	if _, err := r.Prove(context.Background(), -1); !errors.As(err, &e) || e.Code != CodeNoEntry {
		t.Errorf("index -1: %v", err)
	}
	if _, err := OpenReader(t.TempDir()); !errors.As(err, &e) || e.Code != CodeNotALog {
		t.Errorf("no log: %v", err)
	}
	check(t, os.WriteFile(filepath.Join(dir, "key.pub"), []byte("x\n"), 0o600))
	if _, err := OpenReader(dir); !errors.As(err, &e) || e.Code != CodeKeyDamaged {
		t.Errorf("damaged key: %v", err)
	}
}

func TestTail(t *testing.T) {
	dir := t.TempDir()
	l := openLog(t, dir)
	appendAll(t, l, 600)
	closeLog(t, l)
	r := openReader(t, dir)
	for name, c := range map[string]struct {
		o        TailOptions
		from, to int64
	}{
		"all":                {TailOptions{}, 0, 600},
		"from an index":      {TailOptions{From: 255}, 255, 600},
		"the last":           {TailOptions{Last: 90}, 510, 600},
		"more than there is": {TailOptions{Last: 9000}, 0, 600},
		"from beyond":        {TailOptions{From: 700}, 700, 700},
	} {
		next := c.from
		err := r.Tail(context.Background(), c.o, func(index int64, entry []byte) error {
			if index != next {
				t.Errorf("%s: index %d instead of %d", name, index, next)
			}
			next++
			return nil
		})
		if err != nil || next != c.to {
			t.Errorf("%s: ended at %d, %v", name, next, err)
		}
	}
	stop := errors.New("enough")
	if err := r.Tail(context.Background(), TailOptions{}, func(int64, []byte) error { return stop }); err != stop {
		t.Errorf("the caller's error: %v", err)
	}
}

// Tail follows a log that grows, over tiles that become full and partial tiles that go away.
func TestTailFollows(t *testing.T) {
	dir := t.TempDir()
	l := openLog(t, dir)
	ctx, cancel := context.WithCancel(context.Background())
	seen := make(chan string, 2000)
	done := make(chan error)
	r := openReader(t, dir)
	go func() {
		done <- r.Tail(ctx, TailOptions{Follow: true}, func(index int64, entry []byte) error {
			var e proof.Entry
			if err := json.Unmarshal(entry, &e); err != nil {
				return err
			}
			seen <- e.ID
			return nil
		})
	}()
	for range 6 {
		want := map[string]bool{}
		receipts := appendAll(t, l, 130)
		for index, r := range receipts {
			want[r.ID] = true
			if _, err := l.Prove(ctx, index); err != nil {
				t.Fatal(err)
			}
		}
		for range receipts {
			if id := <-seen; !want[id] {
				t.Fatalf("%s was not written just now", id)
			}
		}
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	closeLog(t, l)
}

// Where the log was changed, a reader does not pass it on.
func TestReaderSeesDamage(t *testing.T) {
	dir := t.TempDir()
	l := openLog(t, dir)
	appendAll(t, l, 300)
	closeLog(t, l)
	flipByte(t, filepath.Join(dir, "tile", "entries", "000"), 100)
	r := openReader(t, dir)
	count := 0
	err := r.Tail(context.Background(), TailOptions{}, func(int64, []byte) error { count++; return nil })
	if err == nil || !strings.Contains(err.Error(), "entry 255") || count != 255 {
		t.Errorf("%d entries, %v", count, err)
	}
	if _, err := r.Prove(context.Background(), 255); err == nil {
		t.Error("a damaged entry was proven")
	}
	for _, index := range []int64{254, 299} {
		if _, err := r.Prove(context.Background(), index); err != nil {
			t.Errorf("an intact entry: %v", err)
		}
	}
}
