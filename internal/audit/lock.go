package audit

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const lockName = "lock"

// dirLock is the exclusive lock of a log's directory (flock). The kernel gives it back when the process
// ends, however it ends. The file tells people who has it; it is empty when nobody does.
type dirLock struct{ *os.File }

// Close gives the lock back.
func (l dirLock) Close() error {
	_ = l.Truncate(0)
	return l.File.Close()
}

func lock(dir string) (dirLock, error) {
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return dirLock{}, unavailable(err)
	}
	if err := flock(f, syscall.LOCK_EX); err != nil {
		defer f.Close()
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return dirLock{}, unavailable(err)
		}
		text, _ := os.ReadFile(f.Name())
		pid, _ := strconv.Atoi(strings.TrimSpace(string(text)))
		return dirLock{}, &LockedError{dir, pid}
	}
	_ = f.Truncate(0)
	fmt.Fprintln(f, os.Getpid())
	return dirLock{f}, nil
}

// flock tries for a moment: a reader may hold the lock for the instant it takes to look (see locked).
func flock(f *os.File, how int) (err error) {
	for range 6 {
		if err = syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB); !errors.Is(err, syscall.EWOULDBLOCK) {
			return err
		}
		time.Sleep(10 * time.Millisecond)
	}
	return err
}

// locked says whether a process has the log in dir open for writing now.
func locked(dir string) bool {
	f, err := os.Open(filepath.Join(dir, lockName))
	if err != nil {
		return false
	}
	defer f.Close() // gives the shared lock back
	return errors.Is(syscall.Flock(int(f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB), syscall.EWOULDBLOCK)
}
