package config

import (
	"cmp"
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// stamp tells one state of a file from another, also when an editor or a
// configuration tool replaced the file instead of writing into it.
type stamp struct {
	modified time.Time
	size     int64
	inode    uint64
}

func stampOf(fi os.FileInfo) stamp {
	s := stamp{modified: fi.ModTime(), size: fi.Size()}
	if st, ok := fi.Sys().(*syscall.Stat_t); ok {
		s.inode = st.Ino
	}
	return s
}

// Watch calls changed whenever the file that from was loaded from has a new
// content, and on SIGHUP, until ctx ends; run it in a goroutine of its own. A file
// that cannot be used gives an error, once, and means: go on with the old
// configuration. The file is looked at every so often, and read when it stayed the
// same for one more look, so that half-written files are not judged.
func Watch(ctx context.Context, from *Config, every time.Duration, changed func(*Config, error)) {
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	defer signal.Stop(hup)
	tick := time.NewTicker(every)
	defer tick.Stop()
	w := watcher{path: from.Path, used: from.stamp, last: from.stamp}
	for {
		select {
		case <-ctx.Done():
			return
		case <-hup:
			w.used = w.look()
			changed(w.load())
		case <-tick.C:
			if w.settled() {
				changed(w.load())
			}
		}
	}
}

// watcher remembers three looks at the file.
type watcher struct {
	path string // empty while there is no file yet
	used stamp  // when it was last loaded; zero: it did not exist
	last stamp  // at the last look
}

// look returns the present stamp; a file that is away has the zero stamp.
func (w *watcher) look() stamp {
	fi, err := os.Stat(cmp.Or(w.path, File))
	if err != nil {
		return stamp{}
	}
	return stampOf(fi)
}

// settled reports, once, a change that is older than one look.
func (w *watcher) settled() bool {
	now := w.look()
	same := now == w.last
	w.last = now
	if !same || now == w.used {
		return false
	}
	w.used = now
	return true
}

// load reads the file. Once there was one it must be there: nobody can tell a file
// that was removed on purpose from an accident.
func (w *watcher) load() (*Config, error) {
	c, err := Load(w.path)
	if err == nil {
		w.path = c.Path
	}
	return c, err
}
