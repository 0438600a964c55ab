package config_test

import (
	"context"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"ringfence/internal/config"
)

// reports collects what Watch says.
type reports struct {
	mu   sync.Mutex
	good []*config.Config
	bad  []error
}

func (r *reports) add(c *config.Config, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil {
		r.bad = append(r.bad, err)
	} else {
		r.good = append(r.good, c)
	}
}

func (r *reports) expect(t *testing.T, good, bad int) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.good) != good || len(r.bad) != bad {
		t.Fatalf("%d configurations and %d errors reported, want %d and %d: %v", len(r.good), len(r.bad), good, bad, r.bad)
	}
}

// watching runs body while a Watch that looks every second is under way.
func watching(t *testing.T, path string, body func(t *testing.T, r *reports)) {
	// The runtime's first use of signals must not happen inside a bubble.
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	defer signal.Stop(hup)
	synctest.Test(t, func(t *testing.T) {
		from, err := config.Load(path)
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		r, done := &reports{}, make(chan struct{})
		go func() {
			config.Watch(ctx, from, time.Second, r.add)
			close(done)
		}()
		body(t, r)
		stop()
		<-done
	})
}

const look = time.Second + time.Millisecond

func TestWatchReportsAChangeOnce(t *testing.T) {
	path := file(t, "listen: 127.0.0.1:1")
	watching(t, path, func(t *testing.T, r *reports) {
		time.Sleep(time.Minute + look/2) // not at the very moment of a look
		r.expect(t, 0, 0)
		write(t, path, "listen: 127.0.0.1:22")
		time.Sleep(look)
		r.expect(t, 0, 0) // it may still be being written
		time.Sleep(time.Minute)
		r.expect(t, 1, 0)
		if got := r.good[0].Listen; got != "127.0.0.1:22" {
			t.Errorf("listen = %s", got)
		}
	})
}

func TestWatchSeesAReplacedFile(t *testing.T) {
	path := file(t, "listen: 127.0.0.1:1")
	before, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	watching(t, path, func(t *testing.T, r *reports) {
		fresh := write(t, filepath.Join(filepath.Dir(path), "new"), "listen: 127.0.0.1:2")
		if err := os.Chtimes(fresh, before.ModTime(), before.ModTime()); err != nil {
			t.Fatal(err) // same size and same time: only the inode tells
		}
		if err := os.Rename(fresh, path); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * look)
		r.expect(t, 1, 0)
	})
}

func TestWatchReportsABadFileOnceAndRecovers(t *testing.T) {
	path := file(t, "listen: 127.0.0.1:1")
	watching(t, path, func(t *testing.T, r *reports) {
		write(t, path, "listen: nowhere")
		time.Sleep(time.Minute)
		r.expect(t, 0, 1)
		os.Remove(path)
		time.Sleep(time.Minute)
		r.expect(t, 0, 2)
		write(t, path, "listen: 127.0.0.1:3")
		time.Sleep(2 * look)
		r.expect(t, 1, 2)
	})
}

// An editor that removes and rewrites the file within a moment is no news but one.
func TestWatchDoesNotMindAMomentWithoutTheFile(t *testing.T) {
	path := file(t, "listen: 127.0.0.1:1")
	watching(t, path, func(t *testing.T, r *reports) {
		os.Remove(path)
		time.Sleep(look)
		write(t, path, "listen: 127.0.0.1:4")
		time.Sleep(2 * look)
		r.expect(t, 1, 0)
	})
}

func TestWatchFindsAFileThatAppears(t *testing.T) {
	t.Chdir(t.TempDir())
	watching(t, "", func(t *testing.T, r *reports) {
		time.Sleep(time.Minute)
		r.expect(t, 0, 0)
		write(t, config.File, "listen: 127.0.0.1:5")
		time.Sleep(2 * look)
		r.expect(t, 1, 0)
		os.Remove(config.File)
		time.Sleep(2 * look)
		r.expect(t, 1, 1) // not silently back to the defaults
	})
}

func TestWatchReloadsOnSIGHUP(t *testing.T) {
	path := file(t, "listen: 127.0.0.1:1")
	from, err := config.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	got := make(chan *config.Config, 16)
	go config.Watch(ctx, from, time.Hour, func(c *config.Config, _ error) { got <- c })
	// Until Watch listens, the signal would end the test program: take it too.
	held := make(chan os.Signal, 1)
	signal.Notify(held, syscall.SIGHUP)
	defer signal.Stop(held)
	for again := time.NewTicker(time.Millisecond); ; {
		select {
		case c := <-got:
			if c.Listen != "127.0.0.1:1" {
				t.Errorf("listen = %s", c.Listen)
			}
			return
		case <-again.C:
			if err := syscall.Kill(os.Getpid(), syscall.SIGHUP); err != nil {
				t.Fatal(err)
			}
		}
	}
}
