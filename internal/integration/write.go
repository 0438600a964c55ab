package integration

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// lockWait bounds how long one process waits for another that changes the file.
const lockWait = 5 * time.Second

// lock takes the exclusive lock beside the key file. The key file itself cannot
// carry it: every change replaces that file.
func lock(path string) (unlock func(), err error) {
	name := path + ".lock"
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|syscall.O_CLOEXEC, 0o600)
	if err != nil {
		return nil, err
	}
	adopt(f, filepath.Dir(path))
	for start := time.Now(); ; time.Sleep(5 * time.Millisecond) {
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		switch {
		case err == nil:
			return func() { f.Close() }, nil // closing drops the lock
		case errors.Is(err, syscall.EINTR), errors.Is(err, syscall.EWOULDBLOCK) && time.Since(start) < lockWait:
			continue
		}
		f.Close()
		return nil, fmt.Errorf("integration: %s is held by another process for more than %v: %w", name, lockWait, err)
	}
}

// replace writes doc in full and swaps it in: a reader sees the old file or the
// new one, also after a power cut.
func replace(path string, doc document) (err error) {
	raw, err := json.MarshalIndent(doc, "", "  ")
	if err != nil {
		return err
	}
	if len(raw) >= maxFile {
		return fmt.Errorf("integration: %s would grow past %d bytes; remove revoked integrations", path, maxFile)
	}
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, ".keys-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	adopt(f, dir)
	_, werr := f.Write(append(raw, '\n'))
	if err := errors.Join(werr, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	return syncDir(dir)
}

// adopt gives a file made by root to the owner of its directory, so that a gateway
// running as an ordinary user can still read the keys an administrator made.
// A failure shows up later, as an unreadable file with its own message.
func adopt(f *os.File, dir string) {
	if os.Geteuid() != 0 {
		return
	}
	if fi, err := os.Stat(dir); err == nil {
		if st, ok := fi.Sys().(*syscall.Stat_t); ok {
			_ = f.Chown(int(st.Uid), int(st.Gid))
		}
	}
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
